"""The shape of an assessment framework: key questions and their topics."""

from dataclasses import dataclass
from enum import StrEnum


class Question(StrEnum):
    """CQC's five key questions."""

    SAFE = "Safe"
    EFFECTIVE = "Effective"
    CARING = "Caring"
    RESPONSIVE = "Responsive"
    WELL_LED = "Well-led"


@dataclass(frozen=True, slots=True)
class Topic:
    """One quality statement or key line of enquiry. `code` is unique within its framework only."""

    code: str
    name: str
    question: Question


@dataclass(frozen=True, slots=True)
class Framework:
    """One version of CQC's framework: its key, what to call it and its topics, and how sure we are of it."""

    key: str
    name: str
    topic_word: str
    standing: str
    topics: tuple[Topic, ...]
    evidence_categories: tuple[str, ...] = ()

    @property
    def plural(self) -> str:
        """What several of its topics are called."""
        return "key lines of enquiry" if self.topic_word == "key line of enquiry" else f"{self.topic_word}s"

    def under(self, question: Question) -> tuple[Topic, ...]:
        """The topics of one key question, in CQC's order."""
        return tuple(t for t in self.topics if t.question is question)


@dataclass(frozen=True, slots=True)
class Link:
    """One step from an older topic to a newer one. `same_name` tells CQC's own naming from a proposal of ours."""

    old: str
    new: str
    same_name: bool


def topics(letters: dict[Question, str], names: dict[Question, tuple[str, ...]]) -> tuple[Topic, ...]:
    """Topics numbered within their key question: S1, S2 and so on."""
    return tuple(
        Topic(f"{letters[question]}{number}", name, question)
        for question in Question
        for number, name in enumerate(names[question], start=1)
    )
