"""What the weekly digest tells of one service: what is late, slipped, warns, counts down, moved, and what lapsed."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.actions import Action, ActionStatus, is_open
from bot.plan.clocks import running
from bot.plan.priorities import Priority
from bot.plan.readings import told
from bot.plan.says import day, listed, unstopped
from bot.plan.services import Service, Shift
from bot.plan.warnings import EarlyWarning
from bot.timing.outbox import Reminder
from bot.timing.reminders import KINDS
from bot.timing.workdays import local_date

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Digest:
    """Lines of text, none where there is nothing. `since` is the day of the last digest (or a week ago); `moved` holds
    the measures that were sampled since, `done` what was logged in a week, and done, verified and decided since."""

    service: Service
    since: date
    today: date
    live: int
    overdue: tuple[str, ...]
    due: tuple[str, ...]
    slipped: tuple[str, ...]
    warnings: tuple[str, ...]
    clocks: tuple[str, ...]
    moved: tuple[str, ...]
    done: tuple[str, ...]
    lapsed: tuple[str, ...]


def digest(
    account: Account,
    standing: Sequence[EarlyWarning],
    lapsed: Sequence[Reminder],
    name_of: Callable[[str], str],
    since: datetime,
    now: datetime,
) -> Digest:
    """The digest of a service as its account stands at `now`. `standing` are the early warnings that wait for somebody,
    `lapsed` the reminders that came too late to be sent since, `name_of` gives the name of a person's id."""
    zone = account.service.zone
    today = local_date(now, zone)
    return Digest(
        service=account.service,
        since=local_date(since, zone),
        today=today,
        live=len(account.live),
        overdue=_overdue(account, today),
        due=_due(account, today),
        slipped=_slipped(account, since),
        warnings=tuple(_warning(account, each) for each in standing),
        clocks=_clocks(account, today),
        moved=_moved(account, since),
        done=_done(account, since, today),
        lapsed=_lapsed(account, lapsed, name_of),
    )


def _overdue(account: Account, today: date) -> tuple[str, ...]:
    late = [a for a in _open_actions(account) if a.due_on < today]
    return tuple(f"{_action(a)} ({account.name(a.owner_id)}, {_days(today - a.due_on)} overdue)" for a in late)


def _due(account: Account, today: date) -> tuple[str, ...]:
    soon = [a for a in _open_actions(account) if today <= a.due_on < today + WEEK]
    return tuple(f"{_action(a)} ({account.name(a.owner_id)}, due {_weekday(a.due_on)})" for a in soon)


def _open_actions(account: Account) -> list[Action]:
    """The actions that still have to be done, the first due first."""
    found = {a.id: a for p in account.live for a in account.actions_of(p) if is_open(a)}
    return sorted(found.values(), key=lambda a: (a.due_on, a.number))


def _slipped(account: Account, since: datetime) -> tuple[str, ...]:
    """Every date that was moved since, with its reason."""
    lines = []
    for slip in account.slips:
        action = account.action(slip.action_id)
        if slip.written_at >= since and action and action.status is not ActionStatus.CANCELLED:
            moved = f"from {day(slip.from_on)} to {day(slip.to_on)}: {unstopped(slip.reason)}"
            lines.append(f"{_action(action)} ({account.name(action.owner_id)}) moved {moved}")
    first = local_date(since, account.service.zone)
    for priority in account.live:
        for change in priority.extensions:
            if change.on > first and change.was and change.now:
                moved = f"from {day(change.was)} to {day(change.now)}: {unstopped(change.reason)}"
                lines.append(f"{_priority(priority)}: target date moved {moved}")
    return tuple(lines)


def _warning(account: Account, warning: EarlyWarning) -> str:
    priority = account.priority(warning.priority_id)
    about = f" ({_priority(priority)})" if priority else ""
    return f"{ref(warning)} {warning.rule}{about}: {warning.sentence}"


def _clocks(account: Account, today: date) -> tuple[str, ...]:
    """Every statutory clock that runs, the next to run out first; closing a priority stops none."""
    ticking = sorted(
        ((clock, p) for p in account.priorities for clock in running(p)), key=lambda pair: (pair[0].due_on, pair[1].id)
    )
    lines = []
    for clock, priority in ticking:
        left = clock.due_on - today
        when = f"{_days(-left)} overdue" if left.days < 0 else "today" if left.days == 0 else f"{_days(left)} left"
        lines.append(f"{ref(priority)} {clock.kind.value}: due on {day(clock.due_on)}, {when}")
    return tuple(lines)


def _moved(account: Account, since: datetime) -> tuple[str, ...]:
    lines = []
    for priority in account.live:
        for reading in account.readings_of(priority):
            newest = reading.follow_ups[-1] if reading.follow_ups else None
            if newest and newest.written_at >= since:
                lines.append(f"{_priority(priority)}: {told(reading)}")
    return tuple(lines)


def _done(account: Account, since: datetime, today: date) -> tuple[str, ...]:
    """What people did: counts of entries and actions, and each decision."""
    week = [e for p in account.live for e in account.entries_of(p) if today - WEEK <= e.on < today]
    shifts = Counter(shift for _, shift in {(e.id, e.shift) for e in week})
    done = [a for a in account.actions if a.done_at and a.done_at >= since]
    verified = [a for a in account.actions if a.verified_at and a.verified_at >= since]
    counts = [
        (len(done), "action marked done", "actions marked done"),
        (len(verified), "action verified", "actions verified"),
    ]
    said = [f"{number} {one if number == 1 else more}" for number, one, more in counts if number]
    spread = ", ".join(f"{shifts[shift]} on {shift} shifts" for shift in Shift if shifts[shift])
    lines = [f"{shifts.total()} logged last week ({spread})"] if shifts else []
    lines += [listed(said)] if said else []
    for review in account.reviews:
        priority = account.priority(review.priority_id)
        if review.written_at >= since and review.decision and priority:
            lines.append(
                f"{_priority(priority)}: decided to {_decided(review.decision)} ({ref(review)}, {review.kind})"
            )
    return tuple(lines)


def _decided(decision: str) -> str:
    """A decision after "decided to"."""
    return {"partially improved": "call it partially improved", "ready to close": "call it ready to close"}.get(
        decision, decision
    )


def _lapsed(account: Account, lapsed: Sequence[Reminder], name_of: Callable[[str], str]) -> tuple[str, ...]:
    """One line for each thing that nobody was reminded of in time, with those whom it was meant for."""
    grouped: dict[tuple[str, str, str], list[Reminder]] = {}
    for reminder in sorted(lapsed, key=lambda each: (each.due_at, each.id)):
        grouped.setdefault((reminder.kind, reminder.subject_id, reminder.period), []).append(reminder)
    lines = []
    for (kind, subject_id, _), owed in grouped.items():
        names = listed(list(dict.fromkeys(name_of(each.person_id) for each in owed)))
        on = day(local_date(owed[0].due_at, account.service.zone))
        title = KINDS[kind].title if kind in KINDS else kind
        lines.append(f"{title}{_about(account, subject_id)}, meant for {names} on {on}")
    return tuple(lines)


def _about(account: Account, subject_id: str) -> str:
    action, priority = account.action(subject_id), account.priority(subject_id)
    milestone = next((m for m in account.milestones if m.id == subject_id), None)
    if milestone:
        priority = account.priority(milestone.priority_id)
    return f": {_action(action)}" if action else f": {_priority(priority)}" if priority else ""


def _action(action: Action) -> str:
    return f"{ref(action)} {unstopped(action.what)}"


def _priority(priority: Priority) -> str:
    return f"{ref(priority)} {priority.title}"


def _weekday(on: date) -> str:
    return f"{on:%a} {on.day} {on:%b %Y}"


def _days(length: timedelta) -> str:
    return "1 day" if length.days == 1 else f"{length.days} days"
