"""What becomes of an action: assigned, revised, cancelled, checked, taken up again; and its owner is told."""

from bot.errors import BadInput, NotAllowed, Refusal
from bot.plan import revisions
from bot.plan.access import ref
from bot.plan.account import unverified
from bot.plan.actions import Action, ActionStatus, must_be_open, open_action
from bot.plan.entries import Entry, Evidence
from bot.plan.people import Person, Right
from bot.plan.revisions import AssignAction, CancelAction, ResumeAction, ReviseAction, VerifyAction, checked_by
from bot.plan.services import Service
from bot.work import Work
from handlers import coach, jobs
from handlers.callers import met
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb
from handlers.places import services_here
from handlers.views import parts
from handlers.views import revisions as views
from handlers.words import first_ref

VERDICTS = {"accept": True, "accepted": True, "ok": True, "return": False, "returned": False, "reject": False}


def named_action(call: Call, verb: str) -> tuple[str, str]:
    """The action that a button carries or words name, and the words after it. Raises Refusal without one."""
    typed, rest = first_ref(call.text, Action)
    named = str(call.value.get("action") or typed)
    if not named:
        raise Refusal(f"Say which action, for example /sip {verb} A12. /sip overdue and /sip status name them.")
    return named, rest


def _opened(call: Call, named: str, right: Right) -> tuple[Action, Person | None]:
    with call.desk.store.reading() as work:
        action, _ = open_action(work, call.person, named, right)
        return action, work.get(Person, action.owner_id)


def _window(title: str, answer: Answer) -> Show:
    return Show(parts.said(title, answer.text, answer.blocks))


def _owner(work: Work, action: Action) -> Person:
    owner = work.get(Person, action.owner_id)
    if owner is None:
        raise Refusal(f"The owner of {ref(action)} is gone. Assign it to somebody first.")
    return owner


def _told(work: Work, call: Call, action: Action, whom: Person, answer: Answer) -> None:
    service = work.get(Service, action.service_id)
    if service is not None:
        jobs.tell(work, call, whom, service, answer)


def open_assign(call: Call) -> None:
    """The form that names another owner."""
    named, _ = named_action(call, "action assign")
    action, owner = _opened(call, named, Right.PLAN)
    must_be_open(action)
    call.open(views.assign_form(action, owner))


def submit_assign(call: Call) -> Show:
    """Another owner was named; both are told."""
    chosen = call.values.get("owner_id")
    if not chosen:
        raise BadInput("Choose who takes it.", field="owner_id")
    owner = met(call.desk, call.client, call.person.workspace_id, chosen, call.now)
    form = AssignAction(
        action=call.meta["action"],
        owner_id=owner.id,
        reason=call.values.get("reason") or "",
        request_id=call.request_id,
    )
    with call.transaction() as work:
        action, revision = revisions.assign(work, call.person, form, call.now)
        jobs.changed(work, call, action)
        _told(work, call, action, owner, views.yours_now(action, call.person, form.reason))
        before = work.get(Person, revision.from_owner_id)
        if before is not None:
            jobs.home(work, call, before.id)
            _told(work, call, action, before, views.not_yours(action, owner, call.person))
    return _window("Assigned", views.assigned(action, owner))


def open_revise(call: Call) -> None:
    """An action as a form."""
    named, _ = named_action(call, "action revise")
    action, _ = _opened(call, named, Right.PLAN)
    must_be_open(action)
    call.open(views.revise_form(action))


def submit_revise(call: Call) -> Show:
    """An action says something else now; its owner is told."""
    form = ReviseAction.model_validate(
        {**call.values, "action": call.meta["action"], "version": call.meta.get("v"), "request_id": call.request_id}
    )
    with call.transaction() as work:
        action, revision = revisions.revise(work, call.person, form, call.now)
        jobs.changed(work, call, action)
        _told(work, call, action, _owner(work, action), views.revised_for_you(action, revision, call.person))
    return _window("Revised", views.revised(action, revision))


def open_cancel(call: Call) -> Answer | None:
    """`/sip action cancel A12 reason` at once, without a reason a form."""
    named, reason = named_action(call, "action cancel")
    if reason:
        return _cancelled(call, CancelAction(action=named, reason=reason, request_id=call.request_id))
    action, owner = _opened(call, named, Right.PLAN)
    call.open(views.reason_form("cancel", action, owner=owner.name if owner else ""))
    return None


def submit_cancel(call: Call) -> Show:
    """A reason was given."""
    form = CancelAction.model_validate({**call.values, **call.meta, "request_id": call.request_id})
    return _window("Cancelled", _cancelled(call, form))


def _cancelled(call: Call, form: CancelAction) -> Answer:
    with call.transaction() as work:
        action = revisions.cancel(work, call.person, form, call.now)
        jobs.changed(work, call, action)
        _told(work, call, action, _owner(work, action), views.cancelled_for_you(action, call.person))
        return views.cancelled(action)


def open_resume(call: Call) -> Answer | None:
    """`/sip action resume A12 reason` at once, without a reason a form."""
    named, reason = named_action(call, "action resume")
    if reason:
        return _resumed(call, ResumeAction(action=named, reason=reason, request_id=call.request_id))
    with call.desk.store.reading() as work:
        action, service = open_action(work, call.person, named, Right.READ)
        revisions.may_resume(work, call.person, action, service)
        owner = _owner(work, action)
    call.open(views.reason_form("resume", action, owner=owner.name))
    return None


def submit_resume(call: Call) -> Show:
    """A reason was given."""
    form = ResumeAction.model_validate({**call.values, **call.meta, "request_id": call.request_id})
    return _window("Taken up", _resumed(call, form))


def _resumed(call: Call, form: ResumeAction) -> Answer:
    with call.transaction() as work:
        action = revisions.resume(work, call.person, form, call.now)
        jobs.changed(work, call, action)
        owner = _owner(work, action)
        _told(work, call, action, owner, views.resumed_for_you(action, call.person, form.reason))
        return views.resumed(action, owner.name)


def verify(call: Call) -> Answer | None:
    """`/sip verify A12 accept what you found`, or `return` what is missing; `/sip verify` lists what waits."""
    typed, rest = first_ref(call.text, Action)
    if not typed:
        return waiting(call)
    word, _, found = rest.partition(" ")
    accepted = VERDICTS.get(word.lower().strip(",:."))
    if accepted is None or not found.strip():
        open_verify(call, typed, rest if accepted is None else found)
        return None
    form = VerifyAction(action=typed, accepted=accepted, found=found, request_id=call.request_id)
    return _checked(call, form)


def open_verify(call: Call, typed: str = "", found: str = "") -> None:
    """The form: what was promised, what was logged, what the check found."""
    with call.desk.store.reading() as work:
        action, _ = open_action(work, call.person, typed or str(call.value["action"]), Right.VERIFY)
        if action.status is not ActionStatus.DONE:
            by = f" {known}" if (known := checked_by(work, action)) else ""
            why = f"{ref(action)} is {action.status}, so there is nothing to check.{by}"
            raise Refusal(f"{why} /sip verify lists what is.")
        if call.person.id in (action.owner_id, action.done_by):
            raise NotAllowed(f"{ref(action)} is yours, and nobody checks their own work. Ask a colleague to verify it.")
        entries = work.all(Entry, order="on", action_id=action.id, withdrawn_at=None)
        kept = work.all(Evidence, record_kind="entry", record_id=[e.id for e in entries]) if entries else []
        owner = _owner(work, action)
    evidence = {e.id: sum(k.record_id == e.id for k in kept) for e in entries}
    call.open(views.verify_form(action, owner.name, entries, evidence, found))


def submit_verify(call: Call) -> Show:
    """A check was written down."""
    form = VerifyAction.model_validate(
        {
            "action": call.meta["action"],
            "version": call.meta.get("v"),
            "accepted": call.values.get("verdict") == views.ACCEPT,
            "found": call.values.get("found"),
            "request_id": call.request_id,
        }
    )
    return _window("Checked", _checked(call, form))


def _checked(call: Call, form: VerifyAction) -> Answer:
    with call.transaction() as work:
        action = revisions.verify(work, call.person, form, call.now)
        jobs.changed(work, call, action)
        owner = _owner(work, action)
        told = views.checked_for_you(action, call.person, accepted=form.accepted, found=form.found)
        _told(work, call, action, owner, told)
        left = len(unverified(work.all(Action, priority_id=action.priority_id)))
        return views.checked(action, owner.name, accepted=form.accepted, found=form.found, left=left)


def waiting(call: Call) -> Answer:
    """The done actions that wait for a check, the oldest first."""
    with call.desk.store.reading() as work:
        services = services_here(work, call, Right.READ)
        listed = work.all(Action, order="done_at", service_id=[s.id for s in services], status=ActionStatus.DONE)
        owners = work.all(Person, id=sorted({a.owner_id for a in listed})) if listed else []
    return views.waiting(listed, {p.id: p.name for p in owners}, call.person.id)


FEATURE = Feature(
    name="revisions",
    verbs=(
        Verb("action assign", "Give an action to another owner", open_assign, usage="A12", also=("assign",)),
        Verb(
            "action revise", "Change what an action says, with the reason", open_revise, usage="A12", also=("revise",)
        ),
        Verb("action cancel", "Give an action up, with the reason", open_cancel, usage="A12 [why]"),
        Verb(
            "action resume",
            "Take a cancelled or verified action up again",
            open_resume,
            usage="A12 [why]",
            also=("take up",),
        ),
        Verb(
            "verify",
            "Check a done action; alone it lists what waits",
            verify,
            usage="[A12 accept or return, what you found]",
            also=("check", "checks", "action verify"),
        ),
    ),
    buttons=(
        Button("action.assign", open_assign),
        Button("action.revise", open_revise),
        Button("action.cancel", open_cancel),
        Button("action.resume", open_resume),
        Button("action.verify", open_verify),
        Button("verify.show", waiting),
    ),
    forms=(
        Form("assign.form", submit_assign),
        Form("revise.form", submit_revise, coach=coach.action),
        Form("cancel.form", submit_cancel),
        Form("resume.form", submit_resume),
        Form("verify.form", submit_verify),
    ),
)
