"""Each rule about the plan as written in a story in which it fires, and in near ones in which it must not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.plan.actions import ActionStatus
from bot.plan.services import Cadence
from bot.warnings.fired import Rule, fingerprint
from bot.warnings.rules import BY_RULE, RULES
from tests.bot.warnings.story import TODAY, Story


@pytest.fixture
def story() -> Story:
    return Story()


# The weak example of a published report, and wordings that CQC's inspectors quote as too broad.
@pytest.mark.parametrize(
    "what",
    [
        "All staff have been reminded about the importance of accuracy in record keeping",
        "Improve communication",
        "Strengthen person-centred care",
        "Ensure good practice",
    ],
)
def test_an_action_that_nobody_could_see_happen(story: Story, what: str) -> None:
    action = story.action(what=what)
    (found,) = story.fired(Rule.VAGUE)
    assert (found.action_id, set(found.records)) == (action.id, {action.id})
    assert what in found.sentence


def test_a_check_that_says_neither_how_many_nor_how_often(story: Story) -> None:
    action = story.action(check="Management will monitor compliance")
    (found,) = story.fired(Rule.VAGUE)
    assert "how many, or how often" in found.sentence
    revision = story.revision(action, -2)
    (again,) = story.fired(Rule.VAGUE)
    assert again.records == {action.id, revision.id}, "reworded and vague still: that is new"


def test_a_problem_that_cannot_be_measured(story: Story) -> None:
    story.change(story.priority_, problem_statement="Communication needs to improve")
    (found,) = story.fired(Rule.VAGUE)
    assert (found.action_id, set(found.records)) == (None, {story.priority_.id})


@pytest.mark.parametrize("what", ["Fit a rail beside the bath on Willow unit", "Remind the 9 night staff each Friday"])
def test_wording_that_can_be_checked_is_left_alone(story: Story, what: str) -> None:
    story.action(what=what)
    story.action(what="Improve communication", status=ActionStatus.VERIFIED)
    assert story.fired(Rule.VAGUE) == []


def test_more_open_actions_in_a_fortnight_than_the_limit(story: Story) -> None:
    actions = [story.action(due=days) for days in (3, 5, 8, 10, 12, 16)]
    (found,) = story.fired(Rule.OVERLOADED)
    assert found.records == {a.id for a in actions}
    assert (found.owner_id, found.priority_id) == ("amara", story.priority_.id)
    assert "Amara Osei owns 6 open actions due from 26 November 2026 to 9 December 2026" in found.sentence


def test_as_many_as_the_limit_spread_out_or_of_two_owners_are_no_overload(story: Story) -> None:
    for days in (3, 5, 8, 10, 12, 17):  # fourteen days apart, the last one is of the next fortnight
        story.action(due=days)
    for days in (4, 6, 9):
        story.action(due=days, owner_id="hannah")
    story.action(due=7, status=ActionStatus.DONE)
    assert story.fired(Rule.OVERLOADED) == []
    story.service = replace(story.service, cadence=Cadence(owner_limit=4))
    assert len(story.fired(Rule.OVERLOADED)) == 1


def test_the_warning_of_an_overload_stays_the_same_as_days_go_by(story: Story) -> None:
    for days in (3, 5, 8, 10, 12, 14):
        story.action(due=days)
    (today,), (later,) = (story.fired(Rule.OVERLOADED, TODAY + timedelta(days=n)) for n in (0, 6))
    assert today.fingerprint == later.fingerprint


def test_an_owner_or_lead_who_left(story: Story) -> None:
    action = story.action()
    story.person("Amara Osei", active=False)
    (found,) = story.fired(Rule.UNOWNED)
    assert found.records == {action.id, "amara"}
    assert "Amara Osei, who owns A" in found.sentence
    story.person("Ruth Callaghan", active=False)
    lead, owner = story.fired(Rule.UNOWNED)
    assert [set(f.records) for f in (lead, owner)] == [{story.priority_.id, "ruth"}, set(found.records)]


def test_people_who_are_here_or_whose_work_is_over_own_what_they_own(story: Story) -> None:
    story.action()
    assert story.fired(Rule.UNOWNED) == []
    story.person("Hannah Whitfield", active=False)
    story.action(owner_id="hannah", status=ActionStatus.VERIFIED)
    assert story.fired(Rule.UNOWNED) == []


def test_every_rule_stands_in_rules_once_with_somebody_to_hear_and_something_to_do() -> None:
    assert [watched.rule for watched in RULES] == list(Rule)
    assert all(watched.hears and watched.responses for watched in BY_RULE.values())


def test_a_well_kept_plan_fires_nothing(story: Story) -> None:
    story.action()
    assert story.all_fired() == []


def test_the_fingerprint_knows_the_set_and_not_its_order() -> None:
    assert fingerprint(Rule.DRIFT, "p", sorted(["b", "a"])) == fingerprint(Rule.DRIFT, "p", ["a", "b"])
    assert len({fingerprint(r, p, ["a"]) for r in Rule for p in "pq"}) == 2 * len(Rule)
