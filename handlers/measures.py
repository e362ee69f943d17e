"""Measures: defined for a priority, shown with what moved, given another target or name, re-based."""

from bot.errors import Refusal
from bot.plan import measures
from bot.plan.access import open_record, parse_ref, ref
from bot.plan.measures import ChangeMeasure, DefineMeasure, Measure, RebaseMeasure, RetargetMeasure
from bot.plan.people import Right
from bot.plan.priorities import Priority, is_live
from bot.plan.readings import reading_of
from bot.plan.samples import samples_under
from bot.timing.workdays import local_date
from bot.work import Work
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb
from handlers.places import priorities_here, services_here
from handlers.views import measures as views
from handlers.views import parts
from handlers.views.measures import Shown
from handlers.words import first_ref


def new(call: Call) -> None:
    """Open the form; a priority and a name typed after the verb stand in it."""
    typed, name = first_ref(call.text, Priority)
    typed = str(call.value.get("priority") or typed)
    with call.desk.store.reading() as work:
        chosen = None
        if typed:
            chosen, service = open_record(work, call.person, Priority, typed, Right.MEASURE)
            services = [service]
        else:
            services = services_here(work, call, Right.MEASURE)
        listed = priorities_here(work, services)
    if chosen and not is_live(chosen):
        raise Refusal(f"{ref(chosen)} is closed. Reopen it before defining measures.")
    if not listed:
        raise Refusal("There is no open priority to measure. Open one with /sip priority new.")
    call.open(views.define_form(listed, chosen, name if not call.value else ""))


def submit_new(call: Call) -> Show:
    """A measure was filled in."""
    given = {k: v for k, v in call.values.items() if v is not None}
    how = views.how_of(given.pop("how", None))
    form = DefineMeasure.model_validate({**call.meta, **given, **how, "request_id": call.request_id})
    with call.transaction() as work:
        measure = measures.define(work, call.person, form, call.now)
        answer = views.defined(measure, work.get(Priority, measure.priority_id))
    return _window("Saved", answer)


def _window(title: str, answer: Answer) -> Show:
    return Show(parts.said(title, answer.text, answer.blocks))


def show(call: Call) -> Answer:
    """`/sip measure M4` one, `/sip measure P3` those of a priority, alone those of the service's live priorities."""
    typed, _ = first_ref(call.text, Measure, Priority)
    named = str(call.value.get("measure") or typed)
    with call.desk.store.reading() as work:
        if named and parse_ref(named, Priority) is None:
            measure, _ = open_record(work, call.person, Measure, named, Right.READ)
            return views.page(_shown(work, measure))
        if named:
            priority, _ = open_record(work, call.person, Priority, named, Right.READ)
            listed, where = [priority], f"{ref(priority)} {priority.title}"
        else:
            services = services_here(work, call, Right.READ)
            listed, where = priorities_here(work, services), ", ".join(s.name for s in services)
        found = work.all(Measure, order="number", priority_id=[p.id for p in listed]) if listed else []
        return views.listing([_shown(work, m) for m in found], where)


def _shown(work: Work, measure: Measure) -> Shown:
    priority = work.get(Priority, measure.priority_id)
    if priority is None:
        raise Refusal(f"The priority of {ref(measure)} is gone.")
    return Shown(reading=reading_of(measure, samples_under(work, measure.id)), priority=priority)


def named_measure(call: Call, verb: str, right: Right) -> tuple[Measure, str]:
    """The measure that a button carries or words name, and the words after it. Raises Refusal without one."""
    typed, rest = first_ref(call.text, Measure)
    named = str(call.value.get("measure") or typed)
    if not named:
        raise Refusal(f"Say which measure, for example /sip {verb} M4. /sip measures lists them.")
    with call.desk.store.reading() as work:
        return open_record(work, call.person, Measure, named, right)[0], rest


def open_retarget(call: Call) -> Answer | None:
    """`/sip measure retarget M4 90 % the commissioner asks for it` at once; anything less opens the form."""
    measure, rest = named_measure(call, "measure retarget", Right.RETARGET)
    target, _, reason = rest.replace(" %", "%", 1).partition(" ")
    if reason.strip():
        form = RetargetMeasure(measure=measure.id, target=target, reason=reason, request_id=call.request_id)
        return _retargeted(call, form)
    call.open(views.retarget_form(measure, target))
    return None


def submit_retarget(call: Call) -> Show:
    """A target was filled in."""
    form = RetargetMeasure.model_validate({**call.values, **call.meta, "request_id": call.request_id})
    return _window("Saved", _retargeted(call, form))


def _retargeted(call: Call, form: RetargetMeasure) -> Answer:
    with call.transaction() as work:
        _, service = open_record(work, call.person, Measure, form.measure, Right.RETARGET)
        today = local_date(call.now, service.zone)
        return views.retargeted(measures.retarget(work, call.person, form, call.now, today))


def open_rebase(call: Call) -> None:
    """The form for limits computed anew."""
    measure, _ = named_measure(call, "measure rebase", Right.MEASURE)
    with call.desk.store.reading() as work:
        _, service = open_record(work, call.person, Measure, measure.id, Right.MEASURE)
    call.open(views.rebase_form(measure, local_date(call.now, service.zone)))


def submit_rebase(call: Call) -> Show:
    """A day and a reason were filled in."""
    form = RebaseMeasure.model_validate({**call.values, **call.meta, "request_id": call.request_id})
    with call.transaction() as work:
        _, service = open_record(work, call.person, Measure, form.measure, Right.MEASURE)
        today = local_date(call.now, service.zone)
        measure = measures.rebase(work, call.person, form, call.now, today)
    return _window("Saved", views.rebased(measure, form.on or today))


def open_change(call: Call) -> None:
    """The form that changes a measure."""
    measure, _ = named_measure(call, "measure change", Right.MEASURE)
    with call.desk.store.reading() as work:
        taken = samples_under(work, measure.id)
    call.open(views.change_form(measure, taken))


def submit_change(call: Call) -> Show:
    """A measure was changed."""
    given = dict(call.values)
    how = views.how_of(given.pop("how", None))
    if "unit" in given:
        given["unit"] = given["unit"] or ""
    form = ChangeMeasure.model_validate(
        {**given, **how, "measure": call.meta["measure"], "version": call.meta.get("v"), "request_id": call.request_id}
    )
    with call.transaction() as work:
        measure = measures.change(work, call.person, form, call.now)
    return _window("Saved", views.changed(measure))


FEATURE = Feature(
    name="measures",
    verbs=(
        Verb(
            "measure new",
            "Define what shows whether a priority improves",
            new,
            usage="[P3] [what is measured]",
            form=new,
            also=("new measure", "measure define"),
        ),
        Verb(
            "measures",
            "What is measured and what moved",
            show,
            usage="[M4 or P3]",
            also=("measure", "movement"),
            reads=True,
        ),
        Verb("measure retarget", "Set another target, with the reason", open_retarget, usage="M4 [90 % why]"),
        Verb("measure rebase", "Compute a chart's limits anew from a day on", open_rebase, usage="M4"),
        Verb("measure change", "Change a measure; once sampled its name alone", open_change, usage="M4"),
    ),
    buttons=(
        Button("measure.new", new),
        Button("measure.show", show),
        Button("measures.show", show),
        Button("measure.retarget", open_retarget),
        Button("measure.rebase", open_rebase),
        Button("measure.change", open_change),
    ),
    forms=(
        Form("measure.form", submit_new),
        Form("measure_target.form", submit_retarget),
        Form("measure_rebase.form", submit_rebase),
        Form("measure_change.form", submit_change),
    ),
)
