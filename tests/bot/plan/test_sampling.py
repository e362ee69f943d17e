"""Samples: a baseline first, follow-ups after it, figures that can be true, and what a failed one means."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from bot.errors import BadInput, NotAllowed
from bot.plan import corrections, milestones, sampling
from bot.plan.corrections import CorrectSample, Withdraw
from bot.plan.measures import Better, Lens, MeasureKind
from bot.plan.milestones import AddMilestone
from bot.plan.sampling import RecordSample
from tests.bot.plan.scene import AUDIT, DEPUTY, MANAGER, QUALITY, TEAM, Scene


def test_a_sample_is_kept_once_with_what_was_found_and_said(scene: Scene) -> None:
    measure = scene.measure(scene.priority())
    form = RecordSample.model_validate(
        {
            "measure": "M1",
            "baseline": True,
            "n": " 20 ",
            "met": "9",
            "sampled": "Handover sheets, nights",
            "findings": "Pain relief left out.",
            "in_their_words": "Nobody told me Mum had fallen.",
        }
    )
    sample = scene.repeats(AUDIT, sampling.record, form)
    assert (sample.n, sample.met, sample.count, sample.failed) == (20, 9, None, False)
    assert scene.account().samples_of(measure)[0].in_their_words == "Nobody told me Mum had fallen."
    assert scene.last(sample).verb == "record sample"
    for who in (TEAM, DEPUTY):
        scene.refused(who, sampling.record, form, "may record a sample", error=NotAllowed)


@pytest.mark.parametrize(
    ("figures", "words", "field"),
    [
        ({"n": 10, "met": 12}, "12 of 10 cannot be", "met"),
        ({"n": 0, "met": 0}, "at least 1", "n"),
        ({"met": 3}, "at least 1", "n"),
        ({"n": 10}, "how many of them met", "met"),
        ({"n": 10, "met": 3, "count": 2}, "M1 is a proportion", "count"),
    ],
)
def test_figures_that_cannot_be(scene: Scene, figures: dict[str, int], words: str, field: str) -> None:
    scene.measure(scene.priority())
    form = RecordSample.model_validate({"measure": "M1", "baseline": True} | figures)
    scene.refused(QUALITY, sampling.record, form, words, field=field)


@pytest.mark.parametrize("typed", ["ten", "-1", "1.5", "999999999"])
def test_a_figure_is_a_whole_number(typed: str) -> None:
    with pytest.raises(ValidationError, match="Write a whole number"):
        RecordSample.model_validate({"measure": "M1", "n": typed})


@pytest.mark.parametrize("typed", ["0", "-1", "nan", "many"])
def test_periods_are_a_number(typed: str) -> None:
    with pytest.raises(ValidationError, match="for how many periods"):
        RecordSample.model_validate({"measure": "M1", "periods": typed})


def test_a_count_is_a_count(scene: Scene) -> None:
    priority = scene.priority()
    falls = scene.measure(
        priority, name="Falls", lens=Lens.PRACTICE, kind=MeasureKind.COUNT, better=Better.DOWN, target="4", unit="month"
    )
    form = RecordSample(measure="M1", baseline=True, n=10, met=3)
    scene.refused(QUALITY, sampling.record, form, "M1 is a count: write how many", field="count")
    both = RecordSample(measure="M1", baseline=True, count=3, n=10)
    scene.refused(QUALITY, sampling.record, both, "leave the sample size empty", field="n")
    scene.do(QUALITY, sampling.record, RecordSample(measure="M1", baseline=True, count=36, periods=3))
    scene.do(QUALITY, sampling.record, RecordSample(measure="M1", count=6, periods=3))
    reading = scene.account().reading(falls)
    assert reading.movement is not None
    assert reading.target is not None
    assert reading.movement.sentence == "36 in 3 months then, 6 in 3 months now: more than chance."
    assert reading.verdict == "improved"
    assert reading.target.standing == "met on the day"
    assert [s.failed for s in scene.account().samples_of(falls)] == [False, False]


def test_the_baseline_comes_first_and_once(scene: Scene) -> None:
    measure = scene.measure(scene.priority())
    follow_up = RecordSample(measure="M1", n=20, met=17)
    scene.refused(QUALITY, sampling.record, follow_up, "M1 has no baseline yet", field="baseline")
    first = scene.sample(measure, 9, 20, baseline=True, on=scene.today - timedelta(days=7))
    again = RecordSample(measure="M1", n=20, met=5, baseline=True)
    scene.refused(QUALITY, sampling.record, again, "has its baseline already: X1 of 26 October 2026", field="baseline")
    older = RecordSample(measure="M1", n=20, met=17, on=scene.today - timedelta(days=8))
    scene.refused(QUALITY, sampling.record, older, "a follow-up comes after it", field="on")
    ahead = RecordSample(measure="M1", n=20, met=17, on=scene.today + timedelta(days=1))
    scene.refused(QUALITY, sampling.record, ahead, "has not come yet", field="on")
    scene.do(QUALITY, sampling.record, follow_up)
    scene.refused(
        QUALITY, corrections.withdraw_sample, Withdraw(record=first.id, reason="x"), "X1 is the baseline of follow-ups"
    )


def test_a_baseline_after_a_follow_up_is_refused(scene: Scene) -> None:
    """A follow-up without a baseline can only be imported, so the rule itself is asked."""
    measure = scene.measure(scene.priority())
    scene.sample(measure, 9, 20, baseline=True)
    follow_up = scene.sample(measure, 17, 20)
    with pytest.raises(BadInput, match="would move the mark") as caught:
        sampling.check_order(measure, [follow_up], baseline=True, on=scene.today)
    assert caught.value.field == "baseline"


def test_a_sample_answers_its_review_point(scene: Scene) -> None:
    priority = scene.priority()
    measure, action = scene.measure(priority), scene.action(priority)
    scene.sample(measure, 9, 20, baseline=True)
    point = scene.do(DEPUTY, milestones.add, AddMilestone(of="A1", on=scene.today + timedelta(days=7)))
    scene.wait(7)
    baseline = RecordSample(measure="M1", n=20, met=17, baseline=True, milestone=point.id)
    scene.refused(QUALITY, sampling.record, baseline, "has its baseline already")
    sample = scene.sample(measure, 17, 20, milestone=point.id)
    assert scene.get(point).sample_id == sample.id
    assert scene.get(point).wake_at is None
    assert [e.verb for e in scene.events(point.id)] == ["add milestone", "answer milestone"]
    twice = RecordSample(measure="M1", n=20, met=17, milestone=point.id)
    scene.refused(QUALITY, sampling.record, twice, "answered or cancelled already", field="milestone")
    other = scene.measure(scene.priority(title="Medicines"))
    scene.sample(other, 1, 10, baseline=True)
    elsewhere = RecordSample(measure="M2", n=20, met=17, milestone=point.id)
    scene.refused(QUALITY, sampling.record, elsewhere, "belongs to another priority", field="milestone")
    assert action.priority_id == priority.id


def test_a_sample_that_cannot_be_compared_says_why_and_gets_no_verdict(scene: Scene) -> None:
    measure = scene.measure(scene.priority())
    scene.sample(measure, 9, 20, baseline=True)
    bare = RecordSample(measure="M1", n=20, met=19, comparable=False)
    scene.refused(QUALITY, sampling.record, bare, "Say why it cannot be compared", field="not_comparable_reason")
    scene.sample(measure, 19, 20, comparable=False, not_comparable_reason="Day sheets only.")
    found = scene.account().reading(measure).movement
    assert found is not None
    assert found.sentence == "9 of 20 then, 19 of 20 now: not comparable, because Day sheets only."
    assert found.p is None


def test_a_sample_is_corrected_by_an_event_that_names_the_mistaken_one(scene: Scene) -> None:
    measure = scene.measure(scene.priority(), target="80")
    scene.sample(measure, 9, 20, baseline=True)
    sample = scene.sample(measure, 17, 20)
    form = CorrectSample(sample="X2", reason="One sheet was counted twice.", met=12)
    fixed = scene.repeats(AUDIT, corrections.correct_sample, form)
    assert (fixed.met, fixed.failed, fixed.corrected_at) == (12, True, scene.now)
    made, event = scene.events(sample.id)
    assert (event.corrects, event.reason) == (made.id, "One sheet was counted twice.")
    assert made.after is not None
    assert made.after["met"] == 17, "what was said first stays"
    third = scene.do(QUALITY, corrections.correct_sample, form.model_copy(update={"met": 13}))
    assert scene.last(third).corrects == event.id, "the next correction names the last one"
    wrong = CorrectSample(sample="X2", reason="x", met=21)
    scene.refused(QUALITY, corrections.correct_sample, wrong, "21 of 20 cannot be", field="met")
    same = CorrectSample(sample="X2", reason="x", met=13)
    scene.refused(QUALITY, corrections.correct_sample, same, "Nothing of X2 was changed")
    late = CorrectSample(sample="X1", reason="x", on=scene.today + timedelta(days=1))
    scene.refused(QUALITY, corrections.correct_sample, late, "has not come yet", field="on")
    scene.refused(DEPUTY, corrections.correct_sample, same, "may record a sample", error=NotAllowed)


def test_a_corrected_baseline_stays_before_its_follow_ups(scene: Scene) -> None:
    measure = scene.measure(scene.priority())
    scene.sample(measure, 9, 20, baseline=True, on=scene.today - timedelta(days=9))
    scene.sample(measure, 17, 20, on=scene.today - timedelta(days=2))
    newer = CorrectSample(sample="X1", reason="x", on=scene.today)
    scene.refused(QUALITY, corrections.correct_sample, newer, "cannot be newer than its follow-ups", field="on")


def test_a_withdrawn_sample_is_out_of_the_account_and_its_review_point_waits_again(scene: Scene) -> None:
    priority = scene.priority()
    measure = scene.measure(priority)
    scene.sample(measure, 9, 20, baseline=True)
    point = scene.do(DEPUTY, milestones.add, AddMilestone(of="P1", on=scene.today))
    sample = scene.sample(measure, 3, 20, milestone=point.id)
    scene.repeats(QUALITY, corrections.withdraw_sample, Withdraw(record="X2", reason="Wrong unit."))
    assert [s.number for s in scene.account().samples_of(priority)] == [1]
    assert scene.get(point).sample_id is None
    assert (scene.last(sample).verb, scene.last(sample).reason) == ("withdraw sample", "Wrong unit.")
    again = Withdraw(record="X2", reason="Again.")
    scene.refused(QUALITY, corrections.withdraw_sample, again, "withdrawn already")
    scene.refused(TEAM, corrections.withdraw_sample, again, "may record a sample", error=NotAllowed)
    assert scene.do(MANAGER, sampling.record, RecordSample(measure="M1", n=20, met=17)).number == 3
