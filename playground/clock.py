"""The stand-in's clock: real time plus an offset that only moves forwards, shared with the bot through a file."""

import time
from datetime import UTC, datetime
from pathlib import Path


def real() -> float:
    """Real seconds since the epoch, whatever the stand-in's clock says: for signatures and unique ids."""
    return time.time()


class Clock:
    """Real time plus an offset in seconds; message timestamps drawn from it are unique and increasing.

    `file`, when given, always holds the offset as one decimal number; it is replaced atomically, so that a bot
    beside the stand-in can read it at any instant. An offset found there at the start is taken over, unless `starts`
    says which time it is, be it past or to come.
    """

    def __init__(self, file: Path | None = None, starts: datetime | None = None) -> None:
        self.file = file
        self.offset = float(file.read_text()) if file is not None and file.exists() else 0.0
        if starts is not None:
            self.offset = starts.timestamp() - time.time()
        self._last_ts = 0
        self._write()

    def now(self) -> float:
        """Seconds since the epoch on this clock."""
        return time.time() + self.offset

    def iso(self) -> str:
        """Now as ISO 8601 in UTC."""
        return datetime.fromtimestamp(self.now(), UTC).isoformat(timespec="seconds")

    def ts(self) -> str:
        """A message timestamp as Slack writes it (`1234567890.000100`), later than every one before."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def advance(self, seconds: float) -> None:
        """Move forwards by `seconds`; ValueError when negative, because Slack's timestamps never run backwards."""
        if seconds < 0:
            raise ValueError("The clock only moves forwards.")
        self.offset += seconds
        self._write()

    def move_to(self, when: datetime) -> None:
        """Move forwards to `when` (a time without a zone is local time); ValueError when that is in the past."""
        self.advance(when.timestamp() - self.now())

    def _write(self) -> None:
        if self.file is None:
            return
        part = self.file.with_name(self.file.name + ".part")
        part.write_text(f"{self.offset:.6f}")
        part.replace(self.file)
