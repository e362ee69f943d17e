"""Samples: recorded in words or a form, and told with what honestly moved."""

import re
from dataclasses import replace
from typing import Any

from bot.errors import Refusal
from bot.plan import sampling
from bot.plan.access import holders, open_record, ref, roles_in
from bot.plan.actions import Milestone
from bot.plan.measures import Measure, MeasureKind
from bot.plan.milestones import open_milestone, waiting
from bot.plan.people import Person, Right, Role, may
from bot.plan.priorities import Priority
from bot.plan.readings import reading_of
from bot.plan.samples import Sample, samples_under
from bot.plan.sampling import RecordSample
from bot.plan.services import Service
from bot.timing.workdays import local_date
from bot.work import Work
from handlers import jobs, reminders
from handlers.callers import met
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb
from handlers.places import priorities_here, services_here
from handlers.views import parts
from handlers.views import samples as views
from handlers.views.samples import Draft, Taken
from handlers.words import first_ref

_KIND = re.compile(r"^(baseline|follow-?up)\b[:,]?\s*", re.IGNORECASE)
_SHARE = re.compile(r"^(\d{1,6})\s*(?:/|out of|of)\s*(\d{1,6})\b[:,]?\s*", re.IGNORECASE)
_PERIODS = r"\s+in\s+(\d{1,3}(?:\.\d+)?)(?:\s+(?:day|week|month|quarter|year)s?)?"
_COUNT = re.compile(rf"^(\d{{1,6}})(?:{_PERIODS})?(?:[:,]?\s+|$)", re.IGNORECASE)


def drafted(kind: MeasureKind, text: str) -> tuple[str, Draft]:
    """Typed figures: `baseline 17/20 handover sheets` of a proportion, `3 in 2 months` of a count. The first value is
    "baseline" or "follow-up" where it was said."""
    said = _KIND.match(text)
    text = text[said.end() :] if said else text
    which = said[1].lower() if said else ""
    # A share that is typed for a count is read as a share all the same: the rule refuses it, nothing is guessed.
    share = _SHARE.match(text)
    found = share or (_COUNT.match(text) if kind is MeasureKind.COUNT else None)
    if found is None:
        return which, Draft(sampled=text)
    rest = text[found.end() :].strip()
    if not share:
        return which, Draft(count=found[1], periods=found[2] or "", sampled=rest)
    return which, Draft(met=found[1], n=found[2], sampled=rest)


def record(call: Call) -> Answer | None:
    """`/sip sample M4 17/20 handover sheets read` saves at once; anything less opens the form."""
    typed, rest = first_ref(call.text, Measure)
    if not typed:
        return open_form(call)
    with call.desk.store.reading() as work:
        measure, service = open_record(work, call.person, Measure, typed, Right.SAMPLE)
        kind, draft = drafted(measure.kind, rest)
        today = local_date(call.now, service.zone)
        first = not samples_under(work, measure.id)
        due = [m for m in waiting(work, measure.priority_id) if m.on <= today]
    if not (draft.count or draft.n):
        return open_typed(call)
    baseline = kind == "baseline" if kind else first
    figures = {"n": draft.n, "met": draft.met, "count": draft.count, "periods": draft.periods}
    answers = due[0].id if due and not baseline else None
    form = RecordSample.model_validate(
        {
            **figures,
            "measure": measure.id,
            "baseline": baseline,
            "sampled": draft.sampled,
            "milestone": answers,
            "request_id": call.request_id,
        }
    )
    return _recorded(call, form)


def open_typed(call: Call) -> Answer | None:
    """The form with what was typed in it."""
    typed, rest = first_ref(call.text, Measure)
    if not typed:
        return open_form(call)
    with call.desk.store.reading() as work:
        measure, service = open_record(work, call.person, Measure, typed, Right.SAMPLE)
        view = _view(work, call, measure, service, drafted(measure.kind, rest)[1])
    call.open(view)
    return None


def open_form(call: Call) -> Answer | None:
    """Open the form of the measure that is meant, or ask which one is; what was typed goes with it."""
    typed = first_ref(call.text, Priority)[1]
    with call.desk.store.reading() as work:
        where, found, milestone = _meant(work, call)
        if not found:
            return views.nothing_to_sample(where)
        if len(found) == 1:
            measure, service = open_record(work, call.person, Measure, found[0].id, Right.SAMPLE)
            view = _view(work, call, measure, service, replace(drafted(measure.kind, typed)[1], milestone_id=milestone))
        else:
            threads = {m.priority_id: work.get(Priority, m.priority_id) for m in found}
            listed = [(m, p) for m in found if (p := threads[m.priority_id])]
            meta = {"milestone": milestone} if milestone else {}
            view = views.measure_form(listed, parts.fitting({**meta, "typed": typed}, "typed"))
    call.open(view)
    return None


def _meant(work: Work, call: Call) -> tuple[str, list[Measure], str | None]:
    """Where one looked, the measures that a button, words or the place may mean, and the review point to answer."""
    if named := call.value.get("measure"):
        measure, _ = open_record(work, call.person, Measure, named, Right.SAMPLE)
        return ref(measure), [measure], None
    point = None
    if call.value.get("milestone"):
        point, _ = open_milestone(work, call.person, call.value["milestone"], Right.SAMPLE)
    thread = point.priority_id if point else str(call.value.get("priority") or first_ref(call.text, Priority)[0])
    if thread:
        priority, _ = open_record(work, call.person, Priority, thread, Right.SAMPLE)
        threads, where = [priority], f"{ref(priority)} {priority.title}"
    else:
        services = services_here(work, call, Right.SAMPLE)
        threads, where = priorities_here(work, services, closed=True), ", ".join(s.name for s in services)
    found = work.all(Measure, order="number", priority_id=[p.id for p in threads]) if threads else []
    return where, found, point.id if point else None


def _view(
    work: Work, call: Call, measure: Measure, service: Service, draft: Draft, *, more: bool = False
) -> dict[str, Any]:
    today = local_date(call.now, service.zone)
    baseline = next((s for s in samples_under(work, measure.id) if s.baseline), None)
    points = waiting(work, measure.priority_id)
    due = [m.id for m in points if m.on <= today]
    if draft.milestone_id is None and due:
        draft = replace(draft, milestone_id=due[0])
    return views.form(measure, baseline, points, today, draft, more=more)


def choose_measure(call: Call) -> Show:
    """A measure was chosen; the form of its sample takes the place of the question."""
    with call.desk.store.reading() as work:
        measure, service = open_record(work, call.person, Measure, call.values.get("measure") or "", Right.SAMPLE)
        _, draft = drafted(measure.kind, str(call.meta.get("typed") or ""))
        draft = replace(draft, milestone_id=call.meta.get("milestone"))
        return Show(_view(work, call, measure, service, draft))


def more(call: Call) -> None:
    """Show the rarer inputs too; what is typed stays."""
    with call.desk.store.reading() as work:
        measure, service = open_record(work, call.person, Measure, str(call.meta["measure"]), Right.SAMPLE)
        view = _view(work, call, measure, service, Draft(), more=True)
    call.change(view)


def submit(call: Call) -> Show:
    """The form was filled in."""
    given = {k: v for k, v in call.values.items() if v is not None}
    people = [met(call.desk, call.client, call.person.workspace_id, one, call.now) for one in given.pop("with_ids", ())]
    apart = (given.get("not_comparable_reason") or "").strip()
    form = RecordSample.model_validate(
        {
            **given,
            **call.meta,
            "with_ids": tuple(p.id for p in people),
            "comparable": not apart,
            "request_id": call.request_id,
        }
    )
    answer = _recorded(call, form)
    return Show(parts.said("Saved", answer.text, answer.blocks))


def _recorded(call: Call, form: RecordSample) -> Answer:
    with call.transaction() as work:
        _, service = open_record(work, call.person, Measure, form.measure, Right.SAMPLE)
        sample = sampling.record(work, call.person, form, call.now, local_date(call.now, service.zone))
        taken = taken_of(work, call, sample, service)
        touched(work, call, sample)
        judge = _judge(work, service)
        if judge and not taken.may_judge and not sample.baseline:
            jobs.tell(work, call, judge, service, views.asked_to_judge(taken, call.person.name))
        return views.recorded(taken)


def _judge(work: Work, service: Service) -> Person | None:
    found = holders(work, service, [Role.QUALITY_LEAD]) or holders(work, service, [Role.REGISTERED_MANAGER])
    return found[0] if found else None


def taken_of(work: Work, call: Call, sample: Sample, service: Service) -> Taken:
    """What the answer to a sample tells: what moved, and who may do what next."""
    measure, priority = work.get(Measure, sample.measure_id), work.get(Priority, sample.priority_id)
    if measure is None or priority is None:
        raise Refusal(f"The measure of {ref(sample)} is gone. Nothing was changed.")
    until = [s for s in samples_under(work, measure.id) if s.baseline or (s.on, s.number) <= (sample.on, sample.number)]
    judge, roles = _judge(work, service), roles_in(work, call.person, service.id)
    return Taken(
        sample=sample,
        measure=measure,
        priority=priority,
        reading=reading_of(measure, until),
        may_judge=may(roles, Right.ASSURE),
        may_answer=may(roles, Right.PLAN),
        judge=judge.name if judge else "",
        answers=work.get(Milestone, sample.milestone_id),
    )


def touched(work: Work, call: Call, sample: Sample) -> None:
    """The reminders that asked for this sample say that it came, or that it was taken back."""
    milestone = work.get(Milestone, sample.milestone_id)
    if milestone:
        reminders.touch(work, milestone, call.now)


FEATURE = Feature(
    name="samples",
    verbs=(
        Verb(
            "sample",
            "Record a sample of a measure; the answer says what moved",
            record,
            usage="[M4 17/20 what was sampled]",
            also=("sample new", "record sample"),
            form=open_typed,
        ),
    ),
    buttons=(
        Button("sample.open", open_form),
        Button("sample.more", more),
    ),
    forms=(
        Form("sample_measure.form", choose_measure),
        Form("sample.form", submit),
    ),
)
