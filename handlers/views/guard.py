"""How the second look looks: a form again with notes under its fields, and a question about typed words."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.insight.privacy import Hit
from handlers.desk import Answer
from handlers.views.parts import META_LIMIT, Block, actions, button, clip, context, escape, plain, returned, section

MESSAGE = "message"  # not a field: what came with a message
NOTE = "note."
OURS = ("type", "callback_id", "title", "close", "notify_on_close", "clear_on_close")
# Where each kind of input keeps what was given, and under which name a view gives it back.
INITIAL = {
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "value": "initial_value",
}


def seen(hits: Iterable[Hit]) -> str:
    """What was found, masked: "an NHS number (9•• ••• ••••) and a phone number (0•••• ••••••)"."""
    named = list(dict.fromkeys(f"{hit.kind} ({hit.excerpt})" for hit in hits))
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


def held(
    view: Mapping[str, Any],
    meta: Mapping[str, Any],
    hits: Mapping[str, Sequence[Hit]],
    remarks: Mapping[str, Sequence[str]],
    prefill: Mapping[str, str],
) -> dict[str, Any]:
    """The same form with what was typed in it, the notes under the fields, and a button that saves it as it is."""
    state = view.get("state", {}).get("values", {})
    blocks: list[Block] = [_top(hits, remarks)]
    for block in view["blocks"]:
        name = block["block_id"]
        if name.startswith(NOTE):
            continue
        blocks.append(_filled(block, state.get(name, {}), prefill.get(name)) if block["type"] == "input" else block)
        if notes := [*_personal(hits.get(name, ())), *map(escape, remarks.get(name, ()))]:
            blocks.append({**context(*notes), "block_id": f"{NOTE}{name}"})
    kept = {key: view[key] for key in OURS if view.get(key) is not None}
    return {
        **kept,
        "submit": plain("Save anyway", 24),
        "blocks": blocks[:100],
        "private_metadata": _fitting(meta),
    }


def _top(hits: Mapping[str, Sequence[Hit]], remarks: Mapping[str, Sequence[str]]) -> Block:
    said = ["*Nothing is saved yet.*"]
    if elsewhere := hits.get(MESSAGE):
        said.append(f"The message or its files hold what looks like {escape(seen(elsewhere))}.")
    if hits:
        said.append("Personal data does not belong in the plan: use initials, and leave numbers out.")
    if remarks:
        said.append("Some words could be sharper.")
    said.append("See the notes under the fields; press *Save anyway* to keep it as it is.")
    return {**section(" ".join(said)), "block_id": f"{NOTE}top"}


def _personal(hits: Sequence[Hit]) -> list[str]:
    return [f"This looks like {escape(seen(hits))}. Press Save anyway to keep it."] if hits else []


def _filled(block: Block, given: Mapping[str, Any], suggested: str | None) -> Block:
    """An input with what its person gave; where they chose nothing, with the suggestion."""
    element = {key: value for key, value in block["element"].items() if not key.startswith("initial_")}
    state: Mapping[str, Any] = given.get(element["action_id"], {})
    for name, initial in INITIAL.items():
        if state.get(name):
            element[initial] = _offered(element, state[name])
    if suggested and not any(state.get(name) for name in INITIAL):
        chosen = [option for option in element.get("options", ()) if option["value"] == suggested]
        if chosen:
            # Slack keeps what an input of the same name held, an empty choice too; under another name it asks anew.
            element |= {"initial_option": chosen[0], "action_id": f"{element['action_id']}.suggested"}
    return {**block, "element": element}


def _offered(element: Mapping[str, Any], value: Any) -> Any:
    """A chosen option as the element offers it, word for word, which Slack insists on."""
    if isinstance(value, dict):
        return next((o for o in element.get("options", ()) if o["value"] == value.get("value")), value)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_offered(element, each) for each in value]
    return value


def _fitting(meta: Mapping[str, Any]) -> str:
    """The metadata within Slack's limit; files held in it go first, since Slack itself should bring them back."""
    packed = json.dumps(meta, separators=(",", ":"), ensure_ascii=False)
    if len(packed) <= META_LIMIT:
        return packed
    lighter = {key: {**value, "files": {}} if key == "second_look" else value for key, value in meta.items()}
    return json.dumps(lighter, separators=(",", ":"), ensure_ascii=False)


def packed(said: str) -> str:
    """What a button that carries these words holds."""
    return json.dumps({"say": said}, separators=(",", ":"))


def question(said: str, hits: Sequence[Hit], *, form: bool) -> Answer:
    """Privately, after words with personal data in them: nothing is saved yet, and both ways on."""
    words = f"Nothing is saved yet: this looks like {seen(hits)}."
    advice = "Personal data does not belong in the plan. Use initials and leave numbers out, or save it as it is."
    row = [button("Save anyway", "guard.keep", {"say": said})]
    if form:
        row.insert(0, button("Open form", "guard.form", {"say": said}, style="primary"))
    return Answer(escape(f"{words} {advice}"), [section(f"{escape(words)}\n{advice}"), actions(*row)])


def too_long(typed: str, hits: Sequence[Hit]) -> Answer:
    """The same for words that no button can carry and no form takes; they are given back."""
    words = f"Nothing is saved yet: this looks like {seen(hits)}. Say it again without that, or in fewer words."
    return Answer(escape(clip(f"{words} You typed: {typed}", 3900)), [section(escape(words)), *returned(typed)])
