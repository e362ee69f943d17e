"""So many writers at a time, in the order in which they came."""

from collections import deque
from threading import Lock


class Turnstile:
    """Lets `places` in at a time, first come, first served: a plain lock lets newcomers past those who wait, and a few
    of those then wait for seconds."""

    def __init__(self, places: int) -> None:
        self._door = Lock()
        self._free = places
        self._waiting: deque[Lock] = deque()

    @property
    def awaited(self) -> bool:
        """Whether somebody waits to come in. Told to one inside, who alone lets them in, it stays true."""
        return bool(self._waiting)

    def __enter__(self) -> None:
        with self._door:
            if self._free:
                self._free -= 1
                return
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()  # until somebody who leaves lets go of it

    def __exit__(self, *_: object) -> None:
        with self._door:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1
