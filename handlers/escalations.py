"""Escalations: raised by words, button or form, answered by whoever was called on, concluded, listed."""

from bot.errors import Refusal
from bot.plan import escalations
from bot.plan.access import holders, open_record, parse_ref, ref, rights_in, roles_in
from bot.plan.escalations import (
    LEADERS,
    ConcludeEscalation,
    Escalation,
    RaiseEscalation,
    RespondEscalation,
    Response,
    is_waiting,
)
from bot.plan.people import ROLE_NAMES, Person, Right, Role
from bot.plan.priorities import Priority, open_live
from bot.plan.services import Service
from bot.work import Work
from handlers import jobs
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb
from handlers.places import priorities_here, services_here
from handlers.views import escalations as views
from handlers.views import parts
from handlers.views.escalations import Item
from handlers.views.reviews import choose_priority
from handlers.words import first_ref


def said(call: Call) -> Answer | None:
    """`/sip escalate P3 why` opens the form with the words in it; `/sip escalate L2` shows an escalation."""
    if parse_ref(call.text.split(" ")[0], Escalation) is not None:
        return one(call, call.text.split(" ")[0])
    typed, why = first_ref(call.text, Priority)
    if not typed:
        with call.desk.store.reading() as work:
            listed = priorities_here(work, services_here(work, call, Right.ESCALATE))
        return choose_priority(
            listed, "escalate.open", "Which priority is escalated?", "No priority is open, so nothing can be escalated."
        )
    open_raise(call, typed, why)
    return None


def open_raise(call: Call, typed: str, why: str = "", response: Response | None = None) -> None:
    """Open the form that raises an escalation."""
    with call.desk.store.reading() as work:
        priority, service = open_live(work, call.person, typed, Right.ESCALATE)
        roles = roles_in(work, call.person, service.id)
    mine = next((role for role in LEADERS if role in roles), Role.PROVIDER_OVERSIGHT)
    # Whoever comes with a response means to answer it; without one, the manager calls on the provider.
    to = mine if response or mine is Role.PROVIDER_OVERSIGHT else Role.PROVIDER_OVERSIGHT
    may_respond = response is not None or Role.PROVIDER_OVERSIGHT in roles
    call.open(views.raise_form(priority, why, to, response, may_respond=may_respond))


def raise_pressed(call: Call) -> None:
    """The button: {"priority", "response" and "why": optional}."""
    wanted = call.value.get("response")
    response = Response(wanted) if wanted in list(Response) else None
    open_raise(call, str(call.value["priority"]), str(call.value.get("why") or ""), response)


def submit_raise(call: Call) -> Show:
    """An escalation was filled in; a response chosen with it is kept at once."""
    values = {name: value for name, value in call.values.items() if value is not None}
    form = RaiseEscalation.model_validate({**values, "priority": call.meta["priority"], "request_id": call.request_id})
    with call.transaction() as work:
        priority, service = open_record(work, call.person, Priority, form.priority, Right.ESCALATE)
        escalation = escalations.raise_by_person(work, call.person, form, call.now)
        if values.get("response"):
            answer = RespondEscalation.model_validate(
                {**values, "escalation": escalation.id, "request_id": f"{call.request_id}:response"}
            )
            escalation = escalations.respond(work, call.person, answer, call.now)
        told = tell(work, call, service, priority, escalation)
        item = item_of(work, call.person, escalation)
    shown = views.answered(item, f"Saved as {ref(escalation)}.") if escalation.response else views.raised(item, told)
    return Show(parts.said("Saved", shown.text, shown.blocks))


def tell(work: Work, call: Call, service: Service, priority: Priority, escalation: Escalation) -> list[str]:
    """Who leads the priority hears of its escalation first, then those called on. Gives the names of all."""
    item = item_of(work, call.person, escalation)
    lead = work.get(Person, priority.lead_id)
    called = holders(work, service, [escalation.to])
    on_call = {person.id for person in called} if is_waiting(escalation) else set()
    told = {person.id: person for person in [*([lead] if lead else []), *called] if person.id != call.person.id}
    for person in told.values():
        jobs.tell(work, call, person, service, views.called(item, called_on=person.id in on_call))
        jobs.home(work, call, person.id)
    return [person.name for person in told.values()]


def item_of(work: Work, person: Person, escalation: Escalation) -> Item:
    """An escalation as this person sees it, whose right to it was asked already."""
    priority, service = work.get(Priority, escalation.priority_id), work.get(Service, escalation.service_id)
    if priority is None or service is None:
        raise Refusal(f"The priority of {ref(escalation)} is gone. Nothing was changed.")
    roles, rights = roles_in(work, person, service.id), rights_in(work, person, service)
    by, answerer = work.get(Person, escalation.person_id), work.get(Person, escalation.responded_by)
    may = Right.ESCALATE in rights
    return Item(
        escalation,
        priority,
        by.name if by else "",
        answerer.name if answerer else "",
        may_respond=may and bool({escalation.to, Role.PROVIDER_OVERSIGHT} & roles),
        may_conclude=may,
    )


def _open(work: Work, call: Call, typed: str, right: Right) -> Item:
    escalation, _ = open_record(work, call.person, Escalation, typed, right)
    return item_of(work, call.person, escalation)


def one(call: Call, typed: str) -> Answer:
    """One escalation as it stands, with what the person may do."""
    with call.desk.store.reading() as work:
        return views.shown(_open(work, call, typed, Right.READ))


def listed(call: Call) -> Answer:
    """`/sip escalations`: those that are not concluded, in the services of this place."""
    with call.desk.store.reading() as work:
        services = services_here(work, call, Right.READ)
        found = work.all(Escalation, order="number", service_id=[s.id for s in services], outcome="")
        items = [item_of(work, call.person, e) for e in sorted(found, key=lambda e: (not is_waiting(e), e.number))]
    return views.listing(items, ", ".join(s.name for s in services))


def respond(call: Call) -> None:
    """Open the form for the response: {"escalation", "response": optional}."""
    with call.desk.store.reading() as work:
        item = _open(work, call, str(call.value["escalation"]), Right.ESCALATE)
        asked = _asked(work, item.escalation)
    if item.escalation.outcome:
        raise Refusal(f"{ref(item.escalation)} is concluded: {item.escalation.outcome}")
    if not item.may_respond:
        to = ROLE_NAMES[item.escalation.to]
        whom = f" Ask {asked[0].name}." if asked else ""
        raise Refusal(f"{ref(item.escalation)} went to {to}, who chooses the response.{whom}")
    wanted = call.value.get("response")
    call.open(views.respond_form(item, Response(wanted) if wanted in list(Response) else None))


def _asked(work: Work, escalation: Escalation) -> list[Person]:
    service = work.get(Service, escalation.service_id)
    return holders(work, service, [escalation.to]) if service else []


def submit_respond(call: Call) -> Show:
    """A response was chosen; whoever raised the escalation and whoever leads the priority hear of it."""
    values = {name: value for name, value in call.values.items() if value is not None}
    form = RespondEscalation.model_validate({**values, **call.meta, "request_id": call.request_id})
    with call.transaction() as work:
        item = _answered(work, call, escalations.respond(work, call.person, form, call.now))
    answer = views.answered(item, f"{ref(item.escalation)} has its response: {item.escalation.response}.")
    return Show(parts.said("Saved", answer.text, answer.blocks))


def conclude(call: Call) -> None:
    """Open the form for the outcome."""
    with call.desk.store.reading() as work:
        item = _open(work, call, str(call.value["escalation"]), Right.ESCALATE)
    if item.escalation.response is None:
        raise Refusal(f"{ref(item.escalation)} has no response yet. Choose one first.")
    if item.escalation.outcome:
        raise Refusal(f"{ref(item.escalation)} is concluded already: {item.escalation.outcome}")
    call.open(views.conclude_form(item))


def submit_conclude(call: Call) -> Show:
    """The outcome was written."""
    form = ConcludeEscalation.model_validate({**call.values, **call.meta, "request_id": call.request_id})
    with call.transaction() as work:
        item = _answered(work, call, escalations.conclude(work, call.person, form, call.now))
    answer = views.shown(item, f"The outcome of {ref(item.escalation)} is kept.")
    return Show(parts.said("Saved", answer.text, answer.blocks))


def _answered(work: Work, call: Call, escalation: Escalation) -> Item:
    """Tell who raised it, who leads the priority and who was called on; give the escalation as it is now."""
    item = item_of(work, call.person, escalation)
    ids = dict.fromkeys((escalation.person_id, item.priority.lead_id, escalation.responded_by))
    found = [person for each in ids if (person := work.get(Person, each))]
    service = work.get(Service, escalation.service_id)
    for person in found:
        if service:
            jobs.tell(work, call, person, service, views.came(item_of(work, person, escalation), call.person.name))
        jobs.home(work, call, person.id)
    return item


FEATURE = Feature(
    name="escalations",
    verbs=(
        Verb("escalate", "Call on leadership for a priority, and say why", said, usage="P3 [why]", reads=True),
        Verb("escalations", "Escalations that wait for a response or an outcome", listed, reads=True),
    ),
    buttons=(
        Button("escalate.open", raise_pressed),
        Button("escalations.show", listed),
        Button("escalation.show", lambda call: one(call, str(call.value["escalation"]))),
        Button("escalation.respond", respond),
        Button("escalation.conclude", conclude),
    ),
    forms=(
        Form("escalate.form", submit_raise),
        Form("escalation_respond.form", submit_respond),
        Form("escalation_conclude.form", submit_conclude),
    ),
)
