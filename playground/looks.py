"""What a person sees of the workspace, as JSON for the page: channels, messages, views, Home."""

from typing import Any

from playground.delivery import Delivery
from playground.hub import Hub
from playground.payloads import view_of
from playground.people import People
from playground.world import Channel, Message, User, View

Json = dict[str, Any]


class Unknown(Exception):
    """Something named in a request does not exist for this person."""


class Find:
    """Looks up what a request names, as far as this person may know of it; Unknown otherwise."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    def user(self, given: Json) -> User:
        user = self.hub.world.users.get(str(given.get("user")))
        if user is None:
            raise Unknown(f"There is no user {given.get('user')}.")
        return user

    def channel(self, user: User, given: Json) -> Channel:
        channel = self.hub.world.channels.get(str(given.get("channel")))
        if channel is None or (channel.private and user.id not in channel.members) or channel.team != user.team:
            raise Unknown(f"There is no channel {given.get('channel')}.")
        return channel

    def message(self, user: User, given: Json) -> Message:
        message = self.channel(user, given).messages.get(str(given.get("ts")))
        if message is None or message.ephemeral_to not in ("", user.id):
            raise Unknown("This message is gone.")
        return message

    def view(self, user: User, ident: str) -> View:
        view = self.hub.world.views.get(ident)
        if view is None or view.user != user.id:
            raise Unknown("This form is no longer open.")
        return view


class Looks:
    """Each look takes the person and the query's fields."""

    def __init__(self, hub: Hub, delivery: Delivery, people: People) -> None:
        self.hub = hub
        self.delivery = delivery
        self.people = people
        self.find = Find(hub)

    def state(self, user: User, _: Json) -> Json:
        world, app = self.hub.world, self.hub.app
        space = world.workspaces[user.team]
        for each in (u for u in list(world.users.values()) if u.team == user.team and u.is_bot):
            world.open_im(user.id, each.id, self.hub.clock.now())
        colleagues = [u for u in world.users.values() if u.team == user.team]
        channels = [
            c for c in world.channels.values() if c.team == user.team and (not c.private or user.id in c.members)
        ]
        return {
            "workspace": {"name": space.name, "id": space.id},
            "me": self._person(user),
            "users": [self._person(u) for u in colleagues],
            "channels": [self._channel(user, c) for c in channels if c.kind != "im"],
            "ims": [self._im(user, c) for c in channels if c.kind == "im"],
            "user_groups": [
                {"id": g.id, "handle": g.handle, "name": g.name} for g in world.groups.values() if g.team == user.team
            ],
            "app": {
                "id": app.id,
                "name": app.name,
                "bot_user_id": space.bot_user,
                "commands": [{k: c.get(k, "") for k in ("command", "description", "usage_hint")} for c in app.commands],
                "shortcuts": [
                    {k: s.get(k, "") for k in ("type", "name", "callback_id", "description")} for s in app.shortcuts
                ],
                "connected": self.delivery.connected,
            },
            "clock": clock_json(self.hub),
        }

    def state_of_nobody(self) -> Json:
        """What the page shows before anybody has said who they are."""
        somebody = next(user for user in self.hub.world.users.values() if not user.is_bot)
        return self.state(somebody, {}) | {"me": None, "ims": []}

    def _person(self, user: User) -> Json:
        names = ("id", "name", "real_name", "title", "tz", "is_bot", "deleted", "is_restricted", "is_stranger")
        return {name: getattr(user, name) for name in names}

    def _unread(self, user: User, channel: Channel) -> int:
        seen = channel.read.get(user.id, "")
        return sum(
            1
            for m in channel.messages.values()
            if m.ts > seen and m.user != user.id and m.ephemeral_to in ("", user.id)
        )

    def _channel(self, user: User, channel: Channel) -> Json:
        return {
            "id": channel.id,
            "name": channel.name,
            "is_private": channel.kind == "group",
            "is_member": user.id in channel.members,
            "is_archived": channel.archived,
            "unread": self._unread(user, channel),
        }

    def _im(self, user: User, channel: Channel) -> Json:
        other = next(iter(channel.members - {user.id}), user.id)
        name = self.hub.world.users[other].real_name
        return {"id": channel.id, "user": other, "name": name, "unread": self._unread(user, channel)}

    def messages(self, user: User, given: Json) -> Json:
        channel = self.find.channel(user, given)
        thread = given.get("thread_ts")
        found = channel.messages.values()
        if thread:
            shown = [m for m in found if m.ts == thread or m.thread_ts == thread]
        else:
            shown = [m for m in found if not m.thread_ts or m.subtype == "thread_broadcast"]
        if found:
            channel.read[user.id] = next(reversed(channel.messages))
        return {"messages": [self._message(m) for m in shown if m.ephemeral_to in ("", user.id)]}

    def _message(self, message: Message) -> Json:
        name = self.hub.world.users[message.user].real_name
        return self.hub.json_of(message) | {
            "username": name,
            "channel": message.channel,
            "ephemeral": bool(message.ephemeral_to),
        }

    def views(self, user: User, _: Json) -> Json:
        return {"stack": [view_of(self.hub, view) for view in self.hub.world.stacks.get(user.id, [])]}

    def home(self, user: User, given: Json) -> Json:
        if not given.get("quiet"):
            self.people.open_home(user, given.get("tab", "home"))
        view = self.hub.world.homes.get(user.id)
        return {"view": view_of(self.hub, view) if view else None}


def clock_json(hub: Hub) -> Json:
    return {"now": hub.clock.iso(), "offset_seconds": hub.clock.offset}
