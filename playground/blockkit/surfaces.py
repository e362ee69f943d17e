"""Whole messages and views: what Slack would refuse, the ids that it fills in, and elements looked up in them."""

import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any

from playground.blockkit.blocks import block_list
from playground.blockkit.check import Check, Json, kind_of, text
from playground.blockkit.elements import ELEMENTS

LARGEST_VIEW = 250_000
"""Bytes of JSON (docs: views.open, view_too_large)."""
VIEW_FIELDS = "blocks private_metadata callback_id external_id"
MODAL_FIELDS = "submit close clear_on_close notify_on_close submit_disabled"


class Refused(Exception):
    """Blocks that Slack would refuse: the error's name and the lines of `response_metadata.messages`."""

    def __init__(self, error: str, messages: list[str]) -> None:
        super().__init__(error, messages)
        self.error = error
        self.messages = messages


def check_message(blocks: Any, image_file: Callable[[Any], bool], rejected: set[str]) -> list[Json]:
    """The blocks of a message with their missing ids filled in; Refused when Slack would refuse them.

    `image_file` tells whether a `slack_file` is an image that Slack holds; `rejected` names block types that this
    workspace does not know yet (a phased roll-out).
    """
    check = Check("message", image_file)
    found = block_list(check, blocks, "/blocks", 50, rejected)
    if check.errors:
        raise Refused("invalid_blocks", check.errors)
    if check.counts.get("tables", 0) > 1:
        raise Refused("invalid_attachments", ["only_one_table_allowed"])
    _fill_ids(found)
    return found


def check_view(view: Any, image_file: Callable[[Any], bool], rejected: set[str]) -> Json:
    """A modal or Home view with missing ids filled in; Refused (invalid_arguments or view_too_large) otherwise."""
    kind = kind_of(view)
    if kind not in ("modal", "home"):
        raise Refused("invalid_arguments", ["[ERROR] missing required field: type [json-pointer:/view]"])
    if len(json.dumps(view, separators=(",", ":"), ensure_ascii=False).encode()) > LARGEST_VIEW:
        raise Refused("view_too_large", [])
    check = Check(kind, image_file)
    _view_fields(check, view)
    found = block_list(check, view.get("blocks"), "/view/blocks", 100, rejected)
    if check.counts.get("inputs") and kind == "modal" and not view.get("submit"):
        check.fail("/view", "missing required field: submit")
    if check.counts.get("tables", 0) > 1:
        check.fail("/view/blocks", "only_one_table_allowed")
    if check.errors:
        raise Refused("invalid_arguments", check.errors)
    _fill_ids(found)
    return dict(view)


def _view_fields(check: Check, view: Json) -> None:
    if view["type"] == "home":
        check.keys(view, "/view", "blocks", VIEW_FIELDS)
    elif check.keys(view, "/view", "title blocks", f"{VIEW_FIELDS} {MODAL_FIELDS}"):
        for name in ("title", "submit", "close"):
            if view.get(name) is not None:
                text(check, view[name], f"/view/{name}", 24)
        check.flags(view, "/view", "clear_on_close notify_on_close")
    for name, longest in (("callback_id", 255), ("external_id", 255), ("private_metadata", 3000)):
        if view.get(name) is not None:
            check.string(view[name], f"/view/{name}", longest, shortest=0)


def _fill_ids(blocks: list[Json]) -> None:
    for each in blocks:
        each.setdefault("block_id", secrets.token_urlsafe(4))
        for part in _elements(each):
            if part["type"] not in ("image", "mrkdwn", "plain_text"):
                part.setdefault("action_id", secrets.token_urlsafe(4))
        _fill_ids(each.get("child_blocks", []))


def _elements(value: Json) -> list[Json]:
    if value["type"] in ("actions", "context_actions"):
        return list(value["elements"])
    if value["type"] == "card":
        return list(value.get("actions", []))
    one = value.get("accessory") or (value.get("element") if value["type"] == "input" else None)
    return [one] if one and one["type"] in ELEMENTS and one["type"] != "image" else []


def interactive_elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with its block, containers included."""
    for each in blocks:
        for part in _elements(each):
            yield each, part
        yield from interactive_elements(each.get("child_blocks", []))


def element_at(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json] | None:
    """The block and element with these ids, if they stand there."""
    for holder, part in interactive_elements(blocks):
        if holder["block_id"] == block_id and part.get("action_id") == action_id:
            return holder, part
    return None
