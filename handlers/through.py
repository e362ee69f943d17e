"""What is said through the response_url of a request, where somebody asked and for their eyes alone."""

from collections.abc import Mapping, Sequence
from http.client import HTTPException
from typing import Any

import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.webhook import WebhookClient

log = structlog.get_logger(__name__)


def said_through(
    url: str, text: str, blocks: Sequence[Mapping[str, Any]] = (), *, seconds: int = 5, replace: bool = False
) -> bool:
    """Whether it was said: Slack takes five answers within thirty minutes of the request. `replace`: in the place of
    the private message that the request came from. A failure is logged and raises nothing."""
    said: dict[str, Any] = {"text": text, "response_type": "ephemeral", "replace_original": replace}
    if blocks:
        said["blocks"] = list(blocks)
    try:
        answer = WebhookClient(url, timeout=seconds, retry_handlers=[]).send_dict(said)
    except (OSError, SlackClientError, HTTPException) as error:
        log.warning("not said through the response_url", error=type(error).__name__)
        return False
    if answer.status_code != 200:
        log.warning("not said through the response_url", status=answer.status_code)
    return answer.status_code == 200
