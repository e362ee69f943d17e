"""The answer to each of the inspector's questions for one priority, sentence by sentence with its records."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.actions import Action, ActionStatus
from bot.plan.briefing import finding_words
from bot.plan.clocks import running
from bot.plan.entries import Entry
from bot.plan.measures import Lens, target_words
from bot.plan.priorities import PriorityStatus, is_live
from bot.plan.readings import Reading, counted, told
from bot.plan.says import day, listed, refs, unstopped, verb
from bot.plan.signals import Signal, Source
from bot.reports.afterwards import closing_review, recurrences, samples_since
from bot.reports.narrowing import topic_words
from bot.reports.noticed import unanswered
from bot.reports.register_parts import day_of
from bot.reports.responses import responses
from bot.reports.sentences import Sentence, ended, of
from bot.reports.standing import Outcome, Standing, resolved
from bot.timing.workdays import months_later

PLURALS = {
    Source.COMPLAINT: "complaints",
    Source.INCIDENT: "incidents",
    Source.AUDIT: "audit findings",
    Source.FEEDBACK: "pieces of feedback",
    Source.OBSERVATION: "observations",
    Source.RECORD: "record-level findings",
}
SINGULARS = {Source.FEEDBACK: "piece of feedback"}
VOICES = frozenset({Source.COMPLAINT, Source.FEEDBACK})


def what_and_why(standing: Standing) -> Iterator[Sentence]:
    """What the priority is, what it rests on, and what of that has no answer yet."""
    account, p, about = standing.account, standing.priority, ref(standing.priority)
    if not is_live(p):
        yield from closed(standing)
    statement = f", {words}" if (words := topic_words(account, p)) else ""
    now = f", now {p.status}" if is_live(p) and p.status is not PriorityStatus.OPEN else ""
    since = f"open since {day(p.opened_on)}{now}" if is_live(p) else f"opened on {day(p.opened_on)}"
    head = f"{about} {p.title} ({p.risk} risk{statement}), {since}"
    yield Sentence(f"{head}: {ended(p.problem_statement)}", of(p), about=about)
    yield Sentence(f"{about} matters because: {ended(p.rationale)}", of(p), about=about)
    yield _evidence(standing)
    for finding in standing.unanswered:
        words = f"{unstopped(finding_words(account, finding))}; no action of {about} answers it yet."
        yield Sentence(words, of(finding, p), unresolved=True, about=about)
    if is_live(p) and p.target_on and p.target_on < standing.today:
        words = f"The target date of {about}, {day(p.target_on)}, has passed."
        yield Sentence(words, of(p), unresolved=True, about=about)
    for clock in running(p):
        left = (clock.due_on - standing.today).days
        when = f"in {count(left, 'day')}" if left > 0 else "today" if left == 0 else f"{count(-left, 'day')} ago"
        words = f"Statutory deadline of {about}: {clock.kind}, due on {day(clock.due_on)} ({when})."
        yield Sentence(words, of(p), unresolved=left < 0, about=about)


def _evidence(standing: Standing) -> Sentence:
    p, signals = standing.priority, standing.account.signals_of(standing.priority)
    base = ended(p.evidence_base)
    if not signals:
        words = f"{ref(p)} rests on: {base} No signal is linked to it."
        return Sentence(words, of(p), unresolved=True, about=ref(p))
    return Sentence(f"{ref(p)} rests on {sources(signals)}: {base}", of(p, *signals), about=ref(p))


def closed(standing: Standing) -> Iterator[Sentence]:
    """A priority that is no longer worked on: what became of it, and whether that lasted."""
    account, p, about = standing.account, standing.priority, ref(standing.priority)
    carried = account.children_of(p)
    if p.status in (PriorityStatus.SPLIT, PriorityStatus.REOPENED):
        how = f"was {p.status}; {refs(carried)} {verb(carried, 'carries', 'carry')} it on"
        yield Sentence(f"{about} {p.title} {how}.", of(p, *carried), about=about)
        return
    on = f" on {day(p.closed_on)}" if p.closed_on else ""
    yield Sentence(f"{about} {p.title} was closed{on}.", of(p, closing_review(account, p)), about=about)
    yield from _since_closure(standing)
    for again in recurrences(account, p):
        yield Sentence(f"{about} {p.title}: {again.sentence}", of(p), unresolved=True, about=about)


def _since_closure(standing: Standing) -> Iterator[Sentence]:
    """What was sampled after closure; a month without a sample is told as unresolved."""
    account, p, about = standing.account, standing.priority, ref(standing.priority)
    if p.closed_on is None:
        return
    later = samples_since(account, p, p.closed_on)
    for sample in later:
        measure = account.measure(sample.measure_id)
        if measure:
            words = f"{about} after closure, {measure.name}: {counted(measure, sample)} on {day(sample.on)}."
            yield Sentence(words, of(sample), about=about)
    if not later and months_later(p.closed_on, 1) < standing.today:
        words = f"Whether {about} lasted is not known: no sample was taken since it was closed."
        yield Sentence(words, of(p), unresolved=True, about=about)


def no_priority(signals: Sequence[Signal]) -> Sentence:
    """Signals that nobody has made part of a priority yet."""
    words = f"{refs(signals)} ({sources(signals)}) {verb(signals, 'belongs', 'belong')} to no priority yet."
    return Sentence(words, of(*signals), unresolved=True)


def who(standing: Standing) -> Iterator[Sentence]:
    """Who leads, who owns the actions, and which of these are late, disowned, unchecked or on time."""
    account, p, about = standing.account, standing.priority, ref(standing.priority)
    lead = account.people.get(p.lead_id)
    states = Counter(_state(a) for a in standing.actions)
    counted = listed([f"{n} {state}" for state, n in states.items()])
    many = count(len(standing.actions), "action")
    owns = f"its {many}: {counted}" if standing.actions else "it has no action yet"
    left = " and has left the workspace" if lead and not lead.active else ""
    words = f"{account.name(p.lead_id) or 'Nobody'} leads {about}{left}; {owns}."
    unled = bool(left) or lead is None or not standing.actions
    yield Sentence(words, of(p, *standing.actions), unresolved=unled, about=about)
    for action in standing.overdue:
        yield _late(standing, action)
    for action in standing.awaiting_check:
        on = day_of(action.done_at, account)
        since = f" on {day(on)}" if on else ""
        words = f"{ref(action)} of {_owner(account, action)} was marked done{since}; nobody has checked it yet."
        yield Sentence(words, of(action), unresolved=True, about=about)
    yield from _unowned(standing)
    on_time = [a for a in standing.open_actions if a not in standing.overdue]
    if on_time:
        each = listed([f"{ref(a)} of {_owner(account, a)} by {day(a.due_on)}{_moved(account, a)}" for a in on_time])
        yield Sentence(f"Still to come: {each}.", of(*on_time), about=about)


def _state(action: Action) -> str:
    if action.status is ActionStatus.DONE:
        return "awaiting check"
    return "verified" if action.status is ActionStatus.VERIFIED else "open"


def _owner(account: Account, action: Action) -> str:
    return account.name(action.owner_id) or "nobody"


def _moved(account: Account, action: Action) -> str:
    slips = account.slips_of(action)
    if not slips:
        return ""
    often = {1: "once", 2: "twice"}.get(len(slips), f"{len(slips)} times")
    return f" (moved {often} from {day(slips[0].from_on)}: {unstopped(slips[-1].reason)})"


def _late(standing: Standing, action: Action) -> Sentence:
    account, days = standing.account, count((standing.today - action.due_on).days, "day")
    words = (
        f"{ref(action)} of {_owner(account, action)} is overdue by {days}, due on {day(action.due_on)}"
        f"{_moved(account, action)}: {ended(action.what)}"
    )
    return Sentence(words, of(action), unresolved=True, about=ref(standing.priority))


def _unowned(standing: Standing) -> Iterator[Sentence]:
    account = standing.account
    for action in standing.open_actions:
        owner = account.people.get(action.owner_id)
        if owner is None or not owner.active:
            words = f"{_owner(account, action)}, who owns {ref(action)}, has left the workspace."
            yield Sentence(words, of(action), unresolved=True, about=ref(standing.priority))
        elif action.not_mine_at:
            words = f"{owner.name} says that {ref(action)} is not theirs, and nobody else has taken it."
            yield Sentence(words, of(action), unresolved=True, about=ref(standing.priority))


def what_moved(standing: Standing) -> Iterator[Sentence]:
    """One sentence for each measure, and where the figures disagree with one another or nothing moves at all."""
    p, about = standing.priority, ref(standing.priority)
    if not standing.readings:
        words = f"{about} has no measure, so nothing shows whether it moved."
        yield Sentence(words, of(p), unresolved=True, about=about)
    for reading in standing.readings:
        yield _measured(reading, about)
    if standing.mismatch:
        words = f"{about}: the records improved, and what staff do or people experience did not."
        yield Sentence(words, of(p, *(r.measure for r in standing.readings)), unresolved=True, about=about)
    if standing.stalled:
        words = f"{about} has stalled: {listed(standing.stalled)}."
        yield Sentence(words, of(p, *standing.overdue), unresolved=True, about=about)


def _measured(reading: Reading, about: str) -> Sentence:
    aim = "" if reading.target else f" Target: {target_words(reading.measure)}."
    advice = reading.movement.advice if reading.movement else ""
    words = f"{told(reading)}{aim}{f' {advice}' if advice else ''}"
    rests_on = of(reading.measure, reading.baseline, reading.newest)
    return Sentence(words, rests_on, unresolved=not resolved(reading), about=about)


def what_people_see(standing: Standing) -> Iterator[Sentence]:
    """What people using the service and families say, in figures, in their words, and in new complaints."""
    account, p, about = standing.account, standing.priority, ref(standing.priority)
    heard = [reading for reading in standing.readings if reading.measure.lens is Lens.EXPERIENCE]
    said = [s for s in account.samples_of(p) if s.in_their_words]
    if not heard:
        lacks = "no measure through the experience lens"
        if said:
            words = f"{about} has {lacks}: what people see of it is known from single remarks alone."
        else:
            words = f"Nobody using the service was asked about {about}: it has {lacks}."
        yield Sentence(words, of(p), unresolved=True, about=about)
    for reading in heard:
        yield _measured(reading, about)
    for sample in reversed(said):
        words = f"In their words on {day(sample.on)}: “{sample.in_their_words.strip()}”"
        yield Sentence(words, of(sample), about=about)
    began = began_on(standing)
    voices = [s for s in account.signals_of(p) if s.source in VOICES and began and s.on > began]
    for signal in voices:
        words = f"Since its actions began, {signal.source} of {day(signal.on)}: {ended(signal.summary)}"
        yield Sentence(words, of(signal), unresolved=signal.source is Source.COMPLAINT, about=about)


def began_on(standing: Standing) -> date | None:
    """The day of the first implementation entry of a priority."""
    entries: tuple[Entry, ...] = standing.account.entries_of(standing.priority)
    return entries[0].on if entries else None


def how_leaders_answered(standing: Standing) -> Iterator[Sentence]:
    """Every response on record, newest first; and plainly where progress was slow and there is none, or where what the
    rules noticed waits for an answer."""
    account, p, about = standing.account, standing.priority, ref(standing.priority)
    found = responses(account, p)
    yield from unanswered(account, p)
    yield from found
    if found or not is_live(p):
        return
    if standing.slow:
        words = f"{about}: {slowness(standing)}, and no challenge, decision, escalation or revision is on record."
        yield Sentence(words, of(p), unresolved=True, about=about)
    else:
        yield Sentence(f"{about}: no review has decided anything about it yet.", of(p), about=about)


def slowness(standing: Standing) -> str:
    """Why a priority counts as slow, in words."""
    found = [] if standing.outcome is Outcome.IMPROVED else [str(standing.outcome)]
    late = standing.overdue
    found += [f"{refs(late)} {verb(late)} overdue"] if late else []
    found += list(standing.stalled)
    return listed(found) or "dates slipped again and again"


def sources(signals: Sequence[Signal]) -> str:
    """Signals by source: "2 complaints and 1 audit finding"."""
    found = Counter(s.source for s in signals)
    return listed([f"{n} {SINGULARS.get(s, str(s)) if n == 1 else PLURALS[s]}" for s, n in found.items()])


def titles(found: Sequence[Standing]) -> str:
    """Priorities by reference and title: "P1 Handovers and P3 Falls"."""
    return listed([f"{ref(s.priority)} {s.priority.title}" for s in found])


def references(found: Sequence[Standing]) -> tuple[str, ...]:
    """The references of priorities."""
    return of(*(s.priority for s in found))


def count(number: int, thing: str) -> str:
    """A number of things: "1 day", "3 days"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
