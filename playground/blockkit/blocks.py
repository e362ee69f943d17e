"""The blocks of Block Kit, each with its fields and limits."""

from typing import Any

from playground.blockkit.check import Check, Json, Rule, kind_of, rich_text, text
from playground.blockkit.elements import (
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    action_ids,
    element,
    image_source,
)
from playground.blockkit.figures import data_table, data_visualization, table


def section(check: Check, value: Json, at: str) -> None:
    check.keys(value, at, "", "block_id text fields accessory expand")
    if "text" not in value and "fields" not in value:
        check.fail(at, "missing required field: text")
    if "text" in value:
        text(check, value["text"], f"{at}/text", 3000, plain=False)
    if "fields" in value:
        for i, each in enumerate(check.items(value["fields"], f"{at}/fields", 10)):
            text(check, each, f"{at}/fields/{i}", 2000, plain=False)
    if "accessory" in value:
        element(check, value["accessory"], f"{at}/accessory", IN_SECTION)


def header(check: Check, value: Json, at: str) -> None:
    if check.keys(value, at, "text", "block_id level"):
        text(check, value["text"], f"{at}/text", 150)
    if "level" in value:
        check.whole(value["level"], f"{at}/level", 1, 4)


def divider(check: Check, value: Json, at: str) -> None:
    check.keys(value, at, "", "block_id")


def context(check: Check, value: Json, at: str) -> None:
    if not check.keys(value, at, "elements", "block_id"):
        return
    for i, each in enumerate(check.items(value["elements"], f"{at}/elements", 10)):
        if kind_of(each) == "image":
            element(check, each, f"{at}/elements/{i}", frozenset({"image"}))
        else:
            text(check, each, f"{at}/elements/{i}", 3000, plain=False)


def actions(check: Check, value: Json, at: str) -> None:
    if check.keys(value, at, "elements", "block_id"):
        found = check.items(value["elements"], f"{at}/elements", 25)
        for i, each in enumerate(found):
            element(check, each, f"{at}/elements/{i}", IN_ACTIONS)
        action_ids(check, found, f"{at}/elements")


def context_actions(check: Check, value: Json, at: str) -> None:
    if check.surface != "message":
        check.fail(at, "unsupported type: context_actions")
    elif check.keys(value, at, "elements", "block_id"):
        found = check.items(value["elements"], f"{at}/elements", 5)
        for i, each in enumerate(found):
            element(check, each, f"{at}/elements/{i}", frozenset({"feedback_buttons", "icon_button"}))
        action_ids(check, found, f"{at}/elements")


def image(check: Check, value: Json, at: str) -> None:
    check.keys(value, at, "alt_text", "block_id title image_url slack_file")
    image_source(check, value, at)
    if "title" in value:
        text(check, value["title"], f"{at}/title", 2000)


def input_block(check: Check, value: Json, at: str) -> None:
    if not check.keys(value, at, "label element", "block_id hint optional dispatch_action"):
        return
    check.count("inputs")
    check.flags(value, at, "optional dispatch_action")
    text(check, value["label"], f"{at}/label", 2000)
    if "hint" in value:
        text(check, value["hint"], f"{at}/hint", 2000)
    element(check, value["element"], f"{at}/element", IN_INPUT)
    kind = kind_of(value["element"])
    if value.get("dispatch_action") and kind == "file_input":
        check.fail(f"{at}/dispatch_action", "dispatch_action is not supported for file_input")


def markdown(check: Check, value: Json, at: str) -> None:
    if check.surface != "message":
        check.fail(at, "unsupported type: markdown")
    elif (
        check.keys(value, at, "text", "block_id")
        and check.string(value["text"], f"{at}/text", 12_000)
        and check.count("markdown", len(value["text"])) > 12_000
    ):
        check.fail(f"{at}/text", "must be less than 12001 characters in all markdown blocks")


def alert(check: Check, value: Json, at: str) -> None:
    if check.surface != "modal":
        check.fail(at, "unsupported type: alert")
    elif check.keys(value, at, "text", "block_id level"):
        text(check, value["text"], f"{at}/text", 3000, plain=False)
        check.choice(value.get("level", "default"), f"{at}/level", ("default", "info", "warning", "error", "success"))


IN_CONTAINER = {"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "table"}


def container(check: Check, value: Json, at: str) -> None:
    names = "block_id title rich_text_title subtitle width is_collapsible default_collapsed has_header_divider"
    if check.surface != "message":
        check.fail(at, "unsupported type: container")
        return
    if not check.keys(value, at, "child_blocks", names):
        return
    check.flags(value, at, "is_collapsible default_collapsed has_header_divider")
    if "rich_text_title" in value:
        rich_text(check, value["rich_text_title"], f"{at}/rich_text_title")
    else:
        text(check, value.get("title"), f"{at}/title", 150)
    if "subtitle" in value:
        text(check, value["subtitle"], f"{at}/subtitle", 150)
    if "width" in value:
        check.choice(value["width"], f"{at}/width", ("narrow", "standard", "wide", "full"))
    for i, each in enumerate(check.items(value["child_blocks"], f"{at}/child_blocks", 10)):
        here = f"{at}/child_blocks/{i}"
        if kind_of(each) in IN_CONTAINER:
            block(check, each, here)
        else:
            check.fail(here, f"unsupported type: {kind_of(each)}")


def card(check: Check, value: Json, at: str) -> None:
    names = "block_id hero_image icon slack_icon title subtitle body subtext actions"
    if check.surface == "modal":
        check.fail(at, "unsupported type: card")
        return
    check.keys(value, at, "", names)
    if not {"hero_image", "title", "body", "actions"} & value.keys():
        check.fail(at, "at least one of hero_image, title, body and actions is required")
    for name, longest in (("title", 150), ("subtitle", 150), ("body", 200)):
        if name in value:
            text(check, value[name], f"{at}/{name}", longest, plain=False)
    if "actions" in value:
        for i, each in enumerate(check.items(value["actions"], f"{at}/actions", 2)):
            element(check, each, f"{at}/actions/{i}", frozenset({"button"}))


BLOCKS: dict[str, Rule] = {
    "section": section,
    "header": header,
    "divider": divider,
    "context": context,
    "actions": actions,
    "context_actions": context_actions,
    "image": image,
    "input": input_block,
    "rich_text": rich_text,
    "markdown": markdown,
    "alert": alert,
    "container": container,
    "card": card,
    "data_visualization": data_visualization,
    "data_table": data_table,
    "table": table,
}


def block(check: Check, value: Any, at: str) -> None:
    """One block; its block_id must be new in this message or view."""
    kind = kind_of(value)
    if kind not in BLOCKS:
        check.fail(at, f"unsupported type: {kind}")
        return
    BLOCKS[kind](check, value, at)
    if "block_id" in value and check.string(value["block_id"], f"{at}/block_id", 255):
        if value["block_id"] in check.block_ids:
            check.fail(f"{at}/block_id", f'`block_id` "{value["block_id"]}" already exists')
        check.block_ids.add(value["block_id"])


def block_list(check: Check, blocks: Any, at: str, most: int, rejected: set[str]) -> list[Json]:
    """A list of blocks; `rejected` names types that this workspace does not know yet (a phased roll-out)."""
    found = check.items(blocks, at, most, least=0)
    for i, each in enumerate(found):
        if kind_of(each) in rejected:
            check.fail(f"{at}/{i}", f"unsupported type: {each['type']}")
        else:
            block(check, each, f"{at}/{i}")
    return found
