"""Answers to commands that come later than Slack waits: said again through the request's response_url.

Slack has shown an error of its own by then and drops the answer; somebody who is not told that their words are saved
types them again."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from slack_bolt import BoltResponse

from handlers.through import said_through

log = structlog.get_logger(__name__)

LATE = 2.5  # seconds from a request to its answer, which has to travel as well; Slack waits three


class Late:
    """`after` is how many seconds an answer may take before it is said again."""

    def __init__(self, after: float = LATE) -> None:
        self._after = after
        # Beside the request: the answer itself may still be in time. Few, since where one is late many are.
        self._pool = ThreadPoolExecutor(8, thread_name_prefix="late answer")

    def tell(self, body: Mapping[str, Any], answer: BoltResponse, took: float, *, lost: bool = False) -> None:
        """Say the answer to a command again where it took too many seconds, or was `lost` on its way."""
        url = body.get("response_url")
        if not (lost or took > self._after) or not body.get("command") or not url:
            return
        text, blocks = _read(answer)
        if text:
            log.info("answered late", seconds=round(took, 1))
            self._pool.submit(said_through, url, text, blocks)


def _read(answer: BoltResponse) -> tuple[str, list[dict[str, Any]]]:
    """Text and blocks of an answer as Bolt writes it; nothing where it opened a form, or failed."""
    body = answer.body or ""
    if answer.status != 200 or not body:
        return "", []
    if not str(answer.headers.get("content-type")).count("application/json"):
        return body, []
    said = json.loads(body)
    return str(said.get("text") or ""), said.get("blocks") or []
