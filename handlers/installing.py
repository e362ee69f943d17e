"""How a workspace installs the app: off to Slack with a word of ours, and back with a code for a token."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from http.cookies import CookieError, SimpleCookie
from typing import Any, Protocol
from urllib.parse import parse_qs

import structlog
from slack_bolt import BoltResponse
from slack_sdk.errors import SlackClientError
from slack_sdk.oauth import AuthorizeUrlGenerator

from handlers.web import Page, Refused

log = structlog.get_logger(__name__)

BACK = "/slack/oauth_redirect"
# Those of manifest.yml, which a test holds to these.
SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "usergroups:read",
    "users:read",
)
COOKIE = "grip_installing"
AGAIN = "Nothing was installed. Open /slack/install again and finish within ten minutes, in the same browser."


class States(Protocol):
    """Where the words of installations under way are kept."""

    def new_state(self, now: datetime) -> str: ...

    def spend_state(self, state: str, now: datetime) -> bool: ...


@dataclass(frozen=True, slots=True)
class Door:
    """What installing needs. `exchange` gives a code to Slack for the answer of oauth.v2.access; `keep` keeps it."""

    states: States
    clock: Callable[[], datetime]
    ask: AuthorizeUrlGenerator
    exchange: Callable[[str], Mapping[str, Any]]
    keep: Callable[[Mapping[str, Any], datetime], None]

    def pages(self) -> dict[str, Page]:
        """The two pages by their paths."""
        return {"/slack/install": self.leave, BACK: self.come_back}

    def leave(self, _environ: dict[str, Any]) -> BoltResponse:
        """Off to Slack's own page, with the word also in a cookie: whoever comes back must be who left."""
        state = self.states.new_state(self.clock())
        cookie = f"{COOKIE}={state}; Max-Age=600; Path=/slack; Secure; HttpOnly; SameSite=Lax"
        headers: dict[str, str | Sequence[str]] = {
            "location": self.ask.generate(state),
            "set-cookie": cookie,
            "cache-control": "no-store",
        }
        return BoltResponse(status=302, headers=headers)

    def come_back(self, environ: dict[str, Any]) -> BoltResponse:
        """Back from Slack. Raises Refused where the word is unknown, spent, old, or another browser's."""
        given = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        state, now = given.get("state", ""), self.clock()
        same = compare_digest(state.encode(), _cookie(environ).encode())
        if not (state and same and self.states.spend_state(state, now)):
            raise Refused(400, AGAIN)
        if "error" in given or not given.get("code"):
            return _page(200, "Nothing was installed: it was declined in Slack.")
        try:
            self.keep(self.exchange(given["code"]), now)
        except (SlackClientError, OSError, KeyError) as error:
            log.warning("not installed", error=type(error).__name__)
            raise Refused(400, f"Slack did not confirm the installation. {AGAIN}") from error
        return _page(200, "Grip is installed. Go to Slack, invite it to a channel and type /sip setup there.")


def _cookie(environ: dict[str, Any]) -> str:
    try:
        found = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _page(status: int, words: str) -> BoltResponse:
    return BoltResponse(status=status, body=words, headers={"content-type": "text/plain; charset=utf-8"})
