"""Where the plan stands: a service, a part of it, an owner, or all services side by side."""

from bot.errors import NotFound
from bot.plan.access import open_service, services_of
from bot.plan.account import Account, load
from bot.plan.people import Right
from bot.plan.services import Service
from bot.reports.narrowing import WHOLE, Asked, asked
from bot.reports.status import ServiceStatus, owners, side_by_side, status
from bot.timing.workdays import local_date
from bot.work import Work
from handlers import jobs
from handlers.desk import Answer, Button, Call, Feature, Verb
from handlers.places import service_about
from handlers.views import parts
from handlers.views import status as views

PROVIDER_WORDS = frozenset({"provider", "services", "all", "all services", "everywhere"})
OWNERS_WORDS = frozenset({"owners", "owner", "people", "by owner"})
SERVICES = 60  # side by side; more than that are a matter for the pack


def said(call: Call) -> Answer:
    """`/sip status`, alone or followed by a priority, a theme, a name, "owners" or "provider"."""
    text = call.text.strip().lower()
    if text in PROVIDER_WORDS:
        return provider(call)
    with call.desk.store.reading() as work:
        account = load(work, _service(work, call))
        if text in OWNERS_WORDS or _person_named(account, call.text):
            return _owners(call, account)
    return post(call)


def _service(work: Work, call: Call) -> Service:
    """The service that a button names, else the one meant by where the person speaks."""
    if named := call.value.get("service"):
        return open_service(work, call.person, str(named), Right.READ)
    return service_about(work, call, call.text)


def _read(call: Call, text: str) -> tuple[Account, Asked, ServiceStatus]:
    with call.desk.store.reading() as work:
        account = load(work, _service(work, call))
    part = asked(account, text) if text else WHOLE
    return account, part, status(account, local_date(call.now, account.service.zone), part.only)


def post(call: Call) -> Answer:
    """A summary in the service's channel, the details in its thread."""
    text = str(call.value.get("about", "")) or call.text
    account, part, found = _read(call, text)
    channel = found.service.channel_id
    with call.transaction() as work:
        summary = views.summary(found, account, part)
        jobs.post(work, call, channel, summary, service_id=found.service.id, thread=views.details(found, account))
    where = "here" if channel == call.channel else f"in <#{channel}>"
    about = f"{views.about(part)}," if views.about(part) else ""
    words = f"The status of {parts.escape(found.service.name)}{about} is being posted {where}."
    alone = not found.service.cadence.status.on
    hint = [parts.context("`/sip reminders` has it posted by itself on days that you choose.")] if alone else []
    return Answer(words, [parts.section(words), *hint])


def show(call: Call) -> Answer:
    """The same summary privately, with a way to share it."""
    account, part, found = _read(call, "")
    answer = views.summary(found, account, part)
    share = parts.actions(parts.button("Post it in the channel", "status.post", {"service": found.service.id}))
    return Answer(answer.text, [b for b in answer.blocks if b["type"] not in parts.MESSAGE_ONLY] + [share])


def _person_named(account: Account, text: str) -> str:
    """The id of the only owner of an action whose name holds these words; "" for nobody or more than one."""
    wanted = text.strip().lstrip("@").casefold()
    if len(wanted) < 3:
        return ""
    ids = {a.owner_id for a in account.actions}
    found = [p.id for p in account.people.values() if p.id in ids and wanted in (p.name.casefold(), p.slack_id.lower())]
    found = found or [p.id for p in account.people.values() if p.id in ids and wanted in p.name.casefold().split()]
    return found[0] if len(found) == 1 else ""


def _owners(call: Call, account: Account) -> Answer:
    """Everybody who owns something, or one of them with their actions; for the person who asked alone."""
    found = status(account, local_date(call.now, account.service.zone))
    person_id = _person_named(account, call.text)
    if person_id:
        return views.owner(found, account.name(person_id), person_id)
    return views.owners(found, owners(found))


def provider(call: Call) -> Answer:
    """All services that the person may read, side by side, for them alone."""
    with call.desk.store.reading() as work:
        services = services_of(work, call.person)
        if not services:
            raise NotFound("You have no role in a service, so there is nothing to compare. Ask your manager for one.")
        found = side_by_side(work, [(s, local_date(call.now, s.zone)) for s in services[:SERVICES]])
    return views.provider(found, local_date(call.now, services[0].zone), left_out=len(services) - len(found))


FEATURE = Feature(
    name="status",
    verbs=(
        Verb(
            "status",
            "Post where the plan stands in the service's channel; owners and provider are shown to you alone",
            said,
            usage="[P3, a theme, a name, owners or provider]",
            also=("summary",),
        ),
    ),
    buttons=(Button("status.show", show), Button("status.post", post)),
)
