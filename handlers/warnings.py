"""Early warnings in Slack: what stands, answered with a reason, and the messages that told of them kept up to date."""

from datetime import datetime

from bot.ids import new_id
from bot.plan import warnings
from bot.plan.access import open_service, rights_in
from bot.plan.account import load
from bot.plan.people import Right
from bot.plan.services import Service
from bot.plan.warnings import AnswerWarning, EarlyWarning
from bot.timing.outbox import Delivery, DeliveryKind
from bot.work import Work
from handlers.carriers.morning import leave_update
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb
from handlers.places import services_here
from handlers.views import parts
from handlers.views import warnings as views
from handlers.watching import told_of

SERVICES = 5  # in one answer
LOOKED_BACK = 60  # messages about warnings in one service; older ones nobody scrolls back to


def stand(call: Call) -> Answer:
    """`/sip warnings`: what stands in the service that a button names, or of the channel, else in each of one's own."""
    named = str(call.value.get("service") or "")
    with call.desk.store.reading() as work:
        if named:
            services = [open_service(work, call.person, named, Right.READ)]
        else:
            services = services_here(work, call, Right.READ)[:SERVICES]
        answers = [_standing(work, call, service) for service in services]
    blocks = [block for answer in answers for block in answer.blocks]
    return Answer("\n".join(answer.text for answer in answers), blocks[:50])


def _standing(work: Work, call: Call, service: Service) -> Answer:
    account = load(work, service)
    items = [views.shown(account, warning) for warning in warnings.standing(work, service)]
    return views.listing(items, service.name, rights_in(work, call.person, service))


def open_answer(call: Call) -> None:
    """Open the form for the reason. Raises BadInput where it was answered already."""
    with call.desk.store.reading() as work:
        warning, service = warnings.open_warning(work, call.person, call.value["warning"], Right.ANSWER)
        warnings.must_stand(warning)
        item = views.shown(load(work, service), warning)
    call.open(views.answer_form(item))


def submit_answer(call: Call) -> Show:
    """The reason was given; every message that told of the warning says so."""
    form = AnswerWarning.model_validate({**call.values, **call.meta, "request_id": call.request_id})
    with call.transaction() as work:
        warning = warnings.answer(work, call.person, form, call.now)
        bring_up(work, warning, call.now)
    answer = views.answered(views.Shown(warning, ""))
    return Show(parts.said("Saved", answer.text, answer.blocks))


def bring_up(work: Work, warning: EarlyWarning, now: datetime) -> None:
    """Have every message that told of a warning show how it stands now."""
    told = work.all(Delivery, order="-next_at", service_id=warning.service_id, limit=LOOKED_BACK)
    for delivery in told:
        if warning.id in told_of(delivery) and "along" in delivery.payload:
            morning = work.get(Delivery, delivery.payload["along"])
            if morning is not None and morning.ts is not None:
                leave_update(work, morning, f"{warning.id}:{warning.version}", now)
        elif warning.id in told_of(delivery) and delivery.ts is not None:
            work.enqueue(
                Delivery(
                    id=new_id(now),
                    key=f"warning-again:{delivery.id}:{warning.id}",
                    workspace_id=delivery.workspace_id,
                    service_id=delivery.service_id,
                    kind=DeliveryKind.WARNING,
                    person_id=delivery.person_id,
                    payload={"again": delivery.id},
                    next_at=now,
                )
            )


FEATURE = Feature(
    name="warnings",
    verbs=(
        Verb("warnings", "Early warnings that stand, with the responses that fit", stand, also=("early warnings",)),
    ),
    buttons=(Button("warning.answer", open_answer), Button("warnings.show", stand)),
    forms=(Form("warning.form", submit_answer),),
)
