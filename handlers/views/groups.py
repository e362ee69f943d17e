"""How roles of user groups look: which group holds which role, and what was kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.plan.groups import GROUP_ROLES
from bot.plan.people import ROLE_NAMES, Role
from bot.plan.services import Service
from handlers.desk import Answer
from handlers.views.parts import Block, actions, button, clip, context, escape, field, modal, option, section, select
from handlers.views.setup import DUTIES

MOST = 100  # options of a select in Slack
NO_MANAGER = "A Registered Manager is one named person: that role is given under Roles."


@dataclass(frozen=True, slots=True)
class Offered:
    """A user group of the workspace as Slack lists it."""

    slack_id: str
    name: str
    handle: str
    count: int


def form(service: Service, offered: Sequence[Offered], held: Mapping[Role, Sequence[str]]) -> dict[str, Any]:
    """Which group holds which role; `held`: Slack ids by role. Groups that hold one stand first."""
    holding = {slack_id for ids in held.values() for slack_id in ids}
    listed = sorted(offered, key=lambda g: (g.slack_id not in holding, g.name.casefold()))[:MOST]
    options = {g.slack_id: option(g.name, g.slack_id, f"@{g.handle}, {_people(g.count)}") for g in listed}
    blocks: list[Block] = [
        section(f"*{escape(service.name)}*: everybody in a group holds its role, as long as they are in the group.")
    ]
    for role in GROUP_ROLES:
        chooser: Block = {**select(list(options.values()), placeholder="Choose groups"), "type": "multi_static_select"}
        if chosen := [options[slack_id] for slack_id in held.get(role, ()) if slack_id in options]:
            chooser["initial_options"] = chosen
        blocks.append(field(role.value, ROLE_NAMES[role], chooser, optional=True, hint=DUTIES[role]))
    more = f" The first {MOST} of {len(offered)} groups are offered." if len(offered) > MOST else ""
    blocks.append(context(NO_MANAGER + more))
    names = {g.slack_id: clip(g.name, 60) for g in listed if g.slack_id not in holding}
    return modal("setup.groups", "User groups", blocks, submit="Save", meta=_fitting(service, names))


def _fitting(service: Service, names: Mapping[str, str]) -> dict[str, Any]:
    """What the form remembers; Slack allows 3,000 characters, and a group without its name is asked for it later."""
    meta: dict[str, Any] = {"service_id": service.id, "names": dict(names)}
    while len(str(meta)) > 2500 and meta["names"]:
        meta["names"].popitem()
    return meta


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def none() -> Answer:
    """The workspace has no user group, or Slack does not tell."""
    words = (
        "Slack tells of no user group here. Make one in Slack under People, User groups (it needs a paid plan); if "
        "there are some, whoever installed Grip can allow it to see them (usergroups:read). Until then give roles to "
        "people."
    )
    return Answer(words, [section(words)])


def kept(service: Service, held: Mapping[Role, Sequence[str]], new: bool) -> Answer:
    """After the groups were chosen; `held`: names by role."""
    lines = [f"{ROLE_NAMES[role]}: {', '.join(names)}" for role, names in held.items() if names]
    head = f"Roles of user groups in {service.name}" + (":" if lines else ": none.")
    after = "Who is in them is being read from Slack, and kept up from now on." if new and lines else ""
    text = " ".join([head, "; ".join(lines), after]).strip()
    body = "\n".join([f"*{escape(head)}*", *(f"• {escape(line)}" for line in lines)])
    row = actions(button("Roles of people", "setup.roles", {"service": service.id}))
    return Answer(escape(text), [section(body), *([context(after)] if after else []), row])
