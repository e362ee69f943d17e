"""Reminders as the ledger keeps them: made from what is due, thinned to the newest, explained once overtaken."""

from collections.abc import Iterable

from bot.plan.actions import Action, ActionStatus, Milestone
from bot.plan.people import Person
from bot.plan.priorities import Priority, is_live
from bot.plan.services import Service
from bot.timing.cadence import next_morning
from bot.timing.due import Due, Subject, series_of
from bot.timing.outbox import Reminder
from bot.timing.plan_cadence import words


def reminder_for(due: Due, person: Person, service: Service, id: str) -> Reminder:
    """The row that owes what is due to one person, on their morning of that day; lapsed where the due is."""
    return Reminder(
        id=id,
        key=due.key(person.id),
        workspace_id=service.workspace_id,
        service_id=service.id,
        kind=due.kind,
        subject_kind=due.subject_kind,
        subject_id=due.subject_id,
        period=due.period,
        person_id=person.id,
        due_at=next_morning(due.on, person, service),
        state=due.state,
        reason=due.reason,
    )


def newest_only(reminders: Iterable[Reminder]) -> tuple[list[Reminder], list[Reminder]]:
    """Waiting reminders parted into those worth sending and those of which the same person has a newer one."""
    newest: dict[tuple[str, str, str, str], Reminder] = {}
    older: list[Reminder] = []
    for reminder in sorted(reminders, key=lambda each: (each.due_at, each.period)):
        same = reminder.kind, reminder.subject_id, series_of(reminder.period), reminder.person_id
        if same in newest:
            older.append(newest[same])
        newest[same] = reminder
    return list(newest.values()), older


def what_changed(reminder: Reminder, subject: Subject) -> str:
    """Why the schedule of a record no longer holds a reminder, in words."""
    if isinstance(subject, Action):
        if reminder.kind == "verification" and subject.status is not ActionStatus.DONE:
            return "it was checked meanwhile" if subject.status is ActionStatus.VERIFIED else "it was opened again"
        if subject.status is ActionStatus.CANCELLED:
            return "the action was cancelled"
        if subject.status in (ActionStatus.DONE, ActionStatus.VERIFIED):
            return "the action was marked done"
        if not reminder.period.startswith(f"{subject.due_on}@"):
            return f"the due date moved to {words(subject.due_on)}"
        return f"snoozed until {words(subject.snoozed_until)}" if subject.snoozed_until else "its days changed"
    if isinstance(subject, Milestone):
        return "it was sampled" if subject.sample_id else f"the milestone moved to {words(subject.on)}"
    if isinstance(subject, Priority) and reminder.kind == "assurance":
        return "the sample was judged"
    if isinstance(subject, Priority) and reminder.kind == "statutory":
        return "the deadline was met or moved"
    if isinstance(subject, Priority):
        return "the priority was opened again" if is_live(subject) else "the priority was closed"
    return "the service's settings changed"
