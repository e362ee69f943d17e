"""Setting up a service: its channel and facts, and who holds which role."""

from bot.errors import Refusal
from bot.plan import roster, setup
from bot.plan.access import holders, no_role, services_of
from bot.plan.people import Person, Role, RoleHolding
from bot.plan.services import Service
from bot.plan.setup import SetUp
from bot.work import Work
from handlers import jobs
from handlers.desk import Button, Call, Feature, Form, Show, Verb
from handlers.views import parts
from handlers.views import setup as views

ROLES_REFUSED = "Only a workspace admin or the service's Registered Manager may give roles."


def open_setup(call: Call) -> None:
    """Open the form of this channel's service; elsewhere ask for the channel first."""
    with call.desk.store.reading() as work:
        service = _to_set_up(work, call.person, call.channel)
        managed = service not in roster.unmanaged(work, call.person.workspace_id)
    if call.channel and call.channel.startswith(("C", "G")):
        call.open(views.service_form(call.channel, service, managed=managed))
    else:
        call.open(views.channel_form())


def _to_set_up(work: Work, person: Person, channel: str | None) -> Service | None:
    """The service of a channel, None for a new one. Raises Refusal for somebody who may not set it up."""
    service = work.one(Service, workspace_id=person.workspace_id, channel_id=channel) if channel else None
    if not roster.may_set_up(work, person, service):
        managers = holders(work, service, [Role.REGISTERED_MANAGER]) if service else []
        who = " or ".join(manager.name for manager in managers) or "one of them"
        ask = f"Ask {who} to do it." if services_of(work, person) else no_role(work, person)
        raise Refusal(f"Setting up is for workspace admins and Registered Managers. {ask}")
    return service


def submit_channel(call: Call) -> Show:
    """A channel was chosen."""
    channel = call.values["channel_id"]
    with call.desk.store.reading() as work:
        service = _to_set_up(work, call.person, channel)
    return Show(views.service_form(channel, service))


def submit_service(call: Call) -> Show:
    """The facts were filled in; roles come next."""
    form = SetUp.model_validate({**call.values, **call.meta, "request_id": call.request_id})
    with call.transaction() as work:
        service = setup.set_up(work, call.person, form, call.now)
        return Show(views.roles_form(service, _held(work, call.person, service)))


def _held(work: Work, person: Person, service: Service) -> dict[Role, list[str]]:
    held: dict[Role, list[str]] = {}
    for role, holdings in roster.roles_given(work, person, service).items():
        ids = [h.person_id for h in holdings if h.person_id]
        held[role] = [p.slack_id for p in work.all(Person, id=ids, order="name")] if ids else []
    return held


def open_roles(call: Call) -> None:
    """Open the form of roles."""
    with call.desk.store.reading() as work:
        service = work.get(Service, str(call.value["service"]))
        if service is None or not roster.may_set_up(work, call.person, service):
            raise Refusal(ROLES_REFUSED)
        view = views.roles_form(service, _held(work, call.person, service))
    call.open(view)


def submit_roles(call: Call) -> Show:
    """Roles were chosen: each role is held by exactly these people from now on."""
    with call.transaction() as work:
        service = work.get(Service, str(call.meta["service_id"]))
        if service is None or not roster.may_set_up(work, call.person, service):
            raise Refusal(ROLES_REFUSED)
        for role in Role:
            people = []
            for slack_id in call.values.get(role.value) or []:
                person, new = roster.known(work, call.person.workspace_id, slack_id, "", call.now)
                if new:
                    jobs.profile(work, call, person)
                people.append(person)
            roster.set_holders(work, call.person, service, role, people, call.now)
        held = work.all(RoleHolding, service_id=service.id, ended_at=None)
        jobs.home(work, call, call.person.id)
    missing = [role for role in Role if role not in {h.role for h in held}]
    answer = views.ready(service, missing)
    return Show(parts.said("Ready", answer.text, answer.blocks))


FEATURE = Feature(
    name="setup",
    verbs=(
        Verb("setup", "Set up this channel's service, its hours and roles", open_setup, also=("settings", "set up")),
    ),
    buttons=(Button("setup.open", open_setup), Button("setup.roles", open_roles)),
    forms=(
        Form("setup.channel", submit_channel),
        Form("setup.service", submit_service),
        Form("setup.roles", submit_roles),
    ),
)
