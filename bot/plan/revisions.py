"""What becomes of an action after it was planned: another owner, other words, cancelled, checked, taken up again."""

from dataclasses import replace
from datetime import datetime

from bot.errors import BadInput, NotAllowed
from bot.ids import new_id
from bot.plan.access import ask_whom, colleague, done_before, ref, require
from bot.plan.actions import Action, ActionStatus, Revision, Strength, is_open, must_be_open, open_action
from bot.plan.fields import Form, OptionalText, Text
from bot.plan.journal import note
from bot.plan.milestones import drop, waiting
from bot.plan.people import Person, Right
from bot.plan.priorities import Priority, must_be_live
from bot.plan.saving import save, unchanged
from bot.plan.services import Service
from bot.work import Work

CHECKS = {"return action": ActionStatus.IN_PROGRESS, "verify action": ActionStatus.VERIFIED}  # and where each leads


class AssignAction(Form):
    """A new owner; a reason is welcome."""

    action: str
    owner_id: str
    reason: OptionalText = ""


class ReviseAction(Form):
    """Other words for an action, and why; None stays as it is."""

    action: str
    reason: Text
    what: Text | None = None
    check: Text | None = None
    strength: Strength | None = None
    version: int | None = None


class CancelAction(Form):
    """An action that will not be done, and why."""

    action: str
    reason: Text


class VerifyAction(Form):
    """What a check of a done action found: accepted, or returned to its owner with the reason."""

    action: str
    accepted: bool
    found: Text
    version: int | None = None


class ResumeAction(Form):
    """A cancelled or verified action is taken up again, and why."""

    action: str
    reason: Text


def assign(work: Work, person: Person, form: AssignAction, now: datetime) -> tuple[Action, Revision]:
    """Give an open action to another owner. Raises NotFound, NotAllowed, BadInput (closed, left, owns it already)."""
    action, service = open_action(work, person, form.action, Right.PLAN)
    if earlier := done_before(work, service, form.request_id, Action):
        return earlier, _newest_revision(work, earlier)
    must_be_open(action)
    owner = colleague(work, person, form.owner_id, "owner_id")
    if owner.id == action.owner_id:
        raise BadInput(f"{ref(action)} belongs to {owner.name} already. Choose somebody else.", field="owner_id")
    given = replace(action, owner_id=owner.id, not_mine_at=None, snoozed_until=None, wake_at=now)
    return revised(work, person, now, "assign action", action, given, form.reason, form.request_id)


def revise(work: Work, person: Person, form: ReviseAction, now: datetime) -> tuple[Action, Revision]:
    """Change what an action says, and keep what it said. Raises NotFound, NotAllowed, BadInput, Stale."""
    action, service = open_action(work, person, form.action, Right.PLAN)
    if earlier := done_before(work, service, form.request_id, Action):
        return earlier, _newest_revision(work, earlier)
    must_be_open(action)
    unchanged(work, action, form.version)
    given = form.model_dump(include={"what", "check", "strength"}, exclude_none=True)
    if all(getattr(action, name) == value for name, value in given.items()):
        raise BadInput(f"Nothing of {ref(action)} was changed. Change a field, or close the form.", field="what")
    changed = replace(action, **given, wake_at=now)
    return revised(work, person, now, "revise action", action, changed, form.reason, form.request_id)


def cancel(work: Work, person: Person, form: CancelAction, now: datetime) -> Action:
    """Give up an open action, with its review points. Raises NotFound, NotAllowed, BadInput (done or closed)."""
    action, service = open_action(work, person, form.action, Right.PLAN)
    if earlier := done_before(work, service, form.request_id, Action):
        return earlier
    if action.status is ActionStatus.DONE:
        raise BadInput(f"{ref(action)} is marked done. Verify it, or return it to its owner first.", field="action")
    must_be_open(action)
    for milestone in waiting(work, action.priority_id):
        if milestone.action_id == action.id:
            drop(work, person, milestone, now, f"{ref(action)} was cancelled")
    gone = replace(
        action, status=ActionStatus.CANCELLED, cancelled_reason=form.reason, snoozed_until=None, wake_at=None
    )
    return save(work, person, now, "cancel action", action, gone, reason=form.reason, request_id=form.request_id)


def verify(work: Work, person: Person, form: VerifyAction, now: datetime) -> Action:
    """Check a done action: accept it, or return it. Raises NotFound, NotAllowed (one's own), BadInput (not done)."""
    action, service = open_action(work, person, form.action, Right.VERIFY)
    if earlier := done_before(work, service, form.request_id, Action):
        return earlier
    if person.id in (action.owner_id, action.done_by):
        mine = "is yours" if person.id == action.owner_id else "was marked done by you"
        whom = ask_whom(work, service, Right.VERIFY, without=person.id)
        raise NotAllowed(f"{ref(action)} {mine}, and nobody checks their own work. {whom}")
    if action.status is not ActionStatus.DONE:
        by = checked_by(work, action)
        waits = (by or "It is not marked done yet.") if is_open(action) else f"Nothing was changed. {by}".strip()
        raise BadInput(f"{ref(action)} is {action.status}. {waits}", field="action")
    unchanged(work, action, form.version)
    if form.accepted:
        checked = replace(
            action,
            status=ActionStatus.VERIFIED,
            verified_at=now,
            verified_by=person.id,
            verification=form.found,
            wake_at=None,
        )
        return save(work, person, now, "verify action", action, checked, request_id=form.request_id)
    back = replace(action, status=ActionStatus.IN_PROGRESS, done_at=None, done_by=None, wake_at=now)
    return save(work, person, now, "return action", action, back, reason=form.found, request_id=form.request_id)


def checked_by(work: Work, action: Action) -> str:
    """Who returned or verified an action that waits for no check any more, and what they found; "" where nobody did."""
    last = None
    for event in work.events(action.service_id, record_id=action.id):
        last = event if event.verb in CHECKS else last
    who = work.get(Person, last.person_id) if last and last.person_id else None
    if last is None or who is None or CHECKS[last.verb] is not action.status:
        return ""
    if action.status is ActionStatus.VERIFIED:
        return f"{who.name} verified it: “{action.verification.rstrip('.')}”."
    return f"{who.name} returned it: “{last.reason.rstrip('.')}”. It can be checked again once it is marked done."


def may_resume(work: Work, person: Person, action: Action, service: Service) -> None:
    """Raise NotAllowed for somebody who may not take an action up again, BadInput where there is nothing to."""
    require(work, person, service, Right.VERIFY if action.status is ActionStatus.VERIFIED else Right.PLAN)
    if action.status not in (ActionStatus.VERIFIED, ActionStatus.CANCELLED):
        raise BadInput(f"{ref(action)} is {action.status}; there is nothing to take up again.", field="action")


def resume(work: Work, person: Person, form: ResumeAction, now: datetime) -> Action:
    """Take up a cancelled action again, or take back a verification. Raises NotFound, NotAllowed, BadInput."""
    action, service = open_action(work, person, form.action, Right.READ)
    if earlier := done_before(work, service, form.request_id, Action):
        return earlier
    may_resume(work, person, action, service)
    priority = work.get(Priority, action.priority_id)
    if priority is not None:
        must_be_live(work, priority, "action")
    again = replace(
        action,
        status=ActionStatus.IN_PROGRESS,
        done_at=None,
        done_by=None,
        verified_at=None,
        verified_by=None,
        verification="",
        cancelled_reason="",
        wake_at=now,
    )
    return save(work, person, now, "resume action", action, again, reason=form.reason, request_id=form.request_id)


def revised(
    work: Work,
    person: Person,
    now: datetime,
    verb: str,
    before: Action,
    after: Action,
    reason: str,
    request_id: str | None,
) -> tuple[Action, Revision]:
    """Save a changed action together with the revision that says from what to what, and why."""
    moved = before.owner_id != after.owner_id
    revision = Revision(
        id=new_id(now),
        service_id=before.service_id,
        action_id=before.id,
        from_what=before.what,
        to_what=after.what,
        from_check=before.check,
        to_check=after.check,
        from_owner_id=before.owner_id if moved else None,
        to_owner_id=after.owner_id if moved else None,
        reason=reason,
        person_id=person.id,
        written_at=now,
    )
    work.add(revision)
    note(work, person, now, "record revision", after=revision)
    return save(work, person, now, verb, before, after, reason=reason, request_id=request_id), revision


def _newest_revision(work: Work, action: Action) -> Revision:
    return work.all(Revision, action_id=action.id, order="-written_at", limit=1)[0]
