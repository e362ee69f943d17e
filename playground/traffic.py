"""What went to and from the bot, for the traffic pane and for tests, without tokens."""

import time
from collections import deque
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
SECRET_KEYS = {"token", "bot_token", "access_token", "refresh_token", "client_secret", "app_token", "code"}


@dataclass
class Item:
    """One exchange; `at` is seconds on the stand-in's clock, `ms` how long the answer took, `status` ok, a Web API
    error name, an HTTP status or what the person was told."""

    n: int
    at: float
    direction: str
    kind: str
    summary: str
    payload: Any
    ms: float
    status: str
    monotonic: float


class Traffic:
    """The last `keep` items; `count` is the number of the newest."""

    def __init__(self, keep: int = 20_000) -> None:
        self.items: deque[Item] = deque(maxlen=keep)
        self.count = 0

    def add(self, at: float, direction: str, kind: str, summary: str, payload: Any, ms: float, status: str) -> Item:
        self.count += 1
        item = Item(self.count, at, direction, kind, summary, payload, ms, status, time.monotonic())
        self.items.append(item)
        return item

    def after(self, n: int, most: int = 500) -> list[Item]:
        """Items numbered above `n`, the newest `most` of them, oldest first."""
        found: list[Item] = []
        for item in reversed(self.items):
            if item.n <= n or len(found) >= most:
                break
            found.append(item)
        return found[::-1]


def redacted(value: Any) -> Any:
    """A copy without tokens and other secrets."""
    if isinstance(value, dict):
        return {k: "(hidden)" if k in SECRET_KEYS else redacted(v) for k, v in value.items()}
    if isinstance(value, list):
        return [redacted(each) for each in value]
    if isinstance(value, str) and value.startswith(("xoxb-", "xapp-", "xoxe")):
        return "(hidden)"
    return value
