"""A plan without the names of its staff: each person is called by their role, in fields and in typed text."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from bot.keeping.naming import full_spellings, pattern, rewritten, short_spellings
from bot.plan.account import Account
from bot.plan.people import ROLE_NAMES, Person, Role, RoleHolding

STAFF = "Staff member"


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
        if person.erased_at is None:
            for name in [*full_spellings(person.name), *short_spellings(person.name)]:
                spelled.setdefault(name, called[id_])
    found = pattern(spelled)
    return lambda text: found.sub(lambda match: spelled[match.group()], text)


def without_names(account: Account, called: Mapping[str, str]) -> Account:
    """The account with everybody called by their role. What was typed in "attended" is left out: it is names alone."""
    erase = eraser(account.people, called)
    changed: dict[str, Any] = {
        field.name: tuple(rewritten(record, lambda _, text: erase(text)) for record in getattr(account, field.name))
        for field in fields(account)
        if isinstance(getattr(account, field.name), tuple)
    }
    changed["entries"] = tuple(replace(entry, attended="") for entry in changed["entries"])
    people = {id_: replace(person, name=called[id_]) for id_, person in account.people.items()}
    return replace(account, people=people, **changed)
