"""Notices a Socket Mode connection that is open but deaf, renews it, and ends a process that stays deaf."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

log = structlog.get_logger(__name__)

LOOK_EVERY = 15.0  # seconds
RENEW_AFTER = 60.0  # seconds without an answer to a ping
END_AFTER = 180.0


class Client(Protocol):
    """The part of slack_sdk's built-in SocketModeClient that is looked at."""

    @property
    def current_session(self) -> Any:
        """A Connection with last_ping_pong_time and session_id, or None before the first."""
        ...

    def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Ask Slack for a new address and connect there."""
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to look, and after how much silence to renew the connection or to end; all in seconds."""

    look_every: float = LOOK_EVERY
    renew_after: float = RENEW_AFTER
    end_after: float = END_AFTER


@dataclass(slots=True)
class _Ear:
    """What is known of one connection; times as `ticking` counts them."""

    client: Client
    heard_at: float
    renewed_at: float
    answer: tuple[str, float] | None = None
    renewing: threading.Thread | None = None


class Watchdog:
    """Looks at the answers to pings, since `is_connected` only says that a socket exists.

    The client's own check never finds a connection stale that has not answered even once, and it stops with its
    thread. Time is counted by `ticking` (seconds, never going back), so that a clock that is set alarms nobody. Each
    connection is renewed by itself; `end` is called, once, when all are silent and all renewing was in vain."""

    def __init__(
        self,
        clients: Sequence[Client],
        end: Callable[[], None],
        ticking: Callable[[], float],
        patience: Patience = Patience(),
    ) -> None:
        self._end = end
        self._ticking = ticking
        self._patience = patience
        self._ears = [_Ear(client, ticking(), ticking()) for client in clients]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()

    def silence(self) -> float:
        """Seconds since an answer to a ping was first seen, on the connection that has been silent the longest."""
        return max(self._silence(ear) for ear in self._ears)

    def _silence(self, ear: _Ear) -> float:
        session = ear.client.current_session
        at = getattr(session, "last_ping_pong_time", None)
        answer = (session.session_id, at) if session is not None and at is not None else None
        if answer is not None and answer != ear.answer:
            ear.answer, ear.heard_at = answer, self._ticking()
        return self._ticking() - ear.heard_at

    def look(self) -> None:
        """One look: renew or end where the silence has lasted too long; what never connected is tried at each look."""
        silences = [self._silence(ear) for ear in self._ears]
        if min(silences) > self._patience.end_after:
            log.critical(
                "Slack has not answered; ending so that the supervisor starts afresh", seconds=round(min(silences))
            )
            self._ended.set()
            self._end()
            return
        for ear, silence in zip(self._ears, silences, strict=True):
            lost = ear.client.current_session is None or silence > self._patience.renew_after
            if lost and self._may_renew(ear):
                log.error("no answer from Slack; connecting anew", seconds=round(silence))
                ear.renewed_at = self._ticking()
                # In a thread of its own: a renewal that hangs must not keep the end from coming.
                ear.renewing = threading.Thread(target=_renew, args=[ear.client], name="renewal", daemon=True)
                ear.renewing.start()

    def _may_renew(self, ear: _Ear) -> bool:
        under_way = ear.renewing is not None and ear.renewing.is_alive()
        return not under_way and self._ticking() - ear.renewed_at >= self._patience.look_every

    def _run(self) -> None:
        while not self._ended.wait(self._patience.look_every):
            self.look()


def _renew(client: Client) -> None:
    try:
        client.connect_to_new_endpoint(force=True)
    except Exception as error:  # noqa: BLE001 - whatever stood in the way, the next look tries again or ends
        log.warning("the connection was not renewed", error=type(error).__name__)
