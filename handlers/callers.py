"""Who is calling: the person behind a Slack request, and the Call that listeners receive."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.errors import NotAllowed, NotFound
from bot.plan import roster
from bot.plan.fields import keepable
from bot.plan.people import Person
from handlers.desk import Call, Desk
from handlers.origins import belongs, organisation_of, workspace_of

OUTSIDER = "Grip answers members of this workspace only. Ask somebody at the service to do this for you."
_SLACK_ID = re.compile("[A-Z0-9]{2,64}")
log = structlog.get_logger(__name__)


def profile(client: WebClient, workspace_id: str, slack_id: str) -> dict[str, Any] | None:
    """What Slack knows of a person, as arguments of `roster.profile_told`; None when Slack does not answer."""
    try:
        user: dict[str, Any] = client.users_info(user=slack_id)["user"]
    except (SlackClientError, OSError) as error:
        log.warning("no profile", user=slack_id, error=type(error).__name__)
        return None
    return profile_of(user, workspace_id)


def profile_of(user: Mapping[str, Any], workspace_id: str) -> dict[str, Any]:
    """The part of Slack's user object that a workspace keeps."""
    names = user.get("profile") or {}
    return {
        "name": keepable(user.get("real_name") or names.get("real_name") or user.get("name") or ""),
        "zone": user.get("tz") or "Europe/London",
        "active": not user.get("deleted", False),
        # Apps and people of other organisations are met like guests: they hold no role and own nothing.
        "guest": not belongs(user, workspace_id),
        "admin": bool(user.get("is_admin") or user.get("is_owner")),
    }


def met(
    desk: Desk, client: WebClient, workspace_id: str, slack_id: str, now: datetime, *, vouched: bool = True
) -> Person:
    """The person of a Slack id; Slack is asked about somebody new, outside of any transaction.

    Somebody who is not `vouched` for, coming as they do from elsewhere, is met only once Slack has said who they are.
    Raises NotAllowed where it does not, NotFound for what is no Slack id: a choice among people always gives one."""
    if not _SLACK_ID.fullmatch(slack_id):
        raise NotFound("That person is not known here. Choose somebody from the list.")
    known = desk.store.find(Person, workspace_id=workspace_id, slack_id=slack_id)
    if known:
        return known
    told = profile(client, workspace_id, slack_id)
    if told is None and not vouched:
        raise NotAllowed(OUTSIDER)
    with desk.store.transaction() as work:
        person, _ = roster.known(work, workspace_id, slack_id, told["name"] if told else "", now)
        return roster.profile_told(work, person, **told) if told else person


def call_from(desk: Desk, body: Mapping[str, Any], **more: Any) -> Call:
    """The call that a verified Slack request makes. Raises NotAllowed for people of another organisation."""
    user = body.get("user") or {}
    slack_id = user.get("id") or body.get("user_id") or ""
    workspace_id = workspace_of(body)
    at_home = (user.get("team_id") or workspace_id) == workspace_id
    # Within an Enterprise organisation people come from each other's workspaces; whether they belong, Slack says.
    if not at_home and not organisation_of(body):
        raise NotAllowed(OUTSIDER)
    now = desk.clock()
    client = desk.client_of(workspace_id)
    person = met(desk, client, workspace_id, slack_id, now, vouched=at_home)
    if not at_home and person.guest:
        raise NotAllowed(OUTSIDER)
    channel = (body.get("channel") or {}).get("id") or body.get("channel_id") or None
    facts = {"channel": channel, "trigger_id": body.get("trigger_id") or "", **more}
    return Call(desk=desk, person=person, now=now, client=client, **facts)


def request_id(*parts: Any) -> str:
    """One name for one intention: the same click or submission always gives the same."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:40]
