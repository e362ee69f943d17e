"""What becomes of a reminder of an action between falling due and being told: answered, overtaken, lapsed, changed."""

from dataclasses import replace

import pytest

from bot.plan.actions import ActionStatus
from bot.timing.ledger import newest_only, reminder_for
from bot.timing.outbox import ReminderState
from bot.timing.reminders import due, has_lapsed, still_applies
from tests.bot.timing.records import action, context, day, person, reminder, utc

OAK = context()
SOON = reminder("due_soon", "2026-11-25@2026-11-20", utc("2026-11-20", "09:00"))
LATE = reminder("overdue", "2026-11-25@2026-12-02", utc("2026-12-02", "09:00"))
MORNING = utc("2026-11-20", "09:00")


def test_a_row_is_owed_on_the_persons_own_morning() -> None:
    found = due(action("2026-11-25"), OAK, utc("2026-11-19"), utc("2026-11-20"))[0]
    row = reminder_for(found, person("America/New_York", hour=10), OAK.service, "r1")
    assert (row.key, row.due_at, row.state) == (SOON.key, utc("2026-11-20", "15:00"), ReminderState.WAITING)
    late = due(action("2026-11-25"), OAK, utc("2026-11-19"), utc("2026-11-30"))[0]
    lapsed = reminder_for(late, person(), OAK.service, "r2")
    assert lapsed.state is ReminderState.LAPSED
    assert lapsed.reason


def test_an_unchanged_reminder_still_applies() -> None:
    assert still_applies(SOON, action("2026-11-25"), OAK, MORNING) is None
    assert still_applies(replace(LATE, person_id="dep"), action("2026-11-25"), OAK, LATE.due_at) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": ActionStatus.DONE}, "marked done"),
        ({"status": ActionStatus.CANCELLED}, "cancelled"),
        ({"due_on": day("2026-12-03")}, "moved to 3 December 2026"),
        ({"snoozed_until": day("2026-11-24")}, "snoozed until 24 November 2026"),
        ({"owner_id": "other"}, "somebody else"),
        ({"not_mine_at": MORNING}, "somebody else"),
    ],
)
def test_what_was_answered_meanwhile_says_why(changes: dict[str, object], reason: str) -> None:
    changed = replace(action("2026-11-25"), **changes)  # type: ignore[arg-type]
    assert reason in (still_applies(SOON, changed, OAK, MORNING) or "")


def test_due_soon_gives_way_to_overdue() -> None:
    assert still_applies(SOON, action("2026-11-25"), OAK, utc("2026-11-26", "09:00")) == "it is overdue by now"


def test_somebody_who_no_longer_holds_the_role_is_not_told() -> None:
    to_deputy = replace(LATE, person_id="dep")
    assert still_applies(to_deputy, action("2026-11-25"), context(holders={}), LATE.due_at) is not None


def test_a_verification_reminder_ends_with_the_check() -> None:
    done = action("2026-11-25", status=ActionStatus.DONE, done_at=utc("2026-11-20", "12:00"))
    asked = reminder("verification", "2026-11-20@2026-11-25", utc("2026-11-25", "09:00"), "qua")
    assert still_applies(asked, done, OAK, asked.due_at) is None
    verified = replace(done, status=ActionStatus.VERIFIED)
    reopened = replace(done, status=ActionStatus.IN_PROGRESS)
    assert "checked" in (still_applies(asked, verified, OAK, asked.due_at) or "")
    assert "opened again" in (still_applies(asked, reopened, OAK, asked.due_at) or "")


def test_a_reminder_of_a_kind_that_is_gone_is_dropped_not_a_crash() -> None:
    unknown = replace(SOON, kind="retired")
    assert still_applies(unknown, action("2026-11-25"), OAK, MORNING)
    assert has_lapsed(unknown, OAK.service, MORNING)


def test_a_reminder_lapses_after_the_days_its_kind_allows() -> None:
    assert has_lapsed(LATE, OAK.service, utc("2026-12-09", "23:59")) is None
    assert has_lapsed(LATE, OAK.service, utc("2026-12-10")) is not None


def test_of_several_waiting_only_the_newest_of_each_person_goes() -> None:
    older = reminder("overdue", "2026-11-25@2026-11-30", utc("2026-11-30", "09:00"))
    deputy = replace(LATE, person_id="dep")
    waiting, overtaken = newest_only([LATE, older, deputy, SOON])
    assert {each.id for each in overtaken} == {older.id}
    assert len(waiting) == 3
