"""A stand-in for one test, a stock Web API client for it, and a stock Bolt app connected over Socket Mode."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.actor import Actor, wait_for
from playground.server import Standin

Json = dict[str, Any]
SCOPES = "app_mentions:read channels:history channels:read chat:write commands files:read files:write groups:history"
SCOPES += " groups:read im:history im:write reactions:write usergroups:read users:read channels:join"
EVENTS = "app_home_opened app_mention app_uninstalled member_joined_channel member_left_channel message.im"
EVENTS += " tokens_revoked user_change team_join subteam_members_changed channel_archive"


def manifest(**settings: Any) -> Json:
    """An app like any other: one command, two shortcuts, Home and messages."""
    return {
        "display_information": {"name": "Parrot"},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "bot_user": {"display_name": "Parrot"},
            "shortcuts": [
                {"name": "Write it down", "type": "global", "callback_id": "write"},
                {"name": "Keep it", "type": "message", "callback_id": "keep"},
            ],
            "slash_commands": [{"command": "/parrot", "description": "Repeats", "should_escape": True}],
        },
        "oauth_config": {"scopes": {"bot": SCOPES.split()}},
        "settings": {
            "event_subscriptions": {"bot_events": EVENTS.split()},
            "interactivity": {"is_enabled": True},
        }
        | settings,
    }


@pytest.fixture
def slack() -> Iterator[Standin]:
    """A stand-in without rate limits, whose events are retried at once."""
    with Standin(manifest=manifest(), limits=False, retry_delays=(0.0, 0.05, 0.1), ack_seconds=1.0) as running:
        yield running


@pytest.fixture
def web(slack: Standin) -> WebClient:
    """The stock client, which sends everything once."""
    return client_of(slack)


def client_of(slack: Standin, token: str | None = None) -> WebClient:
    return WebClient(token or slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def amara(slack: Standin) -> Actor:
    return slack.actor("U0AMARA")


@pytest.fixture
def app(slack: Standin) -> App:
    """A stock Bolt app; listeners are added by the test, before `connect`."""
    return App(client=client_of(slack), process_before_response=True)


@pytest.fixture
def kept() -> list[Json]:
    """The payloads that the app received."""
    return []


@pytest.fixture
def connect(slack: Standin, app: App) -> Iterator[Callable[[], SocketModeHandler]]:
    """Connects the app by Bolt's own Socket Mode client, as often as called."""
    handlers: list[SocketModeHandler] = []

    def run() -> SocketModeHandler:
        handler = SocketModeHandler(app, slack.app_token)
        handler.connect()  # type: ignore[no-untyped-call]
        handlers.append(handler)
        wait_for(lambda: len(slack.hub.world.users) and slack.control("connection")["connections"] >= len(handlers))
        return handler

    yield run
    for handler in handlers:
        handler.client.message_processor.event.set()  # else it waits up to a second for one more message
        handler.client.enqueue_message("{}")
        handler.close()  # type: ignore[no-untyped-call]


def refusal(call: Callable[..., Any], **arguments: Any) -> str:
    """The error name with which a Web API call is refused; "" when it is not."""
    try:
        call(**arguments)
    except SlackApiError as error:
        return str(error.response["error"])
    return ""


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Form"), "submit": plain("Save"), "blocks": list(blocks)} | more


def field(block_id: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(block_id),
        "element": {"action_id": "x"} | element,
    } | more


def button(action_id: str, text: str = "Press", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(text)} | more


def actions(*elements: Json, block_id: str = "buttons") -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def opening(view: Json) -> Callable[..., None]:
    """A command or shortcut listener that opens this view."""

    def listener(ack: Any, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack()

    return listener


def keeping(kept: list[Any]) -> Callable[..., None]:
    """A listener that keeps every payload it gets."""

    def listener(ack: Any, body: Json) -> None:
        kept.append(body)
        ack()

    return listener


def hearing(kept: list[Any]) -> Callable[..., None]:
    """An event listener that keeps every event it gets."""

    def listener(event: Json) -> None:
        kept.append(event)

    return listener
