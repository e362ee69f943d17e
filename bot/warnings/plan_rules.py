"""Rules about the plan as it is written: wording that nobody can check, and owners who have too much or are gone."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from bot.insight.wording import vague_action, vague_check, vague_problem
from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.actions import Action, is_open
from bot.plan.says import day, refs
from bot.warnings.fired import Fired, Rule

FORTNIGHT = timedelta(days=14)


def vague_wording(account: Account, _today: date) -> Iterator[Fired]:
    """A priority, or an open action, that names no observable change or no way of checking it.

    An owner and a due date cannot be missing: no action is kept without them."""
    for priority in account.live:
        if why := vague_problem(priority.problem_statement):
            yield Fired(
                rule=Rule.VAGUE,
                priority_id=priority.id,
                records=frozenset({priority.id}),
                sentence=f'The problem statement cannot be measured: "{priority.problem_statement}" {why}',
            )
        for action in account.actions_of(priority):
            found = [(said, why) for said, why in _vague(action) if why] if is_open(action) else []
            if found:
                said, why = found[0]
                yield Fired(
                    rule=Rule.VAGUE,
                    priority_id=priority.id,
                    records=frozenset({action.id, *(r.id for r in account.revisions_of(action)[-1:])}),
                    action_id=action.id,
                    owner_id=action.owner_id,
                    sentence=f'{ref(action)} is too vague to check: "{said}" {why}',
                )


def overloaded_owner(account: Account, _today: date) -> Iterator[Fired]:
    """One person owns more open actions due within the same 14 days than the service's limit."""
    limit = account.service.cadence.owner_limit
    for owner_id, actions in _owned(account).items():
        heap = _fullest_fortnight(actions)
        if len(heap) > limit:
            most = [a.priority_id for a in heap]
            yield Fired(
                rule=Rule.OVERLOADED,
                priority_id=max(dict.fromkeys(most), key=most.count),
                records=frozenset(a.id for a in heap),
                owner_id=owner_id,
                sentence=f"{account.name(owner_id)} owns {len(heap)} open actions due from {day(heap[0].due_on)} to "
                f"{day(heap[-1].due_on)} ({refs(heap)}); the limit here is {limit}.",
            )


def unowned(account: Account, _today: date) -> Iterator[Fired]:
    """The owner of an open action, or the lead of a live priority, left the workspace or was deactivated."""
    gone = {person.id for person in account.people.values() if not person.active}
    for priority in account.live:
        if priority.lead_id in gone:
            yield Fired(
                rule=Rule.UNOWNED,
                priority_id=priority.id,
                records=frozenset({priority.id, priority.lead_id}),
                sentence=f"{account.name(priority.lead_id)}, who leads it, has left the workspace.",
            )
        for action in account.actions_of(priority):
            if is_open(action) and action.owner_id in gone:
                yield Fired(
                    rule=Rule.UNOWNED,
                    priority_id=priority.id,
                    records=frozenset({action.id, action.owner_id}),
                    action_id=action.id,
                    sentence=f"{account.name(action.owner_id)}, who owns {ref(action)}, has left the workspace.",
                )


def _vague(action: Action) -> tuple[tuple[str, str], ...]:
    return (action.what, vague_action(action.what)), (action.check, vague_check(action.check))


def _owned(account: Account) -> dict[str, list[Action]]:
    found: dict[str, list[Action]] = defaultdict(list)
    for priority in account.live:
        for action in account.actions_of(priority):
            if is_open(action):
                found[action.owner_id].append(action)
    return found


def _fullest_fortnight(actions: Sequence[Action]) -> list[Action]:
    """The most of them that fall due within 14 days, the earliest such, in order of date."""
    ordered = sorted(actions, key=lambda a: (a.due_on, a.number))
    heaps = [[a for a in ordered[n:] if a.due_on - first.due_on < FORTNIGHT] for n, first in enumerate(ordered)]
    return max(heaps, key=len, default=[])
