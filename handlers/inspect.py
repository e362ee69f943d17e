"""The questions an inspector asks, answered where they are asked, with the thread behind each answer."""

from bot.plan.access import open_service
from bot.plan.account import Account, load
from bot.plan.people import Right
from bot.plan.services import Service
from bot.reports.inspection import Inspection, inspect
from bot.reports.narrowing import asked
from bot.reports.thread import thread_of
from bot.timing.workdays import local_date
from bot.work import Work
from handlers import jobs
from handlers.desk import Answer, Button, Call, Feature, Verb
from handlers.places import service_about
from handlers.views import inspect as views
from handlers.views import parts


def said(call: Call) -> Answer:
    """`/sip inspect`, alone or followed by a priority, a theme or a statement."""
    with call.desk.store.reading() as work:
        found = _inspected(work, call, _service(work, call), call.text)
    return views.answered(found, call.text.strip())


def show(call: Call) -> Answer:
    """The same about what was chosen in the message."""
    return said(call.saying(str(call.value.get("a", ""))))


def _service(work: Work, call: Call) -> Service:
    """The service that a button names, else the one meant by where the person speaks."""
    if named := call.value.get("s"):
        return open_service(work, call.person, str(named), Right.READ)
    return service_about(work, call, call.text)


def _inspected(work: Work, call: Call, service: Service, text: str) -> Inspection:
    account = load(work, service)
    return inspect(account, local_date(call.now, service.zone), asked(account, text))


def answer(call: Call) -> Answer:
    """One question in full: {s, a, q}."""
    text = str(call.value.get("a", ""))
    with call.desk.store.reading() as work:
        found = _inspected(work, call, _service(work, call), text)
    return views.one_answer(found, int(call.value.get("q") or 1), text)


def post(call: Call) -> Answer:
    """The answers for everybody in the service's channel."""
    with call.transaction() as work:
        service = _service(work, call)
        found = _inspected(work, call, service, str(call.value.get("a", "")))
        jobs.post(work, call, service.channel_id, views.answered(found, "", private=False), service_id=service.id)
    words = f"The answers are being posted in <#{service.channel_id}>."
    return Answer(words, [parts.section(words)])


def thread(call: Call) -> Answer:
    """The golden thread of one priority."""
    with call.desk.store.reading() as work:
        account: Account = load(work, _service(work, call))
    (priority,) = (p for p in account.priorities if p.id in (asked(account, str(call.value["a"])).only.among or ()))
    return views.thread(account, priority, thread_of(account, priority), int(call.value.get("r") or 0))


FEATURE = Feature(
    name="inspect",
    verbs=(
        Verb(
            "inspect",
            "The questions an inspector asks, answered from the records",
            said,
            usage="[P3, a theme or a quality statement]",
            also=("inspection", "inspector"),
        ),
    ),
    buttons=(
        Button("inspect.show", show),
        Button("inspect.answer", answer),
        Button("inspect.thread", thread),
        Button("inspect.post", post),
    ),
)
