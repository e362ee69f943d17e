"""The figures that reminders go by, changed in Slack by whoever sets up a service."""

from bot.plan.rhythm import ChangeFigures, ChangeShifts, change_figures, change_shifts, to_set_up
from handlers.desk import Button, Call, Feature, Form, Show
from handlers.views import parts
from handlers.views import rhythm as views


def open_form(call: Call) -> None:
    """Open one part of the figures: {"service", "part"}."""
    with call.desk.store.reading() as work:
        service = to_set_up(work, call.person, str(call.value["service"]))
    call.open(views.form(service, str(call.value["part"])))


def submit(call: Call) -> Show:
    """The figures of one part were filled in."""
    part = str(call.meta.get("part") or "")
    given = {**call.values, "service_id": call.meta.get("service_id") or "", "request_id": call.request_id}
    with call.desk.store.transaction() as work:
        if part == "shifts":
            service = change_shifts(work, call.person, ChangeShifts.model_validate(given), call.now)
        else:
            service = change_figures(work, call.person, ChangeFigures.model_validate(given), call.now)
    answer = views.kept(service, part)
    return Show(parts.said("Saved", answer.text, answer.blocks))


FEATURE = Feature(name="rhythm", buttons=(Button("rhythm.open", open_form),), forms=(Form("rhythm.form", submit),))
