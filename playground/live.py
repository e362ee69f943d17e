"""Hints to open pages and waiting tests that something changed and should be fetched again."""

import asyncio
from typing import Any

Json = dict[str, Any]


class Live:
    """Everybody who listens, each with a queue of hints; one who falls 1,000 behind loses the oldest."""

    def __init__(self) -> None:
        self.listeners: list[tuple[str, asyncio.Queue[Json]]] = []

    def listen(self, user: str) -> asyncio.Queue[Json]:
        queue: asyncio.Queue[Json] = asyncio.Queue(1000)
        self.listeners.append((user, queue))
        return queue

    def leave(self, queue: asyncio.Queue[Json]) -> None:
        self.listeners = [(user, each) for user, each in self.listeners if each is not queue]

    def tell(self, hint: Json, users: set[str] | None = None) -> None:
        """Send the hint to these people, or to all."""
        for user, queue in self.listeners:
            if users is not None and user not in users:
                continue
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(hint)
