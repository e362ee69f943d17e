"""The one place that reads the time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def moved_clock(file: Path) -> Clock:
    """A clock that runs ahead of the system's by the seconds written in `file`.

    The playground moves time this way: it rewrites the file and everybody beside it follows. A missing or
    half-written file counts as no offset.
    """

    def now() -> datetime:
        try:
            offset = float(file.read_text())
        except (OSError, ValueError):
            offset = 0.0
        return datetime.now(UTC) + timedelta(seconds=offset)

    return now


def clock_from(file: Path | None) -> Clock:
    """The clock that the settings ask for."""
    return moved_clock(file) if file else system_clock
