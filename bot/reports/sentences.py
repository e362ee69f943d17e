"""What a report is made of: sentences that carry the references of the records they rest on."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.plan.access import Lettered, ref

_ENDED = re.compile(r"[.!?…][\"'”’)]*$|\)$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence. `refs` are the records behind it; `about` is the priority it belongs to, "" for the service."""

    text: str
    refs: tuple[str, ...]
    unresolved: bool = False
    about: str = ""


def ended(words: str) -> str:
    """Somebody's words as the end of a sentence: with a full stop unless they stop by themselves."""
    kept = words.strip()
    return kept if not kept or _ENDED.search(kept) else f"{kept}."


def of(*records: Lettered | None) -> tuple[str, ...]:
    """The references of records, each once, in the order given; None is left out."""
    return tuple(dict.fromkeys(ref(record) for record in records if record is not None))


def unresolved_first(sentences: Iterable[Sentence]) -> tuple[Sentence, ...]:
    """The same sentences, those that name something unresolved before the others."""
    return tuple(sorted(sentences, key=lambda s: not s.unresolved))


def unresolved(sentences: Sequence[Sentence]) -> int:
    """How many of them name something unresolved."""
    return sum(s.unresolved for s in sentences)
