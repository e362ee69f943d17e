"""Samples put right or taken back; what they said stays on record."""

from bot.errors import Refusal
from bot.plan import corrections
from bot.plan.access import open_record, ref
from bot.plan.corrections import CorrectSample, Withdraw
from bot.plan.measures import Measure
from bot.plan.people import Right
from bot.plan.samples import Sample
from bot.timing.workdays import local_date
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb
from handlers.samples import taken_of, touched
from handlers.views import parts
from handlers.views import samples as views
from handlers.views.signals import withdraw_form
from handlers.words import first_ref

UNDONE = "Taken back with Undo."


def undo(call: Call) -> Answer:
    """Take back a sample just recorded."""
    return _withdrawn(call, Withdraw(record=call.value["sample"], reason=UNDONE, request_id=call.request_id))


def named_sample(call: Call, verb: str) -> tuple[str, str]:
    """The sample that a button carries or words name, and the words after it. Raises Refusal without one."""
    typed, rest = first_ref(call.text, Sample)
    named = str(call.value.get("sample") or typed)
    if not named:
        raise Refusal(f"Say which sample, for example /sip {verb} X9. /sip register 4 lists them.")
    return named, rest


def open_withdraw(call: Call) -> Answer | None:
    """`/sip sample withdraw X9 reason` at once, without a reason a form."""
    named, reason = named_sample(call, "sample withdraw")
    if reason:
        return _withdrawn(call, Withdraw(record=named, reason=reason, request_id=call.request_id))
    with call.desk.store.reading() as work:
        sample, _ = open_record(work, call.person, Sample, named, Right.SAMPLE)
        measure = work.get(Measure, sample.measure_id)
    call.open(withdraw_form(sample, f"{measure.name if measure else ''}, {parts.day(sample.on)}"))
    return None


def submit_withdraw(call: Call) -> Show:
    """A reason was given."""
    form = Withdraw.model_validate({**call.values, "record": call.meta["sample"], "request_id": call.request_id})
    answer = _withdrawn(call, form)
    return Show(parts.said("Taken back", answer.text, answer.blocks))


def _withdrawn(call: Call, form: Withdraw) -> Answer:
    with call.transaction() as work:
        sample = corrections.withdraw_sample(work, call.person, form, call.now)
        touched(work, call, sample)
        return views.withdrawn(sample, work.get(Measure, sample.measure_id), form.reason)


def open_correct(call: Call) -> None:
    """Open a sample as a form."""
    named, _ = named_sample(call, "sample correct")
    with call.desk.store.reading() as work:
        sample, _ = open_record(work, call.person, Sample, named, Right.SAMPLE)
        measure = work.get(Measure, sample.measure_id)
    if measure is None:
        raise Refusal(f"The measure of {ref(sample)} is gone. Nothing was changed.")
    call.open(views.correct_form(sample, measure))


def submit_correct(call: Call) -> Show:
    """A sample was put right."""
    texts = {"sampled", "findings", "in_their_words"}
    given = {k: (v or "") if k in texts else v for k, v in call.values.items()}
    form = CorrectSample.model_validate({**given, "sample": call.meta["sample"], "request_id": call.request_id})
    with call.transaction() as work:
        _, service = open_record(work, call.person, Sample, form.sample, Right.SAMPLE)
        sample = corrections.correct_sample(work, call.person, form, call.now, local_date(call.now, service.zone))
        answer = views.recorded(taken_of(work, call, sample, service), corrected=True)
    return Show(parts.said("Corrected", answer.text, answer.blocks))


FEATURE = Feature(
    name="sample corrections",
    verbs=(
        Verb("sample correct", "Correct a sample; what it said stays on record", open_correct, usage="X9"),
        Verb("sample withdraw", "Take a sample back, with the reason", open_withdraw, usage="X9 [why]"),
    ),
    buttons=(
        Button("sample.undo", undo),
        Button("sample.correct", open_correct),
        Button("sample.withdraw", open_withdraw),
    ),
    forms=(
        Form("sample_correct.form", submit_correct),
        Form("sample_withdraw.form", submit_withdraw),
    ),
)
