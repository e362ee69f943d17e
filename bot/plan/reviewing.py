"""Recording a review: who may, what it must say, what it freezes of the figures, and signing its minutes."""

from dataclasses import replace
from datetime import date, datetime

from bot.errors import BadInput
from bot.ids import new_id
from bot.plan.access import done_before, open_record, open_service, ref
from bot.plan.account import Account, load
from bot.plan.briefing import gathered, moved, slipped
from bot.plan.decisions import Consequences, carry_out, check_decision
from bot.plan.fields import Form, OptionalText
from bot.plan.measures import Target
from bot.plan.people import Person, Right, Role
from bot.plan.priorities import Priority, must_be_live
from bot.plan.readings import counted, movement_between
from bot.plan.reviews import (
    DECIDING,
    RIGHT_TO,
    Decision,
    Judgement,
    Remaining,
    Review,
    ReviewKind,
    named_period,
    period_words,
)
from bot.plan.samples import Sample
from bot.plan.saving import add, save
from bot.plan.says import day
from bot.work import Work


class RecordReview(Form):
    """One review. Which fields are compulsory depends on the kind (`MUST_SAY`) and on the decision.

    `period`: "2026-11" for monthly and long-running, "2026-Q4" for quarterly, else a day or a name of one's own.
    `sample`: what a reassessment or a closure names. `target_on`: of *extend*. `measure` and `target`: of *revise
    target*. `override_reason`: of *close* over what is unresolved. `escalate_to`: of *escalate*."""

    priority: str
    kind: ReviewKind
    period: str = ""
    on: date | None = None
    present: OptionalText = ""
    improved: OptionalText = ""
    unresolved: OptionalText = ""
    why: OptionalText = ""
    judgement: Judgement | None = None
    remaining: Remaining | None = None
    decision: Decision | None = None
    challenge: OptionalText = ""
    agreement: OptionalText = ""
    next_steps: OptionalText = ""
    next_review_on: date | None = None
    specific: OptionalText = ""
    monitoring: OptionalText = ""
    sample: str = ""
    target_on: date | None = None
    measure: str = ""
    target: Target = ""
    override_reason: OptionalText = ""
    escalate_to: Role | None = None


class SignMinutes(Form):
    """The Registered Manager signs the minutes of a review."""

    review: str


# What each kind cannot do without, with the sentence for whoever left it out.
MUST_SAY: dict[ReviewKind, dict[str, str]] = {
    ReviewKind.ASSURANCE: {"judgement": "Say what you make of the samples: improved, partly improved or not."},
    ReviewKind.MONTHLY: {"decision": "Choose what was decided about the priority."},
    ReviewKind.LONG_RUNNING: {
        "unresolved": "Say what is still unresolved after this long.",
        "why": "Say why it is still unresolved.",
        "decision": "Choose what was decided about the priority.",
    },
    ReviewKind.GOVERNANCE: {"decision": "Choose what was decided about the priority."},
    ReviewKind.QUARTERLY: {"challenge": "Write what the provider challenged."},
    ReviewKind.REASSESSMENT: {"sample": "Name the sample that was compared with the baseline."},
    ReviewKind.PACK: {
        "remaining": "Say whether the remaining problem is smaller, unchanged or differently understood."
    },
    ReviewKind.PREPARATION: {
        "specific": "Say whether the revised actions are more specific and measurable.",
        "monitoring": "Write the revised monitoring approach.",
    },
}


def record(work: Work, person: Person, form: RecordReview, now: datetime, today: date) -> tuple[Review, Consequences]:
    """Keep a review and carry out its decision; the movement and the slips of this moment are frozen in it.

    Raises NotFound, NotAllowed, BadInput (a closed priority, something unsaid, the closure gate, ...)."""
    priority, service = open_record(work, person, Priority, form.priority, RIGHT_TO[form.kind])
    if earlier := done_before(work, service, form.request_id, Review):
        return earlier, Consequences(priority=priority)
    must_be_live(work, priority)
    on, period = _when(work, priority, form, today)
    for field, sentence in MUST_SAY[form.kind].items():
        if not getattr(form, field):
            raise BadInput(sentence, field=field)
    account = load(work, service)
    sample = _named_sample(work, person, form)
    _fits_kind(account, priority, form, sample)
    check_decision(form.kind, form.decision, form.why)
    review = Review(
        id=new_id(now),
        workspace_id=service.workspace_id,
        service_id=service.id,
        number=work.next_number(service.workspace_id, Review.LETTER),
        priority_id=priority.id,
        on=on,
        period=period,
        movement="\n".join(_movement(account, priority, form, sample)),
        slipped="\n".join(slipped(account, priority, today)),
        evidence="\n".join(gathered(account, priority)) if form.kind is ReviewKind.PACK else "",
        sample_id=sample.id if sample else None,
        person_id=person.id,
        written_at=now,
        **form.model_dump(include=_SAID),
    )
    add(work, person, now, f"record {form.kind} review", review, form.request_id)
    extra = form.model_dump(include={"target_on", "measure", "target", "escalate_to"})
    consequences = carry_out(work, person, account, priority, review, sample, now, today, **extra)
    work.rouse(Priority, priority.id, now)  # a judgement or review that was awaited has been given
    return review, consequences


_SAID = {
    "kind",
    "present",
    "improved",
    "unresolved",
    "why",
    "judgement",
    "remaining",
    "decision",
    "challenge",
    "agreement",
    "next_steps",
    "next_review_on",
    "specific",
    "monitoring",
    "override_reason",
}


def sign(work: Work, person: Person, form: SignMinutes, now: datetime) -> Review:
    """Sign the minutes of a deciding review, once. Raises NotFound, NotAllowed, BadInput."""
    review, service = open_record(work, person, Review, form.review, Right.SIGN)
    if earlier := done_before(work, service, form.request_id, Review):
        return earlier
    if review.kind not in DECIDING:
        raise BadInput(f"{ref(review)} is {review.kind}: it holds no minutes to sign.", field="review")
    if review.signed_at:
        signer = work.get(Person, review.signed_by)
        raise BadInput(f"{ref(review)} is signed already{f' by {signer.name}' if signer else ''}.", field="review")
    signed = replace(review, signed_by=person.id, signed_at=now)
    return save(work, person, now, "sign minutes", review, signed, request_id=form.request_id)


def unsigned(work: Work, person: Person, service_id: str) -> list[Review]:
    """The minutes that wait for the Registered Manager's signature, oldest first. Raises NotFound, NotAllowed."""
    service = open_service(work, person, service_id, Right.READ)
    found = work.all(Review, order="number", service_id=service.id, signed_at=None)
    return sorted((r for r in found if r.kind in DECIDING), key=lambda r: r.on)


def _when(work: Work, priority: Priority, form: RecordReview, today: date) -> tuple[date, str]:
    on = form.on or today
    if on > today:
        raise BadInput("That day has not come yet. Choose the day of the review.", field="on")
    if form.next_review_on and form.next_review_on <= on:
        raise BadInput("The next review comes after this one. Choose a later day.", field="next_review_on")
    period = named_period(form.kind, form.period, on)
    if form.kind in (ReviewKind.MONTHLY, ReviewKind.LONG_RUNNING, ReviewKind.QUARTERLY):
        same = [r for r in work.all(Review, priority_id=priority.id, period=period) if r.kind is form.kind]
        if same:
            raise BadInput(
                f"The {form.kind} review of {ref(priority)} for {period_words(period)} is recorded already: "
                f"{ref(same[0])}. Correct that one, or name another period.",
                field="period",
            )
    return on, period


def _named_sample(work: Work, person: Person, form: RecordReview) -> Sample | None:
    return open_record(work, person, Sample, form.sample, RIGHT_TO[form.kind])[0] if form.sample else None


def _fits_kind(account: Account, priority: Priority, form: RecordReview, sample: Sample | None) -> None:
    """Raise BadInput for a judgement without a follow-up, and for a sample that is no follow-up of the priority."""
    if form.kind is ReviewKind.ASSURANCE and all(s.baseline for s in account.samples_of(priority)):
        raise BadInput(
            f"{ref(priority)} has no follow-up sample to judge yet. Record one first: /sip sample.", field="judgement"
        )
    if sample is None:
        return
    if sample not in account.samples_of(priority):
        raise BadInput(f"{ref(sample)} is no sample of {ref(priority)}. Choose one of its own.", field="sample")
    if sample.baseline:
        raise BadInput(f"{ref(sample)} is the baseline itself. Choose the follow-up to compare.", field="sample")


def _movement(account: Account, priority: Priority, form: RecordReview, sample: Sample | None) -> tuple[str, ...]:
    """The movement of every measure; a reassessment's is that of the one sample it names."""
    if form.kind is not ReviewKind.REASSESSMENT or sample is None:
        return moved(account, priority)
    measure = account.measure(sample.measure_id)
    baseline = next((s for s in account.samples_of(measure) if s.baseline), None) if measure else None
    if measure is None or baseline is None:
        raise BadInput(f"{ref(sample)} has no baseline to compare with.", field="sample")
    found = movement_between(measure, baseline, sample)
    words = (
        f"{ref(measure)} {measure.name} ({measure.lens}): {found.sentence}",
        f"Baseline {ref(baseline)} of {day(baseline.on)}: {counted(measure, baseline)}.",
        f"Resample {ref(sample)} of {day(sample.on)}: {counted(measure, sample)}.",
        f"{found.in_words} {found.advice}".strip(),
        f"Rule: {found.rule}.",
    )
    return tuple(w for w in words if w)
