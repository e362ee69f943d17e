"""Days of the stories, counted from today in working days, in calendar days or in months."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from bot.plan.services import Nation, Shift
from bot.timing.workdays import add_working_days, first_working_day_of_month, local_instant, months_later

_COUNTED = re.compile(r"([+-]\d{1,4})([dm])")
# When somebody on a shift finds the minute to write down what was done.
_WRITTEN = {Shift.EARLY: (11, 5), Shift.LATE: (17, 20), Shift.NIGHT: (21, 10)}


@cache  # the stories name the same days again and again
def _working_day(today: date, count: int, nation: Nation) -> date:
    return add_working_days(today, count, nation)


@dataclass(frozen=True, slots=True)
class Days:
    """Turns days of the stories into dates and instants, seen from `today` in a zone."""

    today: date
    zone: str
    nation: Nation = Nation.ENGLAND

    def on(self, day: int | str) -> date:
        """The date of -5 (five working days ago), 3 (in three working days), "-34d" (34 calendar days ago), or "-3m"
        (the first working day of the third month before this one).

        Raises ValueError for anything else."""
        if isinstance(day, int):
            return _working_day(self.today, day, self.nation)
        found = _COUNTED.fullmatch(day)
        if not found:
            raise ValueError(f"{day!r} is no day of a story")
        count = int(found[1])
        if found[2] == "d":
            return self.today + timedelta(days=count)
        return first_working_day_of_month(months_later(self.today.replace(day=1), count), self.nation)

    def at(self, day: int | str, clock: str) -> datetime:
        """The instant, in UTC, of a local time such as "10:30" on a day."""
        return local_instant(self.on(day), time.fromisoformat(clock), self.zone)

    def on_shift(self, day: int | str, shift: Shift, turn: int) -> datetime:
        """The instant at which an entry of that shift is written; `turn` spreads the minutes."""
        hour, minute = _WRITTEN[shift]
        spread = timedelta(minutes=(turn * 17) % 47)
        return local_instant(self.on(day), time(hour, minute), self.zone) + spread
