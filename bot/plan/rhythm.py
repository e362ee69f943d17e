"""The figures of a service that reminders go by: how soon, how often, up to whom, and when shifts change."""

from dataclasses import asdict, replace
from datetime import datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field

from bot.errors import BadInput, NotAllowed, NotFound
from bot.plan.fields import Form, sentence
from bot.plan.people import Person, Right, who_may
from bot.plan.roster import may_set_up
from bot.plan.services import Service, ShiftTimes, StatusPosts
from bot.plan.setup import changed_service
from bot.work import Work


def _whole(value: object) -> object:
    text = str(value).strip()
    if not text.isdigit():
        raise sentence("Write a whole number, for example 3.")
    return int(text)


def _between(first: int, last: int) -> Any:
    def check(value: int) -> int:
        if not first <= value <= last:
            raise sentence(f"Choose a number from {first} to {last}.")
        return value

    return AfterValidator(check)


def _numbers(value: object) -> object:
    words = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(words, list | tuple) or not all(str(each).isdigit() for each in words):
        raise sentence("Write whole numbers with commas between them, for example 14, 7, 3, 1, 0.")
    return tuple(sorted({int(each) for each in words}, reverse=True))


def _rising(value: object) -> object:
    numbers = _numbers(value)
    return tuple(sorted(numbers)) if isinstance(numbers, tuple) else numbers


def _each_within(last: int, most: int) -> Any:
    def check(values: tuple[int, ...]) -> tuple[int, ...]:
        if len(values) > most or any(value > last for value in values):
            raise sentence(f"Write at most {most} numbers, none above {last}.")
        return values

    return AfterValidator(check)


def _weekday(value: object) -> object:
    return None if value in (None, "", "none") else value


Days = Annotated[int, BeforeValidator(_whole), _between(1, 60)]
Ladder = Annotated[int, BeforeValidator(_whole), _between(1, 365)]


class ChangeFigures(Form):
    """Figures of the cadence; one that is left out stays as it is. Days are working days unless named otherwise."""

    service_id: str
    due_soon_days: Days | None = None
    overdue_every_days: Days | None = None
    overdue_deputy_calendar_days: Ladder | None = None
    overdue_manager_calendar_days: Ladder | None = None
    overdue_provider_calendar_days: Ladder | None = None
    verification_days: Days | None = None
    owner_limit: Days | None = None
    sampling_overdue_days: Days | None = None
    assurance_days: Days | None = None
    long_running_months: Annotated[int, BeforeValidator(_whole), _between(1, 36)] | None = None
    post_closure_months: Annotated[tuple[int, ...], BeforeValidator(_rising), _each_within(36, 6)] | None = None
    statutory_days: Annotated[tuple[int, ...], BeforeValidator(_numbers), _each_within(180, 8)] | None = None
    digest_weekday: Annotated[Annotated[int, Field(ge=0, le=4)] | None, BeforeValidator(_weekday)] = None


class ChangeShifts(Form):
    """When each shift starts, local time."""

    service_id: str
    early: time
    late: time
    night: time


class ChangeStatusPosts(Form):
    """When and where the status is posted by itself; no day at all turns it off."""

    service_id: str
    weekdays: tuple[Annotated[int, Field(ge=0, le=4)], ...] = ()
    monthly: bool = False
    at: time
    channel_id: str = ""


def change_figures(work: Work, person: Person, form: ChangeFigures, now: datetime) -> Service:
    """Change how a service is reminded. Raises NotFound, NotAllowed, BadInput where the ladder does not rise."""
    service = to_set_up(work, person, form.service_id)
    if form.request_id and work.event_of(form.request_id):
        return service
    given = {name: value for name, value in form.model_dump(exclude={"service_id", "request_id"}).items()
             if name in form.model_fields_set and (value is not None or name == "digest_weekday")}  # fmt: skip
    figures = replace(service.cadence, **given)
    rungs = (
        ("overdue_manager_calendar_days", figures.overdue_deputy_calendar_days, figures.overdue_manager_calendar_days),
        (
            "overdue_provider_calendar_days",
            figures.overdue_manager_calendar_days,
            figures.overdue_provider_calendar_days,
        ),
    )
    for field, lower, upper in rungs:
        if upper <= lower:
            raise BadInput(f"Each step up comes later than the one before it: choose more than {lower}.", field=field)
    if asdict(figures) == asdict(service.cadence):
        return service
    return changed_service(work, person, now, service, replace(service, cadence=figures), form.request_id)


def change_shifts(work: Work, person: Person, form: ChangeShifts, now: datetime) -> Service:
    """Change when shifts start. Raises NotFound, NotAllowed, BadInput unless they follow each other in a day."""
    service = to_set_up(work, person, form.service_id)
    if form.request_id and work.event_of(form.request_id):
        return service
    if form.late <= form.early:
        raise BadInput("The late shift starts after the early one.", field="late")
    if form.early <= form.night <= form.late:
        raise BadInput("The night shift starts after the late one.", field="night")
    shifts = ShiftTimes(early=form.early, late=form.late, night=form.night)
    if shifts == service.shifts:
        return service
    return changed_service(work, person, now, service, replace(service, shifts=shifts), form.request_id)


def change_status_posts(work: Work, person: Person, form: ChangeStatusPosts, now: datetime) -> Service:
    """Choose when and where the status is posted by itself; a day whose time has passed is not made up for.

    Raises NotFound, NotAllowed, BadInput where the time lies outside the hours in which reminders may go out."""
    service = to_set_up(work, person, form.service_id)
    if form.request_id and work.event_of(form.request_id):
        return service
    posts = StatusPosts(
        weekdays=tuple(sorted(set(form.weekdays))),
        monthly=form.monthly,
        at=form.at,
        channel_id="" if form.channel_id == service.channel_id else form.channel_id,
    )
    if posts.on and not service.opens <= form.at < service.closes:
        hours = f"{service.opens:%H:%M} and {service.closes:%H:%M}"
        raise BadInput(f"Choose a time between {hours}, when messages of {service.name} may go out.", field="at")
    local = now.astimezone(ZoneInfo(service.zone))
    if posts.on:
        since = local.date() if local.time() < form.at else local.date() + timedelta(days=1)
        posts = replace(posts, since=since)
    if replace(posts, since=None) == replace(service.cadence.status, since=None):
        return service
    figures = replace(service.cadence, status=posts)
    return changed_service(work, person, now, service, replace(service, cadence=figures), form.request_id)


def to_set_up(work: Work, person: Person, service_id: str) -> Service:
    """A service that the person may set up. Raises NotFound, NotAllowed."""
    service = work.get(Service, service_id)
    if service is None or service.workspace_id != person.workspace_id:
        raise NotFound("That service does not exist here.")
    if not may_set_up(work, person, service):
        raise NotAllowed(
            f"Only a workspace admin, provider oversight or the service's {who_may(Right.SETUP)} may change this."
        )
    return service
