"""On which days milestones, priorities and services call for samples, judgements, reviews, digest and status."""

from collections.abc import Iterator
from datetime import date, timedelta
from heapq import merge
from itertools import count

from bot.plan.actions import Milestone
from bot.plan.people import Role
from bot.plan.priorities import Priority, PriorityStatus, StatutoryClock, is_live
from bot.plan.reviews import ReviewKind
from bot.plan.services import Nation, Service
from bot.timing.action_cadence import every_working_days
from bot.timing.due import CHANNEL, Context, Occurrence, To
from bot.timing.workdays import (
    DAY,
    add_working_days,
    first_working_day_of_month,
    months_later,
    next_working_day_on_or_after,
    previous_working_day_on_or_before,
)

QUARTER_MONTHS = (1, 4, 7, 10)
# A sample taken this shortly before a durability check is due answers it.
CHECK_ANSWERED_WITHIN = timedelta(days=14)

QUALITY = To(role=Role.QUALITY_LEAD)
SAMPLERS = (QUALITY, To(role=Role.AUDIT_LEAD))
MANAGER = To(role=Role.REGISTERED_MANAGER)
MANAGERS = (MANAGER, To(role=Role.DEPUTY))
PROVIDER = To(role=Role.PROVIDER_OVERSIGHT)


def sampling(milestone: Milestone, context: Context, _start: date) -> Iterator[Occurrence]:
    """On the milestone's date, or the next working day."""
    if milestone.sample_id is None:
        day = next_working_day_on_or_after(milestone.on, context.service.nation)
        yield Occurrence(day, f"{milestone.on}@{day}", SAMPLERS)


def sampling_overdue(milestone: Milestone, context: Context, _start: date) -> Iterator[Occurrence]:
    """So many working days after the milestone's date, and again after as many, until there is a sample."""
    if milestone.sample_id is None:
        service = context.service
        for day in every_working_days(milestone.on, service.cadence.sampling_overdue_days, service.nation):
            yield Occurrence(day, f"{milestone.on}@{day}", SAMPLERS)


def assurance(_priority: Priority, context: Context, _start: date) -> Iterator[Occurrence]:
    """So many working days after the oldest sample nobody has judged, and again after as many, until it is judged."""
    if context.unjudged_since is not None:
        since, service = context.unjudged_since, context.service
        for day in every_working_days(since, service.cadence.assurance_days, service.nation):
            yield Occurrence(day, f"{since}@{day}", (QUALITY,))


def monthly_review(service: Service, _context: Context, start: date) -> Iterator[Occurrence]:
    """The first working day of each month, for the month that has just ended."""
    for day in month_starts(start, service.nation):
        yield Occurrence(day, month_before(day), MANAGERS)


def long_running(priority: Priority, context: Context, start: date) -> Iterator[Occurrence]:
    """The first working day of each month once the priority has been open for more than so many months."""
    service = context.service
    if is_live(priority):
        long_after = months_later(priority.opened_on, service.cadence.long_running_months)
        for day in month_starts(max(start, long_after), service.nation):
            if day > long_after:
                yield Occurrence(day, month_before(day), (MANAGER,))


def quarterly_review(service: Service, _context: Context, start: date) -> Iterator[Occurrence]:
    """The first working day of January, April, July and October, for the quarter that has just ended."""
    for day in month_starts(start, service.nation):
        if day.month in QUARTER_MONTHS:
            yield Occurrence(day, quarter_before(day), (PROVIDER,))


def post_closure(priority: Priority, context: Context, _start: date) -> Iterator[Occurrence]:
    """So many months after closure, or the next working day: is the improvement still there? What was split or
    reopened is carried on by other priorities, which have their own checks."""
    if priority.closed_on is not None and priority.status is PriorityStatus.CLOSED:
        for months in sorted(set(context.service.cadence.post_closure_months)):
            day = check_day(priority.closed_on, months, context.service)
            yield Occurrence(day, f"{priority.closed_on}+{months}", (QUALITY,))


def statutory(priority: Priority, context: Context, _start: date) -> Iterator[Occurrence]:
    """The countdown of each statutory clock that has not been met."""
    running = [clock for clock in priority.clocks if clock.met_on is None]
    return merge(*(_countdown(clock, context.service) for clock in running), key=lambda occurrence: occurrence.on)


def digest(service: Service, _context: Context, start: date) -> Iterator[Occurrence]:
    """Each week's digest day, or the next working day, to the service's channel."""
    weekday = service.cadence.digest_weekday
    if weekday is None:
        return
    monday = start - timedelta(days=start.weekday() + 7)  # last week's may have been put off to this one
    for week in count():
        day = monday + timedelta(days=7 * week + weekday)
        year, number, _ = day.isocalendar()
        yield Occurrence(next_working_day_on_or_after(day, service.nation), f"{year}-W{number:02}", (CHANNEL,))


def status_posts(service: Service, _context: Context, start: date) -> Iterator[Occurrence]:
    """Each day chosen for the status, or the next working day; days that fall together make one post."""
    posts, nation = service.cadence.status, service.nation
    if not posts.on:
        return
    before = previous_working_day_on_or_before(start - DAY, nation)
    for n in count():
        day = start + n * DAY
        if next_working_day_on_or_after(day, nation) != day:
            continue
        stood_for = {(before + k * DAY).weekday() for k in range(1, (day - before).days + 1)}
        monthly = posts.monthly and day == first_working_day_of_month(day, nation)
        if (monthly or stood_for & set(posts.weekdays)) and (posts.since is None or day >= posts.since):
            yield Occurrence(day, f"{day}", (CHANNEL,))
        before = day


def sample_is_late(milestone: Milestone, context: Context, _on: Occurrence, today: date) -> str | None:
    """Why a sample is not asked for as due: the overdue reminder speaks instead."""
    service = context.service
    late = add_working_days(milestone.on, max(1, service.cadence.sampling_overdue_days), service.nation)
    return "it is overdue by now" if today >= late else None


def month_reviewed(_service: Service, context: Context, on: Occurrence, _today: date) -> str | None:
    """Why no monthly review needs asking for."""
    return _review_not_wanted(context, ReviewKind.MONTHLY, on.period, context.live, "no priority is live")


def long_running_reviewed(_priority: Priority, context: Context, on: Occurrence, _today: date) -> str | None:
    """Why no review of a long-running priority needs asking for."""
    return _review_not_wanted(context, ReviewKind.LONG_RUNNING, on.period)


def quarter_reviewed(_service: Service, context: Context, on: Occurrence, _today: date) -> str | None:
    """Why no quarterly provider review needs asking for."""
    nothing = "no priority is persistent, high-risk or stalled"
    return _review_not_wanted(context, ReviewKind.QUARTERLY, on.period, context.for_oversight, nothing)


def durability_sampled(_priority: Priority, context: Context, on: Occurrence, _today: date) -> str | None:
    """Why a check after closure needs no asking for: it was sampled shortly before the day, or since."""
    sampled = context.last_sample_on
    return f"sampled on {words(sampled)}" if sampled and sampled >= on.on - CHECK_ANSWERED_WITHIN else None


def nothing_to_tell(_service: Service, context: Context, _on: Occurrence, _today: date) -> str | None:
    """Why there is no digest and no status by itself."""
    return None if context.live else "no priority is live"


def month_starts(start: date, nation: Nation) -> Iterator[date]:
    """The first working day of each month, from the month of `start` on, without end."""
    for months in count():
        yield first_working_day_of_month(months_later(start.replace(day=1), months), nation)


def month_before(day: date) -> str:
    """The month that ended before this one, as reviews name it: `2026-11` on any day of December 2026."""
    return f"{months_later(day, -1):%Y-%m}"


def quarter_before(day: date) -> str:
    """The quarter that ended before this one, as reviews name it: `2026-Q4` on any day of January to March 2027."""
    last = months_later(day, -3)
    return f"{last.year}-Q{(last.month + 2) // 3}"


def check_day(closed_on: date, months: int, service: Service) -> date:
    """The day of the durability check so many months after closure."""
    return next_working_day_on_or_after(months_later(closed_on, months), service.nation)


def words(day: date) -> str:
    """A date as people read it: 3 December 2026."""
    return f"{day.day} {day:%B %Y}"


def _review_not_wanted(
    context: Context, kind: ReviewKind, period: str, wanted: bool = True, nothing: str = ""
) -> str | None:
    if (kind, period) in context.reviewed:
        return f"the {kind.value} review for {period} is recorded"
    return None if wanted else nothing


def _countdown(clock: StatutoryClock, service: Service) -> Iterator[Occurrence]:
    """Before the deadline on the last working day that still leaves so many days; past it, like an overdue action, and
    then provider oversight hears too. Days before the clock started, and the day itself, are left out."""
    series = f"{clock.kind.name.lower()}-{clock.due_on}"
    days = {
        previous_working_day_on_or_before(clock.due_on - n * DAY, service.nation)
        for n in service.cadence.statutory_days
    }
    for day in sorted(days):
        if day > clock.started_on:
            yield Occurrence(day, f"{series}/{day}", (MANAGER,))
    late = next_working_day_on_or_after(clock.due_on + DAY, service.nation)
    while True:
        yield Occurrence(late, f"{series}/{late}", (MANAGER, PROVIDER))
        late = add_working_days(late, max(1, service.cadence.overdue_every_days), service.nation)
