"""Handing over what somebody owns when they leave: the form from the deputy's question, and `/sip takeover`."""

from bot.errors import BadInput, NotFound, Refusal
from bot.plan.access import open_service
from bot.plan.people import Person, Right
from bot.plan.takeover import HandOver, hand_over, left_behind, owned_by
from handlers import jobs
from handlers.callers import met
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb
from handlers.places import services_here
from handlers.views import parts
from handlers.views import takeovers as views


def waiting(call: Call) -> Answer:
    """Everybody who left and still owns something, each with the way to hand it over."""
    found = []
    with call.desk.store.reading() as work:
        for service in services_here(work, call, Right.HAND_OVER):
            found += [views.question(person, service, owned) for person, owned in left_behind(work, service.id)]
    if not found:
        words = "Nobody who left still owns anything here. Single actions get a new owner with /sip action assign A12."
        return Answer(words, [parts.section(words)])
    return Answer("\n".join(each.text for each in found), [block for each in found[:10] for block in each.blocks])


def open_form(call: Call) -> None:
    """Open the form: {"service", "from"}."""
    with call.desk.store.reading() as work:
        service = open_service(work, call.person, str(call.value["service"]), Right.HAND_OVER)
        leaver = work.get(Person, str(call.value["from"]))
        if leaver is None or leaver.workspace_id != call.person.workspace_id:
            raise NotFound("That person is not known here.")
        owned = owned_by(work, service.id, leaver.id)
    if not owned:
        raise Refusal(f"{leaver.name} owns nothing open in {service.name} any more.")
    call.open(views.form(leaver, service, owned))


def submit(call: Call) -> Show:
    """Somebody was chosen: all of it goes to them, and they are told."""
    with call.desk.store.reading() as work:
        open_service(work, call.person, str(call.meta.get("service_id") or ""), Right.HAND_OVER)
    if not call.values.get("to_id"):
        raise BadInput("Choose who takes over.", field="to_id")
    to = met(call.desk, call.client, call.person.workspace_id, str(call.values["to_id"]), call.now)
    given = {**call.values, **call.meta, "to_id": to.id, "request_id": call.request_id}
    form = HandOver.model_validate(given)
    with call.transaction() as work:
        handed, left = hand_over(work, call.person, form, call.now)
        service = open_service(work, call.person, form.service_id, Right.HAND_OVER)
        leaver = work.get(Person, form.from_id)
        for action in handed.actions:
            jobs.changed(work, call, action)
        if leaver and handed:
            jobs.tell(work, call, to, service, views.for_you(handed, leaver, call.person))
    answer = views.handed_over(handed, left, to)
    return Show(parts.said("Handed over", answer.text, answer.blocks))


FEATURE = Feature(
    name="takeovers",
    verbs=(Verb("takeover", "Who left and still owns something, and who takes it over", waiting, reads=True),),
    buttons=(Button("takeover.open", open_form),),
    forms=(Form("takeover.form", submit),),
)
