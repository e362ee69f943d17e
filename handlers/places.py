"""What somebody means by where they speak: the services and priorities of the place."""

from collections.abc import Sequence

from bot.plan.access import ref, roles_in, service_in, service_of_channel, services_of
from bot.plan.people import Right, may
from bot.plan.priorities import Priority, PriorityStatus, is_live
from bot.plan.services import Service
from bot.work import Work
from handlers.desk import Call


def services_here(work: Work, call: Call, right: Right) -> list[Service]:
    """The channel's service; in a channel of no service, or in none, every one where the person has the right.

    Raises NotAllowed or NotFound, with whom to ask, where there is none: what belongs to another service is never
    shown in this one's channel."""
    return allowed_here(work, call, right) or [service_in(work, call.person, call.channel, right)]  # which refuses


def allowed_here(work: Work, call: Call, right: Right) -> list[Service]:
    """The same services, none where the person has not got the right."""
    services = services_of(work, call.person, right)
    here = [s for s in services if s.channel_id == call.channel]
    return here or ([] if service_of_channel(work, call.person, call.channel) else services)


def service_about(work: Work, call: Call, text: str) -> Service:
    """The channel's service; where the channel has none, the only readable one with a priority that the words name by
    reference, theme or title. Raises NotAllowed or NotFound as `service_in` does."""
    services = services_of(work, call.person)
    said = " ".join(text.casefold().split())
    if said and len(services) > 1 and not service_of_channel(work, call.person, call.channel):
        listed = work.all(Priority, service_id=[s.id for s in services])
        meant = {p.service_id for p in listed if ref(p).casefold() in said.split()}
        meant = meant or {p.service_id for p in listed if p.theme.casefold() in said or said in p.title.casefold()}
        if len(meant) == 1:
            return next(s for s in services if s.id in meant)
    return service_in(work, call.person, call.channel, Right.READ)


def priorities_here(work: Work, services: Sequence[Service], *, closed: bool = False) -> list[Priority]:
    """The live priorities of services by number; with `closed`, the closed ones after them."""
    found = work.all(Priority, order="number", service_id=[s.id for s in services])
    live = [p for p in found if is_live(p)]
    return live + [p for p in found if closed and p.status is PriorityStatus.CLOSED]


def may_somewhere(work: Work, call: Call, services: Sequence[Service], right: Right) -> bool:
    """Whether a list over these services shows the person buttons that want this right; the rules ask again."""
    return any(may(roles_in(work, call.person, service.id), right) for service in services)
