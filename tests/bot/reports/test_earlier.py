"""The account as it stood on an earlier day is the account that was loaded on that day."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date

from bot.plan import actions, reviewing, revisions
from bot.plan.account import Account
from bot.plan.actions import ActionStatus, MoreTime, is_open
from bot.plan.reviewing import RecordReview
from bot.plan.reviews import ReviewKind
from bot.plan.revisions import VerifyAction
from bot.reports.earlier import account_on
from bot.reports.standing import standings
from bot.reports.status import Figures, change_words, figures, status
from tests.bot.plan.scene import AUDIT, MANAGER, QUALITY, Scene
from tests.bot.reports.oak_house import tell

KINDS = ("priorities", "signals", "measures", "actions", "slips", "samples", "reviews", "entries", "escalations")


def seen(account: Account) -> dict[str, list[object]]:
    """The records as far as dates can tell; versions and when the tick looks again are the machinery's."""
    found = {}
    for kind in KINDS:
        plain = []
        for record in getattr(account, kind):
            names = {f.name for f in fields(record)}
            changes: dict[str, object] = {n: v for n, v in {"version": 1, "wake_at": None}.items() if n in names}
            if kind == "actions" and is_open(record):
                changes["status"] = ActionStatus.PLANNED  # of an open action no date tells when it was begun
            plain.append(replace(record, **changes))
        found[kind] = plain
    return found


def keep_days(scene: Scene, play: Callable[[Scene], object]) -> dict[date, Account]:
    """The account at the end of each day on which a story stood still."""
    kept: dict[date, Account] = {}
    wait = scene.wait

    def waiting(days: int) -> None:
        kept[scene.today] = scene.account()
        wait(days)

    scene.wait = waiting  # type: ignore[method-assign]  # the story is listened to, not changed
    play(scene)
    return kept


def later(scene: Scene) -> None:
    """A month in which an action slips, is done and checked, and the priority closes."""
    priority = scene.priority(target_on=date(2026, 12, 1))
    measure = scene.measure(priority)
    scene.sample(measure, 5, 20, baseline=True)
    action = scene.action(priority)
    scene.wait(10)
    scene.do(scene.owner, actions.more_time, MoreTime(action="A1", due_on=date(2026, 12, 10), reason="Printer."))
    scene.wait(5)
    scene.done(action)
    scene.wait(5)
    scene.do(QUALITY, revisions.verify, VerifyAction(action="A1", accepted=True, found="20 read."))
    scene.wait(5)
    scene.sample(measure, 19, 20, who=AUDIT)
    scene.wait(5)
    review = {"priority": "P1", "kind": ReviewKind.GOVERNANCE, "decision": "close", "sample": "X2"}
    scene.do(MANAGER, reviewing.record, RecordReview.model_validate(review))


def test_each_earlier_day_is_worked_out_from_the_dates_on_the_records(scene: Scene) -> None:
    kept = keep_days(scene, later)
    now = scene.account()
    assert len(kept) == 5
    for on, then in kept.items():
        assert seen(account_on(now, on)) == seen(then), on
        assert figures(standings(account_on(now, on), on)) == figures(standings(then, on)), on


def test_oak_house_in_november_week_by_week(scene: Scene) -> None:
    kept = keep_days(scene, tell)
    now = scene.account()
    for on, then in kept.items():
        assert figures(standings(account_on(now, on), on)) == figures(standings(then, on)), on
        assert [s.outcome for s in standings(account_on(now, on), on)] == [s.outcome for s in standings(then, on)]


def test_the_change_in_a_month_is_told_in_words(scene: Scene) -> None:
    tell(scene)
    found = status(scene.account(), date(2026, 12, 16))
    assert found.before_on == date(2026, 11, 16)
    assert found.before == Figures(open=1, high_risk=1, overdue=0, slipped=1, stalled=0, improved=0, drifted=0)
    assert found.figures == Figures(open=1, high_risk=1, overdue=1, slipped=1, stalled=0, improved=0, drifted=0)
    assert change_words(found) == ["overdue actions 1 (0 a month ago)"]
