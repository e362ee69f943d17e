"""Socket Mode: one-time tickets, up to ten connections, envelopes with acknowledgements, disconnects and deafness."""

import asyncio
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from playground.hub import Reply

Json = dict[str, Any]
MOST = 10


@dataclass(eq=False)
class Connection:
    """One open socket of the app. A deaf one neither gets envelopes nor answers pings, but stays open."""

    socket: WebSocket
    deaf: bool = False

    @property
    def peer(self) -> tuple[str, int]:
        client = self.socket.client
        return (client.host, client.port) if client else ("", 0)


class SocketMode:
    """The app's connections and the acknowledgements that they owe. `lifetime` (seconds) makes Slack refresh them;
    `warned_seconds` lie between its warning and the end (Slack's are ten), unless another connection came before."""

    def __init__(self, app_id: str, changed: Callable[[], None]) -> None:
        self.app_id = app_id
        self.changed = changed
        self.connections: list[Connection] = []
        self.tickets: dict[str, float] = {}
        self.waiting: dict[str, asyncio.Future[Any]] = {}
        self.lifetime = 0.0
        self.warned_seconds = 0.0
        self.turn = 0
        self.opened = 0

    def ticket(self) -> str:
        """A ticket for one connection within 30 seconds."""
        ident = secrets.token_urlsafe(24)
        self.tickets[ident] = time.monotonic() + 30
        return ident

    def deaf_peers(self) -> set[tuple[str, int]]:
        return {each.peer for each in self.connections if each.deaf}

    async def serve(self, socket: WebSocket) -> None:
        """One connection from handshake to end; a used or unknown ticket is refused."""
        if self.tickets.pop(socket.query_params.get("ticket", ""), 0.0) < time.monotonic():
            await socket.close(4001)
            return
        await socket.accept()
        if len(self.connections) >= MOST:
            await self._disconnect(socket, "too_many_websockets")
            return
        connection = Connection(socket)
        self.connections.append(connection)
        self.opened += 1
        self.changed()
        lifetime = 360.0 if socket.query_params.get("debug_reconnects") == "true" else self.lifetime
        timer = asyncio.get_running_loop().create_task(self._refresh_after(connection, lifetime)) if lifetime else None
        try:
            await socket.send_text(json.dumps(self._hello(lifetime)))
            while True:
                self._heard(connection, await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            return
        finally:
            if timer is not None:
                timer.cancel()
            if connection in self.connections:
                self.connections.remove(connection)
            self.changed()

    def _hello(self, lifetime: float) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {
                "host": "applink-standin",
                "build_number": 1,
                "approximate_connection_time": int(lifetime) or 18060,
            },
            "connection_info": {"app_id": self.app_id},
        }

    def _heard(self, connection: Connection, text: str) -> None:
        if connection.deaf:
            return
        try:
            message = json.loads(text)
        except ValueError:
            return
        future = self.waiting.get(message.get("envelope_id", "")) if isinstance(message, dict) else None
        if future is not None and not future.done():
            future.set_result(message.get("payload"))

    async def send(
        self, kind: str, payload: Json, accepts: bool, seconds: float, retry: tuple[int, str] | None
    ) -> Reply:
        """One envelope to one connection, spread evenly; waits `seconds` for its acknowledgement."""
        if not self.connections:
            return Reply(error="dispatch_failed")
        self.turn += 1
        connection = self.connections[self.turn % len(self.connections)]
        ident = f"{secrets.token_hex(16)}"
        envelope: Json = {"envelope_id": ident, "payload": payload, "type": kind, "accepts_response_payload": accepts}
        if kind == "events_api":
            envelope |= {"retry_attempt": retry[0] if retry else 0, "retry_reason": retry[1] if retry else ""}
        future = self.waiting[ident] = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        try:
            if not connection.deaf:
                await connection.socket.send_text(json.dumps(envelope))
            async with asyncio.timeout(seconds):
                body = await future
        except TimeoutError:
            return Reply(error="operation_timeout", ms=(time.perf_counter() - began) * 1000)
        except (WebSocketDisconnect, RuntimeError):
            return Reply(error="dispatch_failed", ms=(time.perf_counter() - began) * 1000)
        finally:
            del self.waiting[ident]
        return Reply(body if accepts else None, (time.perf_counter() - began) * 1000)

    async def refresh(self, reason: str = "refresh_requested", warn: bool = False) -> None:
        """Ask every connection to reconnect, as Slack does every few hours; with a warning first when wanted."""
        for connection in list(self.connections):
            await self._refresh(connection, reason, warn)

    async def _refresh(self, connection: Connection, reason: str, warn: bool) -> None:
        if warn:
            await connection.socket.send_text(json.dumps({"type": "disconnect", "reason": "warning", "debug_info": {}}))
            before, until = self.opened, time.monotonic() + self.warned_seconds
            while self.opened == before and time.monotonic() < until:
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.2)  # what is on its way still arrives
        if connection in self.connections:
            self.connections.remove(connection)
            self.changed()
            await self._disconnect(connection.socket, reason)

    async def _refresh_after(self, connection: Connection, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._refresh(connection, "refresh_requested", warn=True)

    async def _disconnect(self, socket: WebSocket, reason: str) -> None:
        try:
            await socket.send_text(
                json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "standin"}})
            )
            await socket.close(1000)
        except (WebSocketDisconnect, RuntimeError):
            return
