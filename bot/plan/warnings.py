"""Early warnings as they stand on record: kept once, ended when nothing fires them any more, answered with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from bot.errors import BadInput
from bot.ids import new_id
from bot.plan.access import done_before, open_record, ref
from bot.plan.fields import Form, Text
from bot.plan.people import Person, Right
from bot.plan.saving import add, save
from bot.plan.services import Service
from bot.warnings.fired import Fired, Rule
from bot.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyWarning:
    """One early warning (`W2`) about one priority. `records` are the ids of what fired it; `action_id`, `measure_id`
    and `owner_id` say what it is about. It stands until it is answered or ended."""

    LETTER: ClassVar[str] = "W"

    id: str
    workspace_id: str
    service_id: str
    number: int
    priority_id: str
    rule: Rule
    records: tuple[str, ...]
    fingerprint: str
    sentence: str
    action_id: str | None = None
    measure_id: str | None = None
    owner_id: str | None = None
    written_at: datetime
    ended_at: datetime | None = None  # what fired it was put right
    answer: str = ""
    answered_by: str | None = None
    answered_at: datetime | None = None
    version: int = 1


class AnswerWarning(Form):
    """Why an early warning needs no more than this."""

    warning: str
    reason: Text


@dataclass(frozen=True)
class Changes:
    """What a look at the account changes: what is new, what fires again unanswered, and what fires no more."""

    new: tuple[Fired, ...] = ()
    again: tuple[EarlyWarning, ...] = ()
    over: tuple[EarlyWarning, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.again or self.over)


def stands(warning: EarlyWarning) -> bool:
    """Whether it waits for somebody."""
    return warning.ended_at is None and warning.answered_at is None


def standing(work: Work, service: Service) -> list[EarlyWarning]:
    """The early warnings of a service that wait for somebody, the oldest first."""
    return work.all(EarlyWarning, order="number", service_id=service.id, ended_at=None, answered_at=None)


def compare(known: Sequence[EarlyWarning], found: Sequence[Fired]) -> Changes:
    """How what fires now differs from what is on record.

    A finding is covered by a warning of the same rule and priority whose records include all of its own: only a record
    that no such warning knew yet makes a new one. What was answered stays silent."""
    new: list[Fired] = []
    again: list[EarlyWarning] = []
    firing: set[str] = set()
    for each in found:
        covers = [w for w in known if _covers(w, each)]
        if not covers:
            new.append(each)
            continue
        if any(w.answered_at for w in covers):
            continue
        cover = next((w for w in covers if stands(w)), covers[-1])
        firing.add(cover.id)
        if not stands(cover):
            again.append(cover)
    over = tuple(w for w in known if stands(w) and w.id not in firing)
    return Changes(tuple({f.fingerprint: f for f in new}.values()), tuple(dict.fromkeys(again)), over)


def keep_up(work: Work, service: Service, found: Sequence[Fired], now: datetime) -> list[EarlyWarning]:
    """Bring the record up to what fires now; gives back the new warnings, which nobody has been told of yet."""
    changes = compare(work.all(EarlyWarning, order="number", service_id=service.id), found)
    for warning in changes.over:
        save(work, None, now, "end warning", warning, replace(warning, ended_at=now))
    for warning in changes.again:
        save(work, None, now, "raise warning again", warning, replace(warning, ended_at=None))
    return [_raise(work, service, each, now) for each in changes.new]


def answer(work: Work, person: Person, form: AnswerWarning, now: datetime) -> EarlyWarning:
    """Answer a warning with a reason; it comes back only if something new fires it.

    Raises NotFound, NotAllowed, BadInput (answered already, ended)."""
    warning, service = open_warning(work, person, form.warning, Right.ANSWER)
    if earlier := done_before(work, service, form.request_id, EarlyWarning):
        return earlier
    must_stand(warning)
    answered = replace(warning, answer=form.reason, answered_by=person.id, answered_at=now)
    return save(work, person, now, "answer warning", warning, answered, reason=form.reason, request_id=form.request_id)


def must_stand(warning: EarlyWarning) -> None:
    """Raise BadInput unless the warning waits for an answer."""
    if warning.answered_at:
        raise BadInput(f"{ref(warning)} is answered already: {warning.answer}")
    if warning.ended_at:
        raise BadInput(f"{ref(warning)} no longer stands: what fired it was put right.")


def open_warning(work: Work, person: Person, typed: str, right: Right) -> tuple[EarlyWarning, Service]:
    """A warning by reference (`W2`) or id with its service, if the person may. Raises NotFound, NotAllowed."""
    return open_record(work, person, EarlyWarning, typed, right)


def _covers(warning: EarlyWarning, fired: Fired) -> bool:
    same = warning.rule is fired.rule and warning.priority_id == fired.priority_id
    return same and fired.records <= set(warning.records)


def _raise(work: Work, service: Service, fired: Fired, now: datetime) -> EarlyWarning:
    warning = EarlyWarning(
        id=new_id(now),
        workspace_id=service.workspace_id,
        service_id=service.id,
        number=work.next_number(service.workspace_id, EarlyWarning.LETTER),
        priority_id=fired.priority_id,
        rule=fired.rule,
        records=tuple(sorted(fired.records)),
        fingerprint=fired.fingerprint,
        sentence=fired.sentence,
        action_id=fired.action_id,
        measure_id=fired.measure_id,
        owner_id=fired.owner_id,
        written_at=now,
    )
    return add(work, None, now, "raise warning", warning)
