"""The stand-in as a server: the ASGI app, and `Standin`, which runs it in a thread on a free port for tests."""

import asyncio
import json
import logging
import socket
import threading
import time
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from uvicorn.protocols.http.auto import AutoHTTPProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from playground.actor import NO_HTTPS, Actor
from playground.clock import Clock
from playground.delivery import Delivery
from playground.hub import Hub
from playground.limits import Limits
from playground.manifest import OURS, App, read_manifest
from playground.play import Play
from playground.slackside import SlackSide
from playground.traffic import Item
from playground.world import load

Json = dict[str, Any]
HERE = Path(__file__).parent
MEADOW_CARE = HERE / "meadow_care.json"
PAGE = HERE / "page"


class Wires:
    """The open connections by peer address, so that faults can cut one or leave its pings unanswered."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.transports: dict[tuple[str, int], Any] = {}

    def cut(self, peer: tuple[str, int]) -> None:
        transport = self.transports.get(peer)
        if transport is not None:
            transport.abort()

    def http(self) -> type[asyncio.Protocol]:
        wires = self

        class Http(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
            def connection_made(self, transport: Any) -> None:
                wires.transports[transport.get_extra_info("peername")[:2]] = transport
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                wires.transports.pop(self.client, None)
                super().connection_lost(exc)

        return Http

    def websocket(self) -> type[asyncio.Protocol]:
        wires = self

        class Socket(WebSocketsSansIOProtocol):
            def handle_ping(self) -> None:
                if self.client in wires.delivery.sockets.deaf_peers():
                    self.conn.data_to_send()
                else:
                    super().handle_ping()

            def connection_lost(self, exc: Exception | None) -> None:
                if self.client is not None:
                    wires.transports.pop(self.client, None)
                super().connection_lost(exc)

        return Socket


class Listening(uvicorn.Server):
    """uvicorn without its tenth-of-a-second polls: several hundred tests each start and stop one."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.stopped = asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.stopped.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()


def not_cancelled(record: logging.LogRecord) -> bool:
    """Requests that were cut off when the stand-in stopped are no news."""
    return not (record.exc_info and record.exc_info[0] is asyncio.CancelledError)


class Server:
    """Everything of one stand-in, put together; `serve` runs it until `stop`."""

    def __init__(self, world: Json | Path | str, manifest: Json | Path | str, clock: Clock, limits: Limits) -> None:
        described = world if isinstance(world, dict) else json.loads(Path(world).read_text())
        self.app = App(read_manifest(manifest))
        loaded = load(described, self.app.bot_name, self.app.scopes)
        self.hub = Hub(self.app, loaded, clock, limits)
        self.delivery = Delivery(self.hub)
        self.wires = Wires(self.delivery)
        self.uvicorn: Listening | None = None
        self.loop: asyncio.AbstractEventLoop | None = None

    def asgi(self) -> Starlette:
        slack = SlackSide(self.hub, self.delivery, self.wires.cut)
        play = Play(self.hub, self.delivery)
        pages = [Route("/", index), Mount("/page", StaticFiles(directory=PAGE, check_dir=False))]
        return Starlette(routes=[*slack.routes(), *play.routes(), *pages])

    async def serve(self, listener: socket.socket) -> None:
        host, port = listener.getsockname()[:2]
        self.hub.base = f"http://{host}:{port}"
        config = uvicorn.Config(
            self.asgi(),
            http=self.wires.http(),
            ws=self.wires.websocket(),
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws_per_message_deflate=False,
            ws_ping_interval=0.1,
            date_header=False,
        )
        self.loop = asyncio.get_running_loop()
        self.uvicorn = Listening(config)
        await self.uvicorn.serve(sockets=[listener])
        await self.delivery.close()

    def stop(self) -> None:
        """End `serve`, from any thread."""
        if self.uvicorn is not None and self.loop is not None:
            self.loop.call_soon_threadsafe(self.uvicorn.stopped.set)


async def index(_: Any) -> Response:
    return FileResponse(PAGE / "index.html")


def listen(port: int = 0) -> socket.socket:
    """A listening socket on 127.0.0.1; port 0 takes a free one."""
    # With the protocol named, asyncio sets TCP_NODELAY on what it accepts; without, answers wait 40 ms for an ACK.
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind(("127.0.0.1", port))
    found.listen(256)
    return found


class Standin:
    """A strict local Slack in a thread, for tests: `with Standin(limits=False) as slack: ...`

    Arguments: `world` a JSON file or dict (default Meadow Care); `manifest` the app's (default the repository's
    manifest.yml); `limits` True, False or a Limits; `scopes` the bot scopes granted (default all of the manifest);
    `clock_file` where the clock's offset is written; `starts` the time it shall be (default now); `request_url` to
    deliver by signed HTTP requests instead of Socket Mode; `retry_delays` real seconds before each redelivery of an
    event; `ack_seconds` Slack's 3 seconds; `port` 0 for a free one.

    Attributes: `url` ("http://127.0.0.1:PORT"), `api_url` (".../api/"), `bot_token`, `app_token`, `signing_secret`,
    `client_id`, `client_secret`; `hub` (world, clock, limits, faults, traffic: read freely, change by the methods).
    """

    def __init__(
        self,
        world: Json | Path | str = MEADOW_CARE,
        *,
        manifest: Json | Path | str = OURS,
        limits: bool | Limits = True,
        scopes: set[str] | None = None,
        clock_file: Path | None = None,
        starts: datetime | None = None,
        request_url: str = "",
        retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0),
        ack_seconds: float = 3.0,
        port: int = 0,
    ) -> None:
        rates = limits if isinstance(limits, Limits) else Limits(on=limits)
        self.server = Server(world, manifest, Clock(clock_file, starts), rates)
        self.hub = self.server.hub
        self.hub.retry_delays = retry_delays
        self.hub.ack_seconds = ack_seconds
        self.hub.app.request_url = request_url
        if scopes is not None:
            for grant in self.hub.world.grants.values():
                grant.scopes = set(scopes)
        self._listener = listen(port)
        self.url = "http://{}:{}".format(*self._listener.getsockname()[:2])
        self.api_url = f"{self.url}/api/"
        space = next(iter(self.hub.world.workspaces.values()))
        self.team, self.bot_user, self.bot_token = space.id, space.bot_user, space.bot_token
        app = self.hub.app
        self.app_token, self.signing_secret = app.app_token, app.signing_secret
        self.client_id, self.client_secret = app.client_id, app.client_secret
        self._thread = threading.Thread(target=self._run, name="stand-in", daemon=True)

    def start(self) -> Self:
        self._thread.start()
        deadline = time.monotonic() + 10
        while self.server.uvicorn is None or not self.server.uvicorn.started:
            if time.monotonic() > deadline:
                raise TimeoutError("The stand-in did not start.")
            time.sleep(0.002)
        return self

    def stop(self) -> None:
        self.server.stop()
        self._thread.join(10)
        self._listener.close()

    def actor(self, user: str) -> Actor:
        """A person of this workspace."""
        return Actor(self.url, user)

    def control(self, what: str, **fields: Any) -> Json:
        """Turn a knob of the stand-in over the play API; ValueError when it refuses."""
        answer = httpx.post(f"{self.url}/play/{what}", json=fields, trust_env=False, verify=NO_HTTPS)
        found: Json = answer.json()
        if answer.status_code != 200:
            raise ValueError(found["error"])
        return found

    def fault(self, method: str, kind: str, **fields: Any) -> None:
        """Commit a fault (see playground/faults.py): `fault("chat.postMessage", "drop_reply", times=1)`."""
        self.control("faults", rules=[{"method": method, "kind": kind} | fields])

    def clear_faults(self, seed: int = 0) -> None:
        self.control("faults", clear=True, seed=seed)
        self.control("faults", deaf=False)

    def happen(self, do: str, **fields: Any) -> Json:
        """Let something befall the workspace (playground/people.py): `happen("leave", channel="C0WILLOW")`."""
        return self.control("happen", do=do, **fields)

    def move_clock(self, to: str = "", advance_seconds: float = 0.0) -> Json:
        """Move the clock forwards, to an ISO time or by seconds."""
        return self.control("clock", **({"to": to} if to else {"advance_seconds": advance_seconds}))

    def calls(self, method: str) -> list[Item]:
        """What the bot called of this method so far (or what was delivered of this kind), oldest first."""
        return [item for item in list(self.hub.traffic.items) if item.kind == method]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        logging.getLogger("uvicorn.error").addFilter(not_cancelled)
        asyncio.run(self.server.serve(self._listener))
