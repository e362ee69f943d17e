"""Evidence packs: asked for in words or with a form, made by the outbox, handed over as a file."""

from typing import Any

from bot.plan.access import open_service, service_in
from bot.plan.account import load
from bot.plan.people import Right
from bot.plan.priorities import Priority
from bot.plan.services import Service
from bot.reports.pack.wanted import Chosen, Wanted, choose, day_typed, wanted_in
from bot.timing.workdays import local_date
from bot.work import Work
from handlers import jobs
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb
from handlers.views import packs as views
from handlers.views import parts


def said(call: Call) -> Answer:
    """`/sip pack P3 from 01/10/2026 to 31/12/2026 without names`; alone it is the whole plan."""
    wanted = wanted_in(call.text)
    with call.desk.store.reading() as work:
        service = service_in(work, call.person, call.channel, Right.EXPORT)
    return _begin(call, service.id, wanted)


def _begin(call: Call, service_id: str, wanted: Wanted) -> Answer:
    """Look whether there is something to pack, leave the making to the outbox, and say how long it takes."""
    # The documents' libraries take a second to load, so only their reckoning of time is asked for here.
    from bot.reports.pack.making import seconds_for

    with call.transaction() as work:
        service, chosen = _chosen(work, call, service_id, wanted)
        place = _thread(call, service)
        jobs.upload(work, call, service, _carried(wanted), **place)
    seconds = seconds_for(chosen.account, names=wanted.names)
    return views.making(service, chosen, wanted, seconds, in_thread=bool(place))


def _chosen(work: Work, call: Call, service_id: str, wanted: Wanted) -> tuple[Service, Chosen]:
    service = open_service(work, call.person, service_id, Right.EXPORT)
    return service, choose(load(work, service), wanted, local_date(call.now, service.zone))


def _thread(call: Call, service: Service) -> dict[str, str]:
    """The thread in which it was asked for, where that is the service's own; else nowhere: it goes to the person."""
    if call.thread_ts and call.channel == service.channel_id:
        return {"channel": service.channel_id, "thread_ts": call.thread_ts}
    return {}


def _carried(wanted: Wanted) -> dict[str, Any]:
    return {
        "part": wanted.part,
        "since": wanted.since.isoformat() if wanted.since else None,
        "until": wanted.until.isoformat() if wanted.until else None,
        "names": wanted.names,
    }


def open_form(call: Call) -> None:
    """The options of a pack."""
    with call.desk.store.reading() as work:
        named = call.value.get("s")
        if named:
            service = open_service(work, call.person, str(named), Right.EXPORT)
        else:
            service = service_in(work, call.person, call.channel, Right.EXPORT)
        priorities = work.all(Priority, order="number", service_id=service.id, limit=100)
    call.open(views.form(service, priorities))


def submit(call: Call) -> Show:
    """The options were chosen."""
    values = call.values
    wanted = Wanted(
        part=" ".join(values.get("priorities") or []),
        since=day_typed(values["since"]) if values.get("since") else None,
        until=day_typed(values["until"], "until") if values.get("until") else None,
        names=values.get("names") != views.WITHOUT_NAMES,
    )
    answer = _begin(call, str(call.meta["s"]), wanted)
    return Show(parts.said("Pack on its way", answer.text, answer.blocks))


FEATURE = Feature(
    name="packs",
    verbs=(
        Verb(
            "pack",
            "Make the evidence pack: PDF, workbook, evidence files and the means to check them",
            said,
            usage="[P3] [from 01/10/2026 to 31/12/2026] [without names]",
            also=("evidence pack", "export"),
        ),
    ),
    buttons=(Button("pack.open", open_form),),
    forms=(Form("pack.form", submit),),
)
