"""A look that may never come back, and an answer all the same within a limit: one look under way at a time."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Seen = TypeVar("Seen")
PATIENCE = 1.8  # seconds; whoever watches over a process waits a few for it


class _Look(Generic[Seen]):
    """One look: when it began (monotonic seconds), whether it has ended, and what it saw."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.ended = threading.Event()
        self.seen: Seen | None = None


class Probe(Generic[Seen]):
    """`look` in a thread of its own. Those who ask while it looks wait for the same one, so that monitors that ask
    again and again do not pile up threads; `look` gives None where it fails, and raises nothing."""

    def __init__(self, name: str, look: Callable[[], Seen | None]) -> None:
        self._name, self._look = name, look
        self._lock = threading.Lock()
        self._under_way: _Look[Seen] | None = None

    def seen(self, patience: float = PATIENCE) -> Seen | None:
        """What a look gives that ends within `patience` seconds of its beginning, or None."""
        with self._lock:
            look = self._under_way
            if look is None:
                look = self._under_way = _Look()
                threading.Thread(target=self._run, args=(look,), name=self._name, daemon=True).start()
        look.ended.wait(max(0.0, look.began + patience - time.monotonic()))
        return look.seen

    def _run(self, look: _Look[Seen]) -> None:
        try:
            look.seen = self._look()
        finally:
            with self._lock:
                self._under_way = None
            look.ended.set()
