"""Closing a priority through its gate, and reopening one whose problem came back."""

from typing import Any

from bot.errors import Refusal
from bot.plan import splitting
from bot.plan.access import open_record, ref, rights_in
from bot.plan.account import load
from bot.plan.closing import closable_on, obstacles
from bot.plan.people import Person, Right
from bot.plan.priorities import Priority, PriorityStatus, carried_on, is_live, open_live
from bot.plan.reviews import Decision, ReviewKind
from bot.plan.splitting import ReopenPriority
from bot.timing.workdays import local_date
from handlers import jobs, reviews
from handlers.callers import met
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb
from handlers.places import priorities_here, services_here
from handlers.views import closing as views
from handlers.views import parts
from handlers.views.review_form import Sheet
from handlers.views.reviews import choose_priority
from handlers.words import first_ref


def close(call: Call) -> Answer | None:
    """`/sip close P3` or the button: the form where the gate lets it through, else what stands in the way."""
    typed = str(call.value.get("priority") or "") or first_ref(call.text, Priority)[0]
    if not typed:
        with call.desk.store.reading() as work:
            listed = priorities_here(work, services_here(work, call, Right.PRIORITY))
        return choose_priority(listed, "priority.close", "Which priority is closed?", "No priority is open.")
    with call.desk.store.reading() as work:
        priority, service = open_live(work, call.person, typed, Right.PRIORITY)
        rights = rights_in(work, call.person, service)
        account = load(work, service)
    sheet = Sheet(
        account=account,
        priority=priority,
        kind=ReviewKind.GOVERNANCE,
        period="",
        person=call.person,
        today=local_date(call.now, service.zone),
    )
    if not closable_on(account, priority, call.person):
        newest = next((s for s in reversed(account.samples_of(priority)) if not s.baseline), None)
        return views.obstructed(sheet, obstacles(account, priority, call.person, newest), rights)
    call.open(views.close_form(sheet))
    return None


def submit_close(call: Call) -> Show:
    """The closing review was filled in; the gate has the last word."""
    decided: dict[str, Any] = {"kind": ReviewKind.GOVERNANCE, "decision": Decision.CLOSE}
    return reviews.recorded(call, {**call.values, **call.meta, **decided})


def reopen(call: Call) -> Answer | None:
    """`/sip reopen P3` or the button."""
    typed = str(call.value.get("priority") or "") or first_ref(call.text, Priority)[0]
    if not typed:
        with call.desk.store.reading() as work:
            found = priorities_here(work, services_here(work, call, Right.PRIORITY), closed=True)
        closed = [p for p in found if p.status is PriorityStatus.CLOSED]
        return choose_priority(closed, "priority.reopen", "Which priority is reopened?", "No priority is closed.")
    with call.desk.store.reading() as work:
        priority, _ = open_record(work, call.person, Priority, typed, Right.PRIORITY)
        if is_live(priority):
            raise Refusal(f"{ref(priority)} is not closed, so there is nothing to reopen.")
        carried_on(work, priority, "priority")
        lead = work.get(Person, priority.lead_id)
    call.open(views.reopen_form(priority, lead.slack_id if lead and lead.active else None))
    return None


def submit_reopen(call: Call) -> Show:
    """A closed priority goes on as another."""
    values = {name: value for name, value in call.values.items() if value is not None}
    slack_id = values.pop("lead_id", None)
    lead = met(call.desk, call.client, call.person.workspace_id, slack_id, call.now) if slack_id else None
    given = {**values, **call.meta, "lead_id": lead.id if lead else None, "request_id": call.request_id}
    form = ReopenPriority.model_validate(given)
    with call.transaction() as work:
        _, service = open_record(work, call.person, Priority, form.priority, Right.PRIORITY)
        today = local_date(call.now, service.zone)
        closed, again = splitting.reopen(work, call.person, form, call.now, today)
        told = work.get(Person, again.lead_id)
        if told:
            jobs.tell(work, call, told, service, views.came_back(closed, again, form.reason, call.person.name))
        for each in {call.person.id, again.lead_id}:
            jobs.home(work, call, each)
    answer = views.reopened(closed, again, form.reason)
    return Show(parts.said("Saved", answer.text, answer.blocks))


FEATURE = Feature(
    name="closing",
    verbs=(
        Verb(
            "close",
            "Close a priority on a sample that shows it, or see what stands in the way",
            close,
            usage="P3",
            reads=True,
        ),
        Verb("reopen", "Reopen a closed priority whose problem came back", reopen, usage="P3", reads=True),
    ),
    buttons=(Button("priority.close", close), Button("priority.reopen", reopen)),
    forms=(Form("close.form", submit_close), Form("reopen.form", submit_reopen)),
)
