"""Actions after they were planned: another owner, other words, cancelled, checked by somebody else, taken up again."""

from datetime import timedelta

from bot.errors import NotAllowed, NotFound, Stale
from bot.plan import actions, milestones, revisions
from bot.plan.actions import ActionStatus, Complete, Strength
from bot.plan.milestones import AddMilestone, CancelMilestone, MoveMilestone
from bot.plan.revisions import AssignAction, CancelAction, ResumeAction, ReviseAction, VerifyAction
from tests.bot.plan.scene import AUDIT, DEPUTY, MANAGER, PROVIDER, QUALITY, TEAM, Scene


def test_an_action_gets_another_owner(scene: Scene) -> None:
    action = scene.action(scene.priority())
    tess = scene.people[TEAM]
    given, revision = scene.repeats(
        DEPUTY, revisions.assign, AssignAction(action="A1", owner_id=tess.id, reason="Olu is on leave.")
    )
    assert given.owner_id == tess.id
    assert (revision.from_owner_id, revision.to_owner_id, revision.reason) == (
        scene.owner.id,
        tess.id,
        "Olu is on leave.",
    )
    assert scene.last(action).verb == "assign action"
    assert scene.last(revision).verb == "record revision"
    same = AssignAction(action="A1", owner_id=tess.id)
    scene.refused(DEPUTY, revisions.assign, same, "belongs to Tess Lane already", field="owner_id")
    guest = AssignAction(action="A1", owner_id=scene.add_person("Guest", guest=True).id)
    scene.refused(DEPUTY, revisions.assign, guest, "is a guest", field="owner_id")
    scene.refused(tess, revisions.assign, same, "may create or revise actions", error=NotAllowed)
    scene.refused(scene.owner, revisions.assign, same, "no action A1", error=NotFound)


def test_a_revision_keeps_from_what_to_what_and_why(scene: Scene) -> None:
    seen = scene.action(scene.priority())
    form = ReviseAction(
        action="A1",
        reason="Too broad.",
        what="Night lead reads the sheet aloud at 20:00.",
        check="10 handovers watched.",
        strength=Strength.INTERMEDIATE,
        version=seen.version,
    )
    changed, revision = scene.repeats(DEPUTY, revisions.revise, form)
    assert (changed.what, changed.strength) == ("Night lead reads the sheet aloud at 20:00.", Strength.INTERMEDIATE)
    assert (revision.from_what, revision.to_what) == (seen.what, changed.what)
    assert (revision.from_check, revision.to_check) == (seen.check, "10 handovers watched.")
    assert (revision.from_owner_id, revision.reason) == (None, "Too broad.")
    scene.refused(DEPUTY, revisions.revise, form, "was changed by Dan Okoro since", error=Stale)
    same = form.model_copy(update={"version": None})
    scene.refused(DEPUTY, revisions.revise, same, "Nothing of A1 was changed", field="what")
    scene.refused(QUALITY, revisions.revise, same, "may create or revise actions", error=NotAllowed)


def test_nobody_verifies_their_own_action(scene: Scene) -> None:
    priority = scene.priority()
    own = scene.action(priority, owner_id=scene.people[QUALITY].id)
    scene.do(QUALITY, actions.complete, Complete(action="A1"))
    accept = VerifyAction(action=own.id, accepted=True, found="Looks right.")
    scene.refused(QUALITY, revisions.verify, accept, "A1 is yours, and nobody checks their own", error=NotAllowed)
    scene.action(priority)
    scene.do(MANAGER, actions.complete, Complete(action="A2"))
    by_manager = VerifyAction(action="A2", accepted=True, found="Looks right.")
    scene.refused(MANAGER, revisions.verify, by_manager, "A2 was marked done by you", error=NotAllowed)
    assert scene.do(QUALITY, revisions.verify, by_manager).status is ActionStatus.VERIFIED


def test_an_action_is_accepted_by_somebody_else_or_returned(scene: Scene) -> None:
    action = scene.action(scene.priority())
    accept = VerifyAction(action="A1", accepted=True, found="20 sheets read, 19 complete.")
    scene.refused(QUALITY, revisions.verify, accept, "It is not marked done yet", field="action")
    scene.done(action)
    back = VerifyAction(action="A1", accepted=False, found="Only day sheets were shown.")
    returned = scene.repeats(QUALITY, revisions.verify, back)
    assert (returned.status, returned.done_at, returned.done_by) == (ActionStatus.IN_PROGRESS, None, None)
    assert (scene.last(action).verb, scene.last(action).reason) == ("return action", "Only day sheets were shown.")
    scene.done(action)
    checked = scene.repeats(MANAGER, revisions.verify, accept)
    assert (checked.status, checked.verified_by) == (ActionStatus.VERIFIED, scene.people[MANAGER].id)
    assert checked.verification == "20 sheets read, 19 complete."
    assert checked.wake_at is None
    scene.refused(QUALITY, revisions.verify, accept, "A1 is verified. Nothing was changed. Rosa Diaz verified it")
    for who in (TEAM, DEPUTY, AUDIT, PROVIDER):
        scene.refused(who, revisions.verify, accept, "may verify an action", error=NotAllowed)


def test_a_cancelled_action_keeps_its_reason_and_loses_its_review_points(scene: Scene) -> None:
    action = scene.action(scene.priority())
    point = scene.do(DEPUTY, milestones.add, AddMilestone(of="A1", on=scene.today))
    stays = scene.do(DEPUTY, milestones.add, AddMilestone(of="P1", on=scene.today))
    cancel = CancelAction(action="A1", reason="Replaced by an induction gate.")
    gone = scene.repeats(DEPUTY, revisions.cancel, cancel)
    assert (gone.status, gone.cancelled_reason) == (ActionStatus.CANCELLED, "Replaced by an induction gate.")
    assert scene.get(point).cancelled_at == scene.now
    assert scene.get(stays).cancelled_at is None
    assert scene.last(point).reason == "A1 was cancelled"
    scene.refused(DEPUTY, revisions.cancel, cancel, "A1 is cancelled already")
    scene.refused(scene.owner, revisions.cancel, cancel, "may create or revise", error=NotAllowed)
    add = AddMilestone(of="A1", on=scene.today)
    scene.refused(DEPUTY, milestones.add, add, "was cancelled. Choose the action", field="of")
    assert action.number == 1


def test_a_done_action_is_checked_not_cancelled(scene: Scene) -> None:
    scene.done(scene.action(scene.priority()))
    scene.refused(DEPUTY, revisions.cancel, CancelAction(action="A1", reason="x"), "is marked done. Verify it")


def test_a_verification_is_taken_back_by_those_who_verify_and_a_cancellation_by_those_who_plan(scene: Scene) -> None:
    priority = scene.priority()
    checked, dropped = scene.action(priority), scene.action(priority)
    scene.verified(checked)
    scene.do(DEPUTY, revisions.cancel, CancelAction(action="A2", reason="Too much."))
    again = ResumeAction(action="A1", reason="The sheets were of another unit.")
    scene.refused(DEPUTY, revisions.resume, again, "may verify an action", error=NotAllowed)
    open_again = scene.repeats(QUALITY, revisions.resume, again)
    assert (open_again.status, open_again.verified_at) == (ActionStatus.IN_PROGRESS, None)
    scene.refused(
        QUALITY, revisions.resume, ResumeAction(action="A2", reason="x"), "create or revise", error=NotAllowed
    )
    back = scene.do(DEPUTY, revisions.resume, ResumeAction(action="A2", reason="Needed after all."))
    assert (back.status, back.cancelled_reason) == (ActionStatus.IN_PROGRESS, "")
    scene.refused(DEPUTY, revisions.resume, ResumeAction(action="A2", reason="x"), "nothing to take up again")
    assert scene.last(dropped).reason == "Needed after all."


def test_review_points_are_added_moved_and_cancelled(scene: Scene) -> None:
    scene.action(scene.priority())
    soon, later = scene.today + timedelta(days=7), scene.today + timedelta(days=14)
    point = scene.repeats(DEPUTY, milestones.add, AddMilestone(of="A1", on=soon, note="20 sheets"))
    assert (point.on, point.note, point.wake_at) == (soon, "20 sheets", scene.now)
    again = AddMilestone(of="A1", on=soon)
    scene.refused(DEPUTY, milestones.add, again, "is planned already", field="on")
    past = AddMilestone(of="A1", on=scene.today - timedelta(days=1))
    scene.refused(DEPUTY, milestones.add, past, "has passed", field="on")
    scene.refused(QUALITY, milestones.add, past, "create or revise actions", error=NotAllowed)
    move = MoveMilestone(milestone=point.id, on=later, reason="Half term.")
    assert scene.repeats(DEPUTY, milestones.move, move).on == later
    assert scene.last(point).reason == "Half term."
    scene.refused(DEPUTY, milestones.move, move, "planned for 16 November 2026 already", field="on")
    gone = CancelMilestone(milestone=point.id, reason="Sampled monthly now.")
    assert scene.repeats(DEPUTY, milestones.cancel, gone).cancelled_at == scene.now
    scene.refused(DEPUTY, milestones.move, move, "was cancelled", field="milestone")
    unknown = MoveMilestone(milestone="nothing", on=later, reason="x")
    scene.refused(DEPUTY, milestones.move, unknown, "does not exist here", error=NotFound)
