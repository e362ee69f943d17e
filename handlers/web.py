"""The HTTP side: signed requests from Slack, and how the program is for whoever runs it, as one WSGI application."""

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier

from handlers.envelope import shaped
from handlers.figures import Figures
from handlers.late import Late

log = structlog.get_logger(__name__)

LARGEST = 1_000_000  # bytes of a request; Slack's own stay far below
LONGEST_STAMP = 12  # digits of a Unix time
EVENTS = "/slack/events"
REASONS = {
    200: "OK",
    302: "Found",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
}

StartResponse = Callable[..., Any]
Page = Callable[[dict[str, Any]], BoltResponse]


class Refused(Exception):
    """A request that is answered without a look at what it says: the status, and why in a word or two."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


class Web:
    """One WSGI application: POST /slack/events, and GET /healthz, /readyz and /metrics.

    `secrets` are Slack's signing secrets, of which any may have signed; without one (Socket Mode) no request of Slack
    is taken. `pages` are further GET pages by their path; `late` says answers again that Slack did not wait for."""

    def __init__(
        self, app: App, figures: Figures, secrets: Sequence[str], pages: Mapping[str, Page], late: Late
    ) -> None:
        self._app = app
        self._figures = figures
        self._late = late
        self._verifiers = [SignatureVerifier(secret) for secret in secrets]
        self._pages = {"/healthz": self._alive, "/readyz": self._ready, "/metrics": self._metrics, **pages}

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        try:
            answer = self._answer(environ)
        except Refused as refusal:
            log.warning("refused", status=refusal.status, why=refusal.why)
            answer = BoltResponse(status=refusal.status, body=refusal.why)
        body = (answer.body or "").encode()
        headers = [(name, value) for name, values in answer.headers.items() for value in values]
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        reason = REASONS.get(answer.status, "Answer")
        start_response(f"{answer.status} {reason}", [*kept, ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, environ: dict[str, Any]) -> BoltResponse:
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
        if path == EVENTS and self._verifiers:
            if method != "POST":
                raise Refused(405, "POST only")
            with self._figures.acks.time():
                return self._slack(environ)
        if path not in self._pages:
            raise Refused(404, "nothing here")
        if method not in {"GET", "HEAD"}:
            raise Refused(405, "GET only")
        return self._pages[path](environ)

    def _slack(self, environ: dict[str, Any]) -> BoltResponse:
        began = time.monotonic()
        raw = body_of(environ)
        headers = {name[5:].replace("_", "-").lower(): environ[name] for name in environ if name.startswith("HTTP_")}
        headers["content-type"] = environ.get("CONTENT_TYPE", "")
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            raise Refused(400, "malformed") from error
        self._verify(text, headers)
        body = read(text, headers["content-type"])
        try:
            # Read once: Bolt takes a body that is read already in this mode alone, which says nothing else to it.
            request = BoltRequest(body=body, headers=headers, mode="socket_mode")
        except Exception as error:  # Bolt looks for ids in more places than we have heard of, and trusts what it finds
            raise Refused(400, "malformed") from error
        answer = self._app.dispatch(request)
        self._late.tell(body, answer, time.monotonic() - began)
        return answer

    def _verify(self, body: str, headers: dict[str, str]) -> None:
        """Before Bolt reads anything: it parses first and verifies then, and fails on stamps that are no numbers."""
        stamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
        shaped = stamp.isascii() and stamp.isdigit() and len(stamp) <= LONGEST_STAMP and signature.isascii()
        if not (shaped and any(each.is_valid(body, stamp, signature) for each in self._verifiers)):
            raise Refused(401, "not signed by Slack, or too old")

    def _alive(self, _environ: dict[str, Any]) -> BoltResponse:
        return BoltResponse(status=200, body="alive")

    def _ready(self, _environ: dict[str, Any]) -> BoltResponse:
        if not self._figures.store_answers():
            raise Refused(503, "the database does not answer")
        return BoltResponse(status=200, body="ready")

    def _metrics(self, _environ: dict[str, Any]) -> BoltResponse:
        body = generate_latest(self._figures.registry).decode()
        return BoltResponse(status=200, body=body, headers={"content-type": CONTENT_TYPE_LATEST})


def body_of(environ: dict[str, Any]) -> bytes:
    """The body, whatever way it comes, never more than the limit. Raises Refused."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length and not (length.isascii() and length.isdigit()):
        raise Refused(400, "no such length")
    if length and int(length) > LARGEST:
        raise Refused(413, "too large")
    source = environ.get("wsgi.input") or BytesIO()
    raw: bytes = source.read(int(length) if length else LARGEST + 1)
    if len(raw) > LARGEST:
        raise Refused(413, "too large")
    return raw


def read(text: str, content_type: str) -> dict[str, Any]:
    """What a body says: an object as JSON, or a form, of the shape that Slack sends. Raises Refused for any other."""
    try:
        if content_type.split(";", maxsplit=1)[0].strip().lower() == "application/json" or text.startswith("{"):
            said = json.loads(text)
        else:
            said = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
            said = json.loads(said["payload"]) if "payload" in said else said
        if "\\ud" in text.lower() or "%5Cud" in text:
            # Half of a pair of surrogates is no text, and none of Slack's.
            json.dumps(said, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Refused(400, "malformed") from error
    if not isinstance(said, dict) or not said or not shaped(said):
        raise Refused(400, "malformed")
    return said
