"""Priorities: opened with a full problem statement."""

from bot.errors import Refusal
from bot.frameworks.catalogue import framework
from bot.plan import priorities
from bot.plan.access import ask_whom, open_service, services_of
from bot.plan.people import Right, who_may
from bot.plan.priorities import NewPriority
from bot.timing.workdays import local_date
from handlers import coach
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb
from handlers.views import parts
from handlers.views import priorities as views


def new(call: Call) -> Answer | None:
    """Open the form; words typed after the verb become the short name."""
    with call.desk.store.reading() as work:
        services = services_of(work, call.person, Right.PRIORITY)
        if not services:
            readable = services_of(work, call.person)
            whom = ask_whom(work, readable[0], Right.PRIORITY) if readable else "Ask them for a role with /sip setup."
            raise Refusal(f"Only a {who_may(Right.PRIORITY)} may {Right.PRIORITY.value}. {whom}")
        here = [s for s in services if s.channel_id == call.channel] or services
    chosen = here[0].id if len(here) == 1 else None
    call.open(views.new_form(here, framework(here[0].framework).topics, chosen=chosen, title=call.text))
    return None


def submit(call: Call) -> Show:
    """The problem statement was filled in."""
    values = {k: v for k, v in call.values.items() if v is not None}
    form = NewPriority.model_validate({**call.meta, **values, "request_id": call.request_id})
    with call.desk.store.transaction() as work:
        service = open_service(work, call.person, form.service_id, Right.PRIORITY)
        priority = priorities.open_new(work, call.person, form, call.now, local_date(call.now, service.zone))
    answer = views.opened(priority)
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
    ),
    buttons=(Button("priority.new", new),),
    forms=(Form("priority.form", submit, coach=coach.priority),),
)
