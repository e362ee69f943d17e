"""The play API: what the page and the tests use to be a person in the workspace, in JSON, with live hints."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from playground.delivery import Delivery
from playground.hub import Hub
from playground.interact import Interactions
from playground.looks import Find, Looks, Unknown, clock_json
from playground.people import Happenings, People
from playground.show import file_json
from playground.traffic import redacted
from playground.world import User

Json = dict[str, Any]
Act = Callable[[User, Json], Awaitable[Json]]


class Play:
    """The routes under /play."""

    def __init__(self, hub: Hub, delivery: Delivery) -> None:
        self.hub = hub
        self.delivery = delivery
        self.do = Interactions(hub, delivery)
        self.people = People(hub, delivery)
        self.find = Find(hub)
        self.looks = Looks(hub, delivery, self.people)
        self.happenings = Happenings(hub, delivery)

    def routes(self) -> list[BaseRoute]:
        looks = {
            "state": self.looks.state,
            "messages": self.looks.messages,
            "views": self.looks.views,
            "home": self.looks.home,
        }
        acts: dict[str, Act] = {
            "command": self.command,
            "message": self.message,
            "action": self.action,
            "submit": self.submit,
            "close": self.close,
            "shortcut": self.shortcut,
            "message_shortcut": self.message_shortcut,
            "options": self.options,
        }
        controls = {"clock": self.clock, "faults": self.faults, "happen": self.happen, "connection": self.connection}
        return [
            *(Route(f"/play/{name}", self._look(look)) for name, look in looks.items()),
            *(Route(f"/play/{name}", self._act(act), methods=["POST"]) for name, act in acts.items()),
            *(Route(f"/play/{name}", self._control(run), methods=["POST"]) for name, run in controls.items()),
            Route("/play/upload", self.upload, methods=["POST"]),
            Route("/play/file/{id}", self.file),
            Route("/play/traffic", self.traffic),
            Route("/play/limits", self.limits),
            WebSocketRoute("/play/live", self.live),
        ]

    def _look(self, look: Callable[[User, Json], Json]) -> Callable[[Request], Awaitable[Response]]:
        async def run(request: Request) -> Response:
            given = dict(request.query_params)
            if look == self.looks.state and not given.get("user"):
                return self._answer(self.looks.state_of_nobody)
            return self._answer(lambda: look(self.find.user(given), given))

        return run

    def _act(self, act: Act) -> Callable[[Request], Awaitable[Response]]:
        async def run(request: Request) -> Response:
            given = await request.json()
            try:
                user = self.find.user(given)
                if user.deleted:
                    return JSONResponse({"ok": False, "error": "This account has been deactivated."})
                return JSONResponse(await act(user, given))
            except Unknown as unknown:
                return JSONResponse({"ok": False, "error": str(unknown)}, 404)

        return run

    def _control(self, control: Callable[[Json], Json]) -> Callable[[Request], Awaitable[Response]]:
        async def run(request: Request) -> Response:
            given = await request.json()
            return self._answer(lambda: control(given))

        return run

    def _answer(self, make: Callable[[], Json]) -> Response:
        try:
            return JSONResponse({"ok": True} | make())
        except Unknown as unknown:
            return JSONResponse({"ok": False, "error": str(unknown)}, 404)
        except (ValueError, TypeError, KeyError) as wrong:
            return JSONResponse({"ok": False, "error": str(wrong)}, 400)

    async def command(self, user: User, given: Json) -> Json:
        return await self.do.command(user, self.find.channel(user, given), given["text"])

    async def message(self, user: User, given: Json) -> Json:
        channel = self.find.channel(user, given)
        try:
            said = self.people.say(
                user, channel, given.get("text", ""), given.get("thread_ts") or "", given.get("file_ids") or []
            )
        except ValueError as refused:
            return {"ok": False, "error": str(refused)}
        return {"ok": True, "ts": said.ts, "channel": channel.id}

    async def action(self, user: User, given: Json) -> Json:
        container = given.get("container", given)
        if container.get("view_id"):
            return await self.do.click_view(user, self.find.view(user, container["view_id"]), given)
        message = self.find.message(user, {"channel": container.get("channel"), "ts": container.get("ts")})
        return await self.do.click_message(user, message, given)

    async def submit(self, user: User, given: Json) -> Json:
        return await self.do.submit(user, self.find.view(user, given["view_id"]), given.get("values") or {})

    async def close(self, user: User, given: Json) -> Json:
        return await self.do.close(user, self.find.view(user, given["view_id"]), bool(given.get("all")))

    async def shortcut(self, user: User, given: Json) -> Json:
        return await self.do.shortcut(user, given["callback_id"])

    async def message_shortcut(self, user: User, given: Json) -> Json:
        message = self.find.message(user, given)
        channel = self.hub.world.channels[message.channel]
        return await self.do.message_shortcut(user, given["callback_id"], channel, message)

    async def options(self, user: User, given: Json) -> Json:
        if given.get("view_id"):
            return await self.do.options(user, self.find.view(user, given["view_id"]), None, given)
        return await self.do.options(user, None, self.find.message(user, given), given)

    def clock(self, given: Json) -> Json:
        """`{to: ISO time}` or `{advance_seconds: number}`, forwards only."""
        if "to" in given:
            self.hub.clock.move_to(datetime.fromisoformat(given["to"]))
        else:
            self.hub.clock.advance(float(given["advance_seconds"]))
        self.hub.live.tell({"type": "clock"})
        return clock_json(self.hub)

    def faults(self, given: Json) -> Json:
        """Set faults (faults.py); `{disconnect: reason | true}`, `{deaf: bool}` act on the sockets at once."""
        self.hub.faults.set({k: v for k, v in given.items() if k not in ("disconnect", "deaf")})
        for connection in self.delivery.sockets.connections:
            connection.deaf = bool(given.get("deaf", connection.deaf))
        if given.get("disconnect"):
            reason = given["disconnect"] if isinstance(given["disconnect"], str) else "refresh_requested"
            self.hub.background(self.delivery.sockets.refresh(reason, warn=reason == "warning"))
        return {"struck": [list(each) for each in self.hub.faults.struck]}

    def happen(self, given: Json) -> Json:
        """Let something befall the workspace: `{do: "archive_channel", channel: "C…"}`; see Happenings."""
        return self.happenings.happen(given.get("do", ""), given)

    def connection(self, _: Json) -> Json:
        sockets = self.delivery.sockets
        return {"connected": self.delivery.connected, "connections": len(sockets.connections), "opened": sockets.opened}

    async def upload(self, request: Request) -> Response:
        given = dict(request.query_params)
        content = await request.body()
        kind = request.headers.get("content-type", "").split(";")[0]

        def keep() -> Json:
            file = self.people.upload(self.find.user(given), given["name"], content, "" if "form" in kind else kind)
            if given.get("channel"):
                user = self.find.user(given)
                self.people.say(
                    user, self.find.channel(user, given), given.get("text", ""), given.get("thread_ts", ""), [file.id]
                )
            return {"file": file_json(self.hub.world, file, self.hub.base)}

        return self._answer(keep)

    async def file(self, request: Request) -> Response:
        """A file's content for a person who sees it: their own, the app's, or shared in a conversation of theirs."""
        file = self.hub.world.files.get(request.path_params["id"])
        user = self.hub.world.users.get(request.query_params.get("user", ""))
        if file is None or user is None:
            return JSONResponse({"ok": False, "error": "file_not_found"}, 404)
        seen = {user.id, self.hub.world.bot_of(user.team).id}
        spoken = (self.hub.world.channels[c] for c in file.channels)
        if file.user not in seen and not any(user.id in c.members or not c.private for c in spoken):
            return JSONResponse({"ok": False, "error": "file_not_found"}, 404)
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        return Response(file.content, media_type=file.mimetype, headers=headers)

    async def traffic(self, request: Request) -> Response:
        after = int(request.query_params.get("after", "0"))
        items = self.hub.traffic.after(after, int(request.query_params.get("most", "500")))
        shown = [
            {
                "n": i.n,
                "at": datetime.fromtimestamp(i.at).astimezone().isoformat(timespec="milliseconds"),
                "direction": i.direction,
                "kind": i.kind,
                "summary": i.summary,
                "ms": i.ms,
                "status": i.status,
                "payload": redacted(i.payload),
            }
            for i in items
        ]
        return JSONResponse({"items": shown})

    async def limits(self, _: Request) -> Response:
        refused = self.hub.limits.refused
        again = sum(1 for each in refused if each.again)
        return JSONResponse({"on": self.hub.limits.on, "refused": len(refused), "refused_again": again})

    async def live(self, socket: WebSocket) -> None:
        """Hints to fetch again; ends when the page goes away."""
        await socket.accept()
        queue = self.hub.live.listen(socket.query_params.get("user", ""))
        gone = asyncio.get_running_loop().create_task(self._until_gone(socket))
        try:
            while not gone.done():
                hint = asyncio.get_running_loop().create_task(queue.get())
                await asyncio.wait({hint, gone}, return_when=asyncio.FIRST_COMPLETED)
                if hint.done():
                    await socket.send_json(hint.result())
                else:
                    hint.cancel()
        except (WebSocketDisconnect, RuntimeError):
            return
        finally:
            gone.cancel()
            self.hub.live.leave(queue)

    async def _until_gone(self, socket: WebSocket) -> None:
        try:
            while True:
                await socket.receive_text()
        except (WebSocketDisconnect, RuntimeError):
            return
