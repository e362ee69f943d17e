"""Posting and changing messages: any message to a channel or person, its thread, and its later changes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.ids import new_id
from bot.plan.people import Person
from bot.timing.outbox import Delivery, DeliveryKind
from bot.work import Work
from handlers.carriers.outcome import Dropped, HeldTooLong, Outcome, Sent, Trip, slack_id, tell
from handlers.carriers.reconcile import CannotLook, Found, look_up, metadata
from handlers.slack_errors import Fate, Verdict, in_words, judge
from handlers.through import said_through
from handlers.views.older import downgrade, has_newer
from handlers.views.parts import Block, context

log = structlog.get_logger(__name__)

REPEAT = "This may be a repeat: Slack did not say whether the first one arrived."
# A channel takes one message a second, so the thread's messages also keep their order.
APART = timedelta(seconds=1)


def found_or_repeat(trip: Trip, place: str, thread_ts: str | None = None) -> tuple[Found | None, bool]:
    """For a delivery in doubt: where it already stands; and whether sending it again may be a repeat."""
    if not trip.delivery.doubtful:
        return None, False
    try:
        found = look_up(trip.client, trip.delivery, place, thread_ts)
    except CannotLook as error:
        log.info("cannot look", delivery=trip.delivery.id, why=str(error))
        return None, True
    log.info("looked", delivery=trip.delivery.id, found=found is not None)
    return found, False


def say(
    trip: Trip, place: str, text: str, blocks: list[Block], *, thread_ts: str | None = None, repeat: bool = False
) -> tuple[str, str]:
    """Post once; (channel, ts). Where the blocks are refused the same content goes out in older ones.

    Raises HeldTooLong where it is too late to begin."""
    if repeat:
        text, blocks = f"{text}\n{REPEAT}", [*blocks[:49], context(REPEAT)] if blocks else blocks

    def call(shown: list[Block]) -> Any:
        if not trip.in_time():
            raise HeldTooLong
        return trip.client.chat_postMessage(
            channel=place,
            text=text,
            blocks=shown or None,
            thread_ts=thread_ts,
            metadata=metadata(trip.delivery),
            unfurl_links=False,
            unfurl_media=False,
        )

    answer = in_older_blocks(call, blocks)
    return answer["channel"], answer["ts"]


def in_older_blocks(call: Callable[[list[Block]], Any], blocks: list[Block]) -> Any:
    """Call with the blocks; where they are refused with older ones, then plain sections, and at last text alone."""
    tries = [blocks]
    if has_newer(blocks):
        tries += [downgrade(blocks), downgrade(downgrade(blocks), tables=False)]
    tries += [[]] if blocks else []
    for shown in tries[:-1]:
        try:
            return call(shown)
        except SlackApiError as error:
            verdict = judge(error)
            if verdict is None or verdict.fate is not Fate.BLOCKS:
                raise
            log.warning("blocks refused", error=verdict.error, blocks=[block.get("type") for block in shown])
    return call(tries[-1])


def place_of(delivery: Delivery) -> str:
    """The channel or Slack id that a message goes to, as far as the delivery itself says."""
    return str(delivery.payload.get("channel") or delivery.channel or delivery.payload.get("person") or "")


def post(trip: Trip) -> Outcome:
    """POST: {channel | person, text, blocks, thread: [{text, blocks}], thread_ts, response_url, tell, answer_to}.

    `answer_to`: a response_url to try first. `response_url` and `tell` say whom to tell where it cannot be posted."""
    delivery, payload = trip.delivery, trip.delivery.payload
    place = place_of(delivery)
    if payload.get("answer_to") and said_through(payload["answer_to"], payload["text"]):
        return Sent()
    if not place[:1].isupper():  # Slack's ids begin with a capital letter, ours are of small hexadecimal digits
        with trip.desk.store.reading() as work:
            person = work.get(Person, place or delivery.person_id)
        if person is None:
            return Dropped("there is nobody to send it to")
        place = person.slack_id
    thread_ts = payload.get("thread_ts")
    found, repeat = found_or_repeat(trip, place, thread_ts)
    if found:
        channel, ts = found.channel, found.ts
    else:
        blocks = list(payload.get("blocks") or [])
        channel, ts = say(trip, place, payload["text"], blocks, thread_ts=thread_ts, repeat=repeat)
    parts = payload.get("thread") or []
    return Sent(channel, ts, then=lambda work: follow_up(work, trip, channel, ts, parts))


def follow_up(work: Work, trip: Trip, channel: str, ts: str, parts: Sequence[Mapping[str, Any]]) -> None:
    """The thread of a message that is out now, {text, blocks} each; each part exists once, whoever marks it."""
    for number, part in enumerate(parts, start=1):
        work.enqueue(
            Delivery(
                id=new_id(trip.now),
                key=f"{trip.delivery.id}:{number}",
                workspace_id=trip.delivery.workspace_id,
                service_id=trip.delivery.service_id,
                kind=DeliveryKind.POST,
                channel=channel,
                payload={"channel": channel, "thread_ts": ts, "text": part["text"], "blocks": part.get("blocks") or []},
                next_at=trip.now + (number - 1) * APART,
            )
        )


def post_refused(work: Work, trip: Trip, verdict: Verdict) -> None:
    """Who asked for a post that could not be made is told why, where they asked or directly."""
    payload = trip.delivery.payload
    whom, url = payload.get("tell") or "", payload.get("response_url") or ""
    # Not to the very conversation that refused it.
    if whom and slack_id(work, trip.delivery.workspace_id, whom) == place_of(trip.delivery):
        whom = ""
    if whom or url:
        sentence = f"What you asked for could not be posted. {in_words(verdict.error)}"
        tell(work, trip, whom, sentence, f"told:{trip.delivery.id}", answer_to=url)


def change(client: WebClient, channel: str, ts: str, text: str, blocks: list[Block]) -> None:
    """Change a message; the metadata that it was posted with stays."""

    def call(shown: list[Block]) -> Any:
        # An empty list takes the old blocks away; leaving them out would keep them beside a new text.
        return client.chat_update(channel=channel, ts=ts, text=text, blocks=shown)

    in_older_blocks(call, blocks)
