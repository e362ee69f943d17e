"""Making a workbook of registers and sharing it with whoever asked."""

import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.errors import Refusal
from bot.plan.access import open_service
from bot.plan.account import load
from bot.plan.people import Person, Right
from bot.reports.registers import REGISTERS
from bot.reports.workbook import workbook
from bot.work import Work
from handlers.carriers.outcome import Dropped, Outcome, Trip, tell
from handlers.carriers.sharing import remember, sent_to_slack, share, shared_before
from handlers.registers import narrowed, only_of
from handlers.slack_errors import Verdict, in_words
from handlers.views.registers import carried


def make(trip: Trip) -> Outcome:
    """WORKBOOK: {person_id, wanted}, the registers as a button names them; then {file_id}, as for packs."""
    payload = trip.delivery.payload
    with trip.desk.store.reading() as work:
        person = work.get(Person, payload["person_id"])
    if person is None or not person.active:
        return Dropped("whoever asked for it has left")
    place = trip.client.conversations_open(users=person.slack_id)["channel"]["id"]
    if payload.get("file_id") and (shared := shared_before(trip, str(payload["file_id"]), place)):
        return shared
    try:
        name, words, content = _made(trip, person)
    except Refusal as error:
        sentence = f"The workbook was not made. {error.sentence}"
        return Dropped(error.sentence, lambda work: tell(work, trip, person.id, sentence, f"told:{trip.delivery.id}"))
    with tempfile.TemporaryDirectory(prefix="grip-workbook-") as folder:
        path = Path(folder) / "registers.xlsx"
        path.write_bytes(content)
        file_id = sent_to_slack(trip, path, name)
    with trip.desk.store.transaction() as work:
        remember(work, trip, file_id, name, words)
    return share(trip, file_id, name, words, place)


def _made(trip: Trip, person: Person) -> tuple[str, str, bytes]:
    """The workbook's name, what to say with it, and its bytes. Raises Refusal where the person may not."""
    wanted = carried(dict(trip.delivery.payload["wanted"]))
    with trip.desk.store.reading() as work:
        service = open_service(work, person, wanted.service_id, Right.EXPORT)
        account = load(work, service)
    chosen = [r for r in REGISTERS if wanted.number in (0, r.number)]
    local = trip.now.astimezone(ZoneInfo(service.zone)).replace(tzinfo=None)
    part = narrowed(account, wanted).removeprefix(", ") or "the whole plan"
    about = (("Made", f"{local:%d %b %Y %H:%M}"), ("For", person.name), ("Holds", part))
    title = f"register {wanted.number}" if wanted.number else "registers"
    words = f"{title[0].upper()}{title[1:]} of {service.name}: {part}."
    content = workbook(account, only_of(wanted), about, local, chosen)
    return f"{service.name} {title} {local:%Y-%m-%d}.xlsx", words, content


def refused(work: Work, trip: Trip, verdict: Verdict) -> None:
    """Whoever asked is told that no workbook will come, and why."""
    sentence = f"The workbook could not be made or shared. {in_words(verdict.error)}"
    tell(work, trip, str(trip.delivery.payload["person_id"]), sentence, f"told:{trip.delivery.id}")
