"""App Home: published when it is opened, and again when something on it changed."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.ids import new_id
from bot.plan.access import holders, roles_in, services_of
from bot.plan.account import load_all
from bot.plan.actions import Action, is_open
from bot.plan.people import Person, Right, Role, may
from bot.plan.roster import to_be_staffed
from bot.plan.services import Service
from bot.plan.warnings import EarlyWarning
from bot.reports.status import status
from bot.reports.waiting import Waiting, waiting_for
from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState
from bot.timing.workdays import local_date
from bot.work import Work
from handlers import pictures
from handlers.desk import Desk, Feature
from handlers.views import home as views

log = structlog.get_logger(__name__)

WAYS = (("Log implementation", "log.open"), ("Record a sample", "sample.open"), ("My actions", "mine.show"))
SERVICES_SHOWN = 20
SERVICES_ASKED = 5  # for what waits, and whose charts are shown; a listener has to be quick


def publish(desk: Desk, person: Person, client: WebClient) -> None:
    """Show the person their Home as it stands now. Raises what Slack's client raises."""
    view = page(desk, person)
    try:
        client.views_publish(user_id=person.slack_id, view=view)
    except SlackApiError as error:
        plain = pictures.without(view) if pictures.refused(error) else None
        if plain is None:
            raise
        log.warning("pictures refused", person=person.id)
        client.views_publish(user_id=person.slack_id, view=plain)
        with desk.store.transaction() as work:
            pictures.make_anew(work, view, desk.clock())


def page(desk: Desk, person: Person) -> dict[str, Any]:
    """The page for one person."""
    now = desk.clock()
    with desk.store.reading() as work:
        services = services_of(work, person)
        mine = [a for a in work.all(Action, order="due_on", owner_id=person.id) if is_open(a)]
        unmanaged = to_be_staffed(work, person)
        if not services and not mine:
            every = work.all(Service, order="name", workspace_id=person.workspace_id, limit=20)
            managers = [(m.slack_id, s.name) for s in every for m in holders(work, s, [Role.REGISTERED_MANAGER])]
            return views.stranger(managers, unmanaged, set_up=bool(every))
        accounts = load_all(work, services[:SERVICES_SHOWN])
        statuses = [status(account, local_date(now, account.service.zone)) for account in accounts]
        drawn = pictures.ready(work, accounts[:SERVICES_ASKED])
        warned = {s.id: work.count(EarlyWarning, service_id=s.id, ended_at=None, answered_at=None) for s in services}
        waiting: list[Waiting] = []
        roles: set[Role] = set()
        for account in accounts[:SERVICES_ASKED]:
            held = roles_in(work, person, account.service.id)
            roles |= held
            if held - {Role.TEAM_LEADER}:  # on shift there is nothing to decide
                waiting += waiting_for(account, person, held, local_date(now, account.service.zone))
    today = local_date(now, services[0].zone if services else person.zone)
    oversight = Role.PROVIDER_OVERSIGHT in roles
    first = person.seen_home_at is None
    wanted = (mine or may(roles, Right.LOG), may(roles, Right.SAMPLE) and not may(roles, Right.LOG), mine)
    ways = [way for way, shown in zip(WAYS, wanted, strict=True) if shown]
    return views.home(
        person,
        mine,
        waiting,
        statuses,
        today,
        warned=warned,
        oversight=oversight,
        first=first,
        ways=ways,
        drawn=drawn,
        unmanaged=unmanaged,
    )


def opened(desk: Desk, person: Person, client: WebClient, event_id: str) -> None:
    """The person opened Home; from now on it is refreshed when something on it changes.

    Where Slack does not take the page just now, it comes as soon as Slack does."""
    try:
        publish(desk, person, client)
    except (SlackClientError, OSError) as error:
        log.warning("Home comes later", person=person.id, error=type(error).__name__)
        published = False
    else:
        published = True
    if published and person.seen_home_at is not None:
        return
    with desk.store.transaction() as work:
        known = work.get(Person, person.id)
        if known and known.seen_home_at is None:
            work.save(replace(known, seen_home_at=desk.clock()))
        if not published:
            refresh(work, person.id, event_id, desk.clock())
    with desk.store.reading() as work:  # from now on the tick has the charts drawn, for the first look nobody had
        accounts = load_all(work, services_of(work, person)[:SERVICES_ASKED])
        undrawn = [order for account in accounts for order in pictures.missing(work, account, desk.clock())]
    pictures.order(desk, undrawn)


def refresh(work: Work, person_id: str, why: str, now: datetime) -> None:
    """Have the outbox show somebody's Home anew; `why` names the change, each of which asks for it once.

    Nobody is shown a page that they never opened. Slack takes a hundred pages a minute, and one that still waits shows
    what changed since as well."""
    person = work.get(Person, person_id)
    if person is None or person.seen_home_at is None:
        return
    if work.count(Delivery, person_id=person_id, kind=DeliveryKind.HOME, state=DeliveryState.WAITING):
        return
    work.enqueue(
        Delivery(
            id=new_id(now),
            key=f"home:{person_id}:{why}",
            workspace_id=person.workspace_id,
            kind=DeliveryKind.HOME,
            person_id=person_id,
            payload={},
            next_at=now,
        )
    )


FEATURE = Feature(name="home")
