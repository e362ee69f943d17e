"""Priorities: their words, risk, target date and statutory clocks, each change with its reason."""

from datetime import date, timedelta

import pytest

from bot.errors import NotAllowed, NotFound, Stale
from bot.plan import clocks, priorities
from bot.plan.clocks import MeetClock, StartClock, due_on
from bot.plan.priorities import ChangeRisk, ClockKind, ExtendPriority, Extension, RevisePriority, Risk
from bot.plan.services import Nation
from tests.bot.plan.scene import DEPUTY, MANAGER, PROVIDER, TEAM, Scene


def test_a_problem_statement_is_revised_with_its_reason(scene: Scene) -> None:
    before = scene.priority()
    form = RevisePriority(
        priority="P1", reason="The audit says more.", problem_statement="Nights pass nothing on.", theme="Nights"
    )
    after = scene.repeats(MANAGER, priorities.revise, form)
    assert (after.problem_statement, after.theme, after.rationale) == (
        "Nights pass nothing on.",
        "nights",
        before.rationale,
    )
    event = scene.last(before)
    assert (event.verb, event.reason) == ("revise priority", "The audit says more.")
    assert event.before is not None
    assert event.before["problem_statement"] == "Changes of need are not passed on at night."


def test_what_a_revision_cannot_be(scene: Scene) -> None:
    seen = scene.priority()
    same = RevisePriority(priority="P1", reason="None.", title=seen.title)
    scene.refused(MANAGER, priorities.revise, same, "Nothing of P1 was changed")
    gone = scene.add_person("Gone Girl", active=False)
    left = RevisePriority(priority="P1", reason="New lead.", lead_id=gone.id)
    scene.refused(MANAGER, priorities.revise, left, "has left the workspace", field="lead_id")
    scene.do(MANAGER, priorities.change_risk, ChangeRisk(priority="P1", risk=Risk.LOW, reason="Better."))
    stale = RevisePriority(priority="P1", reason="Words.", title="Night handovers", version=seen.version)
    scene.refused(MANAGER, priorities.revise, stale, "changed by Rosa Diaz since", error=Stale)
    scene.refused(DEPUTY, priorities.revise, stale, "may open, change or close", error=NotAllowed)


def test_the_risk_changes_with_a_reason(scene: Scene) -> None:
    priority = scene.priority()
    change = ChangeRisk(priority="P1", risk=Risk.MODERATE, reason="Two months without a complaint.")
    assert scene.repeats(MANAGER, priorities.change_risk, change).risk is Risk.MODERATE
    assert scene.last(priority).reason == "Two months without a complaint."
    scene.refused(MANAGER, priorities.change_risk, change, "is moderate already", field="risk")
    scene.refused(PROVIDER, priorities.change_risk, change, "may open, change or close", error=NotAllowed)


def test_a_target_date_moves_later_and_what_it_was_is_kept(scene: Scene) -> None:
    first, second = scene.today + timedelta(days=30), scene.today + timedelta(days=60)
    scene.priority(target_on=first)
    moved = scene.repeats(
        MANAGER, priorities.extend, ExtendPriority(priority="P1", target_on=second, reason="Agency staff.")
    )
    assert moved.target_on == second
    manager = scene.people[MANAGER].id
    kept = Extension(on=scene.today, was=first, now=second, reason="Agency staff.", person_id=manager)
    assert scene.get(moved).extensions == (kept,)
    back = ExtendPriority(priority="P1", target_on=first, reason="Sooner.")
    scene.refused(MANAGER, priorities.extend, back, "Choose a later date", field="target_on")
    past = ExtendPriority(priority="P1", target_on=scene.today - timedelta(days=1), reason="Sooner.")
    scene.refused(MANAGER, priorities.extend, past, "has passed", field="target_on")


@pytest.mark.parametrize(
    ("kind", "started", "due"),
    [
        (ClockKind.REGULATION_17, date(2026, 11, 2), date(2026, 11, 30)),
        (ClockKind.REMEDIAL_PLAN, date(2026, 11, 2), date(2026, 11, 16)),
        (ClockKind.FACTUAL_ACCURACY, date(2026, 12, 18), date(2027, 1, 6)),  # two bank holidays and New Year between
        (ClockKind.RE_AUDIT, date(2026, 8, 31), date(2027, 2, 28)),
    ],
)
def test_when_each_clock_runs_out(kind: ClockKind, started: date, due: date) -> None:
    assert due_on(kind, started, Nation.ENGLAND) == due


def test_a_clock_starts_runs_once_and_is_met(scene: Scene) -> None:
    priority = scene.priority()
    start = StartClock(priority="P1", kind=ClockKind.REGULATION_17, started_on=date(2026, 10, 30))
    ticking = scene.repeats(MANAGER, clocks.start, start)
    assert [(c.due_on, c.met_on) for c in ticking.clocks] == [(date(2026, 11, 27), None)]
    scene.refused(MANAGER, clocks.start, start, "due on 27 November 2026", field="kind")
    scene.refused(DEPUTY, clocks.start, start, "may open, change or close", error=NotAllowed)
    early = MeetClock(priority="P1", kind=ClockKind.REGULATION_17, met_on=date(2026, 10, 29))
    scene.refused(MANAGER, clocks.meet, early, "from 30 October 2026", field="met_on")
    met = scene.repeats(MANAGER, clocks.meet, MeetClock(priority="P1", kind=ClockKind.REGULATION_17))
    assert met.clocks[0].met_on == scene.today
    assert clocks.running(met) == ()
    none = MeetClock(priority="P1", kind=ClockKind.RE_AUDIT)
    scene.refused(MANAGER, clocks.meet, none, "No clock of that kind", field="kind")
    assert [e.verb for e in scene.events(priority.id)] == ["open priority", "start clock", "meet clock"]
    scene.do(MANAGER, clocks.start, start)  # another request, another clock


def test_a_clock_cannot_start_in_the_future(scene: Scene) -> None:
    scene.priority()
    form = StartClock(priority="P1", kind=ClockKind.RE_AUDIT, started_on=scene.today + timedelta(days=1))
    scene.refused(MANAGER, clocks.start, form, "has not come yet", field="started_on")


def test_nobody_reads_a_priority_of_another_workspace(scene: Scene) -> None:
    scene.priority()
    stranger = scene.add_person("Stranger", workspace_id="T2")
    form = RevisePriority(priority="P1", reason="x", title="Mine")
    scene.refused(stranger, priorities.revise, form, "no priority P1", error=NotFound)
    scene.refused(scene.owner, priorities.revise, form, "no priority P1", error=NotFound)
    scene.refused(TEAM, priorities.revise, form, "may open, change or close", error=NotAllowed)
