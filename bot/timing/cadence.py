"""When a message may reach a person or a service's channel: the one place that knows working hours and manners."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.plan.people import Person, Preferences
from bot.plan.services import Service
from bot.timing.shifts import shift_starts
from bot.timing.workdays import DAY, is_working_day, local_date, local_instant

# A handover: from half an hour before each shift starts to three quarters of an hour after.
HANDOVER_BEFORE = timedelta(minutes=30)
HANDOVER_AFTER = timedelta(minutes=45)
QUIET_FROM = time(22, 0)
QUIET_TO = time(7, 0)
# People on nights are told so long before the handover into their shift; what comes later waits until that handover is
# over. After midnight nobody is told, since they may be off and asleep.
NIGHT_BEFORE = timedelta(minutes=45)

Span = tuple[datetime, datetime]


def next_morning(
    moment: date | datetime, person: Person | None, service: Service, *, wished: time | None = None
) -> datetime:
    """The instant, in UTC, of the first morning message that is not before `moment` (a date: on that day or later).

    It goes at the time `wished`, at the person's preferred hour, or else when the service opens, in the person's own
    zone, on a working day of the service's nation and outside its handovers; to people on nights before the handover
    into their shift. `person` None stands for the service's channel.
    """
    if wished is None and person and person.preferences.hour is not None and not person.preferences.nights:
        wished = time(person.preferences.hour)
    zone = zone_of(person, service)
    day = local_date(moment, zone) if isinstance(moment, datetime) else moment
    while True:
        if is_working_day(day, service.nation):
            at = _message_instant(day, person, service, wished)
            if not isinstance(moment, datetime) or at >= moment:
                return at
        day += DAY


def in_hours(instant: datetime, person: Person | None, service: Service) -> bool:
    """Whether a message may be sent to the person (None: the service's channel) at this instant."""
    day = local_date(instant, zone_of(person, service))
    if not is_working_day(day, service.nation):
        return False
    return any(start <= instant < end for start, end in _spans(day, person, service))


def zone_of(person: Person | None, service: Service) -> str:
    """The person's own zone; the service's for its channel, for people on nights (whose shift begins there), and where
    Slack gave a zone that nobody knows."""
    if person is None or person.preferences.nights:
        return service.zone
    try:
        ZoneInfo(person.zone)
    except (ZoneInfoNotFoundError, ValueError):
        return service.zone
    return person.zone


def _message_instant(day: date, person: Person | None, service: Service, wished: time | None) -> datetime:
    """When that day's message goes: at the wished time, or the first moment after it, or of the day, that is free."""
    spans = _spans(day, person, service)
    if wished is None:
        return spans[0][0]
    at = local_instant(day, wished, zone_of(person, service))
    free = [max(at, start) for start, end in spans if at < end]
    return free[0] if spans[0][0] <= at and free else spans[0][0]


def _spans(day: date, person: Person | None, service: Service) -> tuple[Span, ...]:
    """The stretches of a day in which messages may go, in order; never empty."""
    nights = (person.preferences if person else Preferences()).nights
    if nights:
        return _free_spans(_night_span(day, service), _handovers(day, service))
    hours = _hours(day, zone_of(person, service), service.opens, service.closes)
    return _free_spans(hours, _handovers(day, service))


@lru_cache(maxsize=4096)
def _hours(day: date, zone: str, opens: time, closes: time) -> Span:
    return local_instant(day, max(opens, QUIET_TO), zone), local_instant(day, min(closes, QUIET_FROM), zone)


def night_message(service: Service, day: date) -> datetime:
    """When people on nights are told, in UTC: before the handover into the night shift that this evening leads to."""
    starts = local_instant(day, service.shifts.night, service.zone)
    if local_date(starts - HANDOVER_BEFORE - NIGHT_BEFORE, service.zone) < day:  # nights that start about midnight
        starts = local_instant(day + DAY, service.shifts.night, service.zone)
    return starts - HANDOVER_BEFORE - NIGHT_BEFORE


def _night_span(day: date, service: Service) -> Span:
    begins = night_message(service, day)
    return begins, max(local_instant(day + DAY, time(0), service.zone), begins + NIGHT_BEFORE)


def _handovers(day: date, service: Service) -> tuple[Span, ...]:
    """The handovers around a day. They happen where the service is, whatever the zone of the person."""
    starts = shift_starts(day, service.shifts, service.zone)
    return tuple((at - HANDOVER_BEFORE, at + HANDOVER_AFTER) for at, _, _ in starts)


@lru_cache(maxsize=4096)
def _free_spans(whole: Span, handovers: tuple[Span, ...]) -> tuple[Span, ...]:
    free = [whole] if whole[0] < whole[1] else []
    for busy_from, busy_to in handovers:
        free = [
            piece
            for start, end in free
            for piece in ((start, min(end, busy_from)), (max(start, busy_to), end))
            if piece[0] < piece[1]
        ]
    # Hours that lie wholly within handovers or the quiet of the night must not silence a service for good.
    return tuple(free) or ((whole[0], whole[0] + timedelta(hours=1)),)
