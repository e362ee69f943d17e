"""Corrections: a later event that names the mistaken one; what was said first stays in the journal."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from bot.errors import BadInput
from bot.plan.access import Lettered, done_before, open_record, ref, require
from bot.plan.actions import Milestone
from bot.plan.fields import Form, OptionalText, Text
from bot.plan.journal import note
from bot.plan.measures import Measure
from bot.plan.people import Person, Right
from bot.plan.priorities import Priority
from bot.plan.reviews import RIGHT_TO, Review
from bot.plan.samples import Sample, samples_under
from bot.plan.sampling import Whole, check_numbers, check_order, missed
from bot.plan.saving import save
from bot.plan.services import Service
from bot.plan.signals import Signal, Source
from bot.work import Work

R = TypeVar("R", Signal, Sample, Review)


class CorrectSignal(Form):
    """What of a signal was wrong, and why; None stays as it is."""

    signal: str
    reason: Text
    on: date | None = None
    source: Source | None = None
    theme: Text | None = None
    summary: Text | None = None
    reference: OptionalText | None = None


class CorrectSample(Form):
    """What of a sample was wrong, and why; None stays as it is."""

    sample: str
    reason: Text
    on: date | None = None
    n: Whole = None
    met: Whole = None
    count: Whole = None
    sampled: OptionalText | None = None
    findings: OptionalText | None = None
    in_their_words: OptionalText | None = None


class CorrectReview(Form):
    """What the minutes of a review got wrong, and why; None stays as it is. Its decision and figures stand: another
    decision is another review."""

    review: str
    reason: Text
    present: OptionalText | None = None
    improved: OptionalText | None = None
    unresolved: OptionalText | None = None
    why: OptionalText | None = None
    challenge: OptionalText | None = None
    agreement: OptionalText | None = None
    next_steps: OptionalText | None = None
    specific: OptionalText | None = None
    monitoring: OptionalText | None = None
    next_review_on: date | None = None


class Withdraw(Form):
    """A signal (`S5`) or sample (`X9`) that should not stand, and why."""

    record: str
    reason: Text


def correct_signal(work: Work, person: Person, form: CorrectSignal, now: datetime, today: date) -> Signal:
    """Correct one's own signal, or any with the right to the evidence base. Raises NotFound, NotAllowed, BadInput."""
    signal, service = own_signal(work, person, form.signal)
    if earlier := done_before(work, service, form.request_id, Signal):
        return earlier
    given = _given(form, signal)
    if "theme" in given:
        given["theme"] = str(given["theme"]).lower()
    changed = replace(signal, **given, corrected_at=now)
    _stands(signal)
    _no_day_to_come(changed.on, today)
    return _correct(work, person, now, signal, changed, form.reason, form.request_id)


def correct_sample(work: Work, person: Person, form: CorrectSample, now: datetime, today: date) -> Sample:
    """Correct a sample's figures or words; whether it missed its target is judged anew. Raises as `sampling.record`."""
    sample, service = open_record(work, person, Sample, form.sample, Right.SAMPLE)
    if earlier := done_before(work, service, form.request_id, Sample):
        return earlier
    measure = work.get(Measure, sample.measure_id)
    changed = replace(sample, **_given(form, sample), corrected_at=now)
    _stands(sample)
    _no_day_to_come(changed.on, today)
    if measure is not None:
        check_numbers(measure, changed.n, changed.met, changed.count)
        _keeps_order(work, measure, changed)
        changed = replace(changed, failed=missed(measure, changed))
    corrected = _correct(work, person, now, sample, changed, form.reason, form.request_id)
    work.rouse(Priority, sample.priority_id, now)
    return corrected


def correct_review(work: Work, person: Person, form: CorrectReview, now: datetime) -> Review:
    """Correct the words of a review; signed minutes then want signing again. Raises NotFound, NotAllowed, BadInput."""
    review, service = open_record(work, person, Review, form.review, Right.READ)
    require(work, person, service, RIGHT_TO[review.kind])
    if earlier := done_before(work, service, form.request_id, Review):
        return earlier
    changed = replace(review, **_given(form, review), corrected_at=now, signed_by=None, signed_at=None)
    return _correct(work, person, now, review, changed, form.reason, form.request_id)


def withdraw_signal(work: Work, person: Person, form: Withdraw, now: datetime) -> Signal:
    """Take a signal out of the account; it stays in the journal. Raises NotFound, NotAllowed, BadInput."""
    signal, service = own_signal(work, person, form.record)
    if earlier := done_before(work, service, form.request_id, Signal):
        return earlier
    _stands(signal)
    gone = replace(signal, withdrawn_at=now)
    return _put(work, person, now, "withdraw signal", signal, gone, form.reason, form.request_id)


def withdraw_sample(work: Work, person: Person, form: Withdraw, now: datetime) -> Sample:
    """Take a sample out of the account; its review point waits again.

    Raises NotFound, NotAllowed, BadInput (a baseline under follow-ups, a sample on which a priority was closed)."""
    sample, service = open_record(work, person, Sample, form.record, Right.SAMPLE)
    if earlier := done_before(work, service, form.request_id, Sample):
        return earlier
    _stands(sample)
    if sample.baseline and len(samples_under(work, sample.measure_id)) > 1:
        raise BadInput(
            f"{ref(sample)} is the baseline of follow-ups. Correct its figures instead of withdrawing it.",
            field="record",
        )
    named = work.all(Review, sample_id=sample.id)
    if named:
        raise BadInput(f"{ref(named[0])} rests on {ref(sample)}. Correct its figures instead.", field="record")
    gone = replace(sample, withdrawn_at=now)
    saved = _put(work, person, now, "withdraw sample", sample, gone, form.reason, form.request_id)
    milestone = work.get(Milestone, sample.milestone_id)
    if milestone is not None and milestone.sample_id == sample.id:
        waits = work.save(replace(milestone, sample_id=None, wake_at=now))
        note(work, person, now, "reopen milestone", before=milestone, after=waits)
    work.rouse(Priority, sample.priority_id, now)
    return saved


def mistaken_event(work: Work, record: Lettered) -> str | None:
    """The id of the event that a correction corrects: the last correction, else the one that made the record."""
    found = None
    for event in work.events(record.service_id, record_id=record.id):
        if found is None or event.corrects:
            found = event.id
    return found


def _given(form: Form, before: Signal | Sample | Review) -> dict[str, Any]:
    """The fields that change. Raises BadInput where nothing does."""
    names = {"signal", "sample", "review", "reason", "request_id"}
    given = form.model_dump(exclude=names, exclude_none=True)
    if all(getattr(before, name) == value for name, value in given.items()):
        raise BadInput(f"Nothing of {ref(before)} was changed. Change a field, or close the form.")
    return given


def own_signal(work: Work, person: Person, typed: str) -> tuple[Signal, Service]:
    """A signal for whoever logged it or has the right to the evidence base. Raises NotFound, NotAllowed."""
    signal, service = open_record(work, person, Signal, typed, Right.READ)
    if signal.person_id != person.id:
        require(work, person, service, Right.EVIDENCE)
    return signal, service


def _keeps_order(work: Work, measure: Measure, changed: Sample) -> None:
    others = [s for s in samples_under(work, measure.id) if s.id != changed.id]
    if not changed.baseline:
        check_order(measure, others, baseline=False, on=changed.on)
    elif any(s.on < changed.on for s in others):
        raise BadInput("The baseline cannot be newer than its follow-ups. Choose an earlier day.", field="on")


def _stands(record: Signal | Sample) -> None:
    if record.withdrawn_at:
        raise BadInput(f"{ref(record)} was withdrawn already. Nothing was changed.")


def _no_day_to_come(on: date, today: date) -> None:
    if on > today:
        raise BadInput("That day has not come yet. Choose the day on which it happened.", field="on")


def _correct(work: Work, person: Person, now: datetime, before: R, after: R, reason: str, request_id: str | None) -> R:
    return _put(work, person, now, f"correct {type(before).__name__.lower()}", before, after, reason, request_id)


def _put(
    work: Work, person: Person, now: datetime, verb: str, before: R, after: R, reason: str, request_id: str | None
) -> R:
    mistaken = mistaken_event(work, before)
    return save(work, person, now, verb, before, after, reason=reason, request_id=request_id, corrects=mistaken)
