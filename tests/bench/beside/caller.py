"""The other end of the bench of requests, in a process of its own and cheap: it plays Slack over raw sockets.

It reads one JSON object a line: {"do": "http", "port", ...} or {"do": "socket", ...}, with the requests to make, and
answers each with a line of what it measured. Requests are made and signed before the clock starts."""

import asyncio
import base64
import hashlib
import hmac
import json
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bot.clock import system_clock

Json = dict[str, Any]
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
TEXT, PING, PONG = 1, 9, 10
OK = b'{"ok":true,"url":"ws://127.0.0.1:%d/link","ts":"1.1","channel":"D1"}'


def command(text: str, who: str, team: str, serial: int) -> dict[str, str]:
    """A slash command with the fields that Slack sends."""
    return {
        "token": "unused",
        "team_id": team,
        "team_domain": "bench",
        "channel_id": "C0S0",
        "channel_name": "service-0",
        "user_id": who,
        "user_name": who.lower(),
        "command": "/sip",
        "text": text,
        "api_app_id": "A0GRIP",
        "is_enterprise_install": "false",
        "response_url": f"https://hooks.example.org/commands/{team}/{serial}",
        "trigger_id": f"{serial}.{team}.{hashlib.md5(str(serial).encode()).hexdigest()}",  # noqa: S324 - only a name
    }


@dataclass
class Measured:
    """What one run saw: seconds of each answer, and how many answers were not as they should be."""

    wanted: bytes
    latencies: list[float] = field(default_factory=list)
    wrong: list[bytes] = field(default_factory=list)

    def heard(self, answer: bytes, began: float) -> None:
        """One answer."""
        self.latencies.append(time.perf_counter() - began)
        if self.wanted not in answer:
            self.wrong.append(answer[:500])

    def told(self, seconds: float) -> Json:
        """The run in figures: answers a second, and milliseconds."""
        ordered = sorted(self.latencies)
        at = {name: ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 for name, share in SHARES}
        first = self.wrong[0].decode(errors="replace") if self.wrong else ""
        return {"rate": len(ordered) / seconds, "wrong": len(self.wrong), "first_wrong": first, **at}


SHARES = (("p50", 0.5), ("p99", 0.99))


class Asking(asyncio.Protocol):
    """One connection kept alive, with one request under way at a time."""

    def __init__(self, requests: deque[bytes], seen: Measured, done: Callable[[], None]) -> None:
        self.requests, self.seen, self.done = requests, seen, done
        self.heard, self.began = b"", 0.0
        self.transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.next()

    def next(self) -> None:
        if not self.requests:
            self.transport.close()
            self.done()
            return
        self.began = time.perf_counter()
        self.transport.write(self.requests.popleft())

    def data_received(self, data: bytes) -> None:
        self.heard += data
        head = self.heard.find(b"\r\n\r\n")
        if head < 0:
            return
        at = self.heard.lower().index(b"content-length:", 0, head) + 15
        length = int(self.heard[at : self.heard.index(b"\r\n", at)])
        if len(self.heard) >= head + 4 + length:
            self.seen.heard(self.heard, self.began)
            self.heard = b""
            self.next()

    def connection_lost(self, _exc: Exception | None) -> None:
        if self.requests or self.heard:
            raise SystemExit("the bot closed a connection")


def signed(secret: str, port: int, body: bytes) -> bytes:
    """A whole HTTP request as Slack signs it."""
    stamp = str(int(system_clock().timestamp())).encode()
    digest = hmac.new(secret.encode(), b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest()
    head = (
        f"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: Slackbot 1.0\r\n"
        f"Accept: application/json,*/*\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nX-Slack-Request-Timestamp: {stamp.decode()}\r\n"
        f"X-Slack-Signature: v0={digest}\r\n\r\n"
    )
    return head.encode() + body


async def over_http(wish: Json) -> Json:
    """Answer to {"do": "http"}."""
    bodies = (urlencode(each).encode() for each in bodies_of(wish))
    requests = deque(signed(wish["secret"], wish["port"], body) for body in bodies)
    seen, ended, open_ = Measured(wish["wanted"].encode()), asyncio.Event(), wish["in_flight"]

    def done() -> None:
        nonlocal open_
        open_ -= 1
        if not open_:
            ended.set()

    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    for _ in range(wish["in_flight"]):
        await loop.create_connection(lambda: Asking(requests, seen, done), "127.0.0.1", wish["port"])
    await ended.wait()
    return seen.told(time.perf_counter() - began)


def bodies_of(wish: Json) -> Iterator[dict[str, str]]:
    """The commands of a run; each serial number is used once, by one of many people."""
    people, first = wish["people"], wish["first"]
    for serial in range(first, first + wish["count"]):
        who, action = people[serial % len(people)]
        yield command(wish["text"].format(serial=serial, action=action), who, wish["team"], serial)


class Link(asyncio.Protocol):
    """The bot's side door: Slack's Web API, which answers "ok" to everything, and Socket Mode connections."""

    def __init__(self, slack: "Slack") -> None:
        self.slack = slack
        self.buffer, self.upgraded = b"", False
        self.transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.upgraded:
            self.frames()
        elif b"\r\n\r\n" in self.buffer:
            self.request()

    def request(self) -> None:
        head, _, body = self.buffer.partition(b"\r\n\r\n")
        lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        if b"sec-websocket-key" in lines:
            key = next(line.split(b": ", 1)[1] for line in head.split(b"\r\n") if b"ebSocket-Key" in line)
            accept = base64.b64encode(hashlib.sha1(key + GUID).digest())  # noqa: S324 - so says RFC 6455
            self.transport.write(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
            )
            self.buffer, self.upgraded = body, True
            self.slack.links.append(self)
            self.send(b'{"type":"hello","num_connections":1}')
        elif len(body) >= int(lines.get(b"content-length", b"0")):
            said = OK % self.slack.port
            length = str(len(said)).encode()
            self.transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                + length
                + b"\r\n\r\n"
                + said
            )
            self.transport.close()

    def send(self, payload: bytes, kind: int = TEXT) -> None:
        size = len(payload)
        length = bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2, "big")
        self.transport.write(bytes([0x80 | kind]) + length + payload)

    def frames(self) -> None:
        while len(self.buffer) >= 6:
            size, at = self.buffer[1] & 127, 2
            if size >= 126:
                wide = 2 if size == 126 else 8
                size, at = int.from_bytes(self.buffer[2 : 2 + wide], "big"), 2 + wide
            if len(self.buffer) < at + 4 + size:
                return
            mask = (self.buffer[at : at + 4] * (size // 4 + 1))[:size]
            masked, kind = self.buffer[at + 4 : at + 4 + size], self.buffer[0] & 15
            self.buffer = self.buffer[at + 4 + size :]
            plain = (int.from_bytes(masked, "big") ^ int.from_bytes(mask, "big")).to_bytes(size, "big")
            if kind == PING:
                self.send(plain, PONG)
            elif kind == TEXT:
                self.slack.answered(plain)

    def connection_lost(self, _exc: Exception | None) -> None:
        if self in self.slack.links:
            self.slack.links.remove(self)


@dataclass
class Slack:
    """The Web API and Socket Mode at one port, and the run that is under way."""

    port: int = 0
    links: list[Link] = field(default_factory=list)
    waiting: dict[int, float] = field(default_factory=dict)
    envelopes: deque[tuple[int, bytes]] = field(default_factory=deque)
    seen: Measured = field(default_factory=lambda: Measured(b""))
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    turn: int = 0

    def answered(self, plain: bytes) -> None:
        """An acknowledgement came; the next envelope goes out."""
        at = plain.index(b'"envelope_id"') + 13
        serial = int(plain[plain.index(b'"', at) + 1 : plain.index(b'"', plain.index(b'"', at) + 1)])
        self.seen.heard(plain, self.waiting.pop(serial))
        self.next()

    def next(self) -> None:
        """Send an envelope over the connection whose turn it is."""
        if self.envelopes:
            serial, envelope = self.envelopes.popleft()
            self.waiting[serial] = time.perf_counter()
            self.turn += 1
            self.links[self.turn % len(self.links)].send(envelope)
        elif not self.waiting:
            self.ended.set()

    async def over_socket(self, wish: Json) -> Json:
        """Answer to {"do": "socket"}."""
        envelopes = ((int(each["trigger_id"].split(".")[0]), each) for each in bodies_of(wish))
        self.envelopes = deque(
            (
                serial,
                json.dumps(
                    {
                        "envelope_id": str(serial),
                        "payload": payload,
                        "type": "slash_commands",
                        "accepts_response_payload": True,
                    }
                ).encode(),
            )
            for serial, payload in envelopes
        )
        self.seen, self.ended = Measured(wish["wanted"].encode()), asyncio.Event()
        began = time.perf_counter()
        for _ in range(wish["in_flight"]):
            self.next()
        await self.ended.wait()
        return self.seen.told(time.perf_counter() - began)


async def main() -> None:
    """Say at which port Slack is, then do as told until the input ends."""
    slack = Slack()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Link(slack), "127.0.0.1", 0)
    slack.port = server.sockets[0].getsockname()[1]
    print(json.dumps({"port": slack.port}), flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        wish = json.loads(line)
        if wish["do"] == "http":
            told = await over_http(wish)
        elif wish["do"] == "socket":
            told = await slack.over_socket(wish)
        else:
            told = {"links": len(slack.links)}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
