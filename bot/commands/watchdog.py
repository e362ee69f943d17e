"""Notices a Socket Mode connection that is open but deaf, renews it, and ends a process that stays deaf."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

log = structlog.get_logger(__name__)

LOOK_EVERY = 15.0  # seconds
RENEW_AFTER = 60.0  # seconds without an answer to a ping
END_AFTER = 180.0


class Client(Protocol):
    """The part of slack_sdk's built-in SocketModeClient that is looked at."""

    current_session: Any  # a Connection with last_ping_pong_time and session_id, or None before the first

    def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Ask Slack for a new address and connect there."""
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to look, and after how much silence to renew the connection or to end; all in seconds."""

    look_every: float = LOOK_EVERY
    renew_after: float = RENEW_AFTER
    end_after: float = END_AFTER


class Watchdog:
    """Looks at the answers to pings, since `is_connected` only says that a socket exists.

    The client's own check never finds a connection stale that has not answered even once, and it stops with its
    thread. Time is counted by `ticking` (seconds, never going back), so that a clock that is set alarms nobody;
    `end` is called, once, when all renewing was in vain."""

    def __init__(
        self, client: Client, end: Callable[[], None], ticking: Callable[[], float], patience: Patience = Patience()
    ) -> None:
        self._client = client
        self._end = end
        self._ticking = ticking
        self._patience = patience
        self._heard_at = ticking()
        self._answer: tuple[str, float] | None = None
        self._renewed_at = self._heard_at
        self._renewing: threading.Thread | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()

    def silence(self) -> float:
        """Seconds since an answer to a ping was first seen."""
        session = self._client.current_session
        at = getattr(session, "last_ping_pong_time", None)
        answer = (session.session_id, at) if session is not None and at is not None else None
        if answer is not None and answer != self._answer:
            self._answer, self._heard_at = answer, self._ticking()
        return self._ticking() - self._heard_at

    def look(self) -> None:
        """One look: renew or end where the silence has lasted too long; what never connected is tried at each look."""
        silence = self.silence()
        if silence > self._patience.end_after:
            log.critical("Slack has not answered; ending so that the supervisor starts afresh", seconds=round(silence))
            self._ended.set()
            self._end()
        elif (self._client.current_session is None or silence > self._patience.renew_after) and self._may_renew():
            log.error("no answer from Slack; connecting anew", seconds=round(silence))
            self._renewed_at = self._ticking()
            # In a thread of its own: a renewal that hangs must not keep the end from coming.
            self._renewing = threading.Thread(target=self._renew, name="renewal", daemon=True)
            self._renewing.start()

    def _may_renew(self) -> bool:
        under_way = self._renewing is not None and self._renewing.is_alive()
        return not under_way and self._ticking() - self._renewed_at >= self._patience.look_every

    def _renew(self) -> None:
        try:
            self._client.connect_to_new_endpoint(force=True)
        except Exception as error:  # noqa: BLE001 - whatever stood in the way, the next look tries again or ends
            log.warning("the connection was not renewed", error=type(error).__name__)

    def _run(self) -> None:
        while not self._ended.wait(self._patience.look_every):
            self.look()
