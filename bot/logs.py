"""How logs are written: ids, names of errors and where they arose; never a text, a body or a token."""

import logging
import sys
import traceback
from collections.abc import Callable, MutableMapping
from datetime import UTC, datetime
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
# These say an address in full, or that something is wrong, before they raise the error that we log ourselves.
TELLING = ("slack_sdk.webhook", "slack_sdk.web", "psycopg")


def quiet_logs(level: str, *, reason: Callable[[BaseException], str], away: Callable[[BaseException], bool]) -> None:
    """Set logging up, for our own lines and those of libraries: Slack's print whole requests when they are let to.
    Every line begins with its instant in UTC: those who read the log sit elsewhere than the server at times.

    `reason` says in a few words, without values, what an error of the database means. One that says that the database
    is `away` is a line alone, unless the level is DEBUG: it fails wherever it is asked, and the places say nothing."""
    terse = Terse(reason, away, whole=level == "DEBUG")
    logging.basicConfig(level=level)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(Bare("%(asctime)s [%(levelname)s] %(name)s %(message)s", terse))
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in TELLING:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    shown = structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty(), exception_formatter=_told)

    def show(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
        return shown(logger, method, terse(event))

    structlog.configure(
        processors=[*structlog.get_config()["processors"][:-2], structlog.processors.TimeStamper(fmt="iso"), show],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
    )


class Terse:
    """What is said of an error that a line is about."""

    def __init__(
        self, reason: Callable[[BaseException], str], away: Callable[[BaseException], bool], *, whole: bool
    ) -> None:
        self._reason, self._away, self._whole = reason, away, whole

    def __call__(self, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """A line of ours with the reason of its error, and without the traceback of a database that is away."""
        given = event.get("exc_info")
        error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
        if error is None:
            return event
        if why := self._reason(error):
            event["reason"] = why
        if self._away(error) and not self._whole:
            del event["exc_info"]
        return event

    def of(self, error: BaseException) -> str:
        """The same for a line of a library."""
        if self._away(error) and not self._whole:
            return f"{type(error).__qualname__}: {self._reason(error)}"
        return bare(error)


class Bare(logging.Formatter):
    """Instants in UTC, exceptions by their class and place."""

    def __init__(self, shape: str, terse: Terse) -> None:
        super().__init__(shape)
        self._terse = terse

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 - as below
        return datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name that logging calls
        return self._terse.of(ei[1])


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
