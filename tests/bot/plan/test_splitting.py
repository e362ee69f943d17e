"""Splitting a broad priority and reopening a closed one: nothing is lost, nothing looks younger than it is."""

from datetime import timedelta
from typing import Any

from bot.errors import NotAllowed
from bot.plan import clocks, milestones, reviewing, signals, splitting
from bot.plan.actions import NewAction
from bot.plan.actions import create as create_action
from bot.plan.clocks import StartClock
from bot.plan.milestones import AddMilestone
from bot.plan.priorities import ClockKind, Priority, PriorityStatus, Risk
from bot.plan.reviewing import RecordReview
from bot.plan.reviews import Decision, ReviewKind
from bot.plan.signals import LinkSignal
from bot.plan.splitting import ReopenPriority, SplitPriority
from tests.bot.plan.scene import DEPUTY, MANAGER, PROVIDER, QUALITY, Scene


def parts(*children: dict[str, Any], priority: str = "P1") -> SplitPriority:
    given = [{"problem_statement": "What it is.", **child} for child in children]
    return SplitPriority.model_validate({"priority": priority, "reason": "Too broad to measure.", "children": given})


def broad(scene: Scene) -> Priority:
    """P1 "Governance", open for eight months, with two actions, two measures, a signal and an entry."""
    priority = scene.priority(title="Governance", opened_on=scene.today - timedelta(days=240))
    medicines, training = scene.action(priority), scene.action(priority)
    scene.entry(medicines)
    measure = scene.measure(priority, name="Medicines signed")
    scene.sample(measure, 8, 20, baseline=True)
    scene.measure(priority, name="Training in date")
    scene.signal(priority="P1")
    assert training.number == 2
    return priority


MEDICINES = {"title": "Medicines", "actions": ("A1",), "measures": ("M1",), "signals": ("S1",), "risk": Risk.LOW}
TRAINING = {"title": "Training", "actions": ("A2",), "measures": ("M2",)}


def test_children_take_what_is_named_and_the_parent_keeps_its_history(scene: Scene) -> None:
    parent = broad(scene)
    closed, (medicines, training) = scene.repeats(MANAGER, splitting.split, parts(MEDICINES, TRAINING))
    assert (closed.status, closed.closed_on) == (PriorityStatus.SPLIT, scene.today)
    assert (medicines.split_from, training.split_from) == (parent.id, parent.id)
    assert medicines.opened_on == parent.opened_on, "a split must not make an old problem look new"
    assert (medicines.risk, training.risk, medicines.theme) == (Risk.LOW, Risk.HIGH, "medicines")
    account = scene.account()
    assert account.children_of(closed) == (medicines, training)
    assert [a.number for a in account.actions_of(medicines)] == [1]
    assert [a.number for a in account.actions_of(training)] == [2]
    assert [s.number for s in account.signals_of(medicines)] == [1]
    for priority in (closed, medicines):
        assert [s.number for s in account.samples_of(priority)] == [1]
        assert [e.number for e in account.entries_of(priority)] == [1]
    assert account.samples_of(training) == ()
    assert account.origin_of(training) == closed
    assert scene.last(parent).reason == "Too broad to measure. (into P2 and P3)"
    assert [e.verb for e in scene.events(account.actions[0].id)][-1] == "move action"


def test_a_split_has_at_least_two_parts_with_names_of_their_own(scene: Scene) -> None:
    broad(scene)
    scene.refused(MANAGER, splitting.split, parts(MEDICINES), "at least two priorities of one", field="children")
    scene.refused(MANAGER, splitting.split, parts(), "at least two", field="children")
    same = parts(MEDICINES, {**TRAINING, "title": "medicines"})
    scene.refused(MANAGER, splitting.split, same, "a name of its own", field="children")
    both = parts(MEDICINES, TRAINING)
    for who in (DEPUTY, QUALITY, PROVIDER):
        scene.refused(who, splitting.split, both, "may open, change or close", error=NotAllowed)


def test_no_open_action_is_lost_or_taken_twice(scene: Scene) -> None:
    broad(scene)
    lost = parts({"title": "Medicines"}, TRAINING)
    scene.refused(MANAGER, splitting.split, lost, "A1 is still open. Say which new priority takes it", field="children")
    twice = parts(MEDICINES, {**TRAINING, "actions": ("A1", "A2")})
    scene.refused(MANAGER, splitting.split, twice, "A1 can go to one", field="children")
    scene.action(scene.priority(title="Falls"))
    foreign = parts(MEDICINES, {**TRAINING, "actions": ("A2", "A3")})
    scene.refused(MANAGER, splitting.split, foreign, "A3 does not belong to P1", field="children")
    past = parts(MEDICINES, {**TRAINING, "target_on": scene.today - timedelta(days=1)})
    scene.refused(MANAGER, splitting.split, past, "has passed", field="target_on")


def test_clocks_and_review_points_go_on_after_a_split(scene: Scene) -> None:
    broad(scene)
    scene.do(MANAGER, clocks.start, StartClock(priority="P1", kind=ClockKind.REGULATION_17))
    follows = scene.do(DEPUTY, milestones.add, AddMilestone(of="A2", on=scene.today))
    ends = scene.do(DEPUTY, milestones.add, AddMilestone(of="P1", on=scene.today))
    closed, (first, second) = scene.do(MANAGER, splitting.split, parts(MEDICINES, TRAINING))
    assert (len(closed.clocks), len(first.clocks), len(second.clocks)) == (0, 1, 0)
    assert scene.get(first).clocks[0].kind is ClockKind.REGULATION_17
    assert scene.get(follows).priority_id == second.id
    assert scene.get(ends).cancelled_at == scene.now


def test_a_split_priority_points_to_its_children(scene: Scene) -> None:
    broad(scene)
    scene.do(MANAGER, splitting.split, parts(MEDICINES, TRAINING))
    again = NewAction(priority="P1", what="More.", owner_id=scene.owner.id, due_on=scene.today, check="A look.")
    scene.refused(DEPUTY, create_action, again, "P2 and P3 carry it on", field="priority")
    scene.refused(MANAGER, splitting.split, parts(MEDICINES, TRAINING), "was split: P2 and P3 carry it on")
    loose = scene.signal()
    link = LinkSignal(signal=loose.id, priority="P1")
    scene.refused(QUALITY, signals.link, link, "P2 and P3 carry it on. Choose one", field="priority")
    reopened = ReopenPriority(priority="P1", reason="x")
    scene.refused(MANAGER, splitting.reopen, reopened, "was split", field="priority")


def closed(scene: Scene) -> Priority:
    """P1 closed on an improved sample."""
    priority = scene.priority()
    measure = scene.measure(priority)
    scene.sample(measure, 9, 20, baseline=True)
    scene.signal(priority="P1")
    scene.verified(scene.action(priority))
    scene.wait(1)
    scene.sample(measure, 18, 20)
    form = RecordReview(priority="P1", kind=ReviewKind.GOVERNANCE, decision=Decision.CLOSE, sample="X2")
    scene.do(MANAGER, reviewing.record, form)
    return priority


def test_a_closed_priority_is_carried_on_by_a_new_one(scene: Scene) -> None:
    before = closed(scene)
    scene.wait(60)
    scene.signal(priority="P1", summary="Again nobody told the family.")
    form = ReopenPriority(priority="P1", reason="Two night handovers failed.", risk=Risk.MODERATE)
    scene.refused(DEPUTY, splitting.reopen, form, "may open, change or close", error=NotAllowed)
    marked, again = scene.repeats(MANAGER, splitting.reopen, form)
    assert marked.status is PriorityStatus.REOPENED
    assert marked.closed_on == before.opened_on + timedelta(days=1)
    assert (again.number, again.reopened_from, again.opened_on) == (2, before.id, scene.today)
    assert (again.status, again.risk, again.title) == (PriorityStatus.OPEN, Risk.MODERATE, "Handovers")
    assert again.evidence_base == "Reopened from P1: Two night handovers failed."
    account = scene.account()
    assert [s.number for s in account.signals_of(again)] == [2], "what came after the closure"
    assert [s.number for s in account.signals_of(marked)] == [1]
    assert [s.number for s in account.samples_of(again)] == [1, 2], "the old baseline still counts"
    assert [a.number for a in account.actions_of(marked)] == [1]
    assert account.live == (again,)
    fallen = scene.sample(account.measures[0], 9, 20)
    assert fallen.priority_id == again.id
    assert scene.account().readings_of(again)[0].drift is not None
    scene.refused(MANAGER, splitting.reopen, form, "was reopened: P2 carries it on", field="priority")


def test_only_a_closed_priority_is_reopened(scene: Scene) -> None:
    scene.priority()
    form = ReopenPriority(priority="P1", reason="x")
    scene.refused(MANAGER, splitting.reopen, form, "is not closed", field="priority")
    assert scene.account().priorities[0].status is PriorityStatus.OPEN
