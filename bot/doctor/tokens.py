"""Whether the tokens and secrets of Slack are there, each of its own kind, and what to do where one is refused."""

from cryptography.fernet import Fernet

from bot.doctor.findings import Level, Line
from bot.settings import Settings

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
MAKE_A_KEY = "docs/running.md makes one"
BOT_TOKEN = ("xoxb-", "xoxe.xoxb-")
WHERE_BOT = 'api.slack.com/apps, your app, "OAuth & Permissions", "Bot User OAuth Token"'
WHERE_APP = 'api.slack.com/apps, your app, "Basic Information", "App-Level Tokens", with the scope connections:write'


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
    keys = bad_keys(settings) if settings.many_workspaces else []
    return [*(line.text for line in tokens(settings) if line.level is Level.MISSING), *keys]


def missing_for_http(settings: Settings) -> list[str]:
    """The same for HTTP mode, which wants the signing secret in place of the app-level token."""
    bot, _ = tokens(settings)
    said = [bot.text] if bot.level is Level.MISSING and not settings.many_workspaces else []
    if said and settings.slack_client_id:
        said = [
            f"TOKEN_KEYS is not set, so that the workspaces' tokens cannot be opened. Put the keys back; {MAKE_A_KEY}."
        ]
    said += bad_keys(settings)
    if settings.many_workspaces and not (settings.slack_client_secret.get_secret_value() and settings.public_url):
        said.append("SLACK_CLIENT_SECRET and PUBLIC_URL must be set where workspaces install Grip for themselves.")
    if not settings.signing_secrets:
        said.append('SLACK_SIGNING_SECRET is not set. It stands under "Basic Information" of the app in Slack.')
    return said


def bad_keys(settings: Settings) -> list[str]:
    """A sentence for each of TOKEN_KEYS that is no key."""
    return [
        f"Key {number} in TOKEN_KEYS is none; {MAKE_A_KEY}. Separate keys by commas."
        for number, key in enumerate(settings.keys_of_tokens, start=1)
        if not _is_key(key)
    ]


def _is_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def token_refused(error: str) -> str:
    """What to do where Slack refuses the app-level token; empty for errors that may pass."""
    if error not in DEAD_TOKEN:
        return ""
    return f"Slack refuses SLACK_APP_TOKEN ({error}). Make a new app-level token: {WHERE_APP}."


def no_socket(error: str) -> str:
    """What to do where Slack opens no Socket Mode connection for a reason of its own."""
    return (
        token_refused(error) or f'Slack opens no socket ({error}). Switch "Socket Mode" on in the settings of the app.'
    )
