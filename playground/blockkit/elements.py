"""The interactive elements of Block Kit, each with its fields and limits."""

import re
from typing import Any

from playground.blockkit.check import Check, Json, Rule, confirm, kind_of, option, option_groups, options, text

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
TIME = re.compile(r"\d{2}:\d{2}")


def _common(check: Check, value: Json, at: str) -> None:
    if "action_id" in value:
        check.string(value["action_id"], f"{at}/action_id", 255)
    if "placeholder" in value:
        text(check, value["placeholder"], f"{at}/placeholder", 150)
    if "confirm" in value:
        confirm(check, value["confirm"], f"{at}/confirm")
    if "focus_on_load" in value:
        check.flag(value["focus_on_load"], f"{at}/focus_on_load")
        if value["focus_on_load"] and check.count("focus") > 1:
            check.fail(f"{at}/focus_on_load", "only one element may have focus_on_load set to true")


def button(check: Check, value: Json, at: str) -> None:
    optional = "action_id value url style confirm accessibility_label visible_to_user_ids agent_prompt"
    if check.keys(value, at, "text", optional):
        text(check, value["text"], f"{at}/text", 75)
    for name, longest in (("value", 2000), ("url", 3000), ("accessibility_label", 75), ("agent_prompt", 4000)):
        if name in value:
            check.string(value[name], f"{at}/{name}", longest)
    if "style" in value:
        check.choice(value["style"], f"{at}/style", ("primary", "danger"))


def plain_text_input(check: Check, value: Json, at: str) -> None:
    names = "multiline min_length max_length initial_value dispatch_action_config focus_on_load placeholder action_id"
    check.keys(value, at, "", names)
    check.flags(value, at, "multiline")
    if "min_length" in value:
        check.whole(value["min_length"], f"{at}/min_length", 0, 3000)
    longest = 3000
    if "max_length" in value and check.whole(value["max_length"], f"{at}/max_length", 1, 3000):
        longest = value["max_length"]
    if "initial_value" in value:
        check.string(value["initial_value"], f"{at}/initial_value", longest, shortest=0)
    dispatch_config(check, value, at)


def dispatch_config(check: Check, value: Json, at: str) -> None:
    if "dispatch_action_config" not in value:
        return
    here = f"{at}/dispatch_action_config"
    if check.keys(value["dispatch_action_config"], here, "trigger_actions_on"):
        wanted = check.items(value["dispatch_action_config"]["trigger_actions_on"], f"{here}/trigger_actions_on", 2)
        for i, each in enumerate(wanted):
            check.choice(each, f"{here}/trigger_actions_on/{i}", ("on_enter_pressed", "on_character_entered"))


def simple_input(check: Check, value: Json, at: str) -> None:
    """email_text_input, url_text_input, rich_text_input."""
    check.keys(value, at, "", "initial_value dispatch_action_config focus_on_load placeholder action_id")
    dispatch_config(check, value, at)


def number_input(check: Check, value: Json, at: str) -> None:
    names = "min_value max_value initial_value dispatch_action_config focus_on_load placeholder action_id"
    if check.keys(value, at, "is_decimal_allowed", names):
        check.flag(value["is_decimal_allowed"], f"{at}/is_decimal_allowed")
    for name in ("min_value", "max_value", "initial_value"):
        if name in value and check.string(value[name], f"{at}/{name}", 100):
            try:
                float(value[name])
            except ValueError:
                check.fail(f"{at}/{name}", "must be a number")
    dispatch_config(check, value, at)


def file_input(check: Check, value: Json, at: str) -> None:
    check.keys(value, at, "", "action_id filetypes max_files")
    if check.surface != "modal":
        check.fail(at, "unsupported type: file_input")
    if "max_files" in value:
        check.whole(value["max_files"], f"{at}/max_files", 1, 10)
    for i, each in enumerate(check.items(value.get("filetypes", ["any"]), f"{at}/filetypes", 1000)):
        check.string(each, f"{at}/filetypes/{i}", 30)


def dated(name: str, shape: re.Pattern[str]) -> Rule:
    def rule(check: Check, value: Json, at: str) -> None:
        check.keys(value, at, "", f"action_id {name} confirm focus_on_load placeholder timezone")
        if name in value and not (isinstance(value[name], str) and shape.fullmatch(value[name])):
            check.fail(f"{at}/{name}", f"{name} must be formatted as {shape.pattern}")

    return rule


def datetimepicker(check: Check, value: Json, at: str) -> None:
    check.keys(value, at, "", "action_id initial_date_time confirm focus_on_load")
    if "initial_date_time" in value:
        check.whole(value["initial_date_time"], f"{at}/initial_date_time", 1_000_000_000, 9_999_999_999)


def chosen(many: bool, boxes: bool = False) -> Rule:
    """static_select and multi_static_select, or (boxes) radio_buttons and checkboxes, with offered initial choices."""
    initial = "initial_options" if many else "initial_option"

    def rule(check: Check, value: Json, at: str) -> None:
        optional = f"action_id {initial} confirm focus_on_load options"
        if not boxes:
            optional += " placeholder option_groups" + (" max_selected_items" if many else "")
        check.keys(value, at, "", optional)
        if "option_groups" in value and not boxes:
            offered = option_groups(check, value, at)
            if "options" in value:
                check.fail(at, "only one of options and option_groups is allowed")
        else:
            offered = options(check, value, at, 10 if boxes else 100, mrkdwn=boxes)
        if "max_selected_items" in value:
            check.whole(value["max_selected_items"], f"{at}/max_selected_items", 1, 100)
        given = value.get(initial, [] if many else None)
        picked = check.items(given, f"{at}/{initial}", 100, least=1) if many and initial in value else [given]
        if initial in value and any(each not in offered for each in picked):
            check.fail(f"{at}/{initial}", f"{initial} must exactly match one of the options")

    return rule


def external(many: bool) -> Rule:
    initial = "initial_options" if many else "initial_option"

    def rule(check: Check, value: Json, at: str) -> None:
        more = " max_selected_items" if many else ""
        check.keys(value, at, "", f"action_id {initial} min_query_length confirm focus_on_load placeholder{more}")
        if "min_query_length" in value:
            check.whole(value["min_query_length"], f"{at}/min_query_length", 0, 1000)
        if initial in value:
            for i, each in enumerate(value[initial] if many else [value[initial]]):
                option(check, each, f"{at}/{initial}/{i}" if many else f"{at}/{initial}")

    return rule


def picker(fields: str, many: bool) -> Rule:
    def rule(check: Check, value: Json, at: str) -> None:
        more = "max_selected_items" if many else "response_url_enabled"
        check.keys(value, at, "", f"action_id confirm focus_on_load placeholder {fields} {more}")

    return rule


def overflow(check: Check, value: Json, at: str) -> None:
    if check.keys(value, at, "options", "action_id confirm"):
        options(check, value, at, 5, url=True)


def image(check: Check, value: Json, at: str) -> None:
    """The image element; `slack_file` must be an image that Slack holds."""
    check.keys(value, at, "alt_text", "image_url slack_file")
    image_source(check, value, at)


def image_source(check: Check, value: Json, at: str) -> None:
    if "alt_text" in value:
        check.string(value["alt_text"], f"{at}/alt_text", 2000)
    if ("image_url" in value) == ("slack_file" in value):
        check.fail(at, "exactly one of image_url and slack_file is required")
    if "image_url" in value:
        check.string(value["image_url"], f"{at}/image_url", 3000)
    if "slack_file" in value and not check.file_is_image(value["slack_file"]):
        check.fail(f"{at}/slack_file", "invalid slack file")


def feedback_buttons(check: Check, value: Json, at: str) -> None:
    if check.keys(value, at, "positive_button negative_button", "action_id"):
        for name in ("positive_button", "negative_button"):
            if check.keys(value[name], f"{at}/{name}", "text value", "accessibility_label"):
                text(check, value[name]["text"], f"{at}/{name}/text", 75)


def icon_button(check: Check, value: Json, at: str) -> None:
    if check.keys(value, at, "icon text", "action_id value confirm accessibility_label visible_to_user_ids"):
        text(check, value["text"], f"{at}/text", 75)
        check.choice(value["icon"], f"{at}/icon", ("trash",))


ELEMENTS: dict[str, Rule] = {
    "button": button,
    "plain_text_input": plain_text_input,
    "email_text_input": simple_input,
    "url_text_input": simple_input,
    "rich_text_input": simple_input,
    "number_input": number_input,
    "file_input": file_input,
    "datepicker": dated("initial_date", DATE),
    "timepicker": dated("initial_time", TIME),
    "datetimepicker": datetimepicker,
    "static_select": chosen(many=False),
    "multi_static_select": chosen(many=True),
    "radio_buttons": chosen(many=False, boxes=True),
    "checkboxes": chosen(many=True, boxes=True),
    "external_select": external(many=False),
    "multi_external_select": external(many=True),
    "users_select": picker("initial_user", many=False),
    "multi_users_select": picker("initial_users", many=True),
    "conversations_select": picker("initial_conversation default_to_current_conversation filter", many=False),
    "multi_conversations_select": picker("initial_conversations default_to_current_conversation filter", many=True),
    "channels_select": picker("initial_channel", many=False),
    "multi_channels_select": picker("initial_channels", many=True),
    "overflow": overflow,
    "image": image,
    "feedback_buttons": feedback_buttons,
    "icon_button": icon_button,
}

SELECTS = frozenset(f"{of}_select" for of in ("static", "external", "users", "conversations", "channels"))
MULTI_SELECTS = frozenset(f"multi_{name}" for name in SELECTS)
PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})
BOXES = frozenset({"checkboxes", "radio_buttons"})
IN_ACTIONS = SELECTS | PICKERS | BOXES | {"button", "overflow"}
IN_SECTION = SELECTS | MULTI_SELECTS | BOXES | {"button", "overflow", "image", "datepicker", "timepicker"}
IN_INPUT = (
    SELECTS
    | MULTI_SELECTS
    | PICKERS
    | BOXES
    | frozenset(
        {"plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input", "file_input"}
    )
)
STATEFUL = IN_INPUT


def element(check: Check, value: Any, at: str, allowed: frozenset[str]) -> None:
    """One element where only the `allowed` types may stand."""
    kind = kind_of(value)
    if kind not in allowed or kind not in ELEMENTS:
        check.fail(at, f"unsupported type: {kind}")
        return
    ELEMENTS[kind](check, value, at)
    _common(check, value, at)


def action_ids(check: Check, elements: list[Any], at: str) -> None:
    """Action ids are unique within a block."""
    seen: set[str] = set()
    for i, each in enumerate(elements):
        ident = each.get("action_id") if isinstance(each, dict) else None
        if isinstance(ident, str) and ident in seen:
            check.fail(f"{at}/{i}/action_id", f'`action_id` "{ident}" already exists for this block')
        elif isinstance(ident, str):
            seen.add(ident)
