"""Findings: audit findings and failed samples, open until an action answers them or a person says why not."""

from dataclasses import replace
from datetime import datetime

from bot.errors import BadInput
from bot.plan.access import done_before, open_record, parse_ref, ref
from bot.plan.actions import Action, ActionStatus
from bot.plan.fields import Form, OptionalText
from bot.plan.measures import Measure
from bot.plan.people import Person, Right
from bot.plan.samples import Sample
from bot.plan.saving import save
from bot.plan.signals import FINDINGS, Signal
from bot.work import Work

Finding = Signal | Sample


class AnswerFinding(Form):
    """Answer a finding (`S5`, or a failed sample `X9`) by an action of its priority, or say why none is needed."""

    finding: str
    action: str = ""
    reason: OptionalText = ""


def is_finding(record: Finding) -> bool:
    """Whether the record wants an answer at all: an audit or record-level finding of a priority, or a failed sample."""
    if record.withdrawn_at or record.priority_id is None:
        return False
    return record.failed if isinstance(record, Sample) else record.source in FINDINGS


def is_answered(record: Finding, action: Action | None) -> bool:
    """Whether its answer holds; `action` is the one it names. A cancelled action answers nothing."""
    if record.answered_by is None:
        return bool(record.answered_reason)
    return action is not None and action.status is not ActionStatus.CANCELLED


def threads_of(work: Work, record: Finding) -> list[str]:
    """The ids of the priorities whose actions can answer a finding: its own, and for a sample also the one that its
    measure has gone to since, by a split or a reopening."""
    measure = work.get(Measure, record.measure_id) if isinstance(record, Sample) else None
    found = [record.priority_id, measure.priority_id if measure else None]
    return [each for each in dict.fromkeys(found) if each]


def answer(work: Work, person: Person, form: AnswerFinding, now: datetime) -> Finding:
    """Answer a finding. Raises NotFound, NotAllowed, BadInput (nothing or both given, answered already, ...)."""
    if parse_ref(form.finding, Sample) is not None or work.get(Sample, form.finding) is not None:
        return _answer(work, person, form, now, Sample)
    return _answer(work, person, form, now, Signal)


def _answer(
    work: Work, person: Person, form: AnswerFinding, now: datetime, kind: type[Signal] | type[Sample]
) -> Finding:
    found, service = open_record(work, person, kind, form.finding, Right.PLAN)
    if earlier := done_before(work, service, form.request_id, kind):
        return earlier
    _wants_answer(found)
    named = work.get(Action, found.answered_by)
    if is_answered(found, named):
        by = f"by {ref(named)}" if named else f'with a reason: "{found.answered_reason}"'
        raise BadInput(f"{ref(found)} is answered already, {by}.", field="finding")
    if bool(form.action) == bool(form.reason):
        raise BadInput("Name the action that answers it, or write why none is needed: one of the two.", field="action")
    action_id = None
    if form.action:
        action, _ = open_record(work, person, Action, form.action, Right.PLAN)
        if action.priority_id not in threads_of(work, found):
            raise BadInput(f"{ref(action)} belongs to another priority than {ref(found)}.", field="action")
        if action.status is ActionStatus.CANCELLED:
            raise BadInput(f"{ref(action)} was cancelled and answers nothing. Choose another.", field="action")
        action_id = action.id
    answered = replace(found, answered_by=action_id, answered_reason=form.reason)
    return save(work, person, now, "answer finding", found, answered, reason=form.reason, request_id=form.request_id)


def _wants_answer(found: Finding) -> None:
    if is_finding(found):
        return
    if found.withdrawn_at:
        raise BadInput(f"{ref(found)} was withdrawn and wants no answer.", field="finding")
    if isinstance(found, Sample):
        raise BadInput(f"{ref(found)} did not miss its target, so it wants no answer.", field="finding")
    if found.priority_id is None:
        raise BadInput(f"Link {ref(found)} to a priority first; then an action of it can answer.", field="finding")
    raise BadInput(f"{ref(found)} is {_a(found.source.value)}, not a finding; it wants no answer.", field="finding")


def _a(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"
