"""Priorities: opened with a full problem statement, their details and words changed with a reason."""

from bot.errors import Refusal
from bot.frameworks.catalogue import framework
from bot.plan import priorities
from bot.plan.access import open_service
from bot.plan.people import Person, Right
from bot.plan.priorities import ChangeRisk, ExtendPriority, NewPriority, Priority, RevisePriority, open_live
from bot.plan.saving import unchanged
from bot.timing.workdays import local_date
from handlers import coach
from handlers.callers import met
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb
from handlers.places import services_here
from handlers.views import parts
from handlers.views import priorities as views
from handlers.words import first_ref


def new(call: Call) -> Answer | None:
    """Open the form; words typed after the verb become the short name."""
    with call.desk.store.reading() as work:
        here = services_here(work, call, Right.PRIORITY)
    chosen = here[0].id if len(here) == 1 else None
    call.open(views.new_form(here, framework(here[0].framework).topics, chosen=chosen, title=call.text))
    return None


def submit(call: Call) -> Show:
    """The problem statement was filled in."""
    values = {k: v for k, v in call.values.items() if v is not None}
    form = NewPriority.model_validate({**call.meta, **values, "request_id": call.request_id})
    with call.transaction() as work:
        service = open_service(work, call.person, form.service_id, Right.PRIORITY)
        priority = priorities.open_new(work, call.person, form, call.now, local_date(call.now, service.zone))
    answer = views.opened(priority)
    return Show(parts.said("Saved", answer.text, answer.blocks))


def _meant(call: Call, verb: str) -> tuple[Priority, Person | None]:
    """The live priority that a button carries or words name, and its lead. Raises Refusal without one."""
    typed = str(call.value.get("priority") or first_ref(call.text, Priority)[0])
    if not typed:
        raise Refusal(f"Say which priority, for example /sip {verb} P3. /sip status lists them.")
    with call.desk.store.reading() as work:
        priority, _ = open_live(work, call.person, typed, Right.PRIORITY)
        return priority, work.get(Person, priority.lead_id)


def edit(call: Call) -> None:
    """Open the details of a priority: affected areas, lead, risk, target date."""
    priority, lead = _meant(call, "priority edit")
    call.open(views.edit_form(priority, lead))


def submit_edit(call: Call) -> Show:
    """Details were changed: each change is kept for itself, under the one reason."""
    values, reason = call.values, call.values.get("reason")
    slack_id = values.get("lead_id")
    lead = met(call.desk, call.client, call.person.workspace_id, slack_id, call.now) if slack_id else None
    with call.transaction() as work:
        before, service = open_live(work, call.person, str(call.meta["priority"]), Right.PRIORITY)
        now = {"priority": before.id, "reason": reason}
        words = {"affected_areas": values.get("affected_areas") or "", "lead_id": lead.id if lead else before.lead_id}
        target = values.get("target_on") or None
        risk = values.get("risk") or before.risk
        worded = any(getattr(before, name) != value for name, value in words.items())
        raised = risk != before.risk
        later = target is not None and target != (before.target_on and before.target_on.isoformat())
        if raised or later:
            # A form opened on what has changed since is refused even where the words stay as they are.
            unchanged(work, before, call.meta.get("v"))
        ids = iter([call.request_id, f"{call.request_id}.2", f"{call.request_id}.3"])
        after = before
        if worded or not (raised or later):
            form = RevisePriority.model_validate(
                {**now, **words, "version": call.meta.get("v"), "request_id": next(ids)}
            )
            after = priorities.revise(work, call.person, form, call.now)
        if raised:
            change = ChangeRisk.model_validate({**now, "risk": risk, "request_id": next(ids)})
            after = priorities.change_risk(work, call.person, change, call.now)
        if later:
            extend = ExtendPriority.model_validate({**now, "target_on": target, "request_id": next(ids)})
            today = local_date(call.now, service.zone)
            after = priorities.extend(work, call.person, extend, call.now, today)
        answer = views.edited(after, work.get(Person, after.lead_id))
    return Show(parts.said("Saved", answer.text, answer.blocks))


def reword(call: Call) -> None:
    """Open the words of a priority: its problem statement, why it matters, its evidence base."""
    priority, _ = _meant(call, "priority revise")
    call.open(views.reword_form(priority))


def submit_reword(call: Call) -> Show:
    """Words were changed; what they were stays in the journal."""
    named = {"priority": call.meta["priority"], "version": call.meta.get("v"), "request_id": call.request_id}
    form = RevisePriority.model_validate({**call.values, **named})
    with call.transaction() as work:
        priority = priorities.revise(work, call.person, form, call.now)
        answer = views.edited(priority, work.get(Person, priority.lead_id))
    return Show(parts.said("Saved", answer.text, answer.blocks))


FEATURE = Feature(
    name="priorities",
    verbs=(
        Verb(
            "priority new",
            "Open a priority with its problem statement",
            new,
            usage="[short name]",
            also=("new priority",),
        ),
        Verb("priority edit", "Change a priority's areas, lead, risk or target date", edit, usage="P3"),
        Verb("priority revise", "Change the problem statement of a priority", reword, usage="P3"),
    ),
    buttons=(Button("priority.new", new), Button("priority.edit", edit), Button("priority.revise", reword)),
    forms=(
        Form("priority.form", submit, coach=coach.priority),
        Form("priority_edit.form", submit_edit),
        Form("priority_revise.form", submit_reword, coach=coach.priority),
    ),
)
