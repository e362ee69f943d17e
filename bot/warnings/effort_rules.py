"""Rules about the work itself: thin evidence, dates that move, updates that repeat, effort without an outcome."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.insight.checking import answers_check
from bot.insight.sameness import unchanged
from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.actions import Action, ActionStatus, Revision, is_open
from bot.plan.entries import Entry, Evidence, EvidenceState
from bot.plan.priorities import Priority
from bot.plan.reviews import Review
from bot.plan.says import day, local, refs
from bot.timing.workdays import months_later
from bot.warnings.fired import Fired, Rule

OFTEN = 2  # changes of one due date
IN_A_ROW = 3
# A briefing given to each of three shifts in one week repeats itself with good reason.
APART = timedelta(days=7)
PERIODS = 2  # review periods: whole calendar months


def weak_completion_evidence(account: Account, _today: date) -> Iterator[Fired]:
    """An action marked done with no evidence, or whose evidence mentions nothing that its check asks for."""
    for priority in account.live:
        for action in account.actions_of(priority):
            if action.status is ActionStatus.DONE and (why := _thin(account, action)):
                kept = _evidence(account, action)
                yield Fired(
                    rule=Rule.WEAK_EVIDENCE,
                    priority_id=priority.id,
                    records=frozenset({action.id, *(item.id for _, item in kept)}),
                    action_id=action.id,
                    owner_id=action.owner_id,
                    sentence=why,
                )


def repeated_slippage(account: Account, _today: date) -> Iterator[Fired]:
    """The due date of an open action moved twice or more."""
    for priority in account.live:
        for action in account.actions_of(priority):
            slips = account.slips_of(action)
            if not is_open(action) or len(slips) < OFTEN:
                continue
            days = [slips[0].from_on, *(slip.to_on for slip in slips)]
            yield Fired(
                rule=Rule.SLIPPAGE,
                priority_id=priority.id,
                records=frozenset({action.id, *(slip.id for slip in slips)}),
                action_id=action.id,
                owner_id=action.owner_id,
                sentence=f"The date of {ref(action)} moved {_times(len(slips))}: {', then '.join(map(day, days))}.",
            )


def unchanged_evidence(account: Account, _today: date) -> Iterator[Fired]:
    """Three updates of an action, or three reviews of a priority, in a row that say much the same."""
    for priority in account.live:
        reviews = [r for r in account.reviews_of(priority) if _told(r)]
        if unchanged([_told(r) for r in reviews], IN_A_ROW):
            yield _same(priority, reviews[-IN_A_ROW:], f"The last {IN_A_ROW} reviews", _told(reviews[-1]))
        for action in account.actions_of(priority):
            entries = account.entries_of(action)
            newest = entries[-IN_A_ROW:]
            if not is_open(action) or not newest or newest[-1].on - newest[0].on < APART:
                continue
            if unchanged([_update(e) for e in entries], IN_A_ROW):
                what = f"The last {IN_A_ROW} updates of {ref(action)}"
                yield _same(priority, newest, what, newest[-1].what, action)


def effort_not_outcome(account: Account, today: date) -> Iterator[Fired]:
    """Entries in each of the last two whole months, and no sample since the first of them began."""
    edges = [months_later(today.replace(day=1), -n) for n in range(PERIODS, -1, -1)]
    for priority in account.live:
        entries = sorted(account.entries_of(priority), key=lambda e: e.number)
        # The first written of each month stands for it, so that an entry handed in late makes no new warning.
        each = [[e for e in entries if start <= e.on < end] for start, end in pairwise(edges)]
        samples = account.samples_of(priority)
        if not all(each) or any(s.on >= edges[0] for s in samples):
            continue
        last = f"nothing has been sampled since {day(samples[-1].on)}" if samples else "nothing was ever sampled"
        months = " and ".join(f"{start:%B}" for start in edges[:-1])
        yield Fired(
            rule=Rule.EFFORT,
            priority_id=priority.id,
            records=frozenset(found[0].id for found in each),
            sentence=f"Work was logged in {months} ({sum(map(len, each))} entries), but {last}.",
        )


def stale_plan(account: Account, today: date) -> Iterator[Fired]:
    """Open for over six months (the service's figure), and in the last six neither an action nor a target revised.

    A new action is a revision of the plan; another owner or a later date is none."""
    since = months_later(today, -account.service.cadence.long_running_months)
    zone = ZoneInfo(account.service.zone)
    for priority in account.live:
        if priority.opened_on >= since:
            continue
        changes = _revisions(account, priority)
        days = [local(r.written_at, zone) for r in changes]
        days += [local(a.written_at, zone) for a in account.actions_of(priority)]
        days += [change.on for m in account.measures_of(priority) for change in m.retargeted]
        if max(days, default=date.min) >= since:
            continue
        last = f"since {day(max(days))}" if days else "at all"
        yield Fired(
            rule=Rule.STALE,
            priority_id=priority.id,
            records=frozenset({priority.id, *(r.id for r in changes[-1:])}),
            sentence=f"Open since {day(priority.opened_on)}, and no action or target of it was revised {last}.",
        )


def _evidence(account: Account, action: Action) -> list[tuple[Entry, Evidence]]:
    found = [(entry, item) for entry in account.entries_of(action) for item in account.evidence_of(entry)]
    return [(entry, item) for entry, item in found if item.state is not EvidenceState.UNREADABLE]


def _thin(account: Account, action: Action) -> str:
    """Why the evidence of a done action does not carry it; empty where it does."""
    kept = _evidence(account, action)
    if not kept:
        return f"{ref(action)} is marked done, and there is no evidence with it."
    said = [text for entry, item in kept for text in (entry.what, entry.staff_response, item.name, item.text)]
    if answers_check(action.check, said, [person.name for person in account.people.values()]):
        return ""
    names = ", ".join(dict.fromkeys(item.name for _, item in kept))
    return f'{ref(action)} is marked done, and its evidence ({names}) shows nothing of its check: "{action.check}"'


def _same(
    priority: Priority, records: Sequence[Entry | Review], what: str, said: str, action: Action | None = None
) -> Fired:
    return Fired(
        rule=Rule.UNCHANGED,
        priority_id=priority.id,
        records=frozenset(record.id for record in records),
        action_id=action.id if action else None,
        owner_id=action.owner_id if action else None,
        sentence=f'{what} ({refs(records)}) say much the same: "{_short(said)}"',
    )


def _update(entry: Entry) -> str:
    return " ".join(text for text in (entry.what, entry.staff_response, entry.barriers) if text)


def _told(review: Review) -> str:
    return " ".join(text for text in (review.improved, review.unresolved, review.why) if text)


def _revisions(account: Account, priority: Priority) -> list[Revision]:
    """What changed in an action's words, check or strength, oldest first; another owner alone changes none of them."""
    found = [r for action in account.actions_of(priority) for r in account.revisions_of(action)]
    return sorted((r for r in found if r.to_owner_id is None), key=lambda r: r.written_at)


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"


def _short(text: str, most: int = 160) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
