"""Where the elements of a message or form are, and what each holds when somebody answers it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from playground.blockkit import interactive_elements
from playground.modals import FIELD, MANY, offered_options

Json = dict[str, Any]


def element_of(where: Json, action_id: str, text: str = "", value: str = "") -> tuple[Json, Json]:
    """Block and element of a message or view by action_id, shown text or value. LookupError names what is there."""
    there = list(interactive_elements(where.get("blocks") or []))
    for block, element in there:
        shown = element.get("text", {}).get("text", "")
        by_value = not value or element.get("value") == value or element["type"] in FIELD
        if (not action_id or element["action_id"] == action_id) and (not text or shown == text) and by_value:
            return block, element
    known = [(e["action_id"], e.get("text", {}).get("text", e["type"]), e.get("value", "")) for _, e in there]
    raise LookupError(f"No element {action_id!r} {text!r} {value!r} among {known}")


def field_of(view: Json, name: str) -> tuple[Json, Json]:
    """Block and field of a form by block_id, action_id or label. LookupError names what is there."""
    there = [(b, e) for b, e in interactive_elements(view["blocks"]) if e["type"] in FIELD]
    for block, element in there:
        if name in (block["block_id"], element["action_id"], block.get("label", {}).get("text")):
            return block, element
    raise LookupError(f"No field {name!r} among {[(b['block_id'], b.get('label', {}).get('text')) for b, _ in there]}")


def given(element: Json, answer: Any, upload: Callable[[str, bytes], str]) -> Json:
    """What a field holds in Slack's own form for an answer in Python's; `upload` gives a file its id."""
    field = FIELD[element["type"]]
    if field == "files":
        pairs = answer if isinstance(answer, list) else [answer]
        answer = [each if isinstance(each, str) else upload(each[0], each[1]) for each in pairs]
    elif field == "selected_option":
        answer = option_of(element, answer)
    elif field == "selected_options":
        answer = [option_of(element, each) for each in (answer if isinstance(answer, list) else [answer])]
    elif field in MANY:
        answer = list(answer)
    elif field == "selected_date_time" and isinstance(answer, datetime):
        answer = int(answer.timestamp())
    elif isinstance(answer, date):
        answer = answer.isoformat()
    elif field == "value" and answer is not None:
        answer = str(answer)
    return {"type": element["type"], field: answer}


def option_of(element: Json, wanted: Any) -> Any:
    """An option of the element by value or shown text; a whole option, or one of an external list, as it is."""
    for option in offered_options(element):
        if wanted in (option["value"], option["text"]["text"]):
            return option["value"]
    return wanted
