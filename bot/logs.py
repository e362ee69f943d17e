"""How logs are written: ids, names of errors and where they arose; never a text, a body or a token."""

import logging
import sys
import traceback
from typing import Any, TextIO

import structlog

CHATTY = (
    "slack_bolt",
    "slack_bolt.App",
    "slack_bolt.RequestVerification",
    "slack_sdk",
    "apscheduler",
    "alembic",
    "httpx",
    "httpcore",
)
# These say an address in full before they raise the error that we log ourselves.
TELLING = ("slack_sdk.webhook", "slack_sdk.web")


def quiet_logs(level: str) -> None:
    """Set logging up, for our own lines and those of libraries: Slack's print whole requests when they are let to."""
    logging.basicConfig(level=level)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(Bare("%(levelname)s %(name)s %(message)s"))
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in TELLING:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    shown = structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty(), exception_formatter=_told)
    structlog.configure(
        processors=[*structlog.get_config()["processors"][:-1], shown],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
    )


class Bare(logging.Formatter):
    """Exceptions by their class and place."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name that logging calls
        return bare(ei[1])


def _told(to: TextIO, raised: Any) -> None:
    to.write("\n" + bare(raised[1]))


def bare(error: BaseException | None) -> str:
    """An exception and what led to it, without what they say: a message may hold what somebody typed."""
    lines: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.format_tb(error.__traceback__)
        lines.insert(0, f"Traceback (most recent call last):\n{''.join(frames)}{type(error).__qualname__}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(lines)
