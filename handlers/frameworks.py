"""Which version of CQC's framework a service is assessed against: shown, and changed by its manager."""

from bot.frameworks.catalogue import FRAMEWORKS, framework
from bot.plan import setup
from bot.plan.access import open_service, service_in
from bot.plan.people import Right
from bot.plan.services import Service
from handlers.desk import Answer, Button, Call, Feature, Verb
from handlers.views import parts


def show(call: Call) -> Answer:
    """`/sip framework`."""
    with call.desk.store.reading() as work:
        return _shown(service_in(work, call.person, call.channel, Right.READ))


def choose(call: Call) -> Answer:
    """Another one was chosen."""
    with call.transaction() as work:
        service = open_service(work, call.person, str(call.value["s"]), Right.SETUP)
        return _shown(
            setup.choose_framework(work, call.person, service, str(call.value["f"]), call.now, call.request_id)
        )


def _shown(service: Service) -> Answer:
    now = framework(service.framework)
    words = f"{service.name} is assessed against: {now.name} ({len(now.topics)} {now.plural})."
    hint = "Priorities tagged under the other framework are still found: /sip inspect follows the map between the two."
    options = [parts.option(f.name, f'{{"s":"{service.id}","f":"{f.key}"}}') for f in FRAMEWORKS]
    chosen = f'{{"s":"{service.id}","f":"{service.framework}"}}'
    chooser = {**parts.select(options, chosen), "action_id": "framework.choose"}
    blocks = [
        parts.section(parts.escape(words)),
        parts.actions(chooser),
        parts.context(parts.escape(now.standing), hint),
    ]
    return Answer(parts.escape(f"{words} {now.standing} {hint}"), blocks)


FEATURE = Feature(
    name="frameworks",
    verbs=(Verb("framework", "Which version of CQC's framework your service is assessed against", show),),
    buttons=(Button("framework.choose", choose),),
)
