"""Making a file and sharing it: evidence packs, made when their turn comes and shared once, whatever goes wrong."""

import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import structlog

from bot.errors import Refusal
from bot.plan.people import Person
from bot.work import Work
from handlers.carriers.outcome import Dropped, Outcome, Trip, tell
from handlers.carriers.progress import Progress, leave_ending
from handlers.carriers.sharing import remember, sent_to_slack, share, shared_before
from handlers.slack_errors import Verdict, in_words
from handlers.views.packs import SENDING
from handlers.views.parts import escape

log = structlog.get_logger(__name__)

EVIDENCE_BYTES = 150_000_000  # of evidence in a pack made for Slack; what is beyond is named in it
NEXT = (
    "Ask for it again with /sip pack, or for a part of it (/sip pack P3). If it happens twice, tell whoever runs Grip."
)


def upload(trip: Trip) -> Outcome:
    """UPLOAD: {person_id, service_id, part, since, until, names, channel, thread_ts}; once it is told of {progress},
    the message that shows how far it is, and once it is on its way to Slack {file_id}, by which a later try finds what
    an earlier one shared."""
    payload = trip.delivery.payload
    with trip.desk.store.reading() as work:
        person = work.get(Person, payload["person_id"])
    if person is None or not person.active:
        return Dropped("whoever asked for it has left")
    place = payload.get("channel") or trip.client.conversations_open(users=person.slack_id)["channel"]["id"]
    progress = Progress.begin(trip, place)
    if payload.get("file_id") and (shared := shared_before(trip, str(payload["file_id"]), place)):
        return progress.ended(shared)
    with tempfile.TemporaryDirectory(prefix="grip-upload-") as folder:
        path = Path(folder) / "pack.zip"
        try:
            name, words, file_id = handed_over(trip, person, path, progress)
        except Refusal as error:
            reason, sentence = error.sentence, f"The evidence pack was not made. {error.sentence}"
            return Dropped(reason, lambda work: _not_made(work, trip, person.id, sentence))
    return progress.ended(share(trip, file_id, name, words, place))


def _not_made(work: Work, trip: Trip, whom: str, sentence: str) -> None:
    """Say that no pack comes, and why, in the message that showed its progress and to whoever asked."""
    leave_ending(work, trip, sentence, failed=True)
    tell(work, trip, whom, sentence, f"told:{trip.delivery.id}")


def handed_over(trip: Trip, person: Person, path: Path, progress: Progress) -> tuple[str, str, str]:
    """Make the pack and hand it to Slack, unshared yet; its name, what to say with it, and Slack's id of it.

    Raises Refusal where the person may no longer, or there is nothing to pack."""
    # Documents and statistics take a second to load, which only whoever makes one should wait for.
    from bot.reports.pack.called import contents
    from bot.reports.pack.making import gather, make, noted

    payload = trip.delivery.payload
    with trip.desk.store.reading() as work:
        found = gather(work, person, payload["service_id"], wanted_of(payload), trip.now)
    pack = make(found, trip.desk.files, path, evidence_limit=EVIDENCE_BYTES, at=progress.at)
    progress.at(SENDING)
    what = escape(f"{found.service.name}{contents(found.chosen, found.wanted)}")
    words = f"Evidence pack of {what}: {pack.files} files, {found.chosen.period}. Seal {pack.seal[:16]}."
    if missing := len(pack.not_included):
        many = "1 evidence file is" if missing == 1 else f"{missing} evidence files are"
        words += f" {many} not in it; the pack says which and why, with the hash."
    file_id = sent_to_slack(trip, path, pack.name)
    with trip.desk.store.transaction() as work:
        noted(work, found, pack, person, trip.now)
        remember(work, trip, file_id, pack.name, words)
    return pack.name, words, file_id


def wanted_of(payload: Mapping[str, Any]) -> Any:
    """The options of a pack as a delivery carries them."""
    from bot.reports.pack.wanted import Wanted

    def day(name: str) -> date | None:
        return date.fromisoformat(payload[name]) if payload.get(name) else None

    return Wanted(str(payload.get("part") or ""), day("since"), day("until"), bool(payload.get("names", True)))


def upload_refused(work: Work, trip: Trip, verdict: Verdict) -> None:
    """Whoever asked is told that no pack will come, and why."""
    passing = verdict.error == "too_many_tries"
    why = NEXT if passing else in_words(verdict.error)
    whom = str(trip.delivery.payload["person_id"])
    _not_made(work, trip, whom, f"The evidence pack could not be made or shared. {why}")
