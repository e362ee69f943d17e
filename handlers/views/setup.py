"""How setting up looks: the channel, the service's facts, who holds which role, and what to do next."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

from bot.plan.people import ROLE_NAMES, Role
from bot.plan.services import Nation, Service
from handlers.desk import Answer
from handlers.views.parts import (
    Block,
    actions,
    button,
    clip,
    context,
    escape,
    field,
    modal,
    option,
    plain,
    section,
    select,
    text_input,
)

NATIONS = {
    Nation.ENGLAND: "England",
    Nation.WALES: "Wales",
    Nation.SCOTLAND: "Scotland",
    Nation.NORTHERN_IRELAND: "Northern Ireland",
}
# What each role does, in the words of the people who hold it.
DUTIES = {
    Role.TEAM_LEADER: "Log what was done on shift, with evidence",
    Role.DEPUTY: "Break priorities into actions, assign them",
    Role.QUALITY_LEAD: "Sample after milestones, verify actions",
    Role.AUDIT_LEAD: "Resample against the baseline",
    Role.REGISTERED_MANAGER: "Everything here; open, review and close priorities",
    Role.PROVIDER_OVERSIGHT: "Read all, review each quarter, challenge",
}


SHOWN = 3  # services without a manager at once
WITHOUT = "has no Registered Manager yet: nobody can open, review or close its priorities, or give roles in it"


def unmanaged(services: Sequence[Service]) -> list[Block]:
    """The services that nobody manages, each with the way to its roles."""
    blocks = []
    for service in services[:SHOWN]:
        give = button(
            "Give roles",
            f"setup.roles#{service.id}",
            {"service": service.id},
            style="primary",
            label=f"Give roles in {service.name}",
        )
        blocks.append(section(f"*{escape(service.name)}* {WITHOUT}.", give))
    more = len(services) - SHOWN
    names = ", ".join(s.name for s in services[SHOWN : SHOWN + 20])
    return [*blocks, context(f"Nor has any of these {more}: {escape(names)}.")] if more > 0 else blocks


def unmanaged_words(services: Sequence[Service]) -> str:
    """The same as text; empty where each has its manager."""
    names = ", ".join(s.name for s in services)
    return (
        f"Without a Registered Manager: {escape(clip(names, 1000))}. /sip setup in its channel gives roles. "
        if names
        else ""
    )


def channel_form() -> dict[str, Any]:
    """Which channel the service has."""
    element: Block = {
        "type": "conversations_select",
        "default_to_current_conversation": True,
        "filter": {
            "include": ["public", "private"],
            "exclude_external_shared_channels": True,
            "exclude_bot_users": True,
        },
        "placeholder": plain("Choose a channel", 150),
    }
    blocks = [field("channel_id", "Which channel belongs to the service?", element, hint="Invite Grip to it first.")]
    return modal("setup.channel", "Set up a service", blocks, submit="Next")


def service_form(channel_id: str, service: Service | None, *, managed: bool = True) -> dict[str, Any]:
    """The facts of a service; six inputs. `managed`: whether it has its Registered Manager."""
    zones = sorted(z for z in available_timezones() if z.startswith(("Europe/", "Atlantic/")))
    zone = service.zone if service else "Europe/London"
    listed = [zone, *[z for z in ("Europe/London", *zones) if z != zone]]
    nations = [option(words, nation) for nation, words in NATIONS.items()]
    blocks = [
        section(f"The service of <#{channel_id}>"),
        *unmanaged([service] if service and not managed else []),
        field("name", "Name of the service", text_input(service.name if service else "", lines=False)),
        field(
            "location_id",
            "CQC location id",
            text_input(service.location_id if service else "", lines=False, placeholder="1-123456789"),
            optional=True,
        ),
        field(
            "nation",
            "Nation",
            select(nations, service.nation if service else Nation.ENGLAND),
            hint="Its bank holidays are kept free of reminders.",
        ),
        field("zone", "Time zone", select([option(z, z) for z in dict.fromkeys(listed)], zone)),
        field("opens", "Reminders go out from", _time(service.opens.isoformat("minutes") if service else "09:00")),
        field("closes", "and not after", _time(service.closes.isoformat("minutes") if service else "17:00")),
    ]
    return modal("setup.service", "Set up a service", blocks, submit="Save", meta={"channel_id": channel_id})


def _time(initial: str) -> Block:
    return {"type": "timepicker", "initial_time": initial}


def roles_form(service: Service, held: Mapping[Role, Sequence[str]]) -> dict[str, Any]:
    """Who holds which role; Slack ids by role."""
    words = f"*{escape(service.name)}* is set up. Who does what here?"
    if not held.get(Role.REGISTERED_MANAGER):
        words += f"\nIt {WITHOUT}. “Later” leaves it so; `/sip` reminds you."
    blocks: list[Block] = [section(words)]
    for role in Role:
        element: Block = {"type": "multi_users_select", "placeholder": plain("Choose people", 150)}
        if held.get(role):
            element["initial_users"] = list(held[role])
        blocks.append(field(role.value, ROLE_NAMES[role], element, optional=True, hint=DUTIES[role]))
    blocks.append(context("Owners of actions need no role: anyone in the workspace can be named."))
    return modal("setup.roles", "Roles", blocks, submit="Save", close="Later", meta={"service_id": service.id})


def ready(service: Service, missing: Sequence[Role]) -> Answer:
    """After set-up: what to do next."""
    if Role.REGISTERED_MANAGER in missing:
        return Answer(f"Saved. {escape(service.name)} {WITHOUT}.", [section("Saved."), *unmanaged([service])])
    words = f"*{escape(service.name)}* is ready in <#{service.channel_id}>."
    blocks = [section(words)]
    if missing:
        names = ", ".join(ROLE_NAMES[r] for r in missing)
        blocks.append(
            context(f"Nobody holds these roles yet: {names}. What they would be reminded of goes to the next in line.")
        )
    blocks.append(
        actions(
            button("Open the first priority", "priority.new", style="primary"),
            button("Roles", "setup.roles", {"service": service.id}),
            button("Roles of user groups", "setup.groups", {"service": service.id}),
        )
    )
    return Answer(f"{escape(service.name)} is ready. Open the first priority with /sip priority new.", blocks)
