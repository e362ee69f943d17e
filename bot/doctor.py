"""What stands between this machine and a working bot, each said in a plain sentence with what to do about it."""

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.plan.services import Service
from bot.settings import Settings


class Level(StrEnum):
    OK = "OK"
    WARNING = "WARNING"
    MISSING = "MISSING"


@dataclass(frozen=True, slots=True)
class Line:
    """One finding, and what to do about it where there is something to do."""

    level: Level
    text: str

    def __str__(self) -> str:
        return f"{self.level:<8}{self.text}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What Slack answered to one call; `headers` by lower-case name. `trouble` says why there was no answer at all."""

    ok: bool
    error: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""


# Calls a method of Slack's Web API with a token and arguments.
Ask = Callable[[str, str, Mapping[str, str]], Answer]


@dataclass(frozen=True, slots=True)
class Database:
    """The database as it was found: its address without password, its schema and the newest that we know (version
    None: not set up yet), and why it could not be reached or written."""

    address: str
    version: str | None = None
    newest: str = ""
    unreachable: str = ""
    read_only: str = ""
    newer: str = ""


# What the bot cannot do without (manifest.yml, oauth_config.scopes.bot less bot_optional), and what each is for.
REQUIRED: dict[str, str] = {
    "chat:write": "reminders and answers",
    "commands": "/sip and the shortcuts",
    "files:read": "keeping evidence that people attach",
    "files:write": "handing over packs and workbooks",
    "im:write": "sending a file to one person",
    "users:read": "names, time zones and who has left",
}
# What the bot does without where it is declined (manifest.yml, bot_optional), and what is lost then.
OPTIONAL: dict[str, str] = {
    "app_mentions:read": "@Grip in a channel gets no answer",
    "channels:history": "after a crash a post to a public channel may come twice, marked as a possible repeat",
    "channels:read": "Grip cannot tell whether it is a member of a service's public channel",
    "groups:history": "after a crash a post to a private channel may come twice, marked as a possible repeat",
    "groups:read": "Grip cannot tell whether it is a member of a service's private channel",
    "im:history": "plain words and photos sent to Grip get no answer, and a reminder may come twice after a crash",
    "usergroups:read": "a role cannot be given to a user group",
}
DEAD_TOKEN = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_allowed_token_type",
        "missing_scope",
        "no_permission",
    }
)
BOT_TOKEN = ("xoxb-", "xoxe.xoxb-")
WHERE_BOT = 'api.slack.com/apps, your app, "OAuth & Permissions", "Bot User OAuth Token"'
WHERE_APP = 'api.slack.com/apps, your app, "Basic Information", "App-Level Tokens", with the scope connections:write'
MOST_SKEW = timedelta(seconds=60)
LITTLE_SPACE, TOO_LITTLE_SPACE = 1_000_000_000, 50_000_000  # bytes


def tokens(settings: Settings) -> list[Line]:
    """Whether both tokens are there, each of its own kind."""
    return [
        _token("SLACK_BOT_TOKEN", settings.slack_bot_token.get_secret_value(), BOT_TOKEN, "bot token", WHERE_BOT),
        _token(
            "SLACK_APP_TOKEN", settings.slack_app_token.get_secret_value(), ("xapp-",), "app-level token", WHERE_APP
        ),
    ]


def _token(name: str, value: str, starts: tuple[str, ...], kind: str, where: str) -> Line:
    if not value:
        return Line(
            Level.MISSING, f"{name} is not set. Put the {kind} ({starts[0]}...) in .env or the environment: {where}."
        )
    if not value.startswith(starts):
        other = {"xapp-": "an app-level token", "xoxb-": "a bot token", "xoxp-": "a user's token"}
        found = next((words for start, words in other.items() if value.startswith(start)), "no token of Slack's")
        return Line(Level.MISSING, f"{name} holds {found}; it wants the {kind} ({starts[0]}...): {where}.")
    return Line(Level.OK, f"{name} is set.")


def missing_tokens(settings: Settings) -> list[str]:
    """The sentences for tokens that are missing or of the wrong kind; empty where both are right."""
    return [line.text for line in tokens(settings) if line.level is Level.MISSING]


def missing_for_http(settings: Settings) -> list[str]:
    """The same for HTTP mode, which wants the signing secret in place of the app-level token."""
    bot, _ = tokens(settings)
    said = [bot.text] if bot.level is Level.MISSING and not settings.many_workspaces else []
    if settings.many_workspaces and not (settings.slack_client_secret.get_secret_value() and settings.public_url):
        said.append("SLACK_CLIENT_SECRET and PUBLIC_URL must be set where workspaces install Grip for themselves.")
    if not settings.slack_signing_secret.get_secret_value():
        said.append('SLACK_SIGNING_SECRET is not set. It stands under "Basic Information" of the app in Slack.')
    return said


def token_refused(error: str) -> str:
    """What to do where Slack refuses the app-level token; empty for errors that may pass."""
    if error not in DEAD_TOKEN:
        return ""
    return f"Slack refuses SLACK_APP_TOKEN ({error}). Make a new app-level token: {WHERE_APP}."


def slack(settings: Settings, ask: Ask, now: Callable[[], datetime]) -> list[Line]:
    """The Web API with the bot token: reachable, valid, which scopes, and whether our clock agrees with Slack's."""
    answer = ask("auth.test", settings.slack_bot_token.get_secret_value(), {})
    if answer.trouble:
        return [
            Line(
                Level.MISSING,
                f"Slack cannot be reached at {settings.slack_api_url}: {answer.trouble}. "
                "Check the network, the proxy and SLACK_API_URL.",
            )
        ]
    lines = [clock(answer.headers.get("date", ""), now())]
    if not answer.ok:
        return [
            Line(Level.MISSING, f"Slack refuses SLACK_BOT_TOKEN ({answer.error}). Copy it again: {WHERE_BOT}."),
            *lines,
        ]
    name, team = answer.data.get("user", "the bot"), answer.data.get("team", "?")
    lines.append(Line(Level.OK, f"The bot token works: {name} in the workspace {team}."))
    granted = answer.headers.get("x-oauth-scopes")
    if granted is None:
        return [*lines, Line(Level.WARNING, "Slack did not say which scopes the token has, so they were not checked.")]
    return lines + scopes({scope.strip() for scope in granted.split(",")})


def scopes(granted: Collection[str]) -> list[Line]:
    """What the token may do against what the manifest asks for."""
    again = 'Add it under "OAuth & Permissions", "Scopes", then install the app again.'
    lines = [
        Line(Level.MISSING, f"The scope {scope} is not granted; it is for {use}. {again}")
        for scope, use in REQUIRED.items()
        if scope not in granted
    ]
    lines += [
        Line(Level.WARNING, f"The optional scope {scope} is not granted: {lost}.")
        for scope, lost in OPTIONAL.items()
        if scope not in granted
    ]
    return lines or [Line(Level.OK, "All scopes of the manifest are granted.")]


def socket_mode(settings: Settings, ask: Ask) -> Line:
    """Whether the app-level token opens a Socket Mode connection."""
    answer = ask("apps.connections.open", settings.slack_app_token.get_secret_value(), {})
    if answer.ok:
        return Line(Level.OK, "Socket Mode can be opened with the app-level token.")
    if answer.trouble:
        return Line(Level.MISSING, f"Socket Mode could not be tried: {answer.trouble}.")
    if sentence := token_refused(answer.error):
        return Line(Level.MISSING, sentence)
    return Line(
        Level.MISSING, f'Slack opens no socket ({answer.error}). Switch "Socket Mode" on in the settings of the app.'
    )


def channels(settings: Settings, ask: Ask, services: Iterable[Service]) -> list[Line]:
    """Whether the bot is a member of each service's channel."""
    token = settings.slack_bot_token.get_secret_value()
    lines = [
        _channel(service, ask("conversations.info", token, {"channel": service.channel_id})) for service in services
    ]
    return lines or [
        Line(Level.WARNING, "No service is set up yet. Invite Grip to the service's channel and type /sip setup there.")
    ]


def _channel(service: Service, answer: Answer) -> Line:
    where, invite = f"the channel of {service.name}", "Type /invite @Grip there."
    channel = answer.data.get("channel") or {}
    if answer.ok and channel.get("is_archived"):
        return Line(Level.MISSING, f"#{channel.get('name')}, {where}, is archived. Unarchive it, or set up another.")
    if answer.ok and channel.get("is_member"):
        return Line(Level.OK, f"Grip is a member of #{channel.get('name')}, {where}.")
    if answer.ok:
        return Line(Level.MISSING, f"Grip is no member of #{channel.get('name')}, {where}. {invite}")
    if answer.error == "channel_not_found":
        return Line(
            Level.MISSING, f"Grip cannot see {where}: it is private and Grip was not invited, or gone. {invite}"
        )
    said = answer.trouble or answer.error
    return Line(Level.WARNING, f"Whether Grip is a member of {where} could not be checked ({said}).")


def database(found: Database) -> list[Line]:
    """Whether the database can be reached and written, and whether its schema is ours."""
    if found.unreachable:
        return [
            Line(
                Level.MISSING,
                f"The database {found.address} cannot be opened: {found.unreachable}. Check DATABASE_URL, and that the "
                "server runs or the folder can be written.",
            )
        ]
    if found.newer:
        return [Line(Level.MISSING, found.newer)]
    if found.read_only:
        return [Line(Level.MISSING, f"The database {found.address} cannot be written: {found.read_only}.")]
    if found.version is None:
        return [Line(Level.OK, f"The database {found.address} is empty; the first start sets it up.")]
    if found.version < found.newest:  # a newer one that lets this release stay is none of its business
        return [
            Line(
                Level.WARNING,
                f"The database {found.address} is at version {found.version}, this release is at {found.newest}. "
                "The next start brings it up to date; make a copy of it first.",
            )
        ]
    return [Line(Level.OK, f"The database {found.address} can be written and is at version {found.version}.")]


def folder(path: Path) -> list[Line]:
    """Whether the folder of evidence files can be written, and how much room is left on its disk."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as file:
            file.write(b"doctor")
    except OSError as error:
        why = error.strerror or type(error).__name__
        return [Line(Level.MISSING, f"Evidence cannot be kept in {path}: {why}. Set FILES to a folder we may write.")]
    free = shutil.disk_usage(path).free
    room = f"{free / 1_000_000_000:.1f} GB are free" if free >= LITTLE_SPACE else f"{free // 1_000_000} MB are free"
    if free < TOO_LITTLE_SPACE:
        return [Line(Level.MISSING, f"Only {room} for evidence in {path}. Make room, or set FILES to another disk.")]
    level = Level.WARNING if free < LITTLE_SPACE else Level.OK
    return [Line(level, f"Evidence can be kept in {path}; {room}.")]


def bucket(address: str, trouble: str) -> Line:
    """Whether the bucket of evidence files answers; `trouble` says why it does not."""
    if trouble:
        how = "Check FILES and the AWS_ variables of the environment"
        return Line(Level.MISSING, f"Evidence cannot be kept in {address}: {trouble}. {how}.")
    return Line(Level.OK, f"Evidence can be kept in {address}.")


def moved_clock(file: Path) -> Line:
    """A clock that is not the machine's belongs to a demonstration."""
    return Line(Level.WARNING, f"CLOCK_FILE is set ({file}): times may be moved. Only the playground should do that.")


def clock(date_header: str, now: datetime) -> Line:
    """Our clock against the Date header of an answer (RFC 9110, section 6.6.1)."""
    try:
        theirs = parsedate_to_datetime(date_header)
    except ValueError:
        return Line(Level.WARNING, "Slack's answer had no date, so the clock was not checked.")
    apart = abs(now - theirs)
    if apart > MOST_SKEW:
        way = "ahead of" if now > theirs else "behind"
        return Line(
            Level.WARNING,
            f"The clock of this machine is {round(apart.total_seconds())} seconds {way} Slack's. Switch on time "
            "synchronisation (NTP): reminders and entries would carry wrong times.",
        )
    return Line(Level.OK, "The clock agrees with Slack's.")


def zones(services: Iterable[Service]) -> Line:
    """Whether time zone data is there for every service."""
    wanted = {"Europe/London", *(service.zone for service in services)}
    for zone in sorted(wanted):
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            return Line(Level.MISSING, f"There is no time zone data for {zone}. Install the package tzdata.")
    return Line(Level.OK, f"Time zone data is there ({', '.join(sorted(wanted))}).")


def exit_code(lines: Iterable[Line]) -> int:
    """0 where nothing is missing, else 1; warnings do not count."""
    return int(any(line.level is Level.MISSING for line in lines))
