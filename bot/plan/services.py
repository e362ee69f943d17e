"""Services: a registered care location, its Slack channel, hours and figures of its own."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum


class Nation(StrEnum):
    """Whose bank holidays hold; the values are the subdivision codes of the holidays library."""

    ENGLAND = "ENG"
    WALES = "WLS"
    SCOTLAND = "SCT"
    NORTHERN_IRELAND = "NIR"


class Shift(StrEnum):
    EARLY = "early"
    LATE = "late"
    NIGHT = "night"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftTimes:
    """When each shift starts, local time; a night belongs to the date on which it starts."""

    early: time = time(8, 0)
    late: time = time(14, 0)
    night: time = time(20, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPosts:
    """When the status is posted by itself: on which weekdays (0 is Monday) and whether on the first working day of each
    month, at a local time, from the day `since` on; in which channel ("" is the service's own). Off while no day is
    chosen."""

    weekdays: tuple[int, ...] = ()
    monthly: bool = False
    at: time = time(9, 0)
    channel_id: str = ""
    since: date | None = None

    @property
    def on(self) -> bool:
        """Whether any day is chosen."""
        return bool(self.weekdays) or self.monthly


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """Every figure of the reminder cadence that a service can change; days are working days unless named otherwise."""

    due_soon_days: int = 3
    overdue_every_days: int = 2
    overdue_deputy_calendar_days: int = 7
    overdue_manager_calendar_days: int = 14
    overdue_provider_calendar_days: int = 28
    sampling_overdue_days: int = 5
    assurance_days: int = 5
    verification_days: int = 3
    long_running_months: int = 6
    post_closure_months: tuple[int, ...] = (1, 3, 6)
    digest_weekday: int | None = 0  # Monday; None: no digest
    statutory_days: tuple[int, ...] = (14, 7, 3, 1, 0)  # calendar days before a statutory deadline
    owner_limit: int = 5  # open actions of one owner that fall due in the same fortnight
    status: StatusPosts = field(default_factory=StatusPosts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """After how many whole years each class of record is removed; None: never. Signals on a priority go with it."""

    plan: int | None = None  # after a priority was closed: all that hangs on it
    complaints: int | None = None  # after the day of the signal, as the following ones
    incidents: int | None = None
    audits: int | None = None
    other_signals: int | None = None
    files: int | None = None  # after a priority was closed: its evidence files, while the entries stay
    messages: int | None = None  # after they were sent: reminders and messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service of the provider. `opens`/`closes` bound the hours in which reminders may be sent (local time)."""

    id: str
    workspace_id: str
    channel_id: str
    name: str
    location_id: str = ""
    nation: Nation = Nation.ENGLAND
    zone: str = "Europe/London"
    opens: time = time(9, 0)
    closes: time = time(17, 0)
    shifts: ShiftTimes = field(default_factory=ShiftTimes)
    cadence: Cadence = field(default_factory=Cadence)
    framework: str = "saf-2023"
    retention: Retention | None = None  # None: everything is kept
    wake_at: datetime | None = None
    version: int = 1
