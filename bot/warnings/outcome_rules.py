"""Rules about what practice did: signals, samples, drift, recurrence, and paper that ran ahead of practice."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from bot.insight.durability import Lens, paperwork_practice_mismatch
from bot.insight.movement import Movement, Verdict
from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.priorities import Priority, PriorityStatus
from bot.plan.readings import Reading, by_day, movement_between
from bot.plan.samples import Sample
from bot.plan.says import day, local, refs
from bot.plan.signals import Signal
from bot.timing.workdays import months_later
from bot.warnings.fired import Fired, Rule

FURTHER_SIGNALS = 2
RECURRENCE_MONTHS = 6
JUDGED = frozenset({Verdict.IMPROVED, Verdict.WORSE, Verdict.NO_CHANGE})


def repeated_signals(account: Account, _today: date) -> Iterator[Fired]:
    """Two or more further signals of a priority's theme after its actions began."""
    for priority in account.live:
        began = began_on(account, priority)
        if began is None:
            continue
        further = [s for s in on_theme(account, priority) if s.on > began]
        if len(further) >= FURTHER_SIGNALS:
            yield Fired(
                rule=Rule.REPEATED_SIGNALS,
                priority_id=priority.id,
                records=frozenset(s.id for s in further),
                sentence=f"{len(further)} further signals of {priority.theme} ({refs(further)}) came after its actions "
                f"began on {day(began)}.",
            )


def no_measurable_change(account: Account, _today: date) -> Iterator[Fired]:
    """The first follow-up that can be judged does not differ from the baseline by more than chance, or is worse; and
    no later one has improved. Too small a sample has not said anything yet."""
    for priority, reading in _readings(account):
        judged = _judged(reading)
        if reading.baseline is None or not judged or any(m.verdict is Verdict.IMPROVED for _, m in judged):
            continue
        _, newest = judged[-1]
        worse = newest.verdict is Verdict.WORSE
        yield Fired(
            rule=Rule.NO_CHANGE,
            priority_id=priority.id,
            records=frozenset({reading.baseline.id, *(s.id for taken, _ in judged for s in taken)}),
            measure_id=reading.measure.id,
            sentence=f"{_named(reading)} {'got worse' if worse else 'shows no measurable change'}. {newest.sentence} "
            f"{newest.advice}".rstrip(),
        )


def drift(account: Account, _today: date) -> Iterator[Fired]:
    """A sample after an improved one falls back toward the baseline."""
    for priority, reading in _readings(account):
        fell = reading.drift
        if fell is None:
            continue
        days = (fell.best.when, fell.newest.when)
        yield Fired(
            rule=Rule.DRIFT,
            priority_id=priority.id,
            records=frozenset(s.id for s in reading.follow_ups if s.on in days and s.comparable),
            measure_id=reading.measure.id,
            sentence=f"{_named(reading)} fell back. {fell.sentence}",
        )


def recurrence(account: Account, _today: date) -> Iterator[Fired]:
    """A signal, or a sample under its target, on the theme within six months of closure."""
    for priority in account.priorities:
        if priority.status is not PriorityStatus.CLOSED or priority.closed_on is None:
            continue
        until = months_later(priority.closed_on, RECURRENCE_MONTHS)
        fresh = [s for s in on_theme(account, priority) if priority.closed_on < s.on <= until]
        failing = [s for s in account.samples_of(priority) if s.failed and priority.closed_on < s.on <= until]
        if not fresh and not failing:
            continue
        said = [f"{refs(fresh)} on {priority.theme}"] if fresh else []
        said += [f"{refs(failing)} under the target"] if failing else []
        yield Fired(
            rule=Rule.RECURRENCE,
            priority_id=priority.id,
            records=frozenset([*(s.id for s in fresh), *(s.id for s in failing)]),
            measure_id=failing[-1].measure_id if failing else None,
            sentence=f"Closed on {day(priority.closed_on)}, and since then: {'; '.join(said)}.",
        )


def mismatch(account: Account, _today: date) -> Iterator[Fired]:
    """A record-lens measure improved while a practice or experience measure of the same priority did not."""
    for priority in account.live:
        told = [(r, Lens(r.measure.lens.value), r.movement) for r in account.readings_of(priority)]
        judged = [(r, lens, m) for r, lens, m in told if m is not None and m.verdict in JUDGED]
        if not paperwork_practice_mismatch([(lens, m.verdict) for _, lens, m in judged]):
            continue
        paper = [(r, m) for r, lens, m in judged if lens is Lens.RECORD and m.verdict is Verdict.IMPROVED]
        life = [(r, m) for r, lens, m in judged if lens is not Lens.RECORD and m.verdict is not Verdict.IMPROVED]
        yield Fired(
            rule=Rule.MISMATCH,
            priority_id=priority.id,
            records=frozenset(s.id for r, _ in (*paper, *life) for s in by_day(r.follow_ups)[-1]),
            measure_id=life[0][0].measure.id,
            sentence=f"The records improved and practice did not: {_side_by_side(paper)}; but {_side_by_side(life)}.",
        )


def began_on(account: Account, priority: Priority) -> date | None:
    """The day on which the first of a priority's actions was worked on; None while none was."""
    zone = ZoneInfo(account.service.zone)
    days = [entry.on for entry in account.entries_of(priority)]
    days += [local(a.done_at, zone) for a in account.actions_of(priority) if a.done_at]
    return min(days, default=None)


def on_theme(account: Account, priority: Priority) -> list[Signal]:
    """The signals that are linked to a priority, and those of its theme that are linked to none; oldest first."""
    theme = priority.theme.casefold()
    loose = [s for s in account.signals if s.priority_id is None and not s.withdrawn_at and s.theme.casefold() == theme]
    return sorted((*account.signals_of(priority), *loose), key=lambda s: (s.on, s.number))


def _readings(account: Account) -> Iterator[tuple[Priority, Reading]]:
    for priority in account.live:
        for reading in account.readings_of(priority):
            yield priority, reading


def _judged(reading: Reading) -> list[tuple[tuple[Sample, ...], Movement]]:
    """The follow-ups that say something, those of a day together, with their movement against the baseline."""
    first = reading.baseline
    days = by_day(reading.follow_ups) if first else []
    moved = [(taken, movement_between(reading.measure, first, *taken)) for taken in days if first]
    return [(taken, movement) for taken, movement in moved if movement.verdict in JUDGED]


def _named(reading: Reading) -> str:
    return f"{ref(reading.measure)} {reading.measure.name}"


def _side_by_side(told: list[tuple[Reading, Movement]]) -> str:
    return ", ".join(f"{_named(r)} ({r.measure.lens}) {m.then} then, {m.now} now" for r, m in told)
