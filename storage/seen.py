"""What one transaction has read already: the rules ask who may and which service at every door, and hear the same."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

R = TypeVar("R")
ONE = 2  # the limit of a question for one record: a second answer is an error


class Seen:
    """Answers of one transaction by their question, until it writes a record of that kind or waited for another."""

    def __init__(self) -> None:
        self._found: dict[type[Any], dict[Any, list[Any]]] = {}
        self._roused: dict[type[Any], set[str]] = {}

    def look(
        self, kind: type[R], equal: Mapping[str, Any], order: str, limit: int | None, fetch: Callable[[], list[R]]
    ) -> list[R]:
        """The answer to a question, from memory where it was asked before; the list is the caller's own."""
        question = (
            order,
            limit,
            *((name, tuple(value) if isinstance(value, (list, set)) else value) for name, value in equal.items()),
        )
        asked = self._found.setdefault(kind, {})
        found = asked.get(question)
        if found is None:
            found = asked[question] = fetch()
            for record in found if limit == ONE else ():
                asked.setdefault(("", ONE, ("id", record.id)), [record])  # type: ignore[attr-defined]  # every record has one
        return [*found]

    def rouse(self, kind: type[Any], id: str) -> bool:
        """Whether this record has to be woken: not where it was, and nothing of its kind was written since."""
        roused = self._roused.get(kind, ())
        if id in roused:
            return False
        self.forget(kind)
        self._roused[kind] = {*roused, id}
        return True

    def forget(self, kind: type[Any]) -> None:
        """A record of this kind was written."""
        self._found.pop(kind, None)
        self._roused.pop(kind, None)

    def forget_all(self) -> None:
        """Somebody else may have written anything in the meantime."""
        self._found.clear()
        self._roused.clear()
