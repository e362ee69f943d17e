"""App Home: published when it is opened, and again when something on it changed."""

from dataclasses import replace

from slack_sdk import WebClient

from bot.plan.access import holders, roles_in, services_of
from bot.plan.account import load
from bot.plan.actions import Action, is_open
from bot.plan.people import Person, Role
from bot.plan.services import Service
from bot.plan.warnings import EarlyWarning
from bot.reports.status import status_of
from bot.reports.waiting import Waiting, waiting_for
from bot.timing.workdays import local_date
from handlers.desk import Desk, Feature
from handlers.views import home as views

SERVICES_SHOWN = 20
SERVICES_ASKED = 5  # whose whole account is read for what waits; a listener has to be quick


def publish(desk: Desk, person: Person, client: WebClient) -> None:
    """Show the person their Home as it stands now. Raises what Slack's client raises."""
    client.views_publish(user_id=person.slack_id, view=page(desk, person))


def page(desk: Desk, person: Person) -> dict[str, object]:
    """The page for one person."""
    now = desk.clock()
    with desk.store.reading() as work:
        services = services_of(work, person)
        mine = [a for a in work.all(Action, order="due_on", owner_id=person.id) if is_open(a)]
        if not services and not mine:
            every = work.all(Service, order="name", workspace_id=person.workspace_id, limit=20)
            managers = [(m.slack_id, s.name) for s in every for m in holders(work, s, [Role.REGISTERED_MANAGER])]
            return views.stranger(managers)
        statuses = [status_of(work, s, local_date(now, s.zone)) for s in services[:SERVICES_SHOWN]]
        warned = {s.id: work.count(EarlyWarning, service_id=s.id, ended_at=None, answered_at=None) for s in services}
        waiting: list[Waiting] = []
        roles: set[Role] = set()
        for service in services[:SERVICES_ASKED]:
            held = roles_in(work, person, service.id)
            roles |= held
            if held - {Role.TEAM_LEADER}:  # on shift there is nothing to decide, and the page should come at once
                waiting += waiting_for(load(work, service), person, held, local_date(now, service.zone))
    today = local_date(now, services[0].zone if services else person.zone)
    oversight = Role.PROVIDER_OVERSIGHT in roles
    first = person.seen_home_at is None
    return views.home(person, mine, waiting, statuses, today, warned=warned, oversight=oversight, first=first)


def opened(desk: Desk, person: Person, client: WebClient) -> None:
    """The person opened Home; from now on it is refreshed when something on it changes."""
    publish(desk, person, client)
    if person.seen_home_at is None:
        with desk.store.transaction() as work:
            now_known = work.get(Person, person.id)
            if now_known and now_known.seen_home_at is None:
                work.save(replace(now_known, seen_home_at=desk.clock()))


FEATURE = Feature(name="home")
