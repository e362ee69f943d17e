"""The blocks and elements that all views are made of, within Slack's limits."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

Block = dict[str, Any]
# Blocks that Slack shows in messages only, never in a window.
MESSAGE_ONLY = frozenset({"data_visualization", "data_table"})
SECTION_LIMIT = 3000
META_LIMIT = 3000
VALUE_LIMIT = 2000
SAID = "said"  # the callback id of a page that only says something
ONLY_YOU = "Only visible to you."
OPTION_LIMIT = 75
OPTIONS_LIMIT = 100


def escape(text: str) -> str:
    """User text made harmless in mrkdwn: no mention, link or tag can come out of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, limit: int) -> str:
    """The text in at most `limit` characters, ended by an ellipsis where something was left out."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def day(on: date) -> str:
    """A date as people here write it: Mon 23 Nov 2026."""
    return f"{on:%a} {on.day} {on:%b %Y}"


def moment(at: datetime, pattern: str = "{date_short_pretty} {time}") -> str:
    """An instant that Slack shows in each reader's own time."""
    return f"<!date^{int(at.timestamp())}^{pattern}|{at:%d %b %Y %H:%M} UTC>"


def plain(text: str, limit: int = SECTION_LIMIT) -> Block:
    """A plain_text object."""
    return {"type": "plain_text", "text": clip(text, limit) or "-", "emoji": False}


def mrkdwn(text: str) -> Block:
    """A mrkdwn object; parts that people typed must have been escaped."""
    return {"type": "mrkdwn", "text": clip(text, SECTION_LIMIT) or "-", "verbatim": True}


def section(text: str, accessory: Block | None = None) -> Block:
    """A paragraph of mrkdwn."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if accessory:
        block["accessory"] = accessory
    return block


def for_you(more: str = "") -> Block:
    """The line that tells who can see an answer."""
    return context(f"{ONLY_YOU} {more}".strip())


def in_conversation(blocks: Sequence[Block]) -> list[Block]:
    """An answer as a message of the bot's own conversation, where nothing needs to be said of who sees it."""
    kept = []
    for block in blocks:
        said = block["elements"][0].get("text", "") if block["type"] == "context" else ""
        if not isinstance(said, str) or not said.startswith(ONLY_YOU):
            kept.append(block)
        elif rest := said.removeprefix(ONLY_YOU).strip():
            kept.append(context(rest))
    return kept


def quoted(text: str) -> Block:
    """What a person typed, exactly: rich text leaves are never parsed for markup, links or mentions."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": text or "-"}]}],
    }


def returned(text: str) -> list[Block]:
    """Typed words given back whole, in as many quotes as they need."""
    pieces = [text[n : n + SECTION_LIMIT] for n in range(0, len(text), SECTION_LIMIT)]
    return [quoted(piece) for piece in pieces[:13]]


def paragraphs(lines: Iterable[str], limit: int = 2900) -> list[str]:
    """Lines put together into as many texts as it takes, each within `limit` characters."""
    found: list[str] = []
    for line in lines:
        if found and len(found[-1]) + len(line) + 1 <= limit:
            found[-1] = f"{found[-1]}\n{line}"
        else:
            found.append(clip(line, limit))
    return found


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain(text, 150)}


def context(*texts: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [mrkdwn(clip(text, 2000)) for text in texts[:10]]}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def button(
    text: str,
    id: str,
    value: Mapping[str, Any] | None = None,
    *,
    style: str = "",
    confirm: tuple[str, str, str] | None = None,
    label: str = "",
) -> Block:
    """A button; `confirm` is (title, text, yes); `label` tells apart buttons of one text for screen readers."""
    element: Block = {"type": "button", "text": plain(text, OPTION_LIMIT), "action_id": id}
    if value:
        element["value"] = _packed(value)
    if style:
        element["style"] = style
    if label:
        element["accessibility_label"] = clip(label, OPTION_LIMIT)
    if confirm:
        title, words, yes = confirm
        element["confirm"] = {
            "title": plain(title, 100),
            "text": plain(words, 300),
            "confirm": plain(yes, 30),
            "deny": plain("Go back", 30),
        }
    return element


def carried(value: Mapping[str, Any]) -> bool:
    """Whether a button can carry this much (Slack's limit for the value of a button)."""
    return len(_packed(value)) <= VALUE_LIMIT


def actions(*elements: Block) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(elements)}


def option(text: str, value: str, description: str = "") -> Block:
    """One choice of a select."""
    made: Block = {"text": plain(text, OPTION_LIMIT), "value": value}
    if description:
        made["description"] = plain(description, OPTION_LIMIT)
    return made


def field(
    name: str, label: str, element: Block, *, optional: bool = False, hint: str = "", dispatch: bool = False
) -> Block:
    """An input; its block id is the name of the form's field, so that a refusal finds its place under it."""
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2000),
        "element": {"action_id": name, **element},
        "optional": optional,
    }
    if hint:
        block["hint"] = plain(hint, 2000)
    if dispatch:
        block["dispatch_action"] = True
    return block


def text_input(initial: str = "", *, lines: bool = True, placeholder: str = "", focus: bool = False) -> Block:
    """Something to type. There is no max_length: too long a text is answered under the field, with the words kept."""
    element: Block = {"type": "plain_text_input", "multiline": lines}
    if initial:
        element["initial_value"] = clip(initial, SECTION_LIMIT)
    if placeholder:
        element["placeholder"] = plain(placeholder, 150)
    if focus:
        element["focus_on_load"] = True
    return element


def select(options: Sequence[Block], chosen: str | None = None, placeholder: str = "Choose one") -> Block:
    """A choice of one; the first hundred options."""
    kept = list(options[:OPTIONS_LIMIT])
    element: Block = {"type": "static_select", "options": kept, "placeholder": plain(placeholder, 150)}
    for made in kept:
        if made["value"] == chosen:
            element["initial_option"] = made
    return element


def choices(values: Iterable[Any], chosen: Any = None) -> Block:
    """A select over an enumeration; each value is shown with a capital."""
    options = [option(str(value)[:1].upper() + str(value)[1:], str(value)) for value in values]
    return select(options, str(chosen) if chosen is not None else None)


def date_input(initial: date | None = None) -> Block:
    """A day."""
    return {"type": "datepicker", **({"initial_date": initial.isoformat()} if initial else {})}


def person_input(initial: str | None = None) -> Block:
    """Somebody of the workspace, by Slack id."""
    element: Block = {"type": "users_select", "placeholder": plain("Choose a person", 150)}
    if initial:
        element["initial_user"] = initial
    return element


def files_input(most: int = 5) -> Block:
    """Files to attach, at most 10 MB each (Slack's limit)."""
    return {"type": "file_input", "max_files": most}


def modal(
    id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str = "",
    close: str = "Cancel",
    meta: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A form or a page to read; what Slack shows in messages alone is left out, since its words stand beside it."""
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": id,
        "title": plain(title, 24),
        "close": plain(close, 24),
        "blocks": [block for block in blocks if block["type"] not in MESSAGE_ONLY][:100],
        "private_metadata": _packed(meta or {}),
    }
    if submit:
        view["submit"] = plain(submit, 24)
    return view


def _packed(meta: Mapping[str, Any]) -> str:
    return json.dumps(dict(meta), separators=(",", ":"), ensure_ascii=False)


def fitting(meta: dict[str, Any], name: str, limit: int = META_LIMIT - 100) -> dict[str, Any]:
    """What a form is opened with or a button carries, its text `name` shortened until all of it fits into `limit`
    characters (of a form's 3,000 in Slack, unless said otherwise)."""
    while len(_packed(meta)) > limit and meta[name]:
        meta = {**meta, name: meta[name][: len(meta[name]) * 3 // 4]}
    return meta


def said(view_title: str, text: str, blocks: Sequence[Block] = ()) -> dict[str, Any]:
    """A page that only says something."""
    return modal(SAID, view_title, list(blocks) or [section(text)], close="Close")
