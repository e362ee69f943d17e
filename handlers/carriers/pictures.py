"""Drawing a measure's chart and handing it to Slack, once for as long as it looks the same."""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.plan.account import Account, load
from bot.plan.services import Service
from bot.timing.outbox import Delivery
from bot.work import Work
from handlers.carriers.outcome import Dropped, Later, Outcome, Sent, Trip
from handlers.carriers.sharing import sent_to_slack
from handlers.home import refresh
from handlers.pictures import watchers
from handlers.slack_errors import Fate, judge

LOOK_AGAIN = timedelta(seconds=1)
PATIENCE = timedelta(minutes=10)
TITLE = 100


def draw(trip: Trip) -> Outcome:
    """PICTURE: {measure, digest}; once handed to Slack also {file_id, alt, given_at}. Slack takes a file into a page
    only after it has looked at it, so the delivery waits for that."""
    payload = trip.delivery.payload
    with trip.desk.store.reading() as work:
        service = work.get(Service, trip.delivery.service_id)
        account = load(work, service) if service else None
    if account is None:
        return Dropped("the service is gone")
    if not payload.get("file_id") and not (payload := _handed_over(trip, account)):
        return Dropped("the chart has changed since")
    if not _processed(trip, payload):
        if trip.now - datetime.fromisoformat(payload["given_at"]) > PATIENCE:
            return Dropped("Slack never showed the picture")
        return Later(trip.now + LOOK_AGAIN, "Slack has not looked at it yet")
    return Sent(then=lambda work: _show(work, trip, account))


def _handed_over(trip: Trip, account: Account) -> dict[str, Any]:
    """Draw it and give it to Slack, shared with nobody yet: only pages that name it show it. Empty where it changed."""
    # Drawing loads the statistics and the typesetter, for which only the outbox should wait.
    from bot.reports.pack.typeset import picture
    from bot.reports.pictures import charts_of

    payload = trip.delivery.payload
    chart = next((c for c in charts_of(account) if c.measure.id == payload["measure"]), None)
    if chart is None or chart.digest != payload["digest"]:
        return {}
    drawing = chart.drawn()
    with tempfile.TemporaryDirectory(prefix="grip-picture-") as folder:
        path = Path(folder) / "chart.png"
        path.write_bytes(picture(drawing))
        file_id = sent_to_slack(trip, path, path.name, alt=drawing.alt)
    trip.client.files_completeUploadExternal(files=[{"id": file_id, "title": chart.name[:TITLE]}])
    kept = {**payload, "file_id": file_id, "alt": drawing.alt, "given_at": trip.now.isoformat()}
    _keep(trip, kept)
    return kept


def _processed(trip: Trip, payload: Mapping[str, Any]) -> bool:
    """Whether Slack knows it as an image by now. One that is gone is drawn anew at the next try."""
    try:
        file = trip.client.files_info(file=payload["file_id"])["file"]
    except SlackApiError as error:
        verdict = judge(error)
        if verdict and verdict.fate is Fate.PERMANENT:
            _keep(trip, {name: value for name, value in payload.items() if name in ("measure", "digest")})
            return False
        raise
    return bool(file.get("original_w")) or any(name.startswith("thumb_") for name in file)


def _keep(trip: Trip, payload: Mapping[str, Any]) -> None:
    with trip.desk.store.transaction() as work:
        current = work.get(Delivery, trip.delivery.id)
        if current:
            work.save(replace(current, payload=dict(payload)))


def _show(work: Work, trip: Trip, account: Account) -> None:
    """Everybody of the service who opened Home sees it there; a page that still waits will show it as well."""
    for person in watchers(work, account):
        refresh(work, person.id, f"{trip.delivery.id}:{trip.delivery.version}", trip.now)
