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

LEAVE = "/slack/install"
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
STRANGER = (
    "Nothing was installed: this Grip is for certain workspaces, and yours is none of them. If it should be, ask "
    "whoever runs it to add {} to WORKSPACES, then open /slack/install again."
)
AGAIN = "Nothing was installed. Open /slack/install again and finish within ten minutes, in the same browser."


class States(Protocol):
    """Where the words of installations under way are kept."""

    def new_state(self, now: datetime) -> str: ...

    def spend_state(self, state: str, now: datetime) -> bool: ...


@dataclass(frozen=True, slots=True)
class Door:
    """What installing needs. `exchange` gives a code to Slack for the answer of oauth.v2.access; `keep` keeps it.

    `welcome` are the ids of the workspaces and organisations that may install, or none where any may; the token of
    another one is given to `revoke` and kept nowhere."""

    states: States
    clock: Callable[[], datetime]
    ask: AuthorizeUrlGenerator
    exchange: Callable[[str], Mapping[str, Any]]
    keep: Callable[[Mapping[str, Any], datetime], None]
    welcome: frozenset[str]
    revoke: Callable[[str], None]

    def pages(self) -> dict[str, Page]:
        """The two pages by their paths."""
        return {LEAVE: self.leave, BACK: self.come_back}

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
        """Back from Slack. Raises Refused where the word is unknown, spent, old, or another browser's, and where the
        workspace is none that may install."""
        given = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        state, now = given.get("state", ""), self.clock()
        same = compare_digest(state.encode(), _cookie(environ).encode())
        if not (state and same and self.states.spend_state(state, now)):
            raise Refused(400, AGAIN)
        if "error" in given or not given.get("code"):
            return _page(200, "Nothing was installed: it was declined in Slack.")
        try:
            self._take(self.exchange(given["code"]), now)
        except (SlackClientError, OSError, KeyError) as error:
            log.warning("not installed", error=type(error).__name__)
            raise Refused(400, f"Slack did not confirm the installation. {AGAIN}") from error
        return _page(200, "Grip is installed. Go to Slack, invite it to a channel and type /sip setup there.")

    def _take(self, answer: Mapping[str, Any], now: datetime) -> None:
        """Keep the token of a workspace that may install. Raises Refused for another; its token is worthless then."""
        who = installer(answer)
        if self.welcome and not self.welcome & set(who):
            log.warning("not on the list of workspaces", ids=who)
            self.revoke(answer["access_token"])
            raise Refused(403, STRANGER.format(" or ".join(who) or "what installs"))
        self.keep(answer, now)


def installer(answer: Mapping[str, Any]) -> list[str]:
    """Who an answer of oauth.v2.access says has installed: the ids of the workspace, unless it was a whole
    organisation, and of its organisation."""
    whole = answer.get("is_enterprise_install")
    told = [None if whole else answer.get("team"), answer.get("enterprise")]
    return [each["id"] for each in told if each and each.get("id")]


def not_installed(public_url: str) -> str:
    """What somebody hears whose workspace has not installed the app, or no longer; mrkdwn."""
    lost = "Grip is not installed in this workspace (any more), so nothing was saved."
    if not public_url:
        return f"{lost} Ask whoever runs Grip to install it, then send this again."
    where = public_url.rstrip("/") + LEAVE
    return f"{lost} Ask an administrator of the workspace to install it at {where} , then send this again."


def _cookie(environ: dict[str, Any]) -> str:
    try:
        found = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _page(status: int, words: str) -> BoltResponse:
    return BoltResponse(status=status, body=words, headers={"content-type": "text/plain; charset=utf-8"})
