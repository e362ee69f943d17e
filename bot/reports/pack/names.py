"""A plan without the names of its staff: each person is called by their role, in fields and in typed text."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from bot.plan.account import Account
from bot.plan.people import ROLE_NAMES, Person, Role, RoleHolding

STAFF = "Staff member"
# Given names that are everyday words too: standing alone they are left, or sentences would lose their sense.
_WORDS = frozenset(
    [
        "April",
        "August",
        "Bill",
        "Chance",
        "Dawn",
        "Faith",
        "Grace",
        "Hope",
        "Iris",
        "Ivy",
        "Joy",
        "June",
        "Lily",
        "Mark",
        "May",
        "Mercy",
        "Pat",
        "Patience",
        "Pearl",
        "Penny",
        "Rob",
        "Rose",
        "Ruby",
        "Summer",
        "Sue",
        "Will",
    ]
)
# What names the thing itself, not a person: never rewritten.
_KEPT = frozenset({"id", "workspace_id", "service_id", "sha256", "slack_file_id", "record_kind", "mimetype", "unit"})


def roles_as_names(people: Mapping[str, Person], holdings: Iterable[RoleHolding]) -> dict[str, str]:
    """What to call each person instead: their weightiest role ("Deputy manager"), numbered where several hold it."""
    ranks = {role: rank for rank, role in enumerate(reversed(Role))}
    best: dict[str, Role] = {}
    for holding in holdings:
        if holding.person_id in people:
            known = best.get(holding.person_id or "")
            if known is None or ranks[holding.role] < ranks[known]:
                best[holding.person_id or ""] = holding.role
    titles = {id_: ROLE_NAMES[best[id_]] if id_ in best else STAFF for id_ in sorted(people)}
    held, given = Counter(titles.values()), Counter[str]()
    called: dict[str, str] = {}
    for id_, title in titles.items():
        given[title] += 1
        called[id_] = f"{title} {given[title]}" if held[title] > 1 or title == STAFF else title
    return called


def eraser(people: Mapping[str, Person], called: Mapping[str, str]) -> Callable[[str], str]:
    """A function that puts what people are called in the place of their names: full, with an initial, or one alone."""
    spelled: dict[str, str] = {}
    for id_, person in people.items():
        for name in spellings(person.name):
            spelled.setdefault(name, called[id_])
    if not spelled:
        return lambda text: text
    longest_first = sorted(spelled, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    return lambda text: pattern.sub(lambda found: spelled[found.group()], text)


def spellings(name: str) -> list[str]:
    """The ways in which a text may name somebody: "Priya Raman", "P. Raman", "P Raman", "Raman", "Priya"."""
    parts = name.split()
    if len(parts) < 2:
        return [name] if name else []
    given, last = parts[0], parts[-1]
    alone = [] if given in _WORDS else [given]
    return [
        name,
        f"{given[0]}. {last}",
        f"{given[0]} {last}",
        f"{given[0]}.{last}",
        f"{given} {last[0]}.",
        last,
        *alone,
    ]


def without_names(account: Account, called: Mapping[str, str]) -> Account:
    """The account with everybody called by their role. What was typed in "attended" is left out: it is names alone."""
    erase = eraser(account.people, called)
    changed: dict[str, Any] = {
        field.name: tuple(_erased(record, erase) for record in getattr(account, field.name))
        for field in fields(account)
        if isinstance(getattr(account, field.name), tuple)
    }
    changed["entries"] = tuple(replace(entry, attended="") for entry in changed["entries"])
    people = {id_: replace(person, name=called[id_]) for id_, person in account.people.items()}
    return replace(account, people=people, **changed)


def _erased(record: Any, erase: Callable[[str], str]) -> Any:
    """A record with its texts rewritten, those of the values it holds too; choices and ids stay."""
    changes: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if type(value) is str and field.name not in _KEPT and not field.name.endswith(("_id", "_by")):
            changes[field.name] = erase(value)
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            changes[field.name] = tuple(_erased(one, erase) for one in value)
    return replace(record, **changes)
