"""What Slack says of the bot's tokens: valid, which scopes, a socket, and a member of each service's channel."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from bot.doctor.findings import Level, Line, at_most
from bot.doctor.tokens import WHERE_BOT, no_socket
from bot.plan.services import Service
from bot.settings import Settings

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
MOST_SKEW = timedelta(seconds=60)


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


def slack(settings: Settings, ask: Ask, now: Callable[[], datetime]) -> list[Line]:
    """The Web API with the bot token: reachable, valid, which scopes, and whether our clock agrees with Slack's."""
    answer = ask("auth.test", settings.slack_bot_token.get_secret_value(), {})
    if answer.trouble:
        return [unreachable(settings, answer)]
    lines = [clock(answer.headers.get("date", ""), now())]
    works = token_works(answer, "SLACK_BOT_TOKEN", f"Copy it again: {WHERE_BOT}.")
    return [*lines, *works] if answer.ok else [*works, *lines]


def unreachable(settings: Settings, answer: Answer) -> Line:
    """That there was no answer at all."""
    said = f"Slack cannot be reached at {settings.slack_api_url}: {answer.trouble}. "
    return Line(Level.MISSING, said + "Check the network, the proxy and SLACK_API_URL.")


def token_works(answer: Answer, whose: str, again: str) -> list[Line]:
    """What auth.test says of a bot token and its scopes; `whose` it is, and how to come by another (`again`)."""
    if not answer.ok:
        return [Line(Level.MISSING, f"Slack refuses {whose} ({answer.error}). {again}")]
    name, team = answer.data.get("user", "the bot"), answer.data.get("team", "?")
    lines = [Line(Level.OK, f"The bot token works: {name} in the workspace {team}.")]
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


def socket_mode(settings: Settings, ask: Ask) -> Line:
    """Whether the app-level token opens a Socket Mode connection."""
    answer = ask("apps.connections.open", settings.slack_app_token.get_secret_value(), {})
    if answer.ok:
        return Line(Level.OK, "Socket Mode can be opened with the app-level token.")
    if answer.trouble:
        return Line(Level.MISSING, f"Socket Mode could not be tried: {answer.trouble}.")
    return Line(Level.MISSING, no_socket(answer.error))


def channels(token: str, ask: Ask, services: Iterable[Service]) -> list[Line]:
    """Whether the bot with this token is a member of each service's channel."""
    lines = [
        _channel(service, ask("conversations.info", token, {"channel": service.channel_id})) for service in services
    ]
    return at_most(lines, "channels") or [
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
