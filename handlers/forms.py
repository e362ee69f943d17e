"""Forms: what Slack sends of a filled form turned into plain values, and the answer to its submission."""

import json
from collections.abc import Mapping
from typing import Any

from handlers import failures, guard
from handlers.callers import call_from, request_id
from handlers.desk import Answer, Call, Carried, Desk, Form, Show
from handlers.views import parts

NAME_LIMIT = 120  # characters; what a form remembers has 3,000 in all


def values_of(state: Mapping[str, Any]) -> Carried:
    """The fields of a form by block id: text, chosen values, ISO days, Slack ids, or files as Slack describes them."""
    typed = state.get("values") or {}
    return Carried({block: _value(element) for block, elements in typed.items() for element in elements.values()})


def _value(element: Mapping[str, Any]) -> Any:
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"] or []]
    if "selected_option" in element:
        return (element["selected_option"] or {}).get("value")
    for name in (
        "selected_date",
        "selected_time",
        "selected_user",
        "selected_users",
        "selected_conversation",
        "selected_channel",
        "files",
    ):
        if name in element:
            return element[name]
    return element.get("value")


def files_of(value: Any) -> list[dict[str, Any]]:
    """Slack's file objects as the rules name a file."""
    return [
        {
            "id": file["id"],
            "name": _named(file.get("name") or "file"),
            "mimetype": file.get("mimetype") or "",
            "size": file.get("size") or 0,
            "url": file.get("url_private_download") or file.get("url_private") or "",
        }
        for file in value or []
    ]


def _named(name: str) -> str:
    """A file's name as a form can remember it, five at a time; its ending stays."""
    return name if len(name) <= NAME_LIMIT else f"{name[: NAME_LIMIT - 16]}…{name[-15:]}"


def meta_of(view: Mapping[str, Any]) -> Carried:
    """What the form was opened with."""
    return carried(view.get("private_metadata") or "{}")


def carried(raw: str) -> Carried:
    """What was packed into a button or a form, nulls apart; a plain word stands for an id."""
    try:
        found = json.loads(raw)
        if "\\ud" in raw.lower():
            json.dumps(found, ensure_ascii=False).encode()  # half of a pair of surrogates is no text
    except (ValueError, RecursionError):
        return Carried(id=raw)
    if not isinstance(found, dict):
        return Carried(id=raw)
    return Carried({key: value for key, value in found.items() if value is not None})


def submitted(desk: Desk, forms: Mapping[str, Form], body: Mapping[str, Any]) -> dict[str, Any]:
    """The ack for a submission: nothing closes the form; notes keep it open with the words in it."""
    view = body["view"]
    form = forms.get(view["callback_id"])
    if form is None:
        return {}
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input" and block.get("block_id")]
    try:
        call = call_of(desk, body)
        result = guard.submit(form, call)
    except Exception as error:  # noqa: BLE001 - the edge of the program: the form stays open with the words in it
        notes = failures.notes_for(error, where=f"form {form.id}", inputs=inputs)
        if notes:
            return {"response_action": "errors", "errors": notes}
        sentence = failures.answer(error, where=f"form {form.id}").text
        return {"response_action": "update", "view": parts.said("Not saved", sentence)}
    if isinstance(result, Show):
        return {"response_action": "push" if result.push else "update", "view": result.view}
    if isinstance(result, Answer):
        view = parts.said("Grip", result.text, result.blocks)
        return {"response_action": "update", "view": view}
    return {"response_action": "clear"}


def call_of(desk: Desk, body: Mapping[str, Any]) -> Call:
    """The call of somebody who submits a form; a repeated submission of a form as it was shown is the same request.

    One window may hold one form after another, so its id alone would not tell them apart; its hash does."""
    view = body["view"]
    shown = (view["id"], view.get("hash", ""), view["callback_id"])
    return call_from(
        desk,
        body,
        request_id=request_id("form", *shown, (body.get("user") or {}).get("id")),
        values=values_of(view.get("state", {})),
        meta=meta_of(view),
        view=view,
    )
