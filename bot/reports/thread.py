"""The golden thread of one priority: everything on record about it in order of time, from first signal to the watch."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.briefing import sample_words
from bot.plan.entries import EntryKind
from bot.plan.priorities import Priority, PriorityStatus
from bot.plan.says import day, unstopped
from bot.reports.register_parts import day_of, evidence_words
from bot.reports.responses import dated as responses_dated
from bot.reports.sentences import ended, of


class Strand(StrEnum):
    """What kind of thing a step of the thread is, in the order in which a thread runs."""

    SIGNAL = "signal"
    PROBLEM = "problem statement"
    BASELINE = "baseline"
    ACTION = "action"
    DONE = "implementation"
    SAMPLE = "sample"
    REVIEW = "review"
    CLOSURE = "closure"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing on its day, with the records it rests on; `named` where its words say who did it already."""

    on: date
    strand: Strand
    text: str
    refs: tuple[str, ...]
    named: bool = False


def thread_of(account: Account, priority: Priority) -> tuple[Step, ...]:
    """The thread in order of time; of one day, in the order in which a thread runs."""
    steps = [
        *_beginnings(account, priority),
        *_actions(account, priority),
        *_entries(account, priority),
        *_samples(account, priority),
        *_reviews(account, priority),
    ]
    if priority.closed_on:
        steps.append(Step(priority.closed_on, Strand.CLOSURE, f"{ref(priority)} was {_end(priority)}.", of(priority)))
    order = list(Strand)
    return tuple(sorted(steps, key=lambda s: (s.on, order.index(s.strand))))


def _end(priority: Priority) -> str:
    return "closed" if priority.status is PriorityStatus.CLOSED else str(priority.status)


def _beginnings(account: Account, priority: Priority) -> Iterator[Step]:
    for s in account.signals_of(priority):
        reference = f" ({s.reference})" if s.reference else ""
        yield Step(s.on, Strand.SIGNAL, f"{str(s.source).capitalize()}{reference}: {ended(s.summary)}", of(s))
    words = f"{priority.title}: {ended(priority.problem_statement)}"
    yield Step(priority.opened_on, Strand.PROBLEM, words, of(priority))


def _actions(account: Account, priority: Priority) -> Iterator[Step]:
    def step(at: datetime | None, words: str, reference: str, *, named: bool = False) -> Iterator[Step]:
        on = day_of(at, account)
        if on:
            yield Step(on, Strand.ACTION, words, (reference,), named)

    for a in account.actions_of(priority):
        name, owner = ref(a), account.name(a.owner_id)
        slips = account.slips_of(a)
        first = slips[0].from_on if slips else a.due_on
        yield from step(a.written_at, f"Planned, by {day(first)}, {owner}: {ended(a.what)}", name)
        for s in slips:
            by = account.name(s.person_id)
            words = f"Date moved by {by} from {day(s.from_on)} to {day(s.to_on)}: {ended(s.reason)}"
            yield from step(s.written_at, words, name, named=True)
        by = account.name(a.done_by)
        yield from step(a.done_at, f"Marked done by {by}.", name, named=True)
        checked = f"Checked by {account.name(a.verified_by)}: {ended(a.verification or 'accepted')}"
        yield from step(a.verified_at, checked, name, named=True)


def _entries(account: Account, priority: Priority) -> Iterator[Step]:
    for e in account.entries_of(priority):
        action = account.action(e.action_id)
        attended = e.attended or (f"{e.attended_count} attended" if e.attended_count else "")
        proof = evidence_words(account, e)
        kind = "Done" if e.kind is EntryKind.OTHER else str(e.kind).capitalize()
        parts = [f"{kind} on the {e.shift} shift: {unstopped(e.what)}"]
        parts += [f"attended: {unstopped(attended)}"] if attended else []
        parts += [f"staff said: {unstopped(e.staff_response)}"] if e.staff_response else []
        parts += [f"in the way: {unstopped(e.barriers)}"] if e.barriers else []
        parts += [f"evidence: {proof}"] if proof else []
        yield Step(e.on, Strand.DONE, ended("; ".join(parts)), of(e, action))


def _samples(account: Account, priority: Priority) -> Iterator[Step]:
    for s in account.samples_of(priority):
        measure = account.measure(s.measure_id)
        if measure is None:
            continue
        words = sample_words(account, s, measure.lens).removeprefix(f"{ref(s)} ")
        found = f" Found: {ended(s.findings)}" if s.findings else ""
        strand = Strand.BASELINE if s.baseline else Strand.SAMPLE
        yield Step(s.on, strand, f"{ended(words)}{found}", of(s, measure))


def _reviews(account: Account, priority: Priority) -> Iterator[Step]:
    told: set[str] = set()
    for on, sentence in responses_dated(account, priority):
        told.update(sentence.refs)
        yield Step(on, Strand.REVIEW, sentence.text, sentence.refs)
    for r in account.reviews_of(priority):
        if ref(r) in told:
            continue
        judged = f", judged {r.judgement}" if r.judgement else ""
        said = [part for part in (r.improved, r.unresolved, r.why) if part]
        words = f"{str(r.kind).capitalize()} review{judged}{': ' if said else ''}{' '.join(ended(p) for p in said)}"
        yield Step(r.on, Strand.REVIEW, ended(words), of(r))
