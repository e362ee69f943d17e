"""Taking a sample: what a baseline and a follow-up must be, and whether a follow-up missed its target."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field

from bot.errors import BadInput
from bot.ids import new_id
from bot.plan.access import colleague, done_before, open_record, ref
from bot.plan.actions import Milestone
from bot.plan.fields import Form, OptionalText, sentence
from bot.plan.journal import note
from bot.plan.measures import Better, Measure, MeasureKind, target_at
from bot.plan.people import Person, Right
from bot.plan.priorities import Priority, PriorityStatus, carried_on
from bot.plan.samples import Sample, samples_under
from bot.plan.saving import add
from bot.plan.says import day
from bot.work import Work

LARGEST = 100_000


def _whole(value: object) -> object:
    text = "" if value is None else str(value).strip().replace(",", "")
    if not text:
        return None
    if not text.isdigit() or int(text) > LARGEST:
        raise sentence("Write a whole number, for example 20.")
    return int(text)


def _some(value: object) -> object:
    text = "" if value is None else str(value).strip().replace(",", ".")
    try:
        number = float(text or "1")
    except ValueError:
        number = 0.0
    if not 0 < number <= 1000:
        raise sentence("Write for how many periods it was counted, for example 1 or 3.")
    return number


Whole = Annotated[int | None, BeforeValidator(_whole)]


class RecordSample(Form):
    """One sample: `met` of `n` for a proportion, `count` in `periods` periods for a count; `on` is today unless given.

    `milestone` is the id of the review point that it answers; `with_ids` the people who took it with the sampler."""

    measure: str
    baseline: bool = False
    on: date | None = None
    n: Whole = None
    met: Whole = None
    count: Whole = None
    periods: Annotated[float, BeforeValidator(_some)] = 1.0
    sampled: OptionalText = ""
    findings: OptionalText = ""
    in_their_words: OptionalText = ""
    milestone: str | None = None
    comparable: bool = True
    not_comparable_reason: OptionalText = ""
    with_ids: tuple[str, ...] = Field(default=(), max_length=10)


def record(work: Work, person: Person, form: RecordSample, now: datetime, today: date) -> Sample:
    """Keep a sample; a follow-up of a closed priority is a durability sample.

    Raises NotFound, NotAllowed, BadInput (more met than sampled, a baseline after a follow-up, a day to come, ...)."""
    measure, service = open_record(work, person, Measure, form.measure, Right.SAMPLE)
    if earlier := done_before(work, service, form.request_id, Sample):
        return earlier
    priority = work.get(Priority, measure.priority_id)
    on = form.on or today
    if on > today:
        raise BadInput("That day has not come yet. Choose the day on which it was sampled.", field="on")
    if priority is not None:
        _may_sample(work, priority, form)
    check_numbers(measure, form.n, form.met, form.count)
    taken = samples_under(work, measure.id)
    check_order(measure, taken, baseline=form.baseline, on=on)
    if not form.comparable and not form.not_comparable_reason:
        raise BadInput(
            "Say why it cannot be compared: another tool, another group, or the same records again.",
            field="not_comparable_reason",
        )
    milestone = _milestone(work, measure, form)
    with_ids = tuple(colleague(work, person, one, "with_ids").id for one in form.with_ids if one != person.id)
    facts = form.model_dump(exclude={"request_id", "measure", "on", "milestone", "with_ids"})
    sample = Sample(
        id=new_id(now),
        workspace_id=service.workspace_id,
        service_id=service.id,
        number=work.next_number(service.workspace_id, Sample.LETTER),
        priority_id=measure.priority_id,
        measure_id=measure.id,
        milestone_id=milestone.id if milestone else None,
        on=on,
        with_ids=tuple(dict.fromkeys(with_ids)),
        person_id=person.id,
        written_at=now,
        **facts,
    )
    sample = replace(sample, failed=missed(measure, sample))
    add(work, person, now, "record sample", sample, form.request_id)
    if milestone:
        answered = work.save(replace(milestone, sample_id=sample.id, wake_at=None))
        note(work, person, now, "answer milestone", before=milestone, after=answered)
    work.rouse(Priority, measure.priority_id, now)  # a judgement of this sample is now awaited
    return sample


def missed(measure: Measure, sample: Sample) -> bool:
    """Whether a follow-up misses the target that held on its day; a baseline never does: it is where one starts."""
    target = target_at(measure, sample.on)
    if sample.baseline or target is None:
        return False
    value = value_of(sample)
    return value < target if measure.better is Better.UP else value > target


def value_of(sample: Sample) -> float:
    """The share that met the standard (0 to 1), or the count for each period."""
    if sample.n:
        return (sample.met or 0) / sample.n
    return (sample.count or 0) / sample.periods


def check_numbers(measure: Measure, n: int | None, met: int | None, count: int | None) -> None:
    """Raise BadInput unless the figures are those that the measure's kind wants and make sense together."""
    if measure.kind is MeasureKind.COUNT:
        if count is None:
            raise BadInput(f"{ref(measure)} is a count: write how many there were.", field="count")
        if n is not None or met is not None:
            raise BadInput(f"{ref(measure)} is a count: leave the sample size empty.", field="n")
        return
    if count is not None:
        raise BadInput(f"{ref(measure)} is a proportion: write how many met the standard, of how many.", field="count")
    if not n:
        raise BadInput("Write how many were sampled, at least 1.", field="n")
    if met is None:
        raise BadInput("Write how many of them met the standard; 0 if none did.", field="met")
    if met > n:
        raise BadInput(f"{met} of {n} cannot be: no more can meet the standard than were sampled.", field="met")


def check_order(measure: Measure, others: list[Sample], *, baseline: bool, on: date) -> None:
    """Raise BadInput for a second or belated baseline, and for a follow-up without one or older than it."""
    first = next((s for s in others if s.baseline), None)
    follow_ups = [s for s in others if not s.baseline]
    if not baseline:
        if first is None:
            raise BadInput(
                f"{ref(measure)} has no baseline yet, so nothing could be compared. Record this one as the baseline.",
                field="baseline",
            )
        if on < first.on:
            raise BadInput(
                f"The baseline {ref(first)} is of {day(first.on)}; a follow-up comes after it. Choose a later day.",
                field="on",
            )
        return
    if first is not None:
        raise BadInput(
            f"{ref(measure)} has its baseline already: {ref(first)} of {day(first.on)}. Correct that one, or record "
            "this as a follow-up.",
            field="baseline",
        )
    if follow_ups:
        raise BadInput(
            f"{ref(measure)} has follow-ups already, and a baseline after them would move the mark they are judged "
            "against. Record this as a follow-up.",
            field="baseline",
        )


def _may_sample(work: Work, priority: Priority, form: RecordSample) -> None:
    carried_on(work, priority, "measure")
    if form.baseline and priority.status is PriorityStatus.CLOSED:
        raise BadInput(f"{ref(priority)} is closed: record a follow-up that shows whether it lasted.", field="baseline")


def _milestone(work: Work, measure: Measure, form: RecordSample) -> Milestone | None:
    if not form.milestone:
        return None
    found = work.get(Milestone, form.milestone)
    if found is None or found.priority_id != measure.priority_id:
        raise BadInput("That review point belongs to another priority. Choose one from the list.", field="milestone")
    if found.sample_id or found.cancelled_at:
        raise BadInput(
            "That review point was answered or cancelled already. Choose another, or none.", field="milestone"
        )
    if form.baseline:
        raise BadInput("A baseline answers no review point: leave it empty.", field="milestone")
    return found
