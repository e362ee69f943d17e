"""Findings: what waits for an answer, and the action or reason that answers it."""

from bot.errors import Refusal
from bot.plan import findings
from bot.plan.access import open_record, parse_ref, ref
from bot.plan.actions import Action, ActionStatus
from bot.plan.findings import AnswerFinding, Finding, is_answered, is_finding
from bot.plan.measures import Measure
from bot.plan.people import Right
from bot.plan.priorities import Priority
from bot.plan.readings import counted
from bot.plan.samples import Sample
from bot.plan.signals import Signal
from bot.work import Work
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb
from handlers.places import may_somewhere, services_here
from handlers.views import findings as views
from handlers.views import parts
from handlers.words import first_ref


def answer(call: Call) -> Answer | None:
    """`/sip answer S5 A12`, or `/sip answer S5` and why none is needed; the button opens the form."""
    typed, rest = first_ref(call.text, Signal, Sample)
    if not typed:
        raise Refusal("Say which finding and what answers it, for example /sip answer S5 A12. /sip signals lists them.")
    action = rest if parse_ref(rest, Action) is not None else ""
    if not rest:
        open_answer(call, typed)
        return None
    form = AnswerFinding(finding=typed, action=action, reason="" if action else rest, request_id=call.request_id)
    return _answered(call, form)


def open_answer(call: Call, typed: str = "") -> None:
    """The form: an action of the priority, or the reason for none."""
    named = typed or str(call.value["finding"])
    with call.desk.store.reading() as work:
        finding = finding_named(work, call, named)
        threads = findings.threads_of(work, finding)
        listed = work.all(Action, order="number", priority_id=threads) if threads else []
        words = about(work, finding)
    if finding.priority_id is None:
        raise Refusal(f"Link {ref(finding)} to a priority first; then an action of it can answer.")
    call.open(views.answer_form(finding, words, [a for a in listed if a.status is not ActionStatus.CANCELLED]))


def finding_named(work: Work, call: Call, named: str) -> Finding:
    """A signal or sample by reference or id, for somebody who may answer it. Raises NotFound, NotAllowed."""
    if parse_ref(named, Sample) is not None or work.get(Sample, named) is not None:
        return open_record(work, call.person, Sample, named, Right.PLAN)[0]
    return open_record(work, call.person, Signal, named, Right.PLAN)[0]


def about(work: Work, finding: Finding) -> str:
    """What a finding says, in words."""
    if isinstance(finding, Signal):
        return finding.summary
    measure = work.get(Measure, finding.measure_id)
    found = f" {finding.findings}" if finding.findings else ""
    return (
        f"{measure.name}: {counted(measure, finding)}, which misses its target.{found}" if measure else finding.findings
    )


def submit_answer(call: Call) -> Show:
    """The form was filled in."""
    given = {"action": call.values.get("action") or "", "reason": call.values.get("reason") or ""}
    form = AnswerFinding.model_validate({**given, "finding": call.meta["finding"], "request_id": call.request_id})
    said = _answered(call, form)
    return Show(parts.said("Saved", said.text, said.blocks))


def _answered(call: Call, form: AnswerFinding) -> Answer:
    with call.transaction() as work:
        finding = findings.answer(work, call.person, form, call.now)
        return views.answered(finding, work.get(Action, finding.answered_by))


def waiting(call: Call) -> Answer:
    """Findings without an answer and signals without a priority."""
    with call.desk.store.reading() as work:
        services = services_here(work, call, Right.READ)
        ids = [s.id for s in services]
        every = work.all(Signal, order="on", service_id=ids, withdrawn_at=None)
        failed = work.all(Sample, order="on", service_id=ids, withdrawn_at=None, failed=True)
        acts = {a.id: a for a in work.all(Action, service_id=ids)}
        threads = {p.id: p for p in work.all(Priority, service_id=ids)}
        among: list[Finding] = [*every, *failed]
        open_ = [f for f in among if is_finding(f) and not is_answered(f, acts.get(f.answered_by or ""))]
        listed = [(f, about(work, f)) for f in sorted(open_, key=lambda f: f.on)]
        may_answer = may_somewhere(work, call, services, Right.PLAN)
        may_link = may_somewhere(work, call, services, Right.EVIDENCE)
    loose = [s for s in every if s.priority_id is None]
    where = ", ".join(s.name for s in services)
    return views.listing(loose, listed, threads, where, may_answer=may_answer, may_link=may_link)


FEATURE = Feature(
    name="findings",
    verbs=(
        Verb(
            "signals",
            "Findings without an answer and signals without a priority",
            waiting,
            also=("findings",),
            reads=True,
        ),
        Verb("answer", "Answer a finding by an action, or say why none is needed", answer, usage="S5 A12"),
    ),
    buttons=(Button("signals.show", waiting), Button("finding.answer", open_answer)),
    forms=(Form("finding.form", submit_answer),),
)
