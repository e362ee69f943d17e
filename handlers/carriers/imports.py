"""A spreadsheet that somebody gave: fetched, looked at, shown to them, and brought in when they say so."""

from typing import Any

from bot.errors import AlreadyDone, Refusal, TooLarge
from bot.ids import new_id
from bot.plan.access import open_service
from bot.plan.people import Person, Right
from bot.timing.outbox import Delivery, DeliveryKind
from bot.timing.workdays import local_date
from bot.work import Work
from handlers.carriers.evidence import Unreadable, downloaded
from handlers.carriers.outcome import Dropped, Outcome, Sent, Trip, tell
from handlers.desk import Answer
from handlers.slack_errors import Verdict, in_words
from handlers.views import imports as views


def bring_in(trip: Trip) -> Outcome:
    """IMPORT: {person_id, service_id, name, under} with {url} to look at a file, with {sha256, go} to bring it in.

    What cannot be read or kept is told in words; nothing is ever kept of a file in part."""
    with trip.desk.store.reading() as work:
        person = work.get(Person, trip.delivery.payload["person_id"])
    if person is None or not person.active:
        return Dropped("whoever gave the file has left")
    try:
        answer = _answer(trip, person)
    except Refusal as error:
        answer = views.refused(str(trip.delivery.payload["name"]), error.sentence)
    except Unreadable as error:
        answer = views.refused(str(trip.delivery.payload["name"]), str(error))
    return Sent(then=lambda work: _post(work, trip, person, answer))


def _answer(trip: Trip, person: Person) -> Answer:
    """What to tell of the file. Raises Refusal and Unreadable."""
    # Reading spreadsheets takes libraries that nobody else should wait for.
    from bot.importing.columns import understood
    from bot.importing.plan import draft, keep
    from bot.importing.sheets import MOST_BYTES, read

    payload = trip.delivery.payload
    sha256 = str(payload.get("sha256") or "")
    if not sha256:
        try:
            sha256, _ = downloaded(trip, str(payload["url"]), MOST_BYTES)
        except TooLarge as error:
            raise Refusal(
                f"It is larger than {MOST_BYTES // 1_000_000} MB. Save the plan in a file of its own."
            ) from error
    sheet = read(trip.desk.files.get(sha256), str(payload["name"]))
    columns = understood(sheet.columns)
    under = str(payload.get("under") or "")
    if not payload.get("go"):
        with trip.desk.store.reading() as work:
            service = open_service(work, person, str(payload["service_id"]), Right.IMPORT)
            found = draft(work, person, service, sheet, columns, local_date(trip.now, service.zone), under)
        return views.preview(
            service, sheet, columns, found, {"s": service.id, "f": sha256, "n": sheet.name, "u": under}
        )
    try:
        with trip.desk.store.transaction(person.workspace_id) as work:
            service = open_service(work, person, str(payload["service_id"]), Right.IMPORT)
            today = local_date(trip.now, service.zone)
            found = draft(work, person, service, sheet, columns, today, under)
            kept = keep(work, person, service, found, sha256, trip.now, today)
    except AlreadyDone as error:
        # Said to whoever presses twice, and to a second try after a crash that came behind the first one's end.
        return views.refused(sheet.name, error.sentence)
    return views.imported(service, sheet.name, kept, len(found.new))


def _post(work: Work, trip: Trip, person: Person, answer: Answer) -> None:
    payload: dict[str, Any] = {"channel": person.slack_id, "text": answer.text, "blocks": answer.blocks}
    work.enqueue(
        Delivery(
            id=new_id(trip.now),
            key=f"imported:{trip.delivery.id}",
            workspace_id=trip.delivery.workspace_id,
            service_id=trip.delivery.service_id,
            kind=DeliveryKind.POST,
            payload=payload,
            next_at=trip.now,
        )
    )


def refused(work: Work, trip: Trip, verdict: Verdict) -> None:
    """The file never came: whoever gave it is told."""
    whom, name = str(trip.delivery.payload["person_id"]), str(trip.delivery.payload["name"])
    why = in_words(verdict.error)
    tell(work, trip, whom, f"{name} was not imported. {why}", f"told:{trip.delivery.id}")
