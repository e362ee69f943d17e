"""Keeps a stand-in's world in a JSON file, so that a demo with `--data` goes on where it stopped."""

import base64
import json
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from playground.world import Channel, File, Message, User, UserGroup, View, World

Json = dict[str, Any]


def _plain(value: Any) -> Any:
    if isinstance(value, set):
        return sorted(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def save(world: World, file: Path) -> None:
    """Write people, conversations, files and views; replaced atomically. Open modals and tokens are not kept."""
    kept = {
        "users": [asdict(each) for each in world.users.values()],
        "groups": [asdict(each) for each in world.groups.values()],
        "files": [asdict(each) for each in world.files.values()],
        "homes": [asdict(each) for each in world.homes.values()],
        "channels": [asdict(each) | {"threads": None} for each in world.channels.values()],
    }
    part = file.with_suffix(".part")
    part.write_text(json.dumps(kept, default=_plain))
    part.replace(file)


def load_into(world: World, file: Path) -> None:
    """Put what `save` wrote over a freshly described world; KeyError or TypeError for another version's file."""
    kept = json.loads(file.read_text())
    world.users |= {each["id"]: User(**each) for each in kept["users"]}
    world.groups |= {each["id"]: UserGroup(**each) for each in kept["groups"]}
    world.files |= {each["id"]: _file(each) for each in kept["files"]}
    world.channels |= {each["id"]: _channel(each) for each in kept["channels"]}
    for each in kept["homes"]:
        world.homes[each["user"]] = world.views[each["id"]] = View(**each)


def _file(kept: Json) -> File:
    changed: dict[str, Callable[[Any], Any]] = {"content": base64.b64decode, "channels": set}
    return File(**{f.name: changed.get(f.name, lambda same: same)(kept[f.name]) for f in fields(File)})


def _channel(kept: Json) -> Channel:
    messages = {ts: Message(**each) for ts, each in kept["messages"].items()}
    threads: dict[str, list[Message]] = {}
    for message in messages.values():
        if message.thread_ts:
            threads.setdefault(message.thread_ts, []).append(message)
    return Channel(**kept | {"members": set(kept["members"]), "messages": messages, "threads": threads})
