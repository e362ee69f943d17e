"""What stands above a review's questions: what moved, what slipped, what was promised last time, what was gathered."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.insight.strength import Strength as Tier
from bot.insight.strength import only_weak, suggest
from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.actions import ActionStatus, is_open
from bot.plan.entries import Entry, EntryKind
from bot.plan.findings import Finding
from bot.plan.measures import Lens
from bot.plan.priorities import Priority
from bot.plan.readings import counted, told
from bot.plan.reviews import Review, ReviewKind
from bot.plan.samples import Sample
from bot.plan.says import day, local, refs, unstopped, verb
from bot.plan.signals import Signal, Source

GATHERED: tuple[tuple[str, tuple[Source, ...], Lens | None], ...] = (
    ("Audits", (Source.AUDIT, Source.RECORD), Lens.RECORD),
    ("Incidents", (Source.INCIDENT,), None),
    ("Feedback", (Source.COMPLAINT, Source.FEEDBACK), Lens.EXPERIENCE),
    ("Practice", (Source.OBSERVATION,), Lens.PRACTICE),
)
_PRACTICE_ENTRIES = (EntryKind.OBSERVATION, EntryKind.WALK_ROUND, EntryKind.SUPERVISION)


@dataclass(frozen=True)
class Briefing:
    """Lines of text, none where there is nothing: what moved, slipped, was promised by the last review, was gathered
    since the last review pack, which findings wait for an answer, and whether all that is done is weak."""

    moved: tuple[str, ...]
    slipped: tuple[str, ...]
    promised: tuple[str, ...]
    gathered: tuple[str, ...]
    findings: tuple[str, ...]
    weak: tuple[str, ...] = ()


def briefing(account: Account, priority: Priority, today: date) -> Briefing:
    """What somebody who reviews a priority should have before their eyes."""
    return Briefing(
        moved=moved(account, priority),
        slipped=slipped(account, priority, today),
        promised=promised(account, priority),
        gathered=gathered(account, priority),
        findings=tuple(finding_words(account, f) for f in account.findings_of(priority)),
        weak=weak(account, priority),
    )


def moved(account: Account, priority: Priority) -> tuple[str, ...]:
    """One line for each measure: its movement against the baseline as it stands."""
    return tuple(told(reading) for reading in account.readings_of(priority))


def slipped(account: Account, priority: Priority, today: date) -> tuple[str, ...]:
    """One line for each action whose date moved since the last decision about the priority, or that is overdue."""
    zone = ZoneInfo(account.service.zone)
    last = last_decision(account, priority)
    lines = []
    for action in account.actions_of(priority):
        fresh = [s for s in account.slips_of(action) if last is None or s.written_at > last.written_at]
        words = [
            f"moved on {day(local(s.written_at, zone))} from {day(s.from_on)} to {day(s.to_on)}: {unstopped(s.reason)}"
            for s in fresh
        ]
        if is_open(action) and action.due_on < today:
            words.append(f"overdue since {day(action.due_on)}")
        if words:
            lines.append(f"{ref(action)} ({account.name(action.owner_id)}) {'; '.join(words)}")
    lines += [
        f"Target date moved from {day(change.was)} to {day(change.now)}: {change.reason}"
        for change in priority.extensions
        if change.was and change.now and (last is None or change.on > last.on)
    ]
    return tuple(lines)


def weak(account: Account, priority: Priority) -> tuple[str, ...]:
    """A line where every action of a priority, as far as its strength is known, is weak: more of the same will not do.

    The action hierarchy of RCA2 asks for at least one stronger action to each cause."""
    actions = [a for a in account.actions_of(priority) if a.status is not ActionStatus.CANCELLED]
    tiers = [(a, Tier(a.strength.value) if a.strength else suggest(a.what).strength) for a in actions]
    known = [(action, tier) for action, tier in tiers if tier]
    if not only_weak(tier for _, tier in known):
        return ()
    found = [action for action, _ in known]
    some = "" if len(found) == len(actions) else " whose strength is known"
    what = f"The only action{some}" if len(found) == 1 else f"All {len(found)} actions{some}"
    why = "telling, training or checking people rarely changes what they do for long"
    return (f"{what} ({refs(found)}) {verb(found)} weak: {why}. Change the place, the kit or the steps as well.",)


def promised(account: Account, priority: Priority) -> tuple[str, ...]:
    """The next steps of the newest review that named any."""
    said = [r for r in account.reviews_of(priority) if r.next_steps]
    if not said:
        return ()
    review = said[-1]
    by = f" by {day(review.next_review_on)}" if review.next_review_on else ""
    return (f"{ref(review)} of {day(review.on)}: {review.next_steps}{by}",)


def gathered(account: Account, priority: Priority) -> tuple[str, ...]:
    """The evidence since the last review pack, from audits, incidents, feedback and practice: one line each."""
    packs = [r for r in account.reviews_of(priority) if r.kind is ReviewKind.PACK]
    since = packs[-1].written_at if packs else None

    def fresh(record: Signal | Sample | Entry) -> bool:
        return since is None or record.written_at > since

    signals = [s for s in account.signals_of(priority) if fresh(s)]
    samples = [s for s in account.samples_of(priority) if fresh(s)]
    seen = [e for e in account.entries_of(priority) if e.kind in _PRACTICE_ENTRIES and fresh(e)]
    lines = []
    for title, sources, lens in GATHERED:
        parts = [f"{ref(s)} {s.source}: {unstopped(s.summary)}" for s in signals if s.source in sources]
        parts += [words for s in samples if (words := sample_words(account, s, lens))]
        if seen and lens is Lens.PRACTICE:
            parts.append(f"{refs(seen)} (observation, walk-round or supervision)")
        lines.append(f"{title}: {'; '.join(parts) if parts else 'nothing new'}")
    return tuple(lines)


def sample_words(account: Account, sample: Sample, lens: Lens | None) -> str:
    """A sample of a measure of that lens in words; empty for another lens."""
    measure = account.measure(sample.measure_id)
    if measure is None or measure.lens is not lens:
        return ""
    quote = f', in their words: "{sample.in_their_words}"' if sample.in_their_words else ""
    return f"{ref(sample)} {measure.name}: {counted(measure, sample)} on {day(sample.on)}{quote}"


def last_decision(account: Account, priority: Priority) -> Review | None:
    """The newest review of a priority that decided something."""
    return next((r for r in reversed(account.reviews_of(priority)) if r.decision), None)


def finding_words(account: Account, finding: Finding) -> str:
    """A finding in words, with its reference."""
    if isinstance(finding, Signal):
        return f"{ref(finding)} {finding.source}: {finding.summary}"
    measure = account.measure(finding.measure_id)
    said = f"{measure.name}: {counted(measure, finding)}" if measure else "a sample"
    return f"{ref(finding)} {said} on {day(finding.on)} missed its target"
