"""The bookkeeping of a validation and the composition objects: text, options, confirm dialogs, rich text."""

from collections.abc import Callable, Iterable
from typing import Any

Json = dict[str, Any]
Rule = Callable[["Check", Json, str], None]


def kind_of(value: Any) -> str | None:
    """The `type` of an object, when it is one and has one."""
    kind = value.get("type") if isinstance(value, dict) else None
    return kind if isinstance(kind, str) else None


class Check:
    """Collects errors as Slack words them: `[ERROR] must be ... [json-pointer:/blocks/0/text]`."""

    def __init__(self, surface: str, team_files: Callable[[Any], bool]) -> None:
        self.surface = surface  # message, modal or home
        self.file_is_image = team_files
        self.errors: list[str] = []
        self.block_ids: set[str] = set()
        self.focused = 0
        self.counts: dict[str, int] = {}

    def fail(self, at: str, why: str) -> None:
        self.errors.append(f"[ERROR] {why} [json-pointer:{at}]")

    def count(self, what: str, by: int = 1) -> int:
        self.counts[what] = self.counts.get(what, 0) + by
        return self.counts[what]

    def keys(self, value: Any, at: str, required: str, optional: str = "") -> bool:
        """Is this an object with these fields and no others? (`type` is always allowed.)"""
        if not isinstance(value, dict):
            self.fail(at, "must be an object")
            return False
        needed, known = set(required.split()), set(required.split()) | set(optional.split()) | {"type"}
        for missing in sorted(needed - value.keys()):
            self.fail(at, f"missing required field: {missing}")
        for extra in sorted(value.keys() - known):
            self.fail(at, f"invalid additional property: {extra}")
        return needed <= value.keys()

    def string(self, value: Any, at: str, longest: int, shortest: int = 1) -> bool:
        if not isinstance(value, str):
            self.fail(at, "must be a string")
        elif len(value) < shortest:
            self.fail(at, f"must be more than {shortest - 1} characters")
        elif len(value) > longest:
            self.fail(at, f"must be less than {longest + 1} characters")
        else:
            return True
        return False

    def whole(self, value: Any, at: str, least: int, most: int) -> bool:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.fail(at, f"must be an integer from {least} to {most}")
            return False
        return True

    def flag(self, value: Any, at: str) -> None:
        if not isinstance(value, bool):
            self.fail(at, "must be a boolean")

    def flags(self, value: Json, at: str, names: str) -> None:
        for name in names.split():
            if name in value:
                self.flag(value[name], f"{at}/{name}")

    def choice(self, value: Any, at: str, choices: Iterable[str]) -> bool:
        if value not in tuple(choices):
            self.fail(at, f"value must be one of: {', '.join(choices)}")
            return False
        return True

    def items(self, value: Any, at: str, most: int, least: int = 1) -> list[Any]:
        """The list, if it is one of an allowed length; otherwise an error and nothing to look at."""
        if not isinstance(value, list):
            self.fail(at, "must be an array")
            return []
        if len(value) < least:
            self.fail(at, f"no less than {least} items allowed")
        if len(value) > most:
            self.fail(at, f"no more than {most} items allowed")
        return value


def text(check: Check, value: Any, at: str, longest: int, plain: bool = True) -> None:
    """A text object; `plain` refuses mrkdwn."""
    if not isinstance(value, dict):
        check.fail(at, "must be an object")
        return
    kind = kind_of(value)
    if kind == "plain_text":
        ok = check.keys(value, at, "type text", "emoji")
        check.flags(value, at, "emoji")
    elif kind == "mrkdwn" and not plain:
        ok = check.keys(value, at, "type text", "verbatim")
        check.flags(value, at, "verbatim")
    else:
        check.fail(f"{at}/type", f"unsupported type: {kind}")
        return
    if ok:
        check.string(value["text"], f"{at}/text", longest)


def confirm(check: Check, value: Any, at: str) -> None:
    if check.keys(value, at, "title text confirm deny", "style"):
        text(check, value["title"], f"{at}/title", 100)
        text(check, value["text"], f"{at}/text", 300, plain=False)
        text(check, value["confirm"], f"{at}/confirm", 30)
        text(check, value["deny"], f"{at}/deny", 30)
        if "style" in value:
            check.choice(value["style"], f"{at}/style", ("primary", "danger"))


def option(check: Check, value: Any, at: str, mrkdwn: bool = False, url: bool = False) -> None:
    """An option: text 75, value 150, description 75 (docs: composition objects)."""
    if check.keys(value, at, "text value", "description url" if url else "description"):
        text(check, value["text"], f"{at}/text", 75, plain=not mrkdwn)
        check.string(value["value"], f"{at}/value", 150)
        if "description" in value:
            text(check, value["description"], f"{at}/description", 75, plain=not mrkdwn)
        if "url" in value:
            check.string(value["url"], f"{at}/url", 3000)


def options(
    check: Check, value: Json, at: str, most: int, least: int = 1, mrkdwn: bool = False, url: bool = False
) -> list[Json]:
    """The options of an element, checked; the list of them for the look at initial choices."""
    found = check.items(value.get("options"), f"{at}/options", most, least)
    for i, each in enumerate(found):
        option(check, each, f"{at}/options/{i}", mrkdwn, url)
    return found


def option_groups(check: Check, value: Json, at: str) -> list[Json]:
    found: list[Json] = []
    for i, group in enumerate(check.items(value["option_groups"], f"{at}/option_groups", 100)):
        here = f"{at}/option_groups/{i}"
        if check.keys(group, here, "label options"):
            text(check, group["label"], f"{here}/label", 75)
            found += options(check, group, here, 100)
    return found


LEAVES = {
    "text": "text style",
    "link": "url text style unsafe",
    "user": "user_id style",
    "channel": "channel_id style",
    "usergroup": "usergroup_id style",
    "broadcast": "range style",
    "emoji": "name unicode style skin_tone",
    "date": "timestamp format url fallback style",
    "color": "value style",
    "team": "team_id style",
}
LEAF_NEEDS = {"text": "text", "link": "url", "user": "user_id", "channel": "channel_id", "emoji": "name"}
LEAF_NEEDS |= {"usergroup": "usergroup_id", "broadcast": "range", "date": "timestamp format", "color": "value"}


def rich_text(check: Check, value: Any, at: str) -> None:
    """A rich_text object or block: sections, lists, quotes and preformatted text with known leaves."""
    if kind_of(value) != "rich_text":
        check.fail(at, "must be rich_text")
        return
    if check.keys(value, at, "elements", "block_id"):
        for i, each in enumerate(check.items(value["elements"], f"{at}/elements", 1000)):
            _rich_part(check, each, f"{at}/elements/{i}")


def _rich_part(check: Check, value: Any, at: str) -> None:
    kind = kind_of(value)
    if kind == "rich_text_list":
        if check.keys(value, at, "style elements", "indent offset border"):
            check.choice(value["style"], f"{at}/style", ("bullet", "ordered"))
            for i, each in enumerate(check.items(value["elements"], f"{at}/elements", 1000)):
                _rich_part(check, each, f"{at}/elements/{i}")
    elif kind in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
        if check.keys(value, at, "elements", "border language"):
            for i, leaf in enumerate(check.items(value["elements"], f"{at}/elements", 1000, least=0)):
                _leaf(check, leaf, f"{at}/elements/{i}")
    else:
        check.fail(at, f"unsupported type: {kind}")


def _leaf(check: Check, value: Any, at: str) -> None:
    kind = kind_of(value)
    if kind not in LEAVES:
        check.fail(at, f"unsupported type: {kind}")
    elif check.keys(value, at, LEAF_NEEDS.get(kind, ""), LEAVES[kind]) and kind == "text":
        check.string(value["text"], f"{at}/text", 12_000)
