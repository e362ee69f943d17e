"""How Slack encodes what a person types: control characters escaped, names turned into ids, addresses into links."""

import re

from playground.world import World

ADDRESS = re.compile(r"https?://[^\s<>|]+")
NAME = re.compile(r"(?<![\w/])([@#])([\w][\w.-]*[\w]|[\w])")


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def encoded(world: World, team: str, text: str, labels: bool) -> str:
    """`@name`, `#channel` and addresses in Slack's angle brackets; `labels` adds `|name` as commands have it."""

    def named(found: re.Match[str]) -> str:
        sign, name = found.groups()
        low = name.lower()
        if sign == "#":
            for channel in world.channels.values():
                if channel.team == team and channel.kind != "im" and channel.name == low:
                    return f"<#{channel.id}|{channel.name if labels else ''}>"
        elif low in ("channel", "here", "everyone"):
            return f"<!{low}>"
        else:
            for user in world.users.values():
                if user.team == team and user.name == low:
                    return f"<@{user.id}|{user.name}>" if labels else f"<@{user.id}>"
            for group in world.groups.values():
                if group.team == team and group.handle == low:
                    return f"<!subteam^{group.id}|@{group.handle}>" if labels else f"<!subteam^{group.id}>"
        return found.group()

    parts: list[str] = []
    at = 0
    safe = escaped(text)
    for link in ADDRESS.finditer(safe):
        parts += [NAME.sub(named, safe[at : link.start()]), f"<{link.group()}>"]
        at = link.end()
    return "".join([*parts, NAME.sub(named, safe[at:])])
