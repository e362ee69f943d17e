"""Which shift an instant belongs to, and on which date that shift counts."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from bot.plan.services import Service, Shift, ShiftTimes
from bot.timing.workdays import DAY, local_date, local_instant


@dataclass(frozen=True, slots=True)
class ShiftSpan:
    """One shift: the date it counts on (a night: the one on which it starts), and its first and one-past-last instant
    in UTC. A night over a clock change lasts an hour less or more."""

    shift: Shift
    on: date
    starts: datetime
    ends: datetime

    @property
    def length(self) -> timedelta:
        """How long the shift really lasts."""
        return self.ends - self.starts


def start_times(shifts: ShiftTimes) -> tuple[tuple[Shift, time], ...]:
    """Each shift with the local time at which it starts."""
    return (Shift.EARLY, shifts.early), (Shift.LATE, shifts.late), (Shift.NIGHT, shifts.night)


@lru_cache(maxsize=4096)
def shift_starts(day: date, shifts: ShiftTimes, zone: str) -> tuple[tuple[datetime, Shift, date], ...]:
    """Every start of a shift on the day before, on `day` and on the day after, in order of time."""
    days = (day - DAY, day, day + DAY)
    starts = [(local_instant(on, at, zone), shift, on) for on in days for shift, at in start_times(shifts)]
    return tuple(sorted(starts, key=lambda start: start[0]))


def shift_at(instant: datetime, service: Service) -> ShiftSpan:
    """The shift that is on at an instant."""
    today = local_date(instant, service.zone)
    starts = shift_starts(today, service.shifts, service.zone)
    index = max(n for n, start in enumerate(starts) if start[0] <= instant)
    begins, shift, on = starts[index]
    return ShiftSpan(shift, on, begins, starts[index + 1][0])
