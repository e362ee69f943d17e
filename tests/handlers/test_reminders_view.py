"""How reminders look: within Slack's limits, escaped, complete as text, and honest about being late."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.plan.actions import Action, Milestone
from bot.plan.people import Role
from bot.plan.priorities import ClockKind, Priority, Risk, StatutoryClock
from bot.plan.reviews import ReviewKind
from bot.plan.services import Service
from bot.reports.due_reviews import DueReview
from bot.timing.due import Subject
from bot.timing.reminders import KINDS
from handlers.views.older import downgrade
from handlers.views.reminders import STATES, Item, headline, morning
from playground.blockkit import check_message

TODAY = date(2027, 5, 26)
NOW = datetime(2027, 5, 26, 8, 0, tzinfo=UTC)
SERVICE = Service(id="s", workspace_id="T", channel_id="C", name="Oak & Elm")
ACTION = Action(
    id="a" * 22,
    workspace_id="T",
    service_id="s",
    number=12,
    priority_id="p",
    what="Use the <!channel> sheet *now*",
    owner_id="o",
    due_on=TODAY,
    check="18 of 20 <https://evil.example|click>",
    person_id="o",
    written_at=NOW,
)
PRIORITY = Priority(
    id="p",
    workspace_id="T",
    service_id="s",
    number=3,
    title="Handovers",
    problem_statement="p",
    rationale="r",
    evidence_base="e",
    affected_areas="",
    theme="handovers",
    risk=Risk.HIGH,
    quality_statement="",
    lead_id="o",
    opened_on=date(2026, 9, 1),
    closed_on=date(2027, 4, 26),
    clocks=(StatutoryClock(kind=ClockKind.REGULATION_17, started_on=date(2027, 5, 1), due_on=date(2027, 5, 29)),),
    person_id="o",
    written_at=NOW,
)
MILESTONE = Milestone(id="m", service_id="s", priority_id="p", on=TODAY, person_id="o", written_at=NOW)
SUBJECTS: dict[type, Subject] = {Action: ACTION, Priority: PRIORITY, Milestone: MILESTONE, Service: SERVICE}
PERIODS = {"statutory": "regulation_17-2027-05-29/2027-05-26", "quarterly_review": "2027-Q1"}


def item(kind: str = "overdue", **more: object) -> Item:
    subject = SUBJECTS[KINDS[kind].subject]
    period = PERIODS.get(kind, "2027-04")
    made = Item(kind=kind, subject=subject, service=SERVICE, today=TODAY, on=TODAY, period=period, mine=True)
    return replace(made, **more)  # type: ignore[arg-type]  # fields of Item


def many(count: int) -> list[Item]:
    return [item(subject=replace(ACTION, id=f"{n:022}", number=n)) for n in range(1, count + 1)]


def checked(items: list[Item]) -> dict[str, Any]:
    answer = morning(items)
    check_message(answer.blocks, lambda _: True, set())
    return {"text": answer.text, "blocks": answer.blocks}


@pytest.mark.parametrize("count", [1, 2, 12, 13, 80])
def test_a_morning_keeps_within_slacks_limits_however_much_there_is(count: int) -> None:
    message = checked(many(count))
    assert len(message["blocks"]) <= 50
    assert len(message["text"]) <= 4000
    rows = [[e["action_id"] for e in b["elements"]] for b in message["blocks"] if b["type"] == "actions"]
    assert all(len(set(row)) == len(row) for row in rows)
    assert len({name for row in rows for name in row}) == 5 * min(count, 12)
    if count == 13:
        assert "And 1 more" in str(message["blocks"])
        assert "*A13* due today" in str(message["blocks"])
    assert "A1 Use" in message["text"]


def test_the_headline_counts_what_is_left_to_answer() -> None:
    assert headline([item()]) == "1 action needs you today"
    assert headline([item(), item()]) == "2 actions need you today"
    assert headline([item(), item("monthly_review")]) == "2 things need you today"
    assert headline([item(), item(settled=True)]) == "1 action needs you today"
    assert headline([item(settled=True)]) == "Nothing here needs you any more"


def test_typed_words_can_neither_mention_nor_link() -> None:
    message = checked([item(owner="<!here>", mine=False)])
    for shown in (str(message["blocks"]), message["text"]):
        assert "<!" not in shown
        assert "<http" not in shown
        assert "&lt;!channel&gt;" in shown
        assert "Oak &amp; Elm" in shown


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("digest", "status")])  # those two are posts
def test_every_kind_of_reminder_has_words(kind: str) -> None:
    assert kind in STATES
    message = checked([item(kind, thread=PRIORITY)])
    assert "{" not in message["text"]
    assert len(message["text"]) > 40


def test_the_words_of_the_kinds() -> None:
    said = {kind: STATES[kind](item(kind)) for kind in STATES}
    assert said["monthly_review"] == "the monthly review of April 2027 is due for each live priority"
    assert said["quarterly_review"] == "the provider review of January to March 2027 is due"
    assert said["statutory"] == "written report and improvement plan to CQC due Sat 29 May 2027, in 3 days"
    assert said["post_closure"] == "closed on Mon 26 Apr 2027; sample again: does the improvement last?"
    assert said["sampling"] == "sample due today"


def test_late_reminders_say_so_and_why() -> None:
    message = checked([item(late=(date(2027, 5, 21), "it comes late"))])
    words = "This was due to reach you on Fri 21 May 2027; it comes late."
    assert words in str(message["blocks"])
    assert words in message["text"]


def test_who_does_not_own_it_says_that_it_was_seen_and_the_deputy_of_a_disowned_one_chooses() -> None:
    (row,) = [b for b in checked([item(mine=False, owner="Amara")])["blocks"] if b["type"] == "actions"]
    assert [e["action_id"] for e in row["elements"]] == ["reminders.seen#A12"]
    again = checked([item(mine=False, owner="Amara", seen=NOW)])
    assert "Seen by you" in str(again["blocks"])
    assert not [b for b in again["blocks"] if b["type"] == "actions"]
    orphan = item(mine=False, subject=replace(ACTION, not_mine_at=NOW))
    (row,) = [b for b in checked([orphan])["blocks"] if b["type"] == "actions"]
    assert [e["action_id"] for e in row["elements"]] == ["action.assign#A12"]


def due(number: int, **more: object) -> DueReview:
    priority = replace(PRIORITY, id=f"p{number}", number=number)
    made = DueReview(
        priority=priority,
        kind=ReviewKind.MONTHLY,
        period="2027-04",
        moved=("M1 Handovers (record): 9 of 20 then, 11 of 20 now",),
        slipped=("A4 (Amara Osei) overdue since 3 May 2027",),
        warns=("no measurable change: the first follow-up <!here>",),
        recorded=False,
    )
    return replace(made, **more)  # type: ignore[arg-type]  # fields of DueReview


def test_a_monthly_reminder_lists_each_priority_with_a_button_into_its_review_of_that_month() -> None:
    listed = (due(1), due(2, recorded=True), due(3, moved=(), slipped=(), warns=()))
    message = checked([item("monthly_review", reviews=listed, may_review=True)])
    presses = [b["accessory"] for b in message["blocks"] if "accessory" in b][:2]
    assert [e["action_id"] for e in presses] == ["review.open#P1-monthly", "review.open#P3-monthly"]
    assert json.loads(presses[0]["value"]) == {"priority": "p1", "kind": "monthly", "period": "2027-04"}
    for shown in (str(message["blocks"]), message["text"]):
        assert "9 of 20 then, 11 of 20 now" in shown
        assert "Slipped: A4 (Amara Osei) overdue since 3 May 2027" in shown
        assert "Warning: no measurable change: the first follow-up &lt;!here&gt;" in shown
        assert "Reviewed: the monthly review of April 2027 is recorded." in shown
        assert "Nothing is measured yet." in shown
    reader = checked([item("monthly_review", reviews=listed, may_review=False)])
    assert "review.open" not in str(reader["blocks"])


def test_two_services_with_many_priorities_keep_within_slacks_limits() -> None:
    crowd = tuple(due(n) for n in range(1, 31))
    kinds = ("monthly_review", "quarterly_review", "monthly_review", "quarterly_review", "monthly_review")
    message = checked([item(kind, reviews=crowd, may_review=True) for kind in kinds])
    assert len(message["blocks"]) <= 50
    assert "And P11, P12" in str(message["blocks"])
    assert "And 2 more" in str(message["blocks"]) or "And 1 more" in str(message["blocks"])


def test_a_statutory_reminder_offers_to_mark_it_met() -> None:
    (row,) = [b for b in checked([item("statutory")])["blocks"] if b["type"] == "actions"]
    assert [e["action_id"] for e in row["elements"]] == ["clock.meet#P3", "reminders.seen#P3"]
    assert json.loads(row["elements"][0]["value"]) == {"priority": "p", "kind": "REGULATION_17"}


def test_the_owner_hears_who_is_told_next() -> None:
    message = checked([item(rises=(date(2027, 6, 2), Role.REGISTERED_MANAGER))])
    assert "From Wed 2 Jun 2027 it also goes to the Registered Manager." in message["text"]


def test_a_pie_and_an_empty_table_become_words_too() -> None:
    pie = {
        "type": "data_visualization",
        "title": "State <now>",
        "chart": {"type": "pie", "segments": [{"label": "Done", "value": 3}]},
    }
    table = {"type": "data_table", "caption": "C", "rows": [[{"type": "raw_text", "text": "Only a heading"}]]}
    blocks = downgrade([pie, table], tables=False)
    assert [block["text"]["text"] for block in blocks] == ["*State &lt;now&gt;*\nDone 3", "*C*\nOnly a heading"]
