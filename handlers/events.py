"""What Slack tells by itself: Home opened, a profile or user group changed, words to the bot without a slash."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from slack_bolt import App
from slack_sdk.errors import SlackClientError

from bot.errors import Refusal
from bot.plan import roster
from bot.plan.people import Person
from bot.plan.services import Service
from handlers import groups, home, talk
from handlers.callers import met, profile_of
from handlers.carriers.people import wake_for
from handlers.desk import Desk, Verb
from handlers.origins import installation_of, workspace_of_event
from handlers.slack_errors import Fate, judge
from handlers.views import menu as welcome

ANY = re.compile(".*", re.DOTALL)
log = structlog.get_logger(__name__)


def register(app: App, desk: Desk, verbs: Sequence[Verb]) -> None:
    """Listen to the events of the manifest; one of a kind that nobody listens to is acknowledged all the same."""
    listeners = {
        "app_home_opened": lambda body: home_opened(desk, body),
        "app_mention": lambda body: talk.mentioned(desk, verbs, body),
        "message": lambda body: message(desk, verbs, body),
        "user_change": lambda body: profile_changed(desk, body),
        "member_joined_channel": lambda body: joined(desk, body),
        "subteam_members_changed": lambda body: groups.members_changed(desk, body),
        "subteam_updated": lambda body: groups.updated(desk, body),
        "app_uninstalled": lambda body: removed(desk, body),
        "tokens_revoked": lambda body: removed(desk, body),
        "team_access_revoked": lambda body: removed(desk, body),
    }
    for kind, listen in listeners.items():
        app.event(kind)(_listener(listen))
    app.event(ANY)(lambda: None)  # Slack counts what goes unanswered as a failure of the app, and stops telling


def _listener(listen: Any) -> Any:
    def on_event(body: Mapping[str, Any]) -> None:
        try:
            listen(body)
        except Refusal as refusal:  # which nobody waits to read; told again, it would be the same
            log.warning("refused", kind=str(body["event"].get("type"))[:40], error=type(refusal).__name__)
        except SlackClientError as error:
            verdict = judge(error)
            if verdict is None or verdict.fate is not Fate.PERMANENT:
                raise  # Slack tells of it again
            log.warning("not answered", kind=str(body["event"].get("type"))[:40], error=verdict.error)

    return on_event


def home_opened(desk: Desk, body: Mapping[str, Any]) -> None:
    """Somebody looks at the app; only its Home tab is ours to fill."""
    event = body["event"]
    if event.get("tab", "home") == "home":
        workspace_id = workspace_of_event(body)
        client = desk.client_of(workspace_id)
        person = met(desk, client, workspace_id, event["user"], desk.clock())
        home.opened(desk, person, client, str(body.get("event_id", "")))


def message(desk: Desk, verbs: Sequence[Verb], body: Mapping[str, Any]) -> None:
    """A line in the bot's own conversation; what bots say, edits and joins are none."""
    event = body["event"]
    spoken = event.get("channel_type") == "im" and event.get("subtype") in (None, "file_share")
    if spoken and event.get("user") and not event.get("bot_id"):
        talk.written(desk, verbs, body)


def profile_changed(desk: Desk, body: Mapping[str, Any]) -> None:
    """Somebody's profile changed. A big workspace tells thousands; only people whom the plan knows matter."""
    user, workspace_id = body["event"]["user"], workspace_of_event(body)
    with desk.store.transaction() as work:
        person = work.one(Person, workspace_id=workspace_id, slack_id=user["id"])
        if person:
            told = roster.profile_told(work, person, **profile_of(user, workspace_id))
            if told.active != person.active:
                wake_for(work, told, desk.clock())


def joined(desk: Desk, body: Mapping[str, Any]) -> None:
    """The bot was invited to a channel: whoever invited it is told what comes next, for their eyes alone."""
    event = body["event"]
    ours = (body.get("authorizations") or [{}])[0].get("user_id")
    if event["user"] != ours or not event.get("inviter"):
        return
    with desk.store.reading() as work:
        service = work.one(Service, workspace_id=workspace_of_event(body), channel_id=event["channel"])
    answer = welcome.here(service)
    desk.client_of(workspace_of_event(body)).chat_postEphemeral(
        channel=event["channel"], user=event["inviter"], text=answer.text, blocks=answer.blocks
    )


def removed(desk: Desk, body: Mapping[str, Any]) -> None:
    """The app was removed, from a workspace, an organisation or some workspaces of one, or its token taken back.

    A person's own token taken back is none of ours."""
    event = body["event"]
    at = datetime.fromtimestamp(float(body.get("event_time") or 0), UTC) + timedelta(seconds=1)
    if event["type"] == "team_access_revoked":
        for workspace_id in event.get("team_ids") or ():
            desk.removed(workspace_id, at)
    elif event["type"] == "app_uninstalled" or (event.get("tokens") or {}).get("bot"):
        desk.removed(installation_of(body), at)
