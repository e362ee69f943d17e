"""The Slack-facing HTTP routes: Web API, uploads, downloads, response_urls, the install page; with their faults."""

import asyncio
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from playground import answers
from playground.delivery import FAULTS, Delivery
from playground.faults import KINDS, Fault
from playground.hub import Hub
from playground.webapi import METHODS, Call, Method, SlackError
from playground.webapi.files import visible
from playground.world import Grant

Json = dict[str, Any]
HERE = frozenset(KINDS - FAULTS)
LOGIN = """<!DOCTYPE html><html lang="en"><head><title>Sign in | Slack</title></head>
<body><h1>Sign in to your workspace</h1><p>You need to sign in to see this page.</p></body></html>"""
AFTER = {"drop_reply", "http_500_after", "error_after", "timeout_after", "slow"}


class SlackSide:
    """`cut` closes a client's connection without an answer; the server gives it."""

    def __init__(self, hub: Hub, delivery: Delivery, cut: Callable[[tuple[str, int]], None]) -> None:
        self.hub = hub
        self.delivery = delivery
        self.cut = cut

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/api/{method}", self.api, methods=["GET", "POST"]),
            Route("/upload/v1/{id}", self.upload, methods=["POST", "PUT"]),
            Route("/files-pri/{ident}/{rest:path}", self.download),
            Route("/response/{team}/{key}", self.response, methods=["POST"]),
            Route("/oauth/v2/authorize", self.authorize),
            WebSocketRoute("/link/", self.delivery.sockets.serve),
            WebSocketRoute("/link", self.delivery.sockets.serve),
        ]

    async def api(self, request: Request) -> Response:
        """One Web API call: limits and faults first, then the method; counted in the traffic."""
        name = request.path_params["method"]
        began = time.perf_counter()
        args, token = await read_args(request, METHODS.get(name))
        channel = str(args.get("channel", ""))
        grant = self.hub.world.grants.get(token)
        wait = self.hub.limits.check(grant.team, name, channel) if grant else 0
        fault = self.hub.faults.strike(name, channel, HERE)
        if wait or (fault and fault.kind == "rate_limited"):
            response = limited(wait or (fault.retry_after if fault else 1))
            status = "429 ratelimited"
        else:
            response, status = await self._run(request, name, args, token, fault)
        ms = (time.perf_counter() - began) * 1000
        self.hub.record("from_bot", name, summary(name, args), args, ms, status)
        return response

    async def _run(
        self, request: Request, name: str, args: Json, token: str, fault: Fault | None
    ) -> tuple[Response, str]:
        if fault is None:
            found, headers = self._method(name, args, token)
            return JSONResponse(found, headers=headers), "ok" if found["ok"] else str(found["error"])
        if fault.kind == "slow":
            await asyncio.sleep(fault.delay)
        found, headers = self._method(name, args, token) if fault.kind in AFTER else ({"ok": False}, {})
        done = f" (done: {'ok' if found['ok'] else found.get('error')})" if fault.kind in AFTER else ""
        return await self._commit(request, fault, found, headers), f"fault {fault.kind}{done}"

    async def _commit(self, request: Request, fault: Fault, found: Json, headers: dict[str, str]) -> Response:
        if fault.kind.startswith("http_500"):
            return PlainTextResponse("Internal Server Error", 500)
        if fault.kind in ("error", "error_after"):
            return JSONResponse({"ok": False, "error": fault.error})
        if fault.kind == "slow":
            return JSONResponse(found, headers=headers)
        if fault.kind.startswith("timeout"):
            await asyncio.sleep(fault.delay)
        if request.client is not None:
            self.cut((request.client.host, request.client.port))
            await asyncio.sleep(0.01)
        return PlainTextResponse("")

    def _method(self, name: str, args: Json, token: str) -> tuple[Json, dict[str, str]]:
        """Run a method: its reply and Slack's scope headers."""
        method = METHODS.get(name)
        if method is None:
            return {"ok": False, "error": "unknown_method", "req_method": name}, {}
        try:
            grant = self._acting(self._grant(method, token), args)
            call = Call(self.hub, self.delivery, name, args, grant)
            headers = {"x-oauth-scopes": ",".join(sorted(grant.scopes))} if grant.scopes else {}
            if method.scope:
                headers["x-accepted-oauth-scopes"] = method.scope
                call.need(method.scope)
            if "_json_error" in args:
                raise SlackError(args["_json_error"])
            return {"ok": True} | method.run(call), headers
        except SlackError as error:
            return {"ok": False, "error": error.error} | error.more, {}

    def _grant(self, method: Method, token: str) -> Grant:
        if method.token == "none":
            return Grant("", next(iter(self.hub.world.workspaces)), "none")
        if not token:
            raise SlackError("not_authed")
        if method.token == "app":
            if token != self.hub.app.app_token:
                raise SlackError("not_allowed_token_type" if token in self.hub.world.grants else "invalid_auth")
            return Grant(token, next(iter(self.hub.world.workspaces)), "app", {"connections:write"})
        if token == self.hub.app.app_token:
            raise SlackError("not_allowed_token_type")
        grant = self.hub.world.grants.get(token)
        if grant is None:
            raise SlackError("invalid_auth")
        if grant.revoked:
            raise SlackError("token_revoked")
        if grant.expires and grant.expires < self.hub.clock.now():
            raise SlackError("token_expired")
        return grant

    def _acting(self, grant: Grant, args: Json) -> Grant:
        """An organisation's token acts in one workspace: the named one, or that of the channel, person or view."""
        if not grant.organisation:
            return grant
        world = self.hub.world
        about: list[Any] = [world.channels.get(str(args.get("channel", "")))]
        about.append(world.views.get(str(args.get("view_id", ""))))
        about += [world.users.get(str(args.get(name, ""))) for name in ("user", "users", "user_id", "channel")]
        trigger = self.hub.triggers.get(str(args.get("trigger_id", "")))
        about.append(world.users.get(trigger.user) if trigger else None)
        team = str(args.get("team_id") or next((each.team for each in about if each), grant.team))
        space = world.workspaces.get(team)
        if space is None or space.enterprise != grant.organisation or not space.installed:
            raise SlackError("team_access_not_granted")
        return replace(grant, team=team)

    async def upload(self, request: Request) -> Response:
        file = self.hub.world.files.get(request.path_params["id"])
        body = await request.body()
        if "multipart/form-data" in request.headers.get("content-type", ""):
            form = await request.form()
            parts = [part for part in form.values() if not isinstance(part, str)]
            body = await parts[0].read() if parts else b""
        if file is None or file.complete:
            return PlainTextResponse("no such upload", 404)
        file.content = body
        self.hub.record("from_bot", "upload", f"{file.name}, {len(body)} bytes", {"file": file.id}, 0.0, "ok")
        return PlainTextResponse(f"OK - {len(body)}")

    async def download(self, request: Request) -> Response:
        """A file for the bot; without a token that may read it, Slack answers 200 with its login page."""
        fault = self.hub.faults.strike("files", kinds=HERE)
        if fault is not None:
            return await self._commit(request, fault, {}, {})
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        grant = self.hub.world.grants.get(token)
        file = self.hub.world.files.get(request.path_params["ident"].split("-")[-1])
        good = grant is not None and not grant.revoked and "files:read" in grant.scopes and file is not None
        if good and grant and file and grant.team == file.team:
            bot = self.hub.world.workspaces[grant.team].bot_user
            if visible(self.hub.world, file, bot):
                self.hub.record("from_bot", "download", file.name, {"file": file.id}, 0.0, "ok")
                return Response(file.content, media_type=file.mimetype)
        self.hub.record("from_bot", "download", str(request.url.path), {}, 0.0, "login page")
        return HTMLResponse(LOGIN)

    async def response(self, request: Request) -> Response:
        fault = self.hub.faults.strike("response_url", kinds=HERE)
        body = await request.json()
        if fault is not None and fault.kind not in AFTER:
            return await self._commit(request, fault, {}, {})
        error = answers.through_url(self.hub, self.hub.response_urls.get(request.path_params["key"]), body)
        self.hub.record("from_bot", "response_url", str(body.get("text", ""))[:200], body, 0.0, error or "ok")
        if fault is not None:
            return await self._commit(request, fault, {"ok": not error}, {})
        return JSONResponse({"ok": False, "error": error}, 404) if error else PlainTextResponse("ok")

    async def authorize(self, request: Request) -> Response:
        """The install page, agreed to at once: `team` (or an `organisation` as a whole) and `user` choose who installs,
        `deny` refuses."""
        query = request.query_params
        if query.get("client_id") != self.hub.app.client_id:
            return PlainTextResponse("invalid_client_id", 400)
        back = {"state": query.get("state", "")}
        if query.get("deny"):
            back["error"] = "access_denied"
        else:
            whole = query.get("organisation", "")
            spaces = self.hub.world.workspaces_of(whole) or list(self.hub.world.workspaces.values())
            team = query.get("team") or spaces[0].id
            scopes = {scope for scope in query.get("scope", "").split(",") if scope}
            back["code"] = secrets.token_hex(12)
            person = query.get("user") or next(
                u.id for u in self.hub.world.users.values() if u.team == team and not u.is_bot
            )
            self.hub.codes[back["code"]] = (whole or team, scopes or self.hub.app.scopes, person)
        return RedirectResponse(f"{query.get('redirect_uri', '')}?{urlencode(back)}", 302)


def limited(seconds: int) -> Response:
    return JSONResponse({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(seconds)})


async def read_args(request: Request, method: Method | None) -> tuple[Json, str]:
    """The arguments and the token. A JSON body counts only for methods that read one, as in Slack."""
    args: Json = dict(request.query_params)
    body = await request.body()
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        if method is None or method.json:
            try:
                args |= json.loads(body or b"{}")
            except ValueError:
                args["_json_error"] = "invalid_json"
            except TypeError:
                args["_json_error"] = "json_not_object"
    elif kind.startswith("multipart/form-data"):
        args |= {k: v for k, v in (await request.form()).items() if isinstance(v, str)}
    else:
        args |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    authorization = request.headers.get("authorization", "")
    if authorization.startswith("Basic "):
        args["_basic"] = authorization.removeprefix("Basic ")
    return args, authorization.removeprefix("Bearer ") if authorization.startswith("Bearer ") else args.pop("token", "")


def summary(name: str, args: Json) -> str:
    """A line for the traffic pane."""
    for key in ("text", "view_id", "user_id", "users", "user", "file", "filename"):
        if isinstance(args.get(key), str) and args[key]:
            where = f"{args['channel']}: " if isinstance(args.get("channel"), str) else ""
            return f"{where}{args[key]}"[:200]
    return str(args.get("channel", "")) or name
