"""Delivery to the bot, over Socket Mode or as a signed request, with faults, time-outs and retries of events."""

import asyncio
import hashlib
import hmac
import json
import ssl
import time
from typing import Any
from urllib.parse import urlencode

import httpx

from playground.clock import real
from playground.faults import Fault
from playground.hub import Hub, Reply
from playground.socketmode import SocketMode

Json = dict[str, Any]
ACCEPTS = {"slash_commands", "interactive", "options"}
FAULTS = frozenset({"redeliver", "lose_ack", "lose_delivery"})
REASONS = {
    "operation_timeout": "http_timeout",
    "dispatch_failed": "connection_failed",
    "http_error": "http_error",
}
DELIVERABLE = {"app_home_opened", "app_uninstalled", "team_access_revoked", "tokens_revoked"}
SCOPE_OF_EVENT = {
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "user_change": "users:read",
    "team_join": "users:read",
    "channel_archive": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_rename": "channels:read",
    "subteam_members_changed": "usergroups:read",
    "subteam_updated": "usergroups:read",
}


def signed(secret: str, body: bytes, when: float) -> dict[str, str]:
    """Slack's v0 signature: HMAC-SHA256 over `v0:timestamp:body` (docs: verifying requests from Slack)."""
    stamp = str(int(when))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


class Delivery:
    """Sends commands, interactions and events to the bot the way that its manifest asks for."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.sockets = SocketMode(hub.app.id, lambda: hub.live.tell({"type": "connection"}))
        self.client: httpx.AsyncClient | None = None

    @property
    def connected(self) -> bool:
        return bool(self.hub.app.request_url) or bool(self.sockets.connections)

    async def close(self) -> None:
        if self.client is not None:
            await self.client.aclose()

    async def send(self, kind: str, payload: Json, summary: str, retry: tuple[int, str] | None = None) -> Reply:
        """One delivery: `kind` is slash_commands, interactive or events_api; the error is what a person would see."""
        hub = self.hub
        fault = hub.faults.strike(kind, kinds=FAULTS)
        if fault is not None and fault.kind == "lose_delivery":
            await asyncio.sleep(hub.ack_seconds)
            reply = Reply(error="operation_timeout", ms=hub.ack_seconds * 1000)
        elif hub.app.request_url:
            reply = await self._post(kind, payload, retry)
        else:
            reply = await self.sockets.send(kind, payload, kind in ACCEPTS, hub.ack_seconds, retry)
        reply = await self._spoil(fault, kind, payload, reply)
        hub.record("to_bot", kind, summary, payload, reply.ms, reply.error or "ok")
        return reply

    async def _spoil(self, fault: Fault | None, kind: str, payload: Json, reply: Reply) -> Reply:
        if fault is not None and fault.kind == "lose_ack":
            return Reply(error="operation_timeout", ms=reply.ms)
        if fault is not None and fault.kind == "redeliver" and not reply.error:
            again = (1, "timeout") if kind == "events_api" else None
            if self.hub.app.request_url:
                await self._post(kind, payload, again)
            else:
                await self.sockets.send(kind, payload, kind in ACCEPTS, self.hub.ack_seconds, again)
        return reply

    async def _post(self, kind: str, payload: Json, retry: tuple[int, str] | None) -> Reply:
        if kind == "events_api":
            body, content = json.dumps(payload).encode(), "application/json"
        else:
            form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            body, content = urlencode(form).encode(), "application/x-www-form-urlencoded"
        headers = signed(self.hub.app.signing_secret, body, real()) | {"Content-Type": content}
        if retry is not None:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        if self.client is None:
            self.client = httpx.AsyncClient(trust_env=False, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        began = time.perf_counter()
        try:
            async with asyncio.timeout(self.hub.ack_seconds):
                answer = await self.client.post(self.hub.app.request_url, content=body, headers=headers, timeout=None)
        except TimeoutError:
            return Reply(error="operation_timeout", ms=(time.perf_counter() - began) * 1000)
        except httpx.HTTPError:
            return Reply(error="dispatch_failed", ms=(time.perf_counter() - began) * 1000)
        ms = (time.perf_counter() - began) * 1000
        if answer.status_code != 200:
            refusal = "no_retry" if answer.headers.get("x-slack-no-retry") == "1" else "http_error"
            return Reply(error=refusal if kind == "events_api" else "http_service_error", ms=ms)
        if not answer.content:
            return Reply(None, ms)
        if answer.headers.get("content-type", "").startswith("application/json"):
            return Reply(answer.json(), ms)
        return Reply({"text": answer.text}, ms)

    def event(self, team: str, event: Json, subscription: str = "") -> None:
        """Send an event in the background if the app subscribed to it and holds its scope, until it is acknowledged."""
        name = subscription or event["type"]
        space = self.hub.world.workspaces[team]
        grant = self.hub.world.grants.get(space.bot_token)
        if name not in self.hub.app.events or (not space.installed and name not in DELIVERABLE):
            return
        if name in SCOPE_OF_EVENT and (grant is None or SCOPE_OF_EVENT[name] not in grant.scopes):
            return
        now = self.hub.clock.now()
        event = {"event_ts": f"{now:.6f}"} | event
        payload: Json = {
            "token": self.hub.app.verification_token,
            "team_id": team,
            "context_team_id": team,
            "context_enterprise_id": space.enterprise or None,
            "api_app_id": self.hub.app.id,
            "event": event,
            "type": "event_callback",
            "event_id": self.hub.world.new_id("Ev"),
            "event_time": int(now),
            "authorizations": [
                {
                    "enterprise_id": space.enterprise or None,
                    "team_id": None if space.as_a_whole else team,
                    "user_id": space.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": space.as_a_whole,
                }
            ],
            "is_ext_shared_channel": False,
        }
        self.hub.background(self._until_heard(payload, name))

    async def _until_heard(self, payload: Json, name: str) -> None:
        reply = await self.send("events_api", payload, name)
        for attempt, delay in enumerate(self.hub.retry_delays, start=1):
            if not reply.error or reply.error == "no_retry":
                return
            await asyncio.sleep(delay)
            reason = REASONS.get(reply.error, "unknown_error")
            if not self.hub.app.request_url:
                reason = reason.removeprefix("http_")
            reply = await self.send("events_api", payload, f"{name} (retry {attempt})", (attempt, reason))
