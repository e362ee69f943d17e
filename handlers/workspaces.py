"""Whose token answers for which workspace: that of the settings, or each workspace's own from the database."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.clock import Clock
from bot.errors import SealedToken
from bot.settings import Settings

log = structlog.get_logger(__name__)

SLACK_SECONDS = 2.4  # a listener has three seconds in all


class Installed(Protocol):
    """One installation, of a workspace or (id: the organisation's) of a whole organisation."""

    @property
    def id(self) -> str: ...

    @property
    def token(self) -> str: ...

    @property
    def bot_user(self) -> str: ...


class Installations(Protocol):
    """Where installations are kept; storage.installations says what each method does."""

    def of(self, team_id: str | None, enterprise_id: str | None, now: datetime) -> Installed | None: ...

    def remove(self, id: str, at: datetime) -> bool: ...

    def rest(self, now: datetime) -> None: ...

    def renew_due(self, renew: Callable[[str], Mapping[str, Any]], now: datetime) -> int: ...


def client_with(settings: Settings, token: str, team_id: str | None = None) -> WebClient:
    """A client for calls within a listener. It never repeats a call by itself: that would post a message twice.

    `team_id`: the workspace in which an organisation's token is to act."""
    return WebClient(
        token=token,
        team_id=team_id,
        base_url=settings.slack_api_url,
        timeout=SLACK_SECONDS,  # type: ignore[arg-type]  # the SDK passes it to urllib, which takes fractions
        retry_handlers=[],
    )


class OneWorkspace:
    """The workspace whose token stands in the settings."""

    def __init__(self, settings: Settings) -> None:
        self._token = settings.slack_bot_token.get_secret_value()
        self._client = client_with(settings, self._token)

    def client_of(self, _workspace_id: str) -> WebClient:
        """The one client."""
        return self._client

    def authorize(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        """The bot's token for any request, without asking Slack first."""
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=self._token)

    def removed(self, workspace_id: str, _at: datetime) -> None:
        """The token is worthless now; whoever runs the bot has to put in another."""
        log.error("the app was removed in Slack; install it again and set SLACK_BOT_TOKEN", workspace=workspace_id)

    def rest(self, _now: datetime) -> None:
        """Whose app it is has it back with the next token: until then what is due waits for the next morning."""

    def renew(self) -> None:
        """A token from the settings does not end."""


class ManyWorkspaces:
    """Every workspace with its own token, from the database."""

    def __init__(self, settings: Settings, installations: Installations, clock: Clock) -> None:
        self._settings = settings
        self._installations = installations
        self._clock = clock

    def client_of(self, workspace_id: str) -> WebClient:
        """A client with the workspace's token of now. Raises SlackApiError, as Slack would, where there is none."""
        found = self._installations.of(workspace_id, None, self._clock())
        if found is None:
            gone = {"ok": False, "error": "account_inactive"}
            raise SlackApiError("not installed", gone)  # type: ignore[no-untyped-call]  # the SDK types only part of itself
        return client_with(self._settings, found.token, None if found.id == workspace_id else workspace_id)

    def authorize(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        """The token for a request, without asking Slack; None where the app is not installed."""
        found = self._installations.of(team_id, enterprise_id, self._clock())
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, bot_user_id=found.bot_user or None, bot_token=found.token
        )

    def removed(self, workspace_id: str, at: datetime) -> None:
        """The app was removed there: its tokens are destroyed and nothing more is told."""
        if self._installations.remove(workspace_id, at):
            log.info("removed", workspace=workspace_id)

    def rest(self, now: datetime) -> None:
        """The plans of workspaces that removed the app are left alone, to go on where they stood once it is back."""
        self._installations.rest(now)

    def renew(self) -> None:
        """Renew the tokens that end soon; what fails is tried again at the next tick."""
        client = WebClient(base_url=self._settings.slack_api_url, timeout=10, retry_handlers=[])

        def ask(refresh_token: str) -> Mapping[str, Any]:
            return exchange(client, self._settings, grant_type="refresh_token", refresh_token=refresh_token)

        try:
            self._installations.renew_due(ask, self._clock())
        except (SlackClientError, OSError, KeyError, SealedToken) as error:
            log.error("a token was not renewed", error=type(error).__name__)


def revoke(client: WebClient, token: str) -> None:
    """Have Slack make a token worthless. Where Slack does not, the token is nevertheless kept nowhere."""
    try:
        client.auth_revoke(token=token)
    except (SlackClientError, OSError) as error:
        log.warning("a token was not revoked", error=type(error).__name__)


def exchange(client: WebClient, settings: Settings, **given: str) -> Mapping[str, Any]:
    """The answer of oauth.v2.access to a code or a refresh token. Raises SlackApiError."""
    answer = client.oauth_v2_access(
        client_id=settings.slack_client_id, client_secret=settings.slack_client_secret.get_secret_value(), **given
    )
    return answer.data if isinstance(answer.data, dict) else {}
