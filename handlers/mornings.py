"""What a person's morning message says: its reminders looked at again as the records are now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.plan.access import ref, rights_in
from bot.plan.account import Account, load
from bot.plan.acknowledging import SEEN, seen_at
from bot.plan.actions import Action, ActionStatus, Milestone
from bot.plan.entries import Entry
from bot.plan.people import Person
from bot.plan.priorities import Priority
from bot.plan.reviews import RIGHT_TO, ReviewKind
from bot.plan.warnings import standing
from bot.reports.due_reviews import REVIEW_OF, due_reviews
from bot.timing.action_cadence import next_rung
from bot.timing.cadence import zone_of
from bot.timing.due import Context, Subject
from bot.timing.ledger import newest_only
from bot.timing.outbox import Delivery, Reminder, ReminderState
from bot.timing.reminders import NEWER, has_lapsed, still_applies
from bot.timing.workdays import local_date
from bot.work import Work
from handlers.contexts import SUBJECTS, Contexts
from handlers.views.parts import clip, day, escape, moment
from handlers.views.reminders import Item

NOT_RUNNING = "it comes late"
NO_ANSWER = "Slack could not be reached in time"
MAY_REPEAT = "Slack did not say whether it arrived then"
GONE = "what it was about is gone or cancelled"


@dataclass(frozen=True, slots=True)
class Told:
    """A reminder with what it is about."""

    reminder: Reminder
    subject: Subject
    context: Context


@dataclass(frozen=True, slots=True)
class Sorted:
    """Reminders that are worth sending now, and those that are not, as they are to be saved."""

    worth: list[Told]
    settled: list[Reminder]


def subject_of(work: Work, reminder: Reminder) -> Subject | None:
    """The record that a reminder is about."""
    kind = SUBJECTS.get(reminder.subject_kind)
    return work.get(kind, reminder.subject_id) if kind else None


def look_again(work: Work, contexts: Contexts, reminders: Sequence[Reminder], now: datetime) -> Sorted:
    """Part waiting reminders by whether they still say something; each one left out gets its reason."""
    settled: list[Reminder] = []
    worth: dict[str, Told] = {}
    for reminder in reminders:
        subject = subject_of(work, reminder)
        if subject is None or (isinstance(subject, Milestone) and subject.cancelled_at):
            settled.append(replace(reminder, state=ReminderState.DROPPED, reason=GONE))
            continue
        context = contexts.of(subject)
        if reason := still_applies(reminder, subject, context, now):
            settled.append(replace(reminder, state=ReminderState.DROPPED, reason=reason))
        elif reason := has_lapsed(reminder, context.service, now):
            settled.append(replace(reminder, state=ReminderState.LAPSED, reason=reason))
        else:
            worth[reminder.id] = Told(reminder, subject, context)
    newest, older = newest_only([told.reminder for told in worth.values()])
    settled += [replace(reminder, state=ReminderState.LAPSED, reason=NEWER) for reminder in older]
    return Sorted([worth[reminder.id] for reminder in newest], settled)


def items_of(
    work: Work, contexts: Contexts, person: Person, told: Sequence[Told], morning: Delivery, now: datetime
) -> list[Item]:
    """The lines of the message, what is longest overdue first: as of `now`, or as of when it was sent, and then with
    what happened since."""
    accounts: dict[str, Account] = {}
    items = []
    for each in told:
        item = _item(work, contexts, person, each, morning, now)
        if each.reminder.kind in REVIEW_OF:
            service = each.context.service
            accounts.setdefault(service.id, load(work, service))
            item = _with_reviews(work, contexts, person, item, accounts[service.id])
        items.append(item)
    return sorted(items, key=_weight)


def _with_reviews(work: Work, contexts: Contexts, person: Person, item: Item, account: Account) -> Item:
    """The same with each priority whose review it asks for."""
    kind = REVIEW_OF[item.kind]
    about = [item.subject] if isinstance(item.subject, Priority) else list(account.live)
    if kind is ReviewKind.QUARTERLY:
        about = [priority for priority in about if contexts.for_oversight(priority)]
    waiting = standing(work, account.service)
    may = RIGHT_TO[kind] in rights_in(work, person, account.service)
    return replace(item, reviews=due_reviews(account, waiting, about, kind, item.period, item.today), may_review=may)


def _weight(item: Item) -> tuple[bool, date, str]:
    due = item.subject.due_on if isinstance(item.subject, Action) else item.on
    return item.kind == "verification", due, item.subject.id


def _item(work: Work, contexts: Contexts, person: Person, told: Told, morning: Delivery, now: datetime) -> Item:
    reminder, subject, service = told.reminder, told.subject, told.context.service
    said_at = morning.sent_at or now
    zone = zone_of(person, service)
    on, said_on = local_date(reminder.due_at, zone), local_date(said_at, zone)
    today = local_date(said_at, service.zone)
    item = Item(
        kind=reminder.kind,
        subject=subject,
        service=service,
        today=today,
        on=on,
        period=reminder.period,
        unjudged_since=told.context.unjudged_since,
        late=(on, reminder.reason or (NO_ANSWER if morning.attempts > 1 else NOT_RUNNING)) if said_on > on else None,
    )
    if isinstance(subject, Milestone):
        item = replace(item, thread=work.get(Priority, subject.priority_id))
    elif isinstance(subject, Action):
        owner = contexts.person(subject.owner_id)
        mine = subject.owner_id == person.id and subject.not_mine_at is None
        rises = next_rung(subject, service, today) if reminder.kind == "overdue" else None
        item = replace(item, mine=mine, owner=owner.name if owner else "", rises=rises)
    if morning.sent_at is None:
        return item
    item = _since(work, contexts, item, told, morning.sent_at)
    if isinstance(subject, Action | Priority):
        item = replace(item, seen=seen_at(work, person, subject, morning.sent_at))
    return item


def _since(work: Work, contexts: Contexts, item: Item, told: Told, sent_at: datetime) -> Item:
    """The same with what was done since the message was sent: what, by whom, and when."""
    reason = still_applies(told.reminder, told.subject, told.context, sent_at)
    if isinstance(told.subject, Action):
        return _action_since(work, contexts, item, told.subject, reason, sent_at)
    return replace(item, happened=_sentence(reason), settled=True) if reason else item


def _action_since(
    work: Work, contexts: Contexts, item: Item, action: Action, reason: str | None, sent_at: datetime
) -> Item:
    if action.done_at and action.status in (ActionStatus.DONE, ActionStatus.VERIFIED) and item.kind != "verification":
        return replace(item, happened=f"Marked done{_signed(contexts, action.done_by, action.done_at)}.", settled=True)
    events = {event.verb: event for event in work.events(action.service_id, record_id=action.id) if event.at >= sent_at}
    events.pop(SEEN, None)  # nothing changed by it
    last = max(events.values(), key=lambda event: event.number, default=None)
    signed = _signed(contexts, last.person_id, last.at) if last else ""
    if action.status is ActionStatus.CANCELLED:
        words = f"Cancelled{signed}. {escape(clip(action.cancelled_reason, 200))}".strip()
    elif action.not_mine_at and action.not_mine_at >= sent_at:
        words = f"{escape(item.owner)} said that {ref(action)} is not theirs, {moment(action.not_mine_at)}."
    elif action.snoozed_until and "snooze" in events:
        words = f"Quiet until {day(action.snoozed_until)}{signed}."
    elif action.due_on > item.today and "more time" in events:
        words = f"Now due {day(action.due_on)}. Moved{signed}."
    elif reason:
        words = _sentence(reason) + (f" Changed{signed}." if signed else "")
    else:
        return replace(item, happened=_logged(work, contexts, action, sent_at))
    return replace(item, happened=words, settled=True)


def _logged(work: Work, contexts: Contexts, action: Action, sent_at: datetime) -> str:
    """The newest entry since the message was sent; it does not settle the matter."""
    newest = work.all(Entry, order="-written_at", action_id=action.id, withdrawn_at=None, limit=1)
    if not newest or newest[0].written_at < sent_at:
        return ""
    entry = newest[0]
    what = escape(clip(entry.what, 200))
    return f"Logged{_signed(contexts, entry.person_id, entry.written_at)}: {what}"


def _signed(contexts: Contexts, person_id: str | None, at: datetime) -> str:
    person = contexts.person(person_id) if person_id else None
    return f"{f' by {escape(person.name)}' if person else ''}, {moment(at)}"


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{escape(reason[1:])}."
