"""Early warnings on record: raised once, ended, raised again, answered by those who may, silent until something new."""

from datetime import timedelta

import pytest

from bot.errors import BadInput, NotAllowed
from bot.plan import actions, warnings
from bot.plan.actions import Action, MoreTime
from bot.plan.warnings import AnswerWarning, EarlyWarning, compare, keep_up, standing, stands
from bot.warnings.fired import Fired, Rule
from bot.warnings.rules import look
from tests.bot.plan.scene import AUDIT, DEPUTY, MANAGER, PROVIDER, QUALITY, TEAM, Scene


def slipped(scene: Scene, action: Action, times: int = 1) -> None:
    for _ in range(times):
        now: Action = scene.get(action)
        form = MoreTime(action=action.id, due_on=now.due_on + timedelta(days=7), reason="Off sick")
        scene.do(scene.owner, actions.more_time, form)


def looked(scene: Scene) -> list[EarlyWarning]:
    """What is new after a look at the whole account."""
    found = look(scene.account(), scene.now)
    with scene.store.transaction() as work:
        return keep_up(work, scene.service, found, scene.now)


def every(scene: Scene) -> list[EarlyWarning]:
    with scene.store.reading() as work:
        return work.all(EarlyWarning, order="number")


@pytest.fixture
def action(scene: Scene) -> Action:
    made = scene.action(scene.priority(problem_statement="11 of 20 handovers left out fluids on Willow unit."))
    slipped(scene, made, 2)
    return made


def test_it_is_raised_once_and_stands(scene: Scene, action: Action) -> None:
    (raised,) = looked(scene)
    assert (raised.number, raised.rule, raised.action_id) == (1, Rule.SLIPPAGE, action.id)
    assert looked(scene) == []
    assert every(scene) == [raised]
    assert [e.verb for e in scene.events(raised.id)] == ["raise warning"]
    with scene.store.reading() as work:
        assert standing(work, scene.service) == [raised]


def test_answered_it_stays_silent_until_something_new(scene: Scene, action: Action) -> None:
    (raised,) = looked(scene)
    form = AnswerWarning(warning="W1", reason="The supplier is late.")
    answered = scene.repeats(MANAGER, warnings.answer, form)
    assert (answered.answer, answered.answered_by) == ("The supplier is late.", scene.people[MANAGER].id)
    assert looked(scene) == []
    slipped(scene, action)
    (again,) = looked(scene)
    assert set(raised.records) < set(again.records)
    assert [stands(w) for w in every(scene)] == [False, True]
    scene.refused(MANAGER, warnings.answer, form, "answered already: The supplier is late.")


def test_put_right_it_ends_and_fired_by_the_same_again_it_stands_again(scene: Scene, action: Action) -> None:
    (raised,) = looked(scene)
    scene.done(action)
    looked(scene)
    ended = scene.get(raised)
    assert ended.ended_at == scene.now
    scene.refused(MANAGER, warnings.answer, AnswerWarning(warning="W1", reason="x"), "no longer stands", error=BadInput)
    with scene.store.transaction() as work:
        actions.undo_complete(work, scene.owner, action.id, None, scene.now)
    assert looked(scene) == [], "nobody is told twice of the same"
    assert stands(scene.get(raised))
    assert [e.verb for e in scene.events(raised.id)] == ["raise warning", "end warning", "raise warning again"]


@pytest.mark.parametrize("who", [TEAM, AUDIT, PROVIDER])
def test_only_those_who_keep_the_plan_answer(scene: Scene, action: Action, who: object) -> None:
    looked(scene)
    form = AnswerWarning(warning="W1", reason="It is fine.")
    scene.refused(who, warnings.answer, form, "may answer an early warning", error=NotAllowed)  # type: ignore[arg-type]
    scene.refused(scene.owner, warnings.answer, form, "may answer an early warning", error=NotAllowed)
    assert every(scene)[0].answered_at is None


@pytest.mark.parametrize("who", [DEPUTY, QUALITY])
def test_the_deputy_and_the_quality_lead_may(scene: Scene, action: Action, who: object) -> None:
    looked(scene)
    form = AnswerWarning(warning="W1", reason="Agreed with the supplier.")
    assert scene.do(who, warnings.answer, form).answered_at == scene.now  # type: ignore[arg-type]


def test_fewer_of_the_same_records_are_nothing_new(scene: Scene, action: Action) -> None:
    (raised,) = looked(scene)
    less = Fired(
        rule=raised.rule, priority_id=raised.priority_id, records=frozenset(raised.records[:2]), sentence="less"
    )
    assert not compare([raised], [less])
    other_rule = Fired(rule=Rule.STALE, priority_id=raised.priority_id, records=less.records, sentence="x")
    changes = compare([raised], [other_rule])
    assert (changes.new, changes.over) == ((other_rule,), (raised,))
