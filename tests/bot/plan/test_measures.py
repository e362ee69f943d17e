"""Measures: defined once, retargeted and re-based with a reason, never changed in meaning under their samples."""

from datetime import timedelta

import pytest

from bot.errors import BadInput, NotAllowed
from bot.plan import measures
from bot.plan.measures import (
    Better,
    ChangeMeasure,
    DefineMeasure,
    Lens,
    Measure,
    MeasureKind,
    RebaseMeasure,
    RetargetMeasure,
    parse_target,
    target_at,
    target_words,
)
from tests.bot.plan.scene import AUDIT, DEPUTY, MANAGER, QUALITY, Scene


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (MeasureKind.PROPORTION, "90", 0.9),
        (MeasureKind.PROPORTION, "90 %", 0.9),
        (MeasureKind.PROPORTION, "0.5%", 0.005),
        (MeasureKind.PROPORTION, "0", 0.0),
        (MeasureKind.PROPORTION, "100", 1.0),
        (MeasureKind.PROPORTION, "", None),
        (MeasureKind.COUNT, "2,5", 2.5),
        (MeasureKind.COUNT, "1", 1.0),
    ],
)
def test_a_target_is_read_as_people_write_it(kind: MeasureKind, typed: str, value: float | None) -> None:
    assert parse_target(kind, typed) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (MeasureKind.PROPORTION, "0.9"),
        (MeasureKind.PROPORTION, "1"),
        (MeasureKind.PROPORTION, "101"),
        (MeasureKind.PROPORTION, "most"),
        (MeasureKind.PROPORTION, "nan"),
        (MeasureKind.COUNT, "90%"),
        (MeasureKind.COUNT, "-1"),
        (MeasureKind.COUNT, "inf"),
    ],
)
def test_an_unclear_target_is_asked_for_again(kind: MeasureKind, typed: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_target(kind, typed)
    assert caught.value.field == "target"


def test_a_measure_is_defined_once(scene: Scene) -> None:
    priority = scene.priority()
    form = DefineMeasure(
        priority="P1",
        name="Falls",
        lens=Lens.PRACTICE,
        kind=MeasureKind.COUNT,
        better=Better.DOWN,
        target="2",
        unit="month",
    )
    made: Measure = scene.repeats(QUALITY, measures.define, form)
    assert (made.target, made.priority_id, target_words(made)) == (2.0, priority.id, "at most 2 a month")
    assert scene.last(made).verb == "define measure"
    scene.refused(QUALITY, measures.define, form, "M1 has that name already", field="name")
    nameless = form.model_copy(update={"name": "Near misses", "unit": ""})
    scene.refused(QUALITY, measures.define, nameless, "for which period", field="unit")
    for who in (DEPUTY, AUDIT):
        scene.refused(who, measures.define, form, "may define a measure", error=NotAllowed)


@pytest.mark.parametrize(
    ("field", "value", "another"),
    [
        ("lens", Lens.PRACTICE, Lens.EXPERIENCE),
        ("better", Better.DOWN, Better.UP),
        ("unit", "care file", "night"),
    ],
)
def test_under_samples_a_measure_keeps_its_meaning(scene: Scene, field: str, value: object, another: object) -> None:
    measure = scene.measure(scene.priority())
    before = ChangeMeasure.model_validate({"measure": "M1", "reason": "Clearer.", field: value})
    assert getattr(scene.do(QUALITY, measures.change, before), field) == value, "free to change before a sample"
    scene.sample(measure, 9, 20, baseline=True)
    after = ChangeMeasure.model_validate({"measure": "M1", "reason": "Again.", field: another})
    scene.refused(QUALITY, measures.change, after, f"another {field} would change what they mean", field=field)


def test_under_samples_a_kind_stays_but_a_name_may_change(scene: Scene) -> None:
    measure = scene.measure(scene.priority())
    scene.sample(measure, 9, 20, baseline=True)
    change = ChangeMeasure(measure="M1", reason="x", kind=MeasureKind.COUNT, unit="")
    scene.refused(QUALITY, measures.change, change, "M1 has samples already", field="kind")
    renamed = scene.repeats(
        QUALITY, measures.change, ChangeMeasure(measure="M1", reason="Clearer.", name="Sheets whole")
    )
    assert renamed.name == "Sheets whole"
    same = ChangeMeasure(measure="M1", reason="None.", name="Sheets whole")
    scene.refused(QUALITY, measures.change, same, "Nothing of M1 was changed")


def test_a_target_is_revised_and_what_it_was_is_kept(scene: Scene) -> None:
    measure = scene.measure(scene.priority(), target="90")
    first = scene.today
    scene.wait(10)
    form = RetargetMeasure(measure="M1", target="75 %", reason="Half of nights are agency staff.")
    revised: Measure = scene.repeats(MANAGER, measures.retarget, form)
    assert revised.target == 0.75
    assert [(c.was, c.now, c.reason) for c in revised.retargeted] == [(0.9, 0.75, "Half of nights are agency staff.")]
    assert (target_at(revised, first), target_at(revised, scene.today)) == (0.9, 0.75)
    assert scene.last(measure).reason == "Half of nights are agency staff."
    scene.refused(MANAGER, measures.retarget, form, "at least 75 % already", field="target")
    empty = RetargetMeasure(measure="M1", target="", reason="x")
    scene.refused(MANAGER, measures.retarget, empty, "Write the new target", field="target")
    scene.refused(QUALITY, measures.retarget, form, "may change the target of a measure", error=NotAllowed)


def test_limits_are_rebased_by_a_person_with_a_reason(scene: Scene) -> None:
    measure = scene.measure(scene.priority())
    form = RebaseMeasure(measure="M1", reason="New sheet in use.", on=scene.today - timedelta(days=5))
    rebased = scene.repeats(QUALITY, measures.rebase, form)
    assert [(r.on, r.reason) for r in rebased.rebased] == [("2026-10-28", "New sheet in use.")]
    scene.refused(QUALITY, measures.rebase, form, "re-based on that day already", field="on")
    ahead = RebaseMeasure(measure="M1", reason="x", on=scene.today + timedelta(days=1))
    scene.refused(QUALITY, measures.rebase, ahead, "has not come yet", field="on")
    assert scene.last(measure).verb == "rebase measure"
