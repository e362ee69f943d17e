"""One record of a golden thread in full: what it says, who wrote it when, what it came from and what it led to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.plan.access import Lettered, ref
from bot.plan.account import Account
from bot.plan.actions import Action
from bot.plan.entries import Entry
from bot.plan.escalations import Escalation
from bot.plan.measures import Measure, MeasureKind
from bot.plan.people import ROLE_NAMES
from bot.plan.priorities import Priority
from bot.plan.readings import counted, movement_between, told
from bot.plan.reviews import Review
from bot.plan.samples import Sample
from bot.plan.signals import Signal
from bot.reports.register_parts import evidence_words
from handlers.views.parts import day
from handlers.views.reviews import named, said

Record = Signal | Priority | Measure | Action | Entry | Sample | Review | Escalation


@dataclass(frozen=True, slots=True)
class Page:
    """A record: its title, what it says under which heading, by whom, when, and the records around it."""

    title: str
    said: Sequence[tuple[str, str]]
    by: str
    written_at: datetime | None
    corrected_at: datetime | None
    came_from: Sequence[Lettered]
    led_to: Sequence[Lettered]


def records(account: Account) -> Iterator[Record]:
    """Every record of an account that people call by letter and number."""
    yield from account.signals
    yield from account.priorities
    yield from account.measures
    yield from account.actions
    yield from account.entries
    yield from account.samples
    yield from account.reviews
    yield from account.escalations


def by_ref(account: Account) -> dict[str, Record]:
    """Every record by its reference."""
    return {ref(record): record for record in records(account)}


def author(account: Account, record: Record | None) -> str:
    """Who wrote a record, in words; a rule where no person did."""
    if record is None:
        return ""
    if isinstance(record, Escalation) and record.person_id is None:
        return f"the rule “{record.rule}”"
    return account.name(record.person_id)


def page(account: Account, record: Record) -> Page:
    """A record in full."""
    title, lines = _words(account, record)
    return Page(
        title=title,
        said=[(heading, words) for heading, words in lines if words],
        by=author(account, record),
        written_at=record.written_at,
        corrected_at=getattr(record, "corrected_at", None),
        came_from=[r for r in came_from(account, record) if r is not None],
        led_to=[r for r in led_to(account, record) if r is not None],
    )


def _words(account: Account, record: Record) -> tuple[str, list[tuple[str, str]]]:
    if isinstance(record, Signal):
        why = record.answered_reason or ("withdrawn" if record.withdrawn_at else "")
        return f"{record.source} of {day(record.on)}", [
            ("What happened", record.summary),
            ("Theme", record.theme),
            ("Reference", record.reference),
            ("No action needed", why),
        ]
    if isinstance(record, Priority):
        return f"priority “{record.title}”", [
            ("The problem", record.problem_statement),
            ("Why it matters", record.rationale),
            ("Evidence", record.evidence_base),
            ("Affected areas", record.affected_areas),
            ("Stands", f"{record.status}, {record.risk} risk, led by {account.name(record.lead_id)}"),
        ]
    if isinstance(record, Measure):
        return f"measure “{record.name}”, {record.lens} lens", [("What it says", told(account.reading(record)))]
    if isinstance(record, Action):
        return _action(account, record)
    if isinstance(record, Entry):
        attended = record.attended or (str(record.attended_count) if record.attended_count else "")
        return f"{record.kind} of {day(record.on)}, {record.shift} shift", [
            ("What was done", record.what),
            ("Attended", attended),
            ("Staff said", record.staff_response),
            ("In the way", record.barriers),
            ("Evidence", evidence_words(account, record)),
            ("", "withdrawn" if record.withdrawn_at else ""),
        ]
    if isinstance(record, Sample):
        return _sample(account, record)
    if isinstance(record, Review):
        return named(record), [*said(record), ("What had moved", record.movement), ("What slipped", record.slipped)]
    answered = f"{record.response}{f': {record.how}' if record.how else ''}" if record.response else "none yet"
    return f"escalation to {ROLE_NAMES[record.to]}", [
        ("Why", record.why),
        ("Response", answered),
        ("By", account.name(record.responded_by)),
        ("Outcome", record.outcome),
    ]


def _action(account: Account, action: Action) -> tuple[str, list[tuple[str, str]]]:
    slips = [f"from {day(s.from_on)} to {day(s.to_on)}: {s.reason}" for s in account.slips_of(action)]
    revised = [f"“{r.from_what}”: {r.reason or 'no reason given'}" for r in account.revisions_of(action)]
    checked = f"{account.name(action.verified_by)}: {action.verification}" if action.verified_by else ""
    return f"action, {action.status}", [
        ("What will be done", action.what),
        ("Owner", f"{account.name(action.owner_id)}, due {day(action.due_on)}"),
        ("How we check", action.check),
        ("Date moved", "; ".join(slips)),
        ("Said before", "; ".join(revised)),
        ("Checked by", checked),
        ("Cancelled", action.cancelled_reason),
    ]


def _sample(account: Account, sample: Sample) -> tuple[str, list[tuple[str, str]]]:
    measure = account.measure(sample.measure_id)
    title = f"{'baseline' if sample.baseline else 'sample'} of {day(sample.on)}"
    if measure is None:
        return title, [("Findings", sample.findings)]
    first = next((s for s in account.samples_of(measure) if s.baseline), None)
    moved = movement_between(measure, first, sample) if first and not sample.baseline else None
    period = "" if measure.kind is MeasureKind.PROPORTION else f" in {sample.periods:g} {measure.unit}"
    return title, [
        ("Result", f"{measure.name}: {counted(measure, sample)}{period}"),
        ("Against the baseline", f"{moved.sentence} {moved.in_words}".strip() if moved else ""),
        ("What was sampled", sample.sampled),
        ("Findings", sample.findings),
        ("In their words", sample.in_their_words),
        ("No action needed", sample.answered_reason),
        ("Taken with", ", ".join(account.name(each) for each in sample.with_ids)),
    ]


def came_from(account: Account, record: Record) -> list[Lettered | None]:
    """What a record rests on."""
    if isinstance(record, Priority):
        return [account.origin_of(record), *(s for s in account.signals_of(record) if s.on <= record.opened_on)]
    if isinstance(record, Signal):
        return []
    priority = account.priority(record.priority_id)
    if isinstance(record, Action):
        signals = [s for s in account.signals if s.answered_by == record.id]
        samples = [s for s in account.samples if s.answered_by == record.id]
        return [priority, *signals, *samples]
    if isinstance(record, Entry):
        return [account.action(record.action_id)]
    if isinstance(record, Sample):
        point = next((m for m in account.milestones if m.id == record.milestone_id), None)
        return [account.measure(record.measure_id), account.action(point.action_id) if point else None]
    if isinstance(record, Review):
        return [priority, account.sample(record.sample_id)]
    if isinstance(record, Escalation):
        return [priority, next((r for r in account.reviews if r.id == record.review_id), None)]
    return [priority]


def led_to(account: Account, record: Record) -> list[Lettered | None]:
    """What came of a record."""
    if isinstance(record, Signal):
        return [account.priority(record.priority_id), account.action(record.answered_by)]
    if isinstance(record, Priority):
        since = [s for s in account.signals_of(record) if s.on > record.opened_on]
        return [*account.children_of(record), *account.measures_of(record), *account.actions_of(record), *since]
    if isinstance(record, Measure):
        return list(account.samples_of(record))
    if isinstance(record, Action):
        points = [m.sample_id for m in account.milestones if m.action_id == record.id]
        return [*account.entries_of(record), *(account.sample(each) for each in points)]
    if isinstance(record, Sample):
        named_by = [r for r in account.reviews if r.sample_id == record.id]
        return [account.action(record.answered_by), *named_by]
    if isinstance(record, Review):
        return [e for e in account.escalations if e.review_id == record.id]
    return []
