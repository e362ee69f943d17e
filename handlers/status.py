"""The status of a service, posted where its people see it."""

from bot.plan.access import open_service, service_in
from bot.plan.people import Right
from bot.reports.status import ServiceStatus, status_of
from bot.timing.workdays import local_date
from handlers import jobs
from handlers.desk import Answer, Button, Call, Feature, Verb
from handlers.views import parts
from handlers.views import status as views


def read(call: Call) -> ServiceStatus:
    """The status of the service meant by where the person speaks."""
    with call.desk.store.reading() as work:
        named = call.value.get("service")
        if named:
            service = open_service(work, call.person, named, Right.READ)
        else:
            service = service_in(work, call.person, call.channel, Right.READ)
        return status_of(work, service, local_date(call.now, service.zone))


def post(call: Call) -> Answer:
    """`/sip status`: a summary in the service's channel, the details in its thread."""
    found = read(call)
    channel = found.service.channel_id
    with call.desk.store.transaction() as work:
        jobs.post(work, call, channel, views.summary(found), service_id=found.service.id, thread=views.details(found))
    where = "here" if channel == call.channel else f"in <#{channel}>"
    words = f"The status of {parts.escape(found.service.name)} is being posted {where}."
    return Answer(words, [parts.section(words)])


def show(call: Call) -> Answer:
    """The same summary privately, with a way to share it."""
    found = read(call)
    answer = views.summary(found)
    share = parts.actions(parts.button("Post it in the channel", "status.post", {"service": found.service.id}))
    return Answer(answer.text, [b for b in answer.blocks if b["type"] not in views.MESSAGE_ONLY] + [share])


FEATURE = Feature(
    name="status",
    verbs=(Verb("status", "Post where the plan stands in the service's channel", post, also=("summary",)),),
    buttons=(Button("status.show", show), Button("status.post", post)),
)
