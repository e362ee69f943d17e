"""Measures: what is measured for a priority, through which lens, and where it should arrive."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from bot.errors import BadInput
from bot.ids import new_id
from bot.plan.access import done_before, open_record, ref
from bot.plan.fields import Form, OptionalText, Text, Title, sentence
from bot.plan.people import Person, Right
from bot.plan.priorities import Priority, must_be_live
from bot.plan.samples import samples_under
from bot.plan.saving import add, save, unchanged
from bot.plan.says import refs
from bot.work import Work


class Lens(StrEnum):
    RECORD = "record"
    PRACTICE = "practice"
    EXPERIENCE = "experience"


class MeasureKind(StrEnum):
    PROPORTION = "proportion of a sample"
    COUNT = "count per period"


class Better(StrEnum):
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebase:
    """A person's decision, with a reason, that limits are computed anew from a day on."""

    on: str  # ISO date
    reason: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retarget:
    """One change of a target, kept with its reason."""

    on: date
    was: float | None
    now: float | None
    reason: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure (`M4`). `target` is a share from 0 to 1 for a proportion, a count per period otherwise; `unit` is the
    period of a count (week, month), else what one sampled record is (handover, care file)."""

    LETTER: ClassVar[str] = "M"

    id: str
    workspace_id: str
    service_id: str
    number: int
    priority_id: str
    name: str
    lens: Lens
    kind: MeasureKind
    better: Better
    target: float | None = None
    unit: str = ""
    rebased: tuple[Rebase, ...] = ()
    retargeted: tuple[Retarget, ...] = ()
    person_id: str
    written_at: datetime
    version: int = 1


def _as_typed(value: object) -> str:
    text = "" if value is None else str(value).strip()
    if len(text) > 20:
        raise sentence("Write the target as one number.")
    return text


Target = Annotated[str, BeforeValidator(_as_typed)]


class DefineMeasure(Form):
    """A new measure. `target` as people write it: a per cent for a proportion ("90" or "90 %"), else a number."""

    priority: str
    name: Title
    lens: Lens
    kind: MeasureKind = MeasureKind.PROPORTION
    better: Better = Better.UP
    target: Target = ""
    unit: OptionalText = ""


class ChangeMeasure(Form):
    """What of a measure changes, and why; None stays as it is. Under samples the name alone may change."""

    measure: str
    reason: Text
    name: Title | None = None
    lens: Lens | None = None
    kind: MeasureKind | None = None
    better: Better | None = None
    unit: OptionalText | None = None
    version: int | None = None


class RetargetMeasure(Form):
    """Another target, and why."""

    measure: str
    target: Target
    reason: Text


class RebaseMeasure(Form):
    """Limits computed anew from a day on, and why; None: from today."""

    measure: str
    reason: Text
    on: date | None = None


def parse_target(kind: MeasureKind, typed: str) -> float | None:
    """The target that was typed: a share from 0 to 1, or a count per period; None for none. Raises BadInput."""
    if not typed:
        return None
    text = typed.replace(",", ".").replace(" ", "")
    try:
        value = float(text.removesuffix("%"))
    except ValueError:
        value = -1.0
    if kind is MeasureKind.COUNT:
        if text.endswith("%") or not 0 <= value < 1e6:
            raise BadInput("Write the target as a number for each period, for example 2.", field="target")
        return value
    # 0.9 or 1 without a sign may be meant as a share or as a per cent; the two are far apart.
    unclear = 0 < value <= 1 and not text.endswith("%")
    if unclear or not 0 <= value <= 100:
        raise BadInput("Write the target as a per cent from 0 % to 100 %, for example 90 %.", field="target")
    return value / 100


def target_at(measure: Measure, on: date) -> float | None:
    """The target that held on a day."""
    return next((change.was for change in measure.retargeted if change.on > on), measure.target)


def target_words(measure: Measure) -> str:
    """The target as people read it: "at least 90 %", "at most 2 a month", or "none set"."""
    if measure.target is None:
        return "none set"
    bound = "at least" if measure.better is Better.UP else "at most"
    if measure.kind is MeasureKind.PROPORTION:
        return f"{bound} {100 * measure.target:g} %"
    return f"{bound} {measure.target:g} a {measure.unit}"


def define(work: Work, person: Person, form: DefineMeasure, now: datetime) -> Measure:
    """Add a measure to a live priority. Raises NotFound, NotAllowed, BadInput (no unit for a count, bad target)."""
    priority, service = open_record(work, person, Priority, form.priority, Right.MEASURE)
    if earlier := done_before(work, service, form.request_id, Measure):
        return earlier
    must_be_live(work, priority)
    _has_unit(form.kind, form.unit)
    same = [m for m in work.all(Measure, priority_id=priority.id) if m.name.casefold() == form.name.casefold()]
    if same:
        raise BadInput(f"{refs(same)} has that name already. Use it, or choose another name.", field="name")
    measure = Measure(
        id=new_id(now),
        workspace_id=service.workspace_id,
        service_id=service.id,
        number=work.next_number(service.workspace_id, Measure.LETTER),
        priority_id=priority.id,
        name=form.name,
        lens=form.lens,
        kind=form.kind,
        better=form.better,
        target=parse_target(form.kind, form.target),
        unit=form.unit,
        person_id=person.id,
        written_at=now,
    )
    return add(work, person, now, "define measure", measure, form.request_id)


def change(work: Work, person: Person, form: ChangeMeasure, now: datetime) -> Measure:
    """Change a measure; once it is sampled its name alone. Raises NotFound, NotAllowed, BadInput, Stale."""
    measure, service = open_record(work, person, Measure, form.measure, Right.MEASURE)
    if earlier := done_before(work, service, form.request_id, Measure):
        return earlier
    _live_priority(work, measure)
    unchanged(work, measure, form.version)
    given = form.model_dump(exclude={"measure", "reason", "version", "request_id"}, exclude_none=True)
    changed = replace(measure, **given)
    if changed == measure:
        raise BadInput(f"Nothing of {ref(measure)} was changed. Change a field, or close the form.", field="name")
    taken = samples_under(work, measure.id)
    for field in ("lens", "kind", "better", "unit"):
        if taken and getattr(changed, field) != getattr(measure, field):
            raise BadInput(
                f"{ref(measure)} has samples already ({refs(taken)}), and another {field} would change what they mean. "
                "Define a new measure instead.",
                field=field,
            )
    _has_unit(changed.kind, changed.unit)
    if changed.kind is not measure.kind:
        changed = replace(changed, target=None)
    return save(work, person, now, "change measure", measure, changed, reason=form.reason, request_id=form.request_id)


def retarget(work: Work, person: Person, form: RetargetMeasure, now: datetime, today: date) -> Measure:
    """Set another target and keep what it was. Raises NotFound, NotAllowed, BadInput (the same target)."""
    measure, service = open_record(work, person, Measure, form.measure, Right.RETARGET)
    if earlier := done_before(work, service, form.request_id, Measure):
        return earlier
    _live_priority(work, measure)
    aimed = retargeted(measure, person, form.target, form.reason, today)
    return save(work, person, now, "revise target", measure, aimed, reason=form.reason, request_id=form.request_id)


def retargeted(measure: Measure, person: Person, typed: str, reason: str, today: date) -> Measure:
    """The measure with another target and the change on record. Raises BadInput under `target`."""
    target = parse_target(measure.kind, typed)
    if target is None:
        raise BadInput(f"Write the new target of {ref(measure)}. It is {target_words(measure)} now.", field="target")
    if target == measure.target:
        raise BadInput(f"The target of {ref(measure)} is {target_words(measure)} already.", field="target")
    change_of = Retarget(on=today, was=measure.target, now=target, reason=reason, person_id=person.id)
    return replace(measure, target=target, retargeted=(*measure.retargeted, change_of))


def rebase(work: Work, person: Person, form: RebaseMeasure, now: datetime, today: date) -> Measure:
    """Have chart limits computed anew from a day on, with the reason. Raises NotFound, NotAllowed, BadInput."""
    measure, service = open_record(work, person, Measure, form.measure, Right.MEASURE)
    if earlier := done_before(work, service, form.request_id, Measure):
        return earlier
    on = form.on or today
    if on > today:
        raise BadInput("That day has not come yet. Choose today or an earlier day.", field="on")
    if any(r.on == on.isoformat() for r in measure.rebased):
        raise BadInput(f"{ref(measure)} is re-based on that day already. Choose another day.", field="on")
    rebased = (*measure.rebased, Rebase(on=on.isoformat(), reason=form.reason, person_id=person.id))
    anew = replace(measure, rebased=tuple(sorted(rebased, key=lambda r: r.on)))
    return save(work, person, now, "rebase measure", measure, anew, reason=form.reason, request_id=form.request_id)


def _live_priority(work: Work, measure: Measure) -> None:
    priority = work.get(Priority, measure.priority_id)
    if priority is not None:
        must_be_live(work, priority, "measure")


def _has_unit(kind: MeasureKind, unit: str) -> None:
    if kind is MeasureKind.COUNT and not unit:
        raise BadInput("Say for which period it is counted, for example: month.", field="unit")
