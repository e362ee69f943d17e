"""The fifteen registers in Slack: listed, shown, narrowed, posted."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.errors import BadInput, Refusal
from bot.plan.access import open_service, parse_ref, ref, rights_in, service_in
from bot.plan.account import Account, load
from bot.plan.people import Right
from bot.plan.priorities import Priority
from bot.plan.services import Service
from bot.reports.register_parts import Filter, Register, Row
from bot.reports.registers import register
from bot.work import Work
from handlers import jobs
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb, chosen_day, whole
from handlers.views import parts
from handlers.views import registers as views
from handlers.views.registers import Place, Wanted

_DAY = re.compile(r"^(?:(\d{4})-(\d{2})-(\d{2})|(\d{1,2})/(\d{1,2})/(\d{4}))$")


def said(call: Call) -> Answer:
    """`/sip register 3 P2 from 2026-10-01 to 2026-10-31`; alone it lists the fifteen."""
    with call.desk.store.reading() as work:
        service = service_in(work, call.person, call.channel, Right.READ)
        if not call.text.strip():
            return views.listing(service, may_export=Right.EXPORT in rights_in(work, call.person, service))
        return _page(work, call, wanted_in(work, service, call.text))


def wanted_in(work: Work, service: Service, text: str) -> Wanted:
    """What the words ask for: a number, a priority, days after "from" and "to", and else words of a theme."""
    numbers = [w for w in text.split() if w.isdigit()]
    if not numbers or register(int(numbers[0])) is None:
        raise Refusal(
            "Say which register by its number from 1 to 15, for example /sip register 3. /sip register lists them."
        )
    found = Wanted(number=int(numbers[0]), service_id=service.id)
    theme: list[str] = []
    ahead = "since"
    for word in text.replace(numbers[0], "", 1).split():
        if word.lower() in {"from", "since"}:
            ahead = "since"
        elif word.lower() in {"to", "until", "till"}:
            ahead = "until"
        elif _DAY.match(word):
            on = day_in(word)
            found = replace(found, since=on) if ahead == "since" else replace(found, until=on)
            ahead = "until"
        elif (number := parse_ref(word, Priority)) is not None:
            priority = work.one(Priority, service_id=service.id, number=number)
            if priority is None:
                raise Refusal(
                    f"There is no priority {word.upper()} in {service.name}. /sip status lists what there is."
                )
            found = replace(found, priority_id=priority.id)
        else:
            theme.append(word)
    return replace(found, theme=" ".join(theme))


def day_in(word: str) -> date:
    """A day typed as 2026-10-31 or 31/10/2026. Raises Refusal for one that is in no calendar."""
    match = _DAY.match(word)
    try:
        if match and match[1]:
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match:
            return date(int(match[6]), int(match[5]), int(match[4]))
    except ValueError:
        pass
    raise Refusal(f"{word} is no day. Write it like 31/10/2026 or 2026-10-31.")


def leading_day(text: str) -> tuple[date | None, str]:
    """The day that words begin with, and the words after it; (None, text) where they begin with none.

    Raises Refusal for a day that is in no calendar."""
    first, _, rest = text.partition(" ")
    if first[:1].isdigit() and any(mark in first for mark in "-/"):
        return day_in(first), rest.strip()
    return None, text


def rows_of(account: Account, wanted: Wanted) -> tuple[Register, list[Row]]:
    """The register and its rows. Raises BadInput where the days are upside down."""
    found = register(wanted.number)
    if found is None:
        raise Refusal("There are fifteen registers, numbered from 1 to 15.")
    if wanted.since and wanted.until and wanted.until < wanted.since:
        raise BadInput("The second day lies before the first. Swap them.", field="until")
    return found, found.rows(account, only_of(wanted))


def only_of(wanted: Wanted) -> Filter:
    """The filter that the words, the form or a button ask for."""
    among = frozenset({wanted.priority_id}) if wanted.priority_id else None
    return Filter(among, wanted.theme, wanted.since, wanted.until)


def _page(work: Work, call: Call, wanted: Wanted, place: Place = Place.MESSAGE) -> Answer:
    service = open_service(work, call.person, wanted.service_id, Right.READ)
    account = load(work, service)
    found, rows = rows_of(account, wanted)
    may_export = Right.EXPORT in rights_in(work, call.person, service)
    return views.page(found, service, wanted, rows, narrowed(account, wanted), place, may_export=may_export)


def narrowed(account: Account, wanted: Wanted) -> str:
    """How the register is narrowed, to be read on after its name."""
    priority = account.priority(wanted.priority_id)
    said = [f"only {ref(priority)}"] if priority else []
    said += [f"theme “{wanted.theme}”"] if wanted.theme else []
    said += [f"from {parts.day(wanted.since)}"] if wanted.since else []
    said += [f"to {parts.day(wanted.until)}"] if wanted.until else []
    return f", {', '.join(said)}" if said else ""


def show(call: Call) -> Answer:
    """A page that was asked for with a button or in the list."""
    with call.desk.store.reading() as work:
        place = Place.WINDOW if call.view.get("type") == "modal" else Place.MESSAGE
        return _page(work, call, views.carried(call.value), place)


def post(call: Call) -> Answer:
    """The page for everybody in the service's channel."""
    with call.transaction() as work:
        wanted = views.carried(call.value)
        answer = _page(work, call, wanted, Place.CHANNEL)
        service = open_service(work, call.person, wanted.service_id, Right.READ)
        jobs.post(work, call, service.channel_id, answer, service_id=service.id)
    words = f"The register is being posted in <#{service.channel_id}>."
    return Answer(words, [parts.section(words)])


def export(call: Call) -> Answer:
    """The register, or all fifteen, as a workbook that comes as a direct message."""
    with call.transaction() as work:
        wanted = views.carried(call.value)
        service = open_service(work, call.person, wanted.service_id, Right.EXPORT)
        jobs.workbook(work, call, service.id, wanted.carried())
    words = "The workbook is being made. It comes to you as a direct message, for your eyes alone."
    return Answer(words, [parts.section(words)])


def open_filter(call: Call) -> None:
    """The form that narrows a register."""
    wanted = views.carried(call.value)
    with call.desk.store.reading() as work:
        service = open_service(work, call.person, wanted.service_id, Right.READ)
        priorities = work.all(Priority, order="number", service_id=service.id, limit=100)
    call.open(views.filter_form(wanted, priorities))


def submit_filter(call: Call) -> Show:
    """A narrowed register, in the window."""
    wanted = Wanted(
        number=whole(call.values["number"]),
        service_id=call.meta["s"],
        priority_id=call.values.get("priority"),
        since=_chosen(call.values, "since"),
        until=_chosen(call.values, "until"),
    )
    with call.desk.store.reading() as work:
        answer = _page(work, call, wanted, Place.WINDOW)
    return Show(parts.said("Register", answer.text, answer.blocks))


def _chosen(values: Mapping[str, Any], name: str) -> date | None:
    return chosen_day(values[name]) if values.get(name) else None


FEATURE = Feature(
    name="registers",
    verbs=(
        Verb(
            "register",
            "Show one of the fifteen registers; alone it lists them",
            said,
            usage="[3] [P3] [from 01/10/2026 to 31/10/2026]",
            also=("registers",),
        ),
    ),
    buttons=(
        Button("register.show", show),
        Button("register.post", post),
        Button("register.filter", open_filter),
        Button("register.export", export),
    ),
    forms=(Form("register.form", submit_filter),),
)
