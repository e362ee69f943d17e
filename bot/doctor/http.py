"""What `doctor` says where Slack calls Grip (HTTP mode), for one workspace or for many."""

from urllib.parse import urlsplit

from bot.doctor.findings import Level, Line
from bot.doctor.tokens import missing_for_http
from bot.settings import Settings


def is_http(settings: Settings) -> bool:
    """Whether the settings are those of HTTP mode: Socket Mode has an app-level token, HTTP mode a signing secret."""
    return bool(settings.signing_secrets) and not settings.slack_app_token.get_secret_value()


def secrets(settings: Settings) -> list[Line]:
    """Whether everything is set that HTTP mode needs."""
    missing = missing_for_http(settings)
    if missing:
        return [Line(Level.MISSING, sentence) for sentence in missing]
    lines = [Line(Level.OK, f"HTTP mode: `python -m bot serve` listens at {settings.http_address}.")]
    return lines + (_many(settings) if settings.many_workspaces else [])


def _many(settings: Settings) -> list[Line]:
    count = len(settings.keys_of_tokens)
    lines = [Line(Level.OK, f"Key {number} in TOKEN_KEYS is one.") for number in range(1, count + 1)]
    install = f"{settings.public_url.rstrip('/')}/slack/install"
    named = ", ".join(sorted(settings.welcome))
    who = f"only those of WORKSPACES may: {named}" if named else "any may, since WORKSPACES is empty"
    if urlsplit(settings.public_url).scheme == "https":
        lines.append(Line(Level.OK, f"Workspaces install Grip at {install}; {who}."))
    else:
        lines.append(
            Line(
                Level.WARNING,
                f"PUBLIC_URL is {settings.public_url}: browsers keep the cookie of an installation on https alone, and "
                "Slack wants https too. Put a proxy that speaks TLS before Grip, and its address here.",
            )
        )
    return lines
