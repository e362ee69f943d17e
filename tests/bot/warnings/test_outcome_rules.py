"""Each rule about outcomes in a story in which it fires, and in near ones in which it must not."""

import pytest

from bot.plan.measures import Lens
from bot.plan.priorities import PriorityStatus
from bot.warnings.fired import Rule
from tests.bot.warnings.story import Story

RECORD, PRACTICE, EXPERIENCE = Lens


@pytest.fixture
def story() -> Story:
    return Story()


def test_two_further_signals_after_the_actions_began(story: Story) -> None:
    action = story.action()
    story.signal(-60)
    story.entry(action, -50)
    first, second = story.signal(-20), story.signal(-5, linked=False)
    (found,) = story.fired(Rule.REPEATED_SIGNALS)
    assert found.records == {first.id, second.id}
    assert "2 further signals of handovers (S" in found.sentence
    assert "began on 4 October 2026" in found.sentence


def test_signals_before_the_work_of_another_theme_or_of_another_priority_do_not_repeat(story: Story) -> None:
    action = story.action()
    story.signal(-60)
    story.signal(-50)
    story.signal(-20)
    assert story.fired(Rule.REPEATED_SIGNALS) == [], "nothing was begun yet"
    story.entry(action, -50)
    assert story.fired(Rule.REPEATED_SIGNALS) == [], "one of the day on which work began, one after it"
    story.signal(-10, theme="falls", linked=False)
    other = story.priority(title="Nights", theme="handovers")
    story.signal(-9, priority_id=other.id)
    story.change(story.signal(-8), withdrawn_at=story.priority_.written_at)
    assert story.fired(Rule.REPEATED_SIGNALS) == []


def test_a_first_follow_up_that_could_be_chance(story: Story) -> None:
    measure = story.samples(RECORD, (9, 20), (11, 20))
    (found,) = story.fired(Rule.NO_CHANGE)
    assert found.measure_id == measure.id
    assert len(found.records) == 2
    assert "shows no measurable change. 9 of 20 then, 11 of 20 now: this could be chance." in found.sentence
    assert "more meeting it would show real improvement" in found.sentence


def test_a_worse_follow_up_is_never_passed_over(story: Story) -> None:
    story.samples(RECORD, (17, 20), (6, 20))
    (found,) = story.fired(Rule.NO_CHANGE)
    assert "got worse" in found.sentence


@pytest.mark.parametrize(
    "counts",
    [[(9, 20)], [(9, 20), (17, 20)], [(9, 20), (11, 20), (18, 20)], [(3, 8), (3, 8)]],
    ids=["a baseline alone", "improved", "improved at last", "too few to judge"],
)
def test_no_warning_of_no_change(story: Story, counts: list[tuple[int, int]]) -> None:
    story.samples(RECORD, *counts)
    assert story.fired(Rule.NO_CHANGE) == []


def test_samples_that_cannot_be_compared_say_nothing(story: Story) -> None:
    measure = story.measure()
    story.sample(measure, -30, 9, 20, baseline=True)
    story.sample(measure, -3, 9, 20, comparable=False, not_comparable_reason="another tool")
    assert story.fired(Rule.NO_CHANGE) == []


def test_each_further_sample_without_change_is_something_new(story: Story) -> None:
    measure = story.samples(RECORD, (9, 20), (11, 20))
    (first,) = story.fired(Rule.NO_CHANGE)
    story.sample(measure, 0, 10, 20)
    (second,) = story.fired(Rule.NO_CHANGE)
    assert first.records < second.records
    assert first.fingerprint != second.fingerprint


def test_a_gain_that_falls_back_drifts(story: Story) -> None:
    measure = story.samples(PRACTICE, (9, 20), (17, 20), (10, 20))
    (found,) = story.fired(Rule.DRIFT)
    assert found.measure_id == measure.id
    assert len(found.records) == 2
    assert "17 of 20 at best, 10 of 20 now" in found.sentence
    assert story.fired(Rule.NO_CHANGE) == [], "it did improve once"


@pytest.mark.parametrize("counts", [[(9, 20), (17, 20), (16, 20)], [(9, 20), (11, 20), (8, 20)]])
def test_a_gain_that_holds_or_never_was_is_no_drift(story: Story, counts: list[tuple[int, int]]) -> None:
    story.samples(PRACTICE, *counts)
    assert story.fired(Rule.DRIFT) == []


def test_a_signal_or_a_failing_sample_within_six_months_of_closure(story: Story) -> None:
    measure = story.measure()
    story.sample(measure, -200, 9, 20, baseline=True)
    story.close(-60)
    assert story.fired(Rule.RECURRENCE) == []
    signal = story.signal(-10, linked=False)
    (found,) = story.fired(Rule.RECURRENCE)
    assert found.records == {signal.id}
    assert found.sentence.startswith("Closed on 24 September 2026, and since then: S")
    failing = story.sample(measure, -3, 12, 20)
    (both,) = story.fired(Rule.RECURRENCE)
    assert both.records == {signal.id, failing.id}
    assert both.measure_id == measure.id


def test_what_is_older_later_or_still_met_is_no_recurrence(story: Story) -> None:
    measure = story.measure()
    story.sample(measure, -300, 9, 20, baseline=True)
    story.signal(-210)
    story.close(-200)
    story.signal(-5)
    story.sample(measure, -20, 19, 20)
    assert story.fired(Rule.RECURRENCE) == [], "before closure, more than six months after it, on target"
    story.priority_ = story.change(story.priority_, status=PriorityStatus.REOPENED)
    story.signal(-150)
    assert story.fired(Rule.RECURRENCE) == [], "another priority carries it on"


def test_records_that_improve_while_practice_does_not(story: Story) -> None:
    story.samples(RECORD, (8, 30), (18, 30))
    life = story.samples(EXPERIENCE, (9, 18), (12, 18))
    (found,) = story.fired(Rule.MISMATCH)
    assert found.measure_id == life.id
    assert len(found.records) == 2
    assert "(record) 8 of 30 then, 18 of 30 now; but" in found.sentence


@pytest.mark.parametrize("life", [[(5, 20), (18, 20)], [(3, 8), (4, 8)], [(5, 20)]])
def test_practice_that_improved_or_has_not_spoken_is_no_mismatch(story: Story, life: list[tuple[int, int]]) -> None:
    story.samples(RECORD, (8, 30), (18, 30))
    story.samples(PRACTICE, *life)
    assert story.fired(Rule.MISMATCH) == []


def test_practice_that_improved_before_the_paper_is_no_mismatch(story: Story) -> None:
    story.samples(RECORD, (8, 30), (9, 30))
    story.samples(PRACTICE, (5, 20), (18, 20))
    assert story.fired(Rule.MISMATCH) == []


def test_a_closed_priority_is_left_to_the_rule_on_recurrence(story: Story) -> None:
    action = story.action()
    story.entry(action, -80)
    story.signal(-20)
    story.signal(-10)
    story.samples(RECORD, (9, 20), (17, 20), (10, 20))
    assert {f.rule for f in story.all_fired()} == {Rule.REPEATED_SIGNALS, Rule.DRIFT}
    story.close(-1)
    assert {f.rule for f in story.all_fired()} == {Rule.RECURRENCE}
