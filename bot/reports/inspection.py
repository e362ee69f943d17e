"""The questions that an inspector asks of a plan, answered from its records alone, what is unresolved first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.plan.account import Account
from bot.plan.services import Service
from bot.reports import answers
from bot.reports.narrowing import WHOLE, Asked
from bot.reports.register_parts import Filter
from bot.reports.sentences import Sentence, unresolved_first
from bot.reports.standing import Outcome, Standing, live, standings

Answering = Callable[[Standing], Iterator[Sentence]]
FACTS = 2  # the first questions ask for facts, the others for how it goes


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answer; what is unresolved comes first. `leads` are the sentences that answer it in
    short: one for each priority, what is unresolved first."""

    number: int
    title: str
    sentences: tuple[Sentence, ...]
    leads: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Inspection:
    """A plan, or the part of it that `asked` names, as its records answer for it on a day."""

    service: Service
    today: date
    asked: Asked
    standings: tuple[Standing, ...]
    summary: tuple[Sentence, ...]
    questions: tuple[Question, ...]


ONLY_CLOSED = "No priority is open. What is on record of those that were closed stands in their golden threads."

QUESTIONS: tuple[tuple[str, Answering], ...] = (
    ("What are the current priorities, and why these?", answers.what_and_why),
    ("Who owns them?", answers.who),
    ("How is progress measured, and what has moved since the baseline?", answers.what_moved),
    ("What difference do people using the service see?", answers.what_people_see),
    ("How did leadership respond where progress was slow?", answers.how_leaders_answered),
)


def inspect(account: Account, today: date, asked: Asked = WHOLE) -> Inspection:
    """Answer for a plan or a part of it. Priorities that were closed are told of in the first answer; in the others
    only where they were asked for by name."""
    found = standings(account, today, asked.only)
    worked_on = live(found)
    told = found if asked.only.among is not None else worked_on
    questions = []
    for number, (title, answer) in enumerate(QUESTIONS, start=1):
        each = [list(answer(standing)) for standing in told]
        sentences = [sentence for own in each for sentence in own]
        leads = unresolved_first(_lead(number, own) for own in each if own)
        if number == 1:
            closed = [s for s in found if s not in told]
            sentences += [sentence for standing in closed for sentence in answers.closed(standing)]
            sentences += _loose(account, asked.only)
        elif found and not told:
            # Not "nothing is on record": there is, of what was closed.
            sentences.append(Sentence(ONLY_CLOSED, answers.references(found)))
        questions.append(Question(number, title, unresolved_first(sentences), leads))
    return Inspection(account.service, today, asked, tuple(found), _summary(worked_on, found), tuple(questions))


def _lead(number: int, sentences: Sequence[Sentence]) -> Sentence:
    """The sentence that answers a question for one priority in short: what it is and who owns it, which are told
    first; of what moved, what people see and what leaders did, the first that is unresolved."""
    return next((s for s in sentences if number > FACTS and s.unresolved), sentences[0])


def _summary(worked_on: Sequence[Standing], found: Sequence[Standing]) -> tuple[Sentence, ...]:
    """What has not improved, before everything else; then what has."""
    if not found:
        return (Sentence("No priority is on record yet.", ()),)
    said = []
    for outcome in Outcome:
        those = [s for s in worked_on if s.outcome is outcome]
        if those:
            refs = answers.references(those)
            words = f"{str(outcome).capitalize()}: {answers.titles(those)}."
            said.append(Sentence(words, refs, unresolved=outcome is not Outcome.IMPROVED))
    if not worked_on:
        said.append(Sentence("No priority is open.", answers.references(found)))
    return tuple(said)


def _loose(account: Account, only: Filter) -> list[Sentence]:
    """Signals that belong to no priority yet, where the whole service or a theme was asked for."""
    if only.among is not None:
        return []
    found = [s for s in account.signals if s.priority_id is None and not s.withdrawn_at and only.has_theme(s.theme)]
    return [answers.no_priority(found)] if found else []
