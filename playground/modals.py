"""What a person types into a view: initial states, the states that Slack would send, and what it would refuse."""

import re
from typing import Any

from playground.blockkit import interactive_elements
from playground.blockkit.elements import DATE, STATEFUL, TIME
from playground.hub import Hub
from playground.show import extension, file_json
from playground.world import User, View

Json = dict[str, Any]
REQUIRED = "Please complete this required field."
LARGEST_FILE = 10_000_000

FIELD = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "file_input": "files",
}
MANY = {"selected_options", "selected_users", "selected_conversations", "selected_channels", "files"}
INITIAL = {field: field.replace("selected_", "initial_") for field in FIELD.values()} | {
    "value": "initial_value",
    "rich_text_value": "initial_value",
}


def initial_state(element: Json) -> Json:
    """The state of an untouched element, as a payload carries it."""
    field = FIELD[element["type"]]
    value = element.get(INITIAL[field], [] if field in MANY else None)
    return {"type": element["type"], field: value}


def keep_values(content: Json, known: Json) -> Json:
    """The states of a (changed) view: what was typed stays where block_id, action_id and type are the same."""
    values: Json = {}
    for block, element in interactive_elements(content["blocks"]):
        if element["type"] not in STATEFUL:
            continue
        before = known.get(block["block_id"], {}).get(element["action_id"])
        kept = before if before and before["type"] == element["type"] else initial_state(element)
        values.setdefault(block["block_id"], {})[element["action_id"]] = kept
    return values


def offered_options(element: Json) -> list[Json]:
    """Every option of a static select, radio buttons, checkboxes or overflow, groups included."""
    groups: list[Json] = [element, *element.get("option_groups", [])]
    return [option for group in groups for option in group.get("options", [])]


class Typing:
    """One person's input into one view or message, element by element."""

    def __init__(self, hub: Hub, user: User, container: str) -> None:
        self.hub = hub
        self.user = user
        self.container = container

    def state(self, block: Json, element: Json, given: Json) -> Json:
        """The state that Slack would send for what was given. ValueError has the words that the person would read."""
        field = FIELD[element["type"]]
        value = given.get(field, given.get("value"))
        if field == "files":
            value = [self._file(element, ident) for ident in value or []]
            if len(value) > element.get("max_files", 10):
                raise ValueError(f"You can add at most {element.get('max_files', 10)} files.")
        elif field in ("selected_option", "selected_options"):
            many = field in MANY
            picked = [
                self._option(block, element, each) for each in (value or [] if many else [value] if value else [])
            ]
            value = picked if many else (picked[0] if picked else None)
        elif field in MANY:
            value = list(value or [])
        elif field == "value":
            value = self._text(element, value)
        most = element.get("max_selected_items")
        if most and isinstance(value, list) and len(value) > most:
            raise ValueError(f"You can choose at most {most}.")
        self._known(field, value)
        state: Json = {"type": element["type"], field: value}
        if element["type"] == "timepicker" and element.get("timezone"):
            state["timezone"] = element["timezone"]
        return state

    def _option(self, block: Json, element: Json, given: Any) -> Json:
        key = (self.container, block["block_id"], element["action_id"])
        options = offered_options(element) + self.hub.offered.get(key, [])
        initial = [*element.get("initial_options", []), element.get("initial_option")]
        wanted = given.get("value") if isinstance(given, dict) else given
        for option in [*options, *initial]:
            if option and option["value"] == wanted:
                return {k: v for k, v in option.items() if k in ("text", "value", "description")}
        raise ValueError(f"{wanted!r} is not among the choices.")

    def _file(self, element: Json, given: Any) -> Json:
        ident = given.get("id") if isinstance(given, dict) else given
        file = self.hub.world.files.get(str(ident))
        if file is None or file.user != self.user.id:
            raise ValueError("This file was not uploaded by you.")
        if len(file.content) > LARGEST_FILE:
            raise ValueError("Files can be at most 10 MB.")
        if element.get("filetypes") and extension(file) not in element["filetypes"]:
            raise ValueError(f"Only files of these types: {', '.join(element['filetypes'])}.")
        file.given_to_app = True
        return file_json(self.hub.world, file, self.hub.base)

    def _text(self, element: Json, value: Any) -> str | None:
        text = "" if value is None else str(value)
        kind = element["type"]
        if not text.strip():
            return None
        if kind == "plain_text_input":
            longest, shortest = element.get("max_length", 3000), element.get("min_length", 0)
            if len(text) > longest:
                raise ValueError(f"Please use at most {longest} characters.")
            if len(text) < shortest:
                raise ValueError(f"Please use at least {shortest} characters.")
        elif kind == "number_input":
            _number(element, text)
        elif kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
            raise ValueError("Please enter a valid email address.")
        elif kind == "url_text_input" and not re.match(r"https?://\S+$", text):
            raise ValueError("Please enter a valid URL.")
        return text

    def _known(self, field: str, value: Any) -> None:
        world = self.hub.world
        if field in ("selected_user", "selected_users"):
            for each in value if isinstance(value, list) else [value] if value else []:
                if each not in world.users or world.users[each].team != self.user.team:
                    raise ValueError("There is no such person here.")
        if field.startswith(("selected_conv", "selected_chan")):
            for each in value if isinstance(value, list) else [value] if value else []:
                if each not in world.channels:
                    raise ValueError("There is no such conversation here.")
        if field == "selected_date" and value and not DATE.fullmatch(str(value)):
            raise ValueError("Please choose a date.")
        if field == "selected_time" and value and not TIME.fullmatch(str(value)):
            raise ValueError("Please choose a time.")


def _number(element: Json, text: str) -> None:
    try:
        number = float(text)
    except ValueError:
        raise ValueError("Please enter a number.") from None
    if not element["is_decimal_allowed"] and not re.fullmatch(r"[+-]?\d+", text):
        raise ValueError("Please enter a whole number.")
    if "min_value" in element and number < float(element["min_value"]):
        raise ValueError(f"Please enter a number of at least {element['min_value']}.")
    if "max_value" in element and number > float(element["max_value"]):
        raise ValueError(f"Please enter a number of at most {element['max_value']}.")


def is_empty(state: Json) -> bool:
    return not state[FIELD[state["type"]]]


def take_values(typing: Typing, blocks: list[Json], known: Json, given: Json) -> tuple[Json, dict[str, str]]:
    """New states from what a person gave, and the words under each field that Slack would refuse.

    Elements that are not in `given` keep their known state; a block_id or action_id that is not there is refused.
    """
    values, errors = {b: dict(actions) for b, actions in known.items()}, {}
    there: set[tuple[str, str]] = set()
    for block, element in interactive_elements(blocks):
        if element["type"] not in STATEFUL:
            continue
        ident, action = block["block_id"], element["action_id"]
        there.add((ident, action))
        if action in given.get(ident, {}):
            try:
                values.setdefault(ident, {})[action] = typing.state(block, element, given[ident][action])
            except ValueError as refused:
                errors[ident] = str(refused)
    for ident, actions in given.items():
        for action in actions:
            if (ident, action) not in there:
                errors[ident] = f"There is no field {action} in {ident}."
    return values, errors


def missing(view: View, values: Json) -> dict[str, str]:
    """Required inputs that are still empty."""
    found: dict[str, str] = {}
    for block, element in interactive_elements(view.content["blocks"]):
        if (
            block["type"] == "input"
            and not block.get("optional")
            and is_empty(values[block["block_id"]][element["action_id"]])
        ):
            found[block["block_id"]] = REQUIRED
    return found
