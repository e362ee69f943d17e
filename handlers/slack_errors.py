"""What a failed call to Slack means: try later, look whether it happened, use older blocks, or give up."""

import socket
import ssl
from dataclasses import dataclass
from enum import StrEnum
from urllib.error import URLError

from slack_sdk.errors import SlackApiError


class Fate(StrEnum):
    PASSING = "passing"  # nothing was done; a later try may work
    DOUBTFUL = "doubtful"  # it may have been done: look before trying again
    BLOCKS = "blocks"  # the blocks were refused; the same content may pass in older ones
    PERMANENT = "permanent"  # trying again changes nothing


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a call. `wait` is how many seconds Slack asks to wait before it hears `method` again (a 429), None
    where it did not say."""

    fate: Fate
    error: str
    wait: float | None = None
    method: str = ""


# docs.slack.dev/reference/methods: "some aspect of the operation succeeded before the error was raised".
_DOUBTFUL = frozenset({"internal_error", "fatal_error", "request_timeout"})
_PASSING = frozenset({"ratelimited", "rate_limited", "service_unavailable", "team_added_to_org", "accesslimited"})
_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "invalid_attachments", "msg_blocks_too_long"})

# The installation is at fault, not the person or channel: it is mended by whoever runs Grip, and then all goes on.
INSTALLATION = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "token_expired",
        "account_inactive",
        "missing_scope",
        "not_allowed_token_type",
        "org_login_required",
        "ekm_access_denied",
        "no_permission",
        "access_denied",
    }
)
# This person cannot be reached by Grip at all.
PERSON = frozenset(
    {
        "user_disabled",
        "user_not_found",
        "user_not_visible",
        "users_not_found",
        "cannot_dm_bot",
        "messages_tab_disabled",
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "restricted_action",
    }
)

NO_STORAGE = "no_storage"  # not Slack: the place of the evidence files does not answer, is full, or refuses
_INVITE = "Grip is not in that conversation. Type /invite @Grip there, then ask again."
_WORDS = {
    "not_in_channel": _INVITE,
    "channel_not_found": _INVITE,
    "is_archived": "That channel is archived. Ask again in a channel that is in use.",
    "restricted_action": "Only some people may post in that channel. Ask a workspace admin to let Grip post there.",
    "restricted_action_read_only_channel": "That channel is read-only. Ask a workspace admin to let Grip post there.",
    "restricted_action_thread_only_channel": "In that channel only replies are allowed. Ask again in another one.",
    "user_disabled": "That person has left the workspace.",
    "user_not_found": "Slack does not know that person here.",
    "messages_tab_disabled": "Messages from Grip are switched off in this workspace. Ask a workspace admin.",
    "msg_too_long": "It is longer than Slack allows. Ask for less at once.",
    NO_STORAGE: "The evidence files could not be reached. Tell whoever runs Grip, and ask again later.",
    "too_many_tries": "Slack did not answer, however often it was tried. Ask again later.",
}


def in_words(error: str) -> str:
    """A permanent error as a sentence for the person who asked, with what to do next."""
    if error in INSTALLATION:
        return f"Slack does not let Grip do this ({error}). Tell whoever runs Grip."
    return _WORDS.get(error, f"Slack refused it ({error}). Tell whoever runs Grip.")


def judge(error: Exception) -> Verdict | None:
    """What a failed call means; None for an error that did not come from talking to Slack."""
    if isinstance(error, SlackApiError):
        return _answered(error)
    if isinstance(error, URLError) and isinstance(error.reason, Exception):
        return judge(error.reason)
    name = type(error).__name__
    # Refused, unknown host, no trusted certificate: no request ever left this machine.
    if isinstance(error, (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)):
        return Verdict(Fate.PASSING, name)
    # Whether the request arrived before the line went silent cannot be told from here.
    return Verdict(Fate.DOUBTFUL, name) if isinstance(error, OSError | EOFError) else _odd(error, name)


def _odd(error: Exception, name: str) -> Verdict | None:
    """http.client's own errors (a reply cut off in the middle) are no OSErrors."""
    return Verdict(Fate.DOUBTFUL, name) if type(error).__module__ == "http.client" else None


def _answered(error: SlackApiError) -> Verdict:
    response = error.response
    status = getattr(response, "status_code", 200)
    name = str(response.get("error") or "")[:100]
    if status == 429 or name in {"ratelimited", "rate_limited"}:
        headers = {key.lower(): value for key, value in dict(getattr(response, "headers", {})).items()}
        method = str(getattr(response, "api_url", "")).rsplit("/", 1)[-1]
        return Verdict(Fate.PASSING, "ratelimited", _seconds(headers.get("retry-after")), method)
    if status >= 500:
        return Verdict(Fate.DOUBTFUL, f"http_{status}")
    if name in _DOUBTFUL:
        return Verdict(Fate.DOUBTFUL, name)
    if name in _BLOCKS:
        return Verdict(Fate.BLOCKS, name)
    if name in _PASSING:
        return Verdict(Fate.PASSING, name)
    return Verdict(Fate.PERMANENT, name or f"http_{status}")


def _seconds(header: object) -> float:
    value = header[0] if isinstance(header, list) and header else header
    try:
        return max(1.0, float(str(value)))
    except ValueError:
        return 30.0  # Slack always says; whatever stands between us and Slack may not
