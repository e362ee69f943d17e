"""views.*: opening, stacking, changing and publishing views under Slack's rules for triggers, hashes and sizes."""

import time

from playground.blockkit import Refused, check_view
from playground.hub import Trigger
from playground.modals import keep_values
from playground.show import view_json
from playground.webapi.call import Call, Json, Method, SlackError
from playground.world import View

DEEPEST = 3


def content(call: Call, kind: str) -> Json:
    """The `view` argument, checked."""
    view = call.value("view")
    try:
        checked = check_view(view, call.hub.is_image, call.hub.faults.reject_blocks)
    except Refused as refused:
        raise SlackError(refused.error, response_metadata={"messages": refused.messages}) from None
    if checked["type"] != kind:
        message = f"[ERROR] view type must be {kind} [json-pointer:/view/type]"
        raise SlackError("invalid_arguments", response_metadata={"messages": [message]})
    return checked


def unique_external(call: Call, view: Json, but: View | None = None) -> None:
    """Refuse an `external_id` that another view of the workspace has."""
    external = view.get("external_id")
    others = call.hub.world.views.values() if external else ()
    for each in others:
        if each is not but and each.team == call.grant.team and each.content.get("external_id") == external:
            raise SlackError("duplicate_external_id")


def trigger(call: Call) -> Trigger:
    """The trigger named by `trigger_id`, now used up: 3 seconds, once."""
    found = call.hub.triggers.get(call.text("trigger_id", "") or call.text("interactivity_pointer"))
    if found is None or call.hub.world.users[found.user].team != call.grant.team:
        raise SlackError("invalid_trigger_id")
    if found.used:
        raise SlackError("exchanged_trigger_id")
    if time.monotonic() - found.born > call.hub.trigger_seconds:
        raise SlackError("expired_trigger_id")
    found.used = True
    return found


def put(call: Call, user: str, checked: Json, below: View | None) -> View:
    """A new view on the person's stack."""
    world = call.hub.world
    ident = world.new_id("V")
    view = View(ident, call.grant.team, user, checked, world.new_hash(), below.root if below else ident)
    view.previous = below.id if below else None
    view.values = keep_values(checked, {})
    world.views[ident] = view
    world.stacks.setdefault(user, []).append(view)
    call.hub.live.tell({"type": "views"}, {user})
    return view


def answer(call: Call, view: View) -> Json:
    return {"view": view_json(view, call.hub.app.id, call.space.bot_id)}


def open_view(call: Call) -> Json:
    checked = content(call, "modal")
    unique_external(call, checked)
    user = trigger(call).user
    for old in call.hub.world.stacks.pop(user, []):
        call.hub.world.views.pop(old.id, None)
    return answer(call, put(call, user, checked, None))


def push(call: Call) -> Json:
    checked = content(call, "modal")
    unique_external(call, checked)
    user = trigger(call).user
    stack = call.hub.world.stacks.get(user, [])
    if not stack:
        raise SlackError("invalid_trigger_id")
    if len(stack) >= DEEPEST:
        raise SlackError("push_limit_reached")
    return answer(call, put(call, user, checked, stack[-1]))


def update(call: Call) -> Json:
    world = call.hub.world
    external = call.text("external_id", "")
    view = world.views.get(call.text("view_id", ""))
    if external:
        view = next((v for v in world.views.values() if v.content.get("external_id") == external), None)
    elif not call.text("view_id", ""):
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] view_id or external_id"]})
    if view is None or view.team != call.grant.team:
        raise SlackError("not_found")
    checked = content(call, view.content["type"])
    unique_external(call, checked, but=view)
    if call.text("hash", view.hash) != view.hash:
        raise SlackError("hash_conflict")
    change(call, view, checked)
    return answer(call, view)


def change(call: Call, view: View, checked: Json) -> None:
    view.content, view.hash = checked, call.hub.world.new_hash()
    view.values = keep_values(checked, view.values)
    call.hub.live.tell({"type": "home" if checked["type"] == "home" else "views"}, {view.user})


def publish(call: Call) -> Json:
    if not call.hub.app.home.get("home_tab_enabled"):
        raise SlackError("not_enabled")
    checked = content(call, "home")
    world = call.hub.world
    person = world.users.get(call.text("user_id"))
    if person is None or person.team != call.grant.team or person.is_bot:
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] invalid `user_id`"]})
    if person.deleted:
        raise SlackError("user_not_found")
    known = world.homes.get(person.id)
    unique_external(call, checked, but=known)
    if known is None:
        ident = world.new_id("V")
        known = View(ident, call.grant.team, person.id, checked, "", ident)
        world.homes[person.id] = world.views[ident] = known
    elif call.text("hash", known.hash) != known.hash:
        raise SlackError("hash_conflict")
    change(call, known, checked)
    return answer(call, known)


METHODS = (
    Method("views.open", open_view, json=True),
    Method("views.push", push, json=True),
    Method("views.update", update, json=True),
    Method("views.publish", publish, json=True),
)
