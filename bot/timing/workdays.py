"""Working days and bank holidays of the four nations, and the instants at which local times fall."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from bot.plan.services import Nation

DAY = timedelta(days=1)
SATURDAY = 5


@cache
def bank_holidays(nation: Nation, year: int) -> frozenset[date]:
    """The legal bank holidays of a nation in a year.

    The library also lists the natural date of a holiday that falls on a weekend; the legal one is its substitute
    (as on gov.uk/bank-holidays), so weekend dates are left out. Scotland's are those of the whole nation, not of towns.
    """
    listed = holidays.country_holidays("GB", subdiv=nation.value, years=year)
    return frozenset(day for day in listed if day.weekday() < SATURDAY)


def is_working_day(day: date, nation: Nation) -> bool:
    """Monday to Friday and no bank holiday."""
    return day.weekday() < SATURDAY and day not in bank_holidays(nation, day.year)


def add_working_days(day: date, count: int, nation: Nation) -> date:
    """The `count`-th working day after `day`, or before it where `count` is negative; `day` itself for 0.

    `day` need not be a working day: the third working day before a Sunday is a Wednesday."""
    step = DAY if count > 0 else -DAY
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day, nation)
    return day


def working_days_between(first: date, last: date, nation: Nation) -> int:
    """How many working days follow `first` up to and including `last`; negative where `last` is the earlier one."""
    if last < first:
        return -working_days_between(last, first, nation)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_working_day(day, nation) for day in days)


def next_working_day_on_or_after(day: date, nation: Nation) -> date:
    """`day`, or the first working day that follows it."""
    return day if is_working_day(day, nation) else add_working_days(day, 1, nation)


def previous_working_day_on_or_before(day: date, nation: Nation) -> date:
    """`day`, or the last working day before it."""
    return day if is_working_day(day, nation) else add_working_days(day, -1, nation)


def first_working_day_of_month(day: date, nation: Nation) -> date:
    """The first working day of the month in which `day` lies."""
    return next_working_day_on_or_after(day.replace(day=1), nation)


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later (or earlier), or that month's last day: 31 August + 6 is
    28 or 29 February."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def local_instant(day: date, at: time, zone: str) -> datetime:
    """The instant, in UTC, at which clocks in `zone` show this time on this day.

    A doubled time (autumn) is its first occurrence; a skipped time (spring) is the moment at which clocks jump over
    it, so that later times never come before earlier ones."""
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0), ZoneInfo(zone))
    instant = wall.astimezone(UTC)
    if instant.astimezone(wall.tzinfo).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    return _jump(wall.replace(fold=1).astimezone(UTC), instant, ZoneInfo(zone))


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first whole second after a change of the zone's offset that lies between two instants."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def local_date(instant: datetime, zone: str) -> date:
    """The date that a calendar in `zone` shows at an instant."""
    return instant.astimezone(ZoneInfo(zone)).date()
