"""What milestones, priorities and services call for, at the edges of each row of the cadence table."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.plan.people import Role
from bot.plan.priorities import ClockKind, PriorityStatus, StatutoryClock
from bot.plan.reviews import ReviewKind
from bot.plan.services import Cadence, Nation, Service, StatusPosts
from bot.timing.due import CHANNEL, Context, Due, Subject, To
from bot.timing.outbox import ReminderState
from bot.timing.reminders import KINDS, due, next_wake, plan_ahead, still_applies
from tests.bot.timing.records import action, context, day, milestone, priority, reminder, service, utc

OAK = context()
SCOTLAND = context(service=service(nation=Nation.SCOTLAND))


def of(kind: str, subject: Subject, since: str, until: str, facts: Context = OAK) -> list[Due]:
    """What falls due of one kind, after the first and up to the second midnight."""
    return [each for each in due(subject, facts, utc(since), utc(until)) if each.kind == kind]


def on(found: list[Due]) -> list[date]:
    return sorted({each.on for each in found})


def roles(found: list[Due]) -> set[Role | None]:
    return {each.to.role for each in found}


def days(*isos: str) -> list[date]:
    return [day(iso) for iso in isos]


@pytest.mark.parametrize(("planned", "asked"), [("2026-11-25", "2026-11-25"), ("2026-12-26", "2026-12-29")])
def test_sampling_is_asked_for_on_the_milestone_or_the_next_working_day(planned: str, asked: str) -> None:
    found = of("sampling", milestone(planned), "2026-11-01", "2027-02-01")
    assert on(found) == days(asked)
    assert roles(found) == {Role.QUALITY_LEAD, Role.AUDIT_LEAD}


def test_sampling_is_overdue_after_five_working_days_and_again() -> None:
    found = of("sampling_overdue", milestone("2026-12-18"), "2026-12-01", "2027-01-12")
    assert on(found) == days("2026-12-29", "2027-01-06")  # Christmas, Boxing Day's substitute and New Year between


def test_a_milestone_that_was_sampled_is_silent() -> None:
    sampled = milestone("2026-11-25", sample_id="x9")
    assert next_wake(sampled, OAK, utc("2026-11-01")) is None
    asked = reminder("sampling", "2026-11-25@2026-11-25", utc("2026-11-25", "09:00"), "qua", "m1")
    assert still_applies(asked, sampled, OAK, asked.due_at) == "it was sampled"
    assert still_applies(asked, milestone("2026-11-25"), OAK, asked.due_at) is None
    assert still_applies(asked, milestone("2026-11-25"), OAK, utc("2026-12-02")) == "it is overdue by now"
    assert "moved" in (still_applies(asked, milestone("2026-12-01"), OAK, asked.due_at) or "")


def test_a_judgement_is_asked_for_five_working_days_after_the_sample() -> None:
    facts = context(unjudged_since=day("2026-03-31"))
    found = of("assurance", priority(), "2026-03-31", "2026-04-20", facts)
    assert on(found) == days("2026-04-09", "2026-04-16")  # Easter between
    assert roles(found) == {Role.QUALITY_LEAD}
    assert of("assurance", priority(), "2026-03-31", "2026-04-20") == []


@pytest.mark.parametrize(
    ("asked", "month"),
    [
        ("2026-11-02", "2026-10"),  # the 1st is a Sunday
        ("2026-12-01", "2026-11"),
        ("2027-01-04", "2026-12"),  # New Year's Day and a weekend
        ("2028-03-01", "2028-02"),  # after a leap day
    ],
)
def test_the_monthly_review_names_the_month_that_ended(asked: str, month: str) -> None:
    before = (day(asked) - timedelta(days=5)).isoformat()
    found = of("monthly_review", service(), before, asked)
    assert [(each.on, each.period) for each in found] == [(day(asked), month)] * 2
    assert roles(found) == {Role.REGISTERED_MANAGER, Role.DEPUTY}
    assert of("monthly_review", service(), asked, (day(asked) + timedelta(days=20)).isoformat()) == []


def test_months_start_on_their_own_day_in_scotland() -> None:
    scottish_january = of("monthly_review", SCOTLAND.service, "2027-12-31", "2028-01-31", SCOTLAND)
    assert on(scottish_january) == days("2028-01-05")  # both New Year holidays have substitutes
    assert on(of("monthly_review", service(), "2027-12-31", "2028-01-31")) == days("2028-01-04")


def test_a_month_that_is_reviewed_asks_no_more() -> None:
    reviewed = context(reviewed={(ReviewKind.MONTHLY, "2026-11")})
    assert of("monthly_review", service(), "2026-11-30", "2026-12-02", reviewed) == []
    assert of("monthly_review", service(), "2026-11-30", "2026-12-02", context(live=False)) == []
    asked = reminder("monthly_review", "2026-11", utc("2026-12-01", "09:00"), "man", "oak")
    assert "2026-11 is recorded" in (still_applies(asked, service(), reviewed, asked.due_at) or "")
    assert still_applies(asked, service(), OAK, asked.due_at) is None
    assert still_applies(asked, service(), OAK, utc("2026-12-20")) is None


def test_a_long_running_review_starts_after_six_months() -> None:
    old = priority(opened_on=day("2026-05-31"))
    found = of("long_running", old, "2026-10-01", "2027-01-31")
    assert on(found) == days("2026-12-01", "2027-01-04")
    assert roles(found) == {Role.REGISTERED_MANAGER}
    # six months to the day is not yet more than six
    assert on(of("long_running", priority(opened_on=day("2026-06-01")), "2026-11-01", "2026-12-31")) == []
    closed = replace(old, status=PriorityStatus.CLOSED, closed_on=day("2026-11-20"))
    assert of("long_running", closed, "2026-10-01", "2027-01-31") == []


def test_the_quarterly_review_goes_to_the_provider_in_four_months() -> None:
    found = of("quarterly_review", service(), "2026-01-01", "2027-01-31")
    assert [(each.on, each.period) for each in found] == [
        (day("2026-01-02"), "2025-Q4"),
        (day("2026-04-01"), "2026-Q1"),
        (day("2026-07-01"), "2026-Q2"),
        (day("2026-10-01"), "2026-Q3"),
        (day("2027-01-04"), "2026-Q4"),
    ]
    assert roles(found) == {Role.PROVIDER_OVERSIGHT}
    assert of("quarterly_review", service(), "2026-09-30", "2026-10-02", context(for_oversight=False)) == []


CLOSED = priority(status=PriorityStatus.CLOSED, closed_on=day("2026-08-31"))


def test_the_checks_after_closure_come_after_one_three_and_six_months() -> None:
    found = of("post_closure", CLOSED, "2026-08-31", "2027-12-31")
    assert on(found) == days("2026-09-30", "2026-11-30", "2027-03-01")  # 28 February 2027 is a Sunday
    assert next_wake(CLOSED, OAK, utc("2027-03-01")) is None


@pytest.mark.parametrize("status", [PriorityStatus.SPLIT, PriorityStatus.REOPENED])
def test_what_other_priorities_carry_on_has_no_check_after_closure(status: PriorityStatus) -> None:
    assert of("post_closure", replace(CLOSED, status=status), "2026-08-31", "2027-12-31") == []


def test_a_sample_shortly_before_a_check_answers_it_and_an_older_one_does_not() -> None:
    answered = context(last_sample_on=day("2026-11-16"))
    assert on(of("post_closure", CLOSED, "2026-10-31", "2027-12-31", answered)) == days("2027-03-01")
    unanswered = context(last_sample_on=day("2026-11-15"))
    assert on(of("post_closure", CLOSED, "2026-10-31", "2027-12-31", unanswered)) == days("2026-11-30", "2027-03-01")
    asked = reminder("post_closure", "2026-08-31+3", utc("2026-11-30", "09:00"), "qua", "p3")
    assert still_applies(asked, CLOSED, answered, asked.due_at) == "sampled on 16 November 2026"
    reopened = replace(CLOSED, status=PriorityStatus.OPEN, closed_on=None)
    assert still_applies(asked, reopened, unanswered, asked.due_at) == "the priority was opened again"


def test_the_digest_comes_on_monday_or_the_next_working_day_to_the_channel() -> None:
    found = of("digest", service(), "2026-03-28", "2026-04-14")
    assert [(each.on, each.period) for each in found] == [
        (day("2026-03-30"), "2026-W14"),
        (day("2026-04-07"), "2026-W15"),  # Easter Monday
        (day("2026-04-13"), "2026-W16"),
    ]
    assert {each.to for each in found} == {CHANNEL}
    assert of("digest", service(), "2026-03-28", "2026-04-14", context(live=False)) == []
    assert on(of("digest", SCOTLAND.service, "2026-04-03", "2026-04-07", SCOTLAND)) == days("2026-04-06")


def test_a_digest_put_off_from_last_week_is_not_lost() -> None:
    fridays = service(cadence=replace(service().cadence, digest_weekday=4))
    facts = context(service=fridays)
    assert on(of("digest", fridays, "2026-04-05", "2026-04-08", facts)) == days("2026-04-07")  # from Good Friday
    assert next_wake(fridays, facts, utc("2026-04-06", "12:00")) == utc("2026-04-06", "23:00")


def test_the_status_is_off_until_days_are_chosen_and_days_that_fall_together_make_one_post() -> None:
    assert of("status", service(), "2026-03-28", "2026-04-14") == []

    def posts(**more: Any) -> Service:
        return service(cadence=replace(service().cadence, status=StatusPosts(**more)))

    chosen = posts(weekdays=(0, 4), monthly=True)
    found = on(of("status", chosen, "2026-03-28", "2026-04-14"))
    # Good Friday and Easter Monday both move to the Tuesday; the first of April is a Wednesday.
    assert found == days("2026-03-30", "2026-04-01", "2026-04-07", "2026-04-10", "2026-04-13")
    assert on(of("status", posts(weekdays=(0,), since=day("2026-04-08")), "2026-03-28", "2026-04-14")) == days(
        "2026-04-13"
    )
    assert of("status", chosen, "2026-03-28", "2026-04-14", context(live=False)) == []


def test_a_digest_of_the_first_week_names_its_iso_year() -> None:
    assert [each.period for each in of("digest", service(), "2026-12-28", "2027-01-04")] == ["2026-W53", "2027-W01"]


def clock(due_on: str, started_on: str = "2026-11-02", **changes: object) -> StatutoryClock:
    given = StatutoryClock(kind=ClockKind.REGULATION_17, started_on=day(started_on), due_on=day(due_on))
    return replace(given, **changes)  # type: ignore[arg-type]


def test_a_statutory_clock_counts_down_and_goes_on_once_it_is_late() -> None:
    carried = priority(clocks=(clock("2026-11-30"),))
    found = of("statutory", carried, "2026-11-01", "2026-12-04")
    # three days before is a Friday, one day before a Sunday: the Friday says both
    assert on(found) == days("2026-11-16", "2026-11-23", "2026-11-27", "2026-11-30", "2026-12-01", "2026-12-03")
    assert roles([each for each in found if each.on <= day("2026-11-30")]) == {Role.REGISTERED_MANAGER}
    late = roles([each for each in found if each.on > day("2026-11-30")])
    assert late == {Role.REGISTERED_MANAGER, Role.PROVIDER_OVERSIGHT}


def test_a_deadline_on_a_day_off_is_said_on_the_last_working_day_before() -> None:
    found = of("statutory", priority(clocks=(clock("2026-12-26"),)), "2026-12-20", "2026-12-29")
    assert on(found) == days("2026-12-23", "2026-12-24", "2026-12-29")


def test_the_days_of_the_countdown_are_the_services_own() -> None:
    facts = context(service=service(cadence=Cadence(statutory_days=(10, 0))))
    found = of("statutory", priority(clocks=(clock("2026-11-30"),)), "2026-11-01", "2026-12-01", facts)
    assert on(found) == days("2026-11-20", "2026-11-30", "2026-12-01")


def test_a_short_clock_leaves_out_the_days_before_it_started() -> None:
    found = of("statutory", priority(clocks=(clock("2026-11-16", "2026-11-10"),)), "2026-11-01", "2026-11-17")
    assert on(found) == days("2026-11-13", "2026-11-16", "2026-11-17")


def test_each_clock_keeps_its_own_newest_reminder() -> None:
    two = priority(
        clocks=(
            clock("2026-11-30"),
            clock("2026-12-01", kind=ClockKind.REMEDIAL_PLAN),
            clock("2026-11-25", met_on=day("2026-11-20")),
        )
    )
    found = of("statutory", two, "2026-11-20", "2026-11-28")
    waiting = [each.period for each in found if each.state is ReminderState.WAITING]
    assert waiting == ["regulation_17-2026-11-30/2026-11-27", "remedial_plan-2026-12-01/2026-11-27"]
    asked = reminder("statutory", waiting[0], utc("2026-11-27", "09:00"), "man", "p3")
    assert still_applies(asked, two, OAK, asked.due_at) is None
    assert still_applies(asked, replace(two, clocks=()), OAK, asked.due_at) == "the deadline was met or moved"


def test_a_statutory_clock_outlives_the_closure_of_its_priority() -> None:
    closed = replace(CLOSED, clocks=(clock("2026-11-30"),))
    assert on(of("statutory", closed, "2026-11-26", "2026-11-30")) == days("2026-11-27", "2026-11-30")


def test_the_coming_fortnight_is_planned_in_order_and_agrees_with_what_falls_due() -> None:
    subjects: list[Subject] = [
        service(),
        priority(clocks=(clock("2026-12-08"),)),
        action("2026-12-03"),
        milestone("2026-12-05"),
    ]
    ahead = plan_ahead(subjects, {each.id: OAK for each in subjects}, utc("2026-11-30", "15:00"))
    assert [(each.kind, each.on) for each in ahead if each.to.role in (None, Role.REGISTERED_MANAGER)] == [
        ("due_soon", day("2026-11-30")),
        ("digest", day("2026-11-30")),
        ("monthly_review", day("2026-12-01")),
        ("long_running", day("2026-12-01")),
        ("statutory", day("2026-12-01")),
        ("due_soon", day("2026-12-03")),
        ("overdue", day("2026-12-04")),
        ("statutory", day("2026-12-04")),
        ("statutory", day("2026-12-07")),
        ("digest", day("2026-12-07")),
        ("overdue", day("2026-12-08")),
        ("statutory", day("2026-12-08")),
        ("statutory", day("2026-12-09")),
        ("overdue", day("2026-12-10")),
        ("statutory", day("2026-12-11")),
    ]
    ticked = [each for subject in subjects for each in due(subject, OAK, utc("2026-11-29", "23:59"), utc("2026-12-13"))]
    assert {each.key("x") for each in ahead} == {each.key("x") for each in ticked}
    assert all(first.on <= second.on for first, second in pairwise(ahead))
    assert {each.state for each in ahead} == {ReminderState.WAITING}


def test_every_kind_is_listed_under_its_own_name_with_a_title() -> None:
    assert all(kind.name == name and kind.title and kind.late_days > 0 for name, kind in KINDS.items())
    assert len(KINDS) == 13


def test_the_quality_lead_and_the_audit_lead_may_be_one_person() -> None:
    found = of("sampling", milestone("2026-11-25"), "2026-11-24", "2026-11-26")
    assert len({each.key("both") for each in found}) == 1
    assert [each.to for each in found] == [To(role=Role.QUALITY_LEAD), To(role=Role.AUDIT_LEAD)]
