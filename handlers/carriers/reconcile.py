"""Whether a message of unknown fate arrived: looked up by the delivery id in its metadata."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.timing.outbox import Delivery
from handlers.carriers.outcome import born
from handlers.slack_errors import Fate, judge

EVENT_TYPE = "grip_delivery"
PAGES = 5  # of 200 messages; a job of ours is in doubt for minutes, not days
MARGIN = timedelta(minutes=5)  # by which our clock may be ahead of Slack's

# No scope, not a member, no such conversation yet: Slack will not let us look, now or later.
_BLIND = frozenset({"missing_scope", "not_in_channel", "channel_not_found", "not_allowed_token_type", "no_permission"})


@dataclass(frozen=True, slots=True)
class Found:
    """The message is there."""

    channel: str
    ts: str


class CannotLook(Exception):
    """Slack does not let us read that conversation."""


def metadata(delivery: Delivery) -> dict[str, Any]:
    """What travels with a message so that it can be found again. Every app may read it, so it holds an id alone."""
    return {"event_type": EVENT_TYPE, "event_payload": {"delivery": delivery.id}}


def look_up(client: WebClient, delivery: Delivery, place: str, thread_ts: str | None = None) -> Found | None:
    """The message of this delivery in a conversation (a person's id: the direct one), None where it never arrived.

    Raises CannotLook, and SlackApiError or OSError where Slack does not answer just now."""
    try:
        channel = place
        if place.startswith(("U", "W")):
            channel = client.conversations_open(users=place)["channel"]["id"]
        return _among(client, delivery, channel, thread_ts)
    except SlackApiError as error:
        verdict = judge(error)
        if verdict and verdict.fate is Fate.PERMANENT and verdict.error in _BLIND:
            raise CannotLook(verdict.error) from error
        raise


def _among(client: WebClient, delivery: Delivery, channel: str, thread_ts: str | None) -> Found | None:
    oldest = f"{(born(delivery) - MARGIN).timestamp():.6f}"
    cursor = ""
    for _ in range(PAGES):
        asked: dict[str, Any] = {"channel": channel, "oldest": oldest, "limit": 200, "include_all_metadata": True}
        if cursor:
            asked["cursor"] = cursor
        if thread_ts:
            page = client.conversations_replies(ts=thread_ts, **asked)
        else:
            page = client.conversations_history(**asked)
        for message in page["messages"]:
            told = message.get("metadata") or {}
            if told.get("event_type") == EVENT_TYPE and told.get("event_payload", {}).get("delivery") == delivery.id:
                return Found(channel, message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    return None
