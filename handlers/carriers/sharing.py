"""Handing a file that was made to Slack, and sharing it once, whatever happens in between."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import structlog
from slack_sdk.errors import SlackApiError

from bot.timing.outbox import Delivery
from bot.work import Work
from handlers.carriers.evidence import Passing
from handlers.carriers.outcome import Outcome, Sent, Trip
from handlers.slack_errors import Fate, judge

log = structlog.get_logger(__name__)

TIMEOUT = httpx.Timeout(30.0, connect=5.0)
ALT_LIMIT = 1000  # of Slack


def sent_to_slack(trip: Trip, path: Path, name: str, *, alt: str = "") -> str:
    """Send the bytes to Slack; the file is not shared with anybody yet. `alt` says what an image shows.

    Raises Passing where they did not arrive."""
    told = {"alt_txt": alt[:ALT_LIMIT]} if alt else {}
    answer = trip.client.files_getUploadURLExternal(filename=name, length=path.stat().st_size, **told)
    try:
        with path.open("rb") as file, httpx.Client(timeout=TIMEOUT) as client:
            response = client.post(answer["upload_url"], content=file)
    except httpx.HTTPError as error:
        raise Passing(type(error).__name__) from error
    if response.status_code != 200:
        raise Passing(f"http_{response.status_code}")
    return str(answer["file_id"])


def remember(work: Work, trip: Trip, file_id: str, name: str, words: str) -> None:
    """Keep what Slack calls a file that was handed over, by which a later try finds it."""
    current = work.get(Delivery, trip.delivery.id)
    if current:
        work.save(replace(current, payload={**current.payload, "file_id": file_id, "name": name, "words": words}))


def share(trip: Trip, file_id: str, name: str, words: str, place: str) -> Outcome:
    """Share a file that was handed over, in a conversation or the thread that the delivery names."""
    thread_ts = trip.delivery.payload.get("thread_ts")
    trip.client.files_completeUploadExternal(
        files=[{"id": file_id, "title": name}],
        channel_id=place,
        initial_comment=words,
        **({"thread_ts": thread_ts} if thread_ts else {}),
    )
    return Sent(place)


def shared_before(trip: Trip, file_id: str, place: str) -> Outcome | None:
    """What became of a file that an earlier try handed over: shared, to be shared now, or (None) gone."""
    try:
        file = trip.client.files_info(file=file_id)["file"]
        if _place_of(file, place):
            return Sent(place, _place_of(file, place))
        payload = trip.delivery.payload
        return share(trip, file_id, str(payload.get("name")), str(payload.get("words")), place)
    except SlackApiError as error:
        verdict = judge(error)
        if verdict and verdict.fate is Fate.PERMANENT:
            log.info("made anew", delivery=trip.delivery.id, error=verdict.error)
            return None
        raise


def _place_of(file: Mapping[str, Any], place: str) -> str:
    """The message in which a file stands in a conversation; "" where it is not shared there."""
    for shares in (file.get("shares") or {}).values():
        for share in shares.get(place) or []:
            return str(share.get("ts") or "")
    return ""
