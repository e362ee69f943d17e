"""What a listener leaves for the outbox: files to fetch, messages to post, people to tell, pages to refresh."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.ids import new_id
from bot.plan.actions import Action
from bot.plan.entries import Evidence
from bot.plan.people import Person
from bot.plan.services import Service
from bot.timing.outbox import Delivery, DeliveryKind
from bot.work import Work
from handlers import reminders
from handlers.desk import Answer, Call
from handlers.home import refresh
from handlers.moments import next_moment


def _leave(
    work: Work,
    call: Call,
    kind: DeliveryKind,
    key: str,
    payload: dict[str, Any],
    *,
    at: datetime | None = None,
    **more: Any,
) -> None:
    work.enqueue(
        Delivery(
            id=new_id(call.now),
            key=key,
            workspace_id=call.person.workspace_id,
            kind=kind,
            payload=payload,
            next_at=at or call.now,
            **more,
        )
    )


def fetch(work: Work, call: Call, evidence: Evidence) -> None:
    """Download an evidence file from Slack and keep it."""
    _leave(
        work,
        call,
        DeliveryKind.FETCH,
        f"fetch:{evidence.id}",
        {"evidence_id": evidence.id},
        service_id=evidence.service_id,
    )


def post(
    work: Work,
    call: Call,
    channel: str,
    answer: Answer,
    *,
    service_id: str | None = None,
    thread: Sequence[Answer] = (),
    thread_ts: str | None = None,
) -> None:
    """Post to a channel, details in the thread; where it cannot be posted, whoever asked for it is told why."""
    payload = {
        "channel": channel,
        "text": answer.text,
        "blocks": answer.blocks,
        "thread": [{"text": a.text, "blocks": a.blocks} for a in thread],
        "tell": call.person.slack_id,
        **({"thread_ts": thread_ts} if thread_ts else {}),
    }
    # One request may post in a service's channel and be answered in the bot's own conversation.
    key = f"post:{channel}:{call.request_id}"
    _leave(work, call, DeliveryKind.POST, key, payload, service_id=service_id, channel=channel)


def tell(work: Work, call: Call, person: Person, service: Service, answer: Answer) -> None:
    """Tell one person, in their own hours, of what somebody else did just now; what they did themselves they know."""
    if person.id == call.person.id or not person.active:
        return
    payload = {"channel": person.slack_id, "text": answer.text, "blocks": answer.blocks, "tell": call.person.slack_id}
    _leave(
        work,
        call,
        DeliveryKind.POST,
        f"tell:{person.id}:{call.request_id}",
        payload,
        at=next_moment(call.now, person, service),
        service_id=service.id,
        channel=person.slack_id,
    )


def upload(
    work: Work, call: Call, service: Service, payload: dict[str, Any], *, channel: str = "", thread_ts: str = ""
) -> None:
    """Make an evidence pack and share it in a thread, or without one with whoever asked."""
    whole = {**payload, "person_id": call.person.id, "service_id": service.id}
    if thread_ts:
        whole |= {"channel": channel, "thread_ts": thread_ts}
    _leave(work, call, DeliveryKind.UPLOAD, f"pack:{call.request_id}", whole, service_id=service.id)


def workbook(work: Work, call: Call, service_id: str, wanted: dict[str, Any]) -> None:
    """Make a workbook of registers, as a button names them, and share it with whoever asked."""
    payload = {"person_id": call.person.id, "wanted": wanted}
    _leave(work, call, DeliveryKind.WORKBOOK, f"workbook:{call.request_id}", payload, service_id=service_id)


def spreadsheet(work: Work, call: Call, service_id: str, payload: dict[str, Any]) -> None:
    """Read a spreadsheet and tell whoever gave it what it holds; with {go} bring it in."""
    whole = {**payload, "person_id": call.person.id, "service_id": service_id}
    _leave(work, call, DeliveryKind.IMPORT, f"import:{call.request_id}", whole, service_id=service_id)


def changed(work: Work, call: Call, action: Action) -> None:
    """An action changed: the reminders that speak of it say so, and its owner's Home shows it."""
    reminders.touch(work, action, call.now)
    home(work, call, action.owner_id)
    if call.person.id != action.owner_id:
        home(work, call, call.person.id)


def settle(work: Work, call: Call, message: Mapping[str, str], text: str) -> None:
    """A question that the bot asked was answered: its message, {channel, ts}, says so and loses its buttons."""
    payload = {"channel": message["channel"], "ts": message["ts"], "text": text, "blocks": []}
    _leave(work, call, DeliveryKind.UPDATE, f"settled:{message['channel']}:{message['ts']}", payload)


def home(work: Work, call: Call, person_id: str) -> None:
    """Refresh a person's Home, if they ever opened it."""
    refresh(work, person_id, call.request_id, call.now)


def profile(work: Work, call: Call, person: Person) -> None:
    """Ask Slack who somebody is."""
    _leave(work, call, DeliveryKind.PROFILE, f"profile:{person.id}:{call.request_id}", {}, person_id=person.id)
