"""What this machine has for the bot: a database, room for evidence, time zones, and a clock of its own."""

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.doctor.findings import Level, Line, at_most
from bot.plan.services import Service

LITTLE_SPACE, TOO_LITTLE_SPACE = 1_000_000_000, 50_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Database:
    """The database as it was found: its address without password, its schema and the newest that we know (version
    None: not set up yet), and why it could not be reached or written."""

    address: str
    version: str | None = None
    newest: str = ""
    unreachable: str = ""
    read_only: str = ""
    newer: str = ""
    unmanaged: tuple[str, ...] = ()  # the names of services without a Registered Manager

    @property
    def readable(self) -> bool:
        """Whether it can be opened and is no older than this release."""
        return bool(self.version and self.version >= self.newest and not self.unreachable)


def database(found: Database) -> list[Line]:
    """Whether the database can be reached and written, and whether its schema is ours."""
    if found.unreachable:
        return [
            Line(
                Level.MISSING,
                f"The database {found.address} cannot be opened: {found.unreachable}. Check DATABASE_URL, and that the "
                "server runs or the folder can be written.",
            )
        ]
    if found.newer:
        return [Line(Level.MISSING, found.newer)]
    if found.read_only:
        return [Line(Level.MISSING, f"The database {found.address} cannot be written: {found.read_only}.")]
    if found.version is None:
        return [Line(Level.OK, f"The database {found.address} is empty; the first start sets it up.")]
    if found.version < found.newest:  # a newer one that lets this release stay is none of its business
        return [
            Line(
                Level.WARNING,
                f"The database {found.address} is at version {found.version}, this release is at {found.newest}. "
                "The next start brings it up to date; make a copy of it first.",
            )
        ]
    return [Line(Level.OK, f"The database {found.address} can be written and is at version {found.version}.")]


def managers(found: Database) -> list[Line]:
    """Which services nobody manages."""
    lacks = "has no Registered Manager. A workspace admin types /sip setup in its channel and names one."
    return at_most([Line(Level.WARNING, f"{name} {lacks}") for name in found.unmanaged], "services without one")


def folder(path: Path) -> list[Line]:
    """Whether the folder of evidence files can be written, and how much room is left on its disk."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as file:
            file.write(b"doctor")
    except OSError as error:
        why = error.strerror or type(error).__name__
        return [Line(Level.MISSING, f"Evidence cannot be kept in {path}: {why}. Set FILES to a folder we may write.")]
    free = shutil.disk_usage(path).free
    room = f"{free / 1_000_000_000:.1f} GB are free" if free >= LITTLE_SPACE else f"{free // 1_000_000} MB are free"
    if free < TOO_LITTLE_SPACE:
        return [Line(Level.MISSING, f"Only {room} for evidence in {path}. Make room, or set FILES to another disk.")]
    level = Level.WARNING if free < LITTLE_SPACE else Level.OK
    return [Line(level, f"Evidence can be kept in {path}; {room}.")]


def bucket(address: str, trouble: str) -> Line:
    """Whether the bucket of evidence files answers; `trouble` says why it does not."""
    if trouble:
        how = "Check FILES and the AWS_ variables of the environment"
        return Line(Level.MISSING, f"Evidence cannot be kept in {address}: {trouble}. {how}.")
    return Line(Level.OK, f"Evidence can be kept in {address}.")


def moved_clock(file: Path) -> Line:
    """A clock that is not the machine's belongs to a demonstration."""
    return Line(Level.WARNING, f"CLOCK_FILE is set ({file}): times may be moved. Only the playground should do that.")


def zones(services: Iterable[Service]) -> Line:
    """Whether time zone data is there for every service."""
    wanted = {"Europe/London", *(service.zone for service in services)}
    for zone in sorted(wanted):
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            return Line(Level.MISSING, f"There is no time zone data for {zone}. Install the package tzdata.")
    return Line(Level.OK, f"Time zone data is there ({', '.join(sorted(wanted))}).")
