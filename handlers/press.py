"""Buttons, choices and shortcuts: one thing run, its answer shown where the person looked."""

from collections.abc import Mapping
from typing import Any

import structlog
from slack_sdk.errors import SlackClientError

from bot.errors import Refusal
from handlers import failures
from handlers.callers import call_from, request_id
from handlers.desk import Answer, Button, Call, Desk, Shortcut
from handlers.forms import carried, meta_of, values_of
from handlers.through import said_through
from handlers.views import parts

log = structlog.get_logger(__name__)


def pressed(desk: Desk, buttons: Mapping[str, Button], body: Mapping[str, Any]) -> None:
    """Run what was pressed. What nobody listens to (a link, an input of a form) is simply taken note of."""
    action = body["actions"][0]
    button = buttons.get(action["action_id"].split("#")[0])
    if button is None and (action.get("type") != "button" or action.get("url")):
        return
    holder: dict[str, Call] = {}

    def run() -> Answer | None:
        if button is None:
            raise Refusal("This button belongs to an older message and does nothing any more. Try /sip.")
        holder["call"] = call = _call(desk, body, action)
        return button.run(call)

    answer = failures.guarded(run, where=f"button {action['action_id']}")
    if answer is not None:
        _show(desk, body, holder.get("call"), answer)


def shortcut_used(desk: Desk, shortcuts: Mapping[str, Shortcut], body: Mapping[str, Any]) -> None:
    """Run a shortcut; its failure is shown in a window, since a global shortcut has no conversation to answer in."""
    shortcut = shortcuts.get(body["callback_id"])
    if shortcut is None:
        return
    holder: dict[str, Call] = {}

    def run() -> Answer | None:
        key = request_id("shortcut", body["trigger_id"])
        domain = {"domain": (body.get("team") or {}).get("domain")}
        message = body.get("message") or {}
        holder["call"] = call = call_from(desk, body, request_id=key, message=message, value=domain)
        return shortcut.run(call)

    answer = failures.guarded(run, where=f"shortcut {shortcut.id}")
    if answer is not None:
        client = desk.client_of((body.get("team") or {}).get("id") or "")
        _window(client, body["trigger_id"], answer)


def _call(desk: Desk, body: Mapping[str, Any], action: Mapping[str, Any]) -> Call:
    container = body.get("container") or {}
    view = body.get("view") or {}
    raw = action.get("value") or (action.get("selected_option") or {}).get("value") or "{}"
    place = container.get("message_ts") or view.get("id") or ""
    slack_id = (body.get("user") or {}).get("id")
    return call_from(
        desk,
        body,
        request_id=request_id("press", place, view.get("hash", ""), action["action_id"], raw, slack_id),
        value=carried(raw),
        values=values_of(view.get("state") or body.get("state") or {}),
        meta=meta_of(view),
        message=body.get("message") or {"ts": container.get("message_ts")},
        view=view,
    )


def _show(desk: Desk, body: Mapping[str, Any], call: Call | None, answer: Answer) -> None:
    """In a private message: in its place. In a shared one: privately beside it. In a form or Home: in a window."""
    if url := body.get("response_url"):
        private = bool((body.get("container") or {}).get("is_ephemeral"))
        # Where it fails, what was asked for is saved by now all the same.
        said_through(url, answer.text, answer.blocks, seconds=2, replace=private)
        return
    client = call.client if call else desk.client_of((body.get("team") or {}).get("id") or "")
    view = body.get("view") or {}
    _window(client, body["trigger_id"], answer, view["id"] if view.get("type") == "modal" else "")


def _window(client: Any, trigger_id: str, answer: Answer, view_id: str = "") -> None:
    shown = parts.said("Grip", answer.text, answer.blocks)
    try:
        if view_id:
            client.views_update(view_id=view_id, view=shown)
        else:
            client.views_open(trigger_id=trigger_id, view=shown)
    except SlackClientError as error:
        # The trigger may be spent, the form closed; what was asked for is saved or refused either way.
        log.warning("answer not shown", error=type(error).__name__)
