"""What one transaction has read already: the rules ask who may and which service at every door, and hear the same."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

R = TypeVar("R")


class Seen:
    """Answers of one transaction by their question, until it writes a record of that kind or waited for another."""

    def __init__(self) -> None:
        self._found: dict[type[Any], dict[Any, list[Any]]] = {}

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
        return [*found]

    def forget(self, kind: type[Any]) -> None:
        """A record of this kind was written."""
        self._found.pop(kind, None)

    def forget_all(self) -> None:
        """Somebody else may have written anything in the meantime."""
        self._found.clear()
