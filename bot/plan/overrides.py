"""What a person saved although they were asked to look again: kept in the journal beside the record it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.ids import new_id
from bot.plan.people import Person
from bot.work import Work

KEPT_PERSONAL_DATA = "keep personal data"
SAVED_AS_WORDED = "save as worded"


@dataclass(frozen=True)
class Override:
    """One warning that was passed over: the journal's verb, and what had been pointed out (masked where personal)."""

    verb: str
    reason: str


def note_overrides(work: Work, person: Person, request_id: str, overrides: Sequence[Override], now: datetime) -> bool:
    """Write the overrides beside the record that this request made or changed, each once; False where it has none yet.

    Called in the transaction of the request, so that one is never kept without the other."""
    event = work.event_of(request_id)
    if event is None:
        return False
    _append(work, person, event.chain, (event.kind, event.record_id), request_id, overrides, now)
    return True


def note_without_record(
    work: Work, person: Person, request_id: str, where: str, overrides: Sequence[Override], now: datetime
) -> None:
    """The same for a request that left no event of its own: in the workspace's chain, under the form's name."""
    _append(work, person, person.workspace_id, ("form", where), request_id, overrides, now)


def _append(
    work: Work,
    person: Person,
    chain: str,
    record: tuple[str, str],
    request_id: str,
    overrides: Sequence[Override],
    now: datetime,
) -> None:
    kind, record_id = record
    for override in overrides:
        key = f"{request_id}:{override.verb}"
        if work.event_of(key) is None:
            work.append(
                id=new_id(now),
                chain=chain,
                at=now,
                person_id=person.id,
                verb=override.verb,
                kind=kind,
                record_id=record_id,
                before=None,
                after=None,
                reason=override.reason,
                request_id=key,
            )
