"""What people do with the app: commands, clicks, forms, shortcuts and look-ups, and what they see when it fails."""

from typing import Any

from playground import answers, payloads
from playground.blockkit import Refused, check_view, element_at
from playground.blockkit.elements import STATEFUL
from playground.delivery import Delivery
from playground.hub import Hub, Reply
from playground.modals import FIELD, Typing, keep_values, missing, take_values
from playground.typed import encoded, escaped
from playground.world import Channel, Message, User, View

Json = dict[str, Any]
TROUBLE = "We had some trouble connecting. Try again?"


def result(reply: Reply, error: str = "", **more: Any) -> Json:
    """What the play API answers: ok, what the person would be told, and how long the app took to acknowledge."""
    found: Json = {"ok": not error, "ack_ms": round(reply.ms, 2), "response": reply.body} | more
    return found | ({"error": error} if error else {})


class Interactions:
    """Carries out what one person does; every method answers with `result`."""

    def __init__(self, hub: Hub, delivery: Delivery) -> None:
        self.hub = hub
        self.delivery = delivery

    async def command(self, user: User, channel: Channel, text: str) -> Json:
        """A slash command typed in a conversation."""
        name, _, words = text.strip().partition(" ")
        known = next((c for c in self.hub.app.commands if c["command"] == name), None)
        if known is None or not self.hub.world.workspaces[user.team].installed:
            return result(Reply(), f"{name} is not a valid command.")
        words = words.strip()
        sent = encoded(self.hub.world, user.team, words, labels=True) if known.get("should_escape") else escaped(words)
        payload = payloads.command(self.hub, user, channel, name, sent)
        reply = await self.delivery.send("slash_commands", payload, text.strip()[:200])
        if reply.error:
            return result(reply, f'{name} failed with the error "{reply.error}"')
        answer = {"text": reply.body} if isinstance(reply.body, str) else reply.body
        if not answer:
            return result(reply)
        try:
            if answer.get("response_type") == "in_channel":
                self.hub.say(Message(self.hub.clock.ts(), channel.id, user.id, text.strip()))
            if answer.get("text") or answer.get("blocks"):
                answers.say(self.hub, user, channel, answer)
        except Refused as refused:
            return result(
                reply, f'{name} failed with the error "invalid_command_response" ({refused.error}: {refused.messages})'
            )
        return result(reply)

    async def shortcut(self, user: User, callback_id: str) -> Json:
        if not self._has_shortcut("global", callback_id):
            return result(Reply(), f"There is no shortcut {callback_id}.")
        payload = payloads.global_shortcut(self.hub, user, callback_id)
        return await self._interact(payload, f"shortcut {callback_id}")

    async def message_shortcut(self, user: User, callback_id: str, channel: Channel, message: Message) -> Json:
        if not self._has_shortcut("message", callback_id):
            return result(Reply(), f"There is no message shortcut {callback_id}.")
        if message.ephemeral_to:
            return result(Reply(), "Shortcuts are not offered on messages that only you can see.")
        payload = payloads.message_shortcut(self.hub, user, callback_id, channel, message)
        return await self._interact(payload, f"message shortcut {callback_id}")

    def _has_shortcut(self, kind: str, callback_id: str) -> bool:
        return any(s["type"] == kind and s["callback_id"] == callback_id for s in self.hub.app.shortcuts)

    async def _interact(self, payload: Json, summary: str) -> Json:
        reply = await self.delivery.send("interactive", payload, summary)
        return result(reply, f'The app did not answer ("{reply.error}").' if reply.error else "")

    async def click_message(self, user: User, message: Message, given: Json) -> Json:
        """A click on, or a choice in, an element of a message."""
        found = element_at(message.blocks or [], given["block_id"], given["action_id"])
        if found is None:
            return result(Reply(), "This message has changed; there is no such button any more.")
        if not self.hub.app.interactive:
            return result(Reply(), "This app is not set up for interactivity.")
        typing = Typing(self.hub, user, message.ts)
        known = keep_values({"blocks": message.blocks or []}, message.state)
        try:
            values, action = self._acted(typing, message.blocks or [], known, found, given)
        except ValueError as refused:
            return result(Reply(), str(refused))
        message.state = values
        payload = payloads.message_action(
            self.hub, user, self.hub.world.channels[message.channel], message, action, values
        )
        return await self._interact(payload, f"{action['type']} {action['action_id']}")

    async def click_view(self, user: User, view: View, given: Json) -> Json:
        """A click in, or a choice on, a modal or Home."""
        found = element_at(view.content["blocks"], given["block_id"], given["action_id"])
        if found is None:
            return result(Reply(), "This view has changed; there is no such button any more.")
        typing = Typing(self.hub, user, view.id)
        try:
            view.values, action = self._acted(typing, view.content["blocks"], view.values, found, given)
        except ValueError as refused:
            return result(Reply(), str(refused))
        payload = payloads.view_action(self.hub, user, view, action)
        return await self._interact(payload, f"{action['type']} {action['action_id']}")

    def _acted(
        self, typing: Typing, blocks: list[Json], known: Json, found: tuple[Json, Json], given: Json
    ) -> tuple[Json, Json]:
        """The states after this act, and the entry of `actions` for it. ValueError when the act is not possible."""
        block, element = found
        kind = element["type"]
        if given.get("type", kind) != kind:
            raise ValueError(f"{given['action_id']} is a {kind}, not a {given['type']}.")
        if block["type"] == "input" and not block.get("dispatch_action"):
            raise ValueError(f"{given['action_id']} tells the app nothing until the form is sent.")
        typed: Json = given.get("state") or {}
        values, _ = take_values(typing, blocks, known, typed.get("values", typed))
        action: Json = {"type": kind, "action_id": element["action_id"], "block_id": block["block_id"]}
        action["action_ts"] = f"{self.hub.clock.now():.6f}"
        if kind in STATEFUL:
            state = typing.state(block, element, given)
            values.setdefault(block["block_id"], {})[element["action_id"]] = state
            action |= {k: v for k, v in state.items() if k == FIELD[kind] or k == "timezone"}
            action |= {k: v for k, v in element.items() if k.startswith("initial_") or k == "placeholder"}
        elif kind == "overflow":
            wanted = given.get("selected_option", given.get("value"))
            wanted = wanted.get("value") if isinstance(wanted, dict) else wanted
            action["selected_option"] = next((o for o in element["options"] if o["value"] == wanted), None)
            if action["selected_option"] is None:
                raise ValueError(f"{wanted!r} is not among the choices.")
        else:
            action |= {k: element[k] for k in ("text", "value", "style", "url", "accessibility_label") if k in element}
        return values, action

    async def submit(self, user: User, view: View, given: Json) -> Json:
        """Press a modal's submit button with these values."""
        if view.content["type"] != "modal" or not view.content.get("submit"):
            return result(Reply(), "This view has no submit button.", errors={})
        typing = Typing(self.hub, user, view.id)
        values, errors = take_values(typing, view.content["blocks"], view.values, given)
        errors |= {block: text for block, text in missing(view, values).items() if block not in errors}
        view.values = values
        if errors:
            return result(Reply(), "Some fields need attention.", errors=errors)
        payload = payloads.submission(self.hub, user, view)
        reply = await self.delivery.send("interactive", payload, f"submit {view.content.get('callback_id') or view.id}")
        if reply.error:
            return result(reply, TROUBLE, errors={})
        return self._after_submission(user, view, reply)

    def _after_submission(self, user: User, view: View, reply: Reply) -> Json:
        answer = reply.body if isinstance(reply.body, dict) else {}
        wanted = answer.get("response_action")
        if wanted == "errors":
            errors = answer.get("errors")
            inputs = {block["block_id"] for block in view.content["blocks"] if block["type"] == "input"}
            if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
                return result(reply, f"{TROUBLE} (errors must name input blocks: {errors})", errors={})
            return result(reply, "Some fields need attention.", errors=errors)
        if wanted in ("update", "push"):
            try:
                content = check_view(answer.get("view"), self.hub.is_image, self.hub.faults.reject_blocks)
            except Refused as refused:
                return result(reply, f"{TROUBLE} ({refused.error}: {refused.messages})", errors={})
            return self._put(user, view, content, reply, push=wanted == "push")
        if wanted not in (None, "clear"):
            return result(reply, f"{TROUBLE} (unknown response_action {wanted})", errors={})
        stack = self.hub.world.stacks.get(user.id, [])
        gone = list(stack) if wanted == "clear" else [each for each in stack if each is view]
        self._drop(user, gone)
        return result(reply, errors={})

    def _put(self, user: User, view: View, content: Json, reply: Reply, push: bool) -> Json:
        world = self.hub.world
        if push:
            stack = world.stacks[user.id]
            if len(stack) >= 3:
                return result(reply, f"{TROUBLE} (push_limit_reached)", errors={})
            new = View(world.new_id("V"), view.team, user.id, content, world.new_hash(), view.root, view.id)
            new.values = keep_values(content, {})
            world.views[new.id] = new
            stack.append(new)
        else:
            view.content, view.hash = content, world.new_hash()
            view.values = keep_values(content, view.values)
        self.hub.live.tell({"type": "views"}, {user.id})
        return result(reply, errors={})

    def _drop(self, user: User, gone: list[View]) -> None:
        world = self.hub.world
        world.stacks[user.id] = [each for each in world.stacks.get(user.id, []) if each not in gone]
        for each in gone:
            world.views.pop(each.id, None)
        self.hub.live.tell({"type": "views"}, {user.id})

    async def close(self, user: User, view: View, everything: bool) -> Json:
        """Press Cancel (or, with `everything`, the cross): this view or the whole stack goes."""
        stack = self.hub.world.stacks.get(user.id, [])
        cleared = everything or bool(view.content.get("clear_on_close"))
        gone = stack[::-1] if cleared else [view]
        self._drop(user, gone)
        reply = Reply()
        for each in gone:
            if each.content.get("notify_on_close"):
                payload = payloads.closed(self.hub, user, each, cleared)
                reply = await self.delivery.send("interactive", payload, "view_closed")
        return result(reply)

    async def options(self, user: User, view: View | None, message: Message | None, given: Json) -> Json:
        """What an external select offers for the typed text."""
        blocks = view.content["blocks"] if view else (message.blocks if message else None) or []
        found = element_at(blocks, given["block_id"], given["action_id"])
        if found is None or not found[1]["type"].endswith("external_select"):
            return result(Reply(), "There is no such list.", options=[])
        typed = str(given.get("value") or "")
        if len(typed) < found[1].get("min_query_length", 3):
            return result(Reply(), options=[])
        payload = payloads.base(self.hub, "block_suggestion", user) | {
            "block_id": given["block_id"],
            "action_id": given["action_id"],
            "value": typed,
        }
        if view is not None:
            payload |= {"container": {"type": "view", "view_id": view.id}, "view": payloads.view_of(self.hub, view)}
        elif message is not None:
            where = self.hub.world.channels[message.channel]
            payload |= {"container": {"type": "message", "message_ts": message.ts, "channel_id": where.id}}
            payload |= {"channel": {"id": where.id, "name": where.name}, "message": self.hub.json_of(message)}
        reply = await self.delivery.send("interactive", payload, f"options {given['action_id']} {typed!r}")
        body = reply.body if isinstance(reply.body, dict) else {}
        groups = body.get("option_groups", [])
        offered = body.get("options") or [option for group in groups for option in group["options"]]
        if reply.error or len(offered) > 100:
            return result(reply, "Could not load the choices.", options=[])
        key = (view.id if view else message.ts if message else "", given["block_id"], given["action_id"])
        self.hub.offered[key] = self.hub.offered.get(key, []) + offered
        return result(reply, options=offered, option_groups=groups)
