"""What a review is told about the strength of a priority's actions."""

import pytest

from bot.plan.actions import ActionStatus, Strength
from bot.plan.briefing import briefing
from tests.bot.warnings.story import TODAY, Story

TRAIN = "Train all 12 night staff on the sheet by 12 June"


@pytest.fixture
def story() -> Story:
    return Story()


def told(story: Story) -> tuple[str, ...]:
    return briefing(story.account(), story.priority_, TODAY).weak


def test_only_weak_actions_are_said(story: Story) -> None:
    assert told(story) == (), "no action is no weak one"
    story.action(what=TRAIN)
    (said,) = told(story)
    assert said.startswith("The only action (A")
    story.action(strength=Strength.WEAK)
    (said,) = told(story)
    assert said.startswith("All 2 actions (A")
    assert "are weak: telling, training or checking people rarely changes what they do for long." in said


def test_one_stronger_action_suffices_unless_it_was_cancelled(story: Story) -> None:
    story.action(what=TRAIN)
    rail = story.action(what="Fit handrails in both bathrooms")
    assert told(story) == ()
    story.change(rail, status=ActionStatus.CANCELLED)
    assert len(told(story)) == 1


def test_what_nobody_can_place_is_said_to_be_left_out(story: Story) -> None:
    story.action(what=TRAIN)
    story.action(what="Agree with the family")
    (said,) = told(story)
    assert said.startswith("The only action whose strength is known (A")
