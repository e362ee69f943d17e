"""Each rule about the work in a story in which it fires, and in near ones in which it must not."""

from dataclasses import replace

import pytest

from bot.plan.actions import ActionStatus
from bot.plan.entries import EvidenceState
from bot.plan.services import Cadence
from bot.warnings.fired import Rule
from tests.bot.warnings.story import Story, at

DONE = ActionStatus.DONE


@pytest.fixture
def story() -> Story:
    return Story()


def test_done_without_evidence(story: Story) -> None:
    action = story.action(status=DONE, done_at=at(-2))
    story.entry(action, -3)
    (found,) = story.fired(Rule.WEAK_EVIDENCE)
    assert (found.action_id, found.owner_id, set(found.records)) == (action.id, "amara", {action.id})
    assert "there is no evidence with it" in found.sentence
    story.evidence(story.entry(action, -2), "lost.pdf", EvidenceState.UNREADABLE)
    assert len(story.fired(Rule.WEAK_EVIDENCE)) == 1, "what could not be read is none"


def test_evidence_that_is_about_something_else_than_the_check(story: Story) -> None:
    action = story.action(status=DONE, done_at=at(-2))
    item = story.evidence(story.entry(action, -3, "Ordered new chairs for the lounge"), "IMG_2031.jpg")
    (found,) = story.fired(Rule.WEAK_EVIDENCE)
    assert found.records == {action.id, item.id}
    assert "its evidence (IMG_2031.jpg) shows nothing of its check" in found.sentence


@pytest.mark.parametrize(
    ("what", "name"),
    [("All leads used the sheets this week", "IMG_2031.jpg"), ("Done on both units", "handover_sheets-week3.pdf")],
)
def test_evidence_that_speaks_of_what_the_check_asks_for(story: Story, what: str, name: str) -> None:
    action = story.action(status=DONE, done_at=at(-2))
    story.evidence(story.entry(action, -3, what), name)
    assert story.fired(Rule.WEAK_EVIDENCE) == []


@pytest.mark.parametrize("status", [ActionStatus.IN_PROGRESS, ActionStatus.VERIFIED, ActionStatus.CANCELLED])
def test_only_what_is_marked_done_wants_evidence(story: Story, status: ActionStatus) -> None:
    story.action(status=status)
    assert story.fired(Rule.WEAK_EVIDENCE) == []


def test_a_date_that_moved_twice(story: Story) -> None:
    action = story.action()
    first = story.slip(action, -30, -10)
    assert story.fired(Rule.SLIPPAGE) == [], "once is no pattern"
    second = story.slip(action, -10, 20)
    (found,) = story.fired(Rule.SLIPPAGE)
    assert found.records == {action.id, first.id, second.id}
    assert "moved twice: 24 October 2026, then 13 November 2026, then 13 December 2026." in found.sentence


def test_two_actions_that_slipped_once_or_one_that_is_done_do_not_slip_repeatedly(story: Story) -> None:
    for action in (story.action(), story.action()):
        story.slip(action, -30, -10)
    done = story.action(status=DONE, done_at=at(-2))
    story.slip(done, -30, -10)
    story.slip(done, -10, 20)
    assert story.fired(Rule.SLIPPAGE) == []


SAME = (
    "Supervision rota in place, followed where staffing allows.",
    "Supervision rota is in place and followed where staffing allows.",
    "The supervision rota in place, still followed where staffing allows.",
)


def test_three_updates_that_say_much_the_same(story: Story) -> None:
    action = story.action()
    entries = [story.entry(action, days, said) for days, said in zip((-40, -20, -5), SAME, strict=True)]
    (found,) = story.fired(Rule.UNCHANGED)
    assert found.records == {e.id for e in entries}
    assert found.action_id == action.id
    assert "say much the same" in found.sentence


def test_updates_with_news_of_one_week_or_of_two_actions_are_not_unchanged(story: Story) -> None:
    news = story.action()
    for days, count in ((-40, 12), (-20, 15), (-5, 17)):
        story.entry(news, days, f"Read 20 sheets, {count} complete, fluids left out most often")
    week = story.action()
    for days, said in zip((-5, -4, -3), SAME, strict=True):
        story.entry(week, days, said)
    for days, said in zip((-40, -20, -5), SAME, strict=True):
        story.entry(story.action(), days, said)
    assert story.fired(Rule.UNCHANGED) == []


def test_three_reviews_that_say_much_the_same(story: Story) -> None:
    said = "Nights are still short of supervision because of vacancies."
    for days in (-70, -40):
        story.review(days, said)
    assert story.fired(Rule.UNCHANGED) == []
    story.review(-10, said.replace("still ", ""))
    (found,) = story.fired(Rule.UNCHANGED)
    assert (len(found.records), found.action_id) == (3, None)
    story.review(-2, "Two night seniors were appointed; 6 of 9 people were supervised in November.")
    assert story.fired(Rule.UNCHANGED) == []


def test_two_months_of_entries_without_a_sample(story: Story) -> None:
    action = story.action()
    measure = story.measure()
    story.sample(measure, -90, 9, 20, baseline=True)
    september, october = story.entry(action, -60), story.entry(action, -40)
    story.entry(action, -35)
    (found,) = story.fired(Rule.EFFORT)
    assert found.records == {september.id, october.id}
    assert found.sentence == (
        "Work was logged in September and October (3 entries), but nothing has been sampled since 25 August 2026."
    )
    story.entry(action, -39, "Handed in late")
    (again,) = story.fired(Rule.EFFORT)
    assert again.fingerprint == found.fingerprint, "an entry handed in late is no new warning"


def test_one_month_of_entries_or_a_sample_in_the_time_is_no_mere_effort(story: Story) -> None:
    action = story.action()
    story.entry(action, -40)
    story.entry(action, -5)
    assert story.fired(Rule.EFFORT) == [], "nothing was logged in September"
    story.entry(action, -60)
    assert len(story.fired(Rule.EFFORT)) == 1
    story.sample(story.measure(), -50, 9, 20, baseline=True)
    assert story.fired(Rule.EFFORT) == []


def test_six_months_without_revision(story: Story) -> None:
    story.priority_ = story.change(story.priority_, opened_on=at(-200).date())
    action = story.action(written=-195)
    (found,) = story.fired(Rule.STALE)
    assert found.records == {story.priority_.id}
    assert "no action or target of it was revised since 12 May 2026" in found.sentence
    moved = story.revision(action, -30, to_what=action.what, to_owner_id="hannah", from_owner_id="amara")
    assert len(story.fired(Rule.STALE)) == 1, "another owner does not revise a plan"
    story.change(moved, to_owner_id=None, to_what="Other words")
    assert story.fired(Rule.STALE) == []


def test_a_new_action_another_target_or_less_than_six_months_is_not_stale(story: Story) -> None:
    assert story.fired(Rule.STALE) == [], "open for 100 days"
    story.priority_ = story.change(story.priority_, opened_on=at(-200).date())
    assert len(story.fired(Rule.STALE)) == 1
    measure = story.measure()
    aimed = story.retarget(measure, -20)
    assert story.fired(Rule.STALE) == []
    story.change(aimed, retargeted=())
    story.action(written=-20)
    assert story.fired(Rule.STALE) == []


def test_the_service_says_how_long_is_long(story: Story) -> None:
    story.service = replace(story.service, cadence=Cadence(long_running_months=3))
    assert len(story.fired(Rule.STALE)) == 1
