"""The figures that reminders go by, changed in Slack by whoever sets up a service."""

from datetime import date

from slack_sdk.errors import SlackApiError

from bot.errors import BadInput, Refusal
from bot.plan.rhythm import (
    ChangeFigures,
    ChangeShifts,
    ChangeStatusPosts,
    change_figures,
    change_shifts,
    change_status_posts,
    to_set_up,
)
from bot.plan.services import Service
from bot.timing.due import Context
from bot.timing.plan_cadence import status_posts
from bot.timing.workdays import local_date
from handlers.desk import Button, Call, Feature, Form, Show
from handlers.views import parts
from handlers.views import rhythm as views


def open_form(call: Call) -> None:
    """Open one part of the figures: {"service", "part"}."""
    with call.desk.store.reading() as work:
        service = to_set_up(work, call.person, str(call.value["service"]))
    call.open(views.form(service, _part(call.value["part"])))


def _part(name: object) -> str:
    if name not in views.PARTS:
        raise Refusal("Those figures are changed elsewhere by now. Say /sip reminders.")
    return str(name)


def submit(call: Call) -> Show:
    """The figures of one part were filled in."""
    part = _part(call.meta["part"])
    if part == "status":
        return _status_posts(call)
    given = {**call.values, "service_id": str(call.meta["service_id"]), "request_id": call.request_id}
    with call.desk.store.reading() as work:
        to_set_up(work, call.person, given["service_id"])
    with call.transaction() as work:
        if part == "shifts":
            service = change_shifts(work, call.person, ChangeShifts.model_validate(given), call.now)
        else:
            service = change_figures(work, call.person, ChangeFigures.model_validate(given), call.now)
    answer = views.kept(service, part)
    return Show(parts.said("Saved", answer.text, answer.blocks))


def _status_posts(call: Call) -> Show:
    """Days, time and channel of the status were chosen."""
    days = set(call.values.get("days") or [])
    channel = str(call.values.get("channel") or "")
    given = ChangeStatusPosts(
        service_id=str(call.meta.get("service_id") or ""),
        weekdays=tuple(int(each) for each in days - {views.MONTHLY}),
        monthly=views.MONTHLY in days,
        at=call.values["at"],
        channel_id=channel,
        request_id=call.request_id,
    )
    with call.desk.store.reading() as work:
        to_set_up(work, call.person, given.service_id)
    if days:
        _must_be_in(call, channel)
    with call.transaction() as work:
        service = change_status_posts(work, call.person, given, call.now)
    answer = views.kept(service, "status", _first(service, local_date(call.now, service.zone)))
    return Show(parts.said("Saved", answer.text, answer.blocks))


def _first(service: Service, today: date) -> date | None:
    return next((each.on for each in status_posts(service, Context(service=service), today)), None)


def _must_be_in(call: Call, channel: str) -> None:
    """A channel that Grip is not in is refused now, and not on Monday morning; where Slack will not say, it passes."""
    try:
        found = call.client.conversations_info(channel=channel)["channel"]
    except OSError:
        return
    except SlackApiError as error:
        if error.response.get("error") not in ("channel_not_found", "not_in_channel"):
            return
        found = {"is_member": False}
    if not found.get("is_member", True):
        raise BadInput("Grip is not in that channel. Type /invite @Grip there, then save again.", field="channel")


FEATURE = Feature(name="rhythm", buttons=(Button("rhythm.open", open_form),), forms=(Form("rhythm.form", submit),))
