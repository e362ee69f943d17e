"""Letting records go by age: what a service keeps for how long, what has fallen due, and removing it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any

from bot.errors import BadInput
from bot.keeping.records import ACCOUNT
from bot.plan.access import ref
from bot.plan.account import Account, load
from bot.plan.entries import Evidence, EvidenceState
from bot.plan.journal import REMOVAL, kind_of, note, note_removal
from bot.plan.priorities import Priority, is_live
from bot.plan.services import Retention, Service
from bot.plan.signals import Signal, Source
from bot.plan.warnings import EarlyWarning
from bot.timing.outbox import Delivery, DeliveryState, Reminder, ReminderState
from bot.timing.workdays import local_date
from bot.work import Work

APPLIED, REMOVED_FILE, SET = "apply retention", "remove file", "set retention"
LONGEST = 100  # years

# What is said of each class, and the years that a provider may start from. The 8 years of adult social care records are
# in the Records Management Code of Practice; every other figure is NOT verified, and said to be so.
VERIFIED = frozenset({"plan"})
CLASSES: Mapping[str, tuple[str, int]] = {
    "plan": ("a closed priority with all that hangs on it, from the day it was closed", 8),
    "complaints": ("complaints, from the day they were made", 10),
    "incidents": ("incidents, from the day they happened", 10),
    "audits": ("audit and record-level findings, from their day", 5),
    "other_signals": ("feedback and observations, from their day", 8),
    "files": ("evidence files of a closed priority, while the entries stay", 8),
    "messages": ("reminders and messages, from the day they were sent", 2),
}
_SOURCES: Mapping[Source, str] = {
    Source.COMPLAINT: "complaints",
    Source.INCIDENT: "incidents",
    Source.AUDIT: "audits",
    Source.RECORD: "audits",
    Source.FEEDBACK: "other_signals",
    Source.OBSERVATION: "other_signals",
}
_OVER = (DeliveryState.SENT, DeliveryState.DROPPED, DeliveryState.FAILED)
_TOLD = (ReminderState.SENT, ReminderState.DROPPED, ReminderState.LAPSED)


@dataclass
class Due:
    """What has fallen due in one service. `waits` says of each closed priority that is old enough why it stays."""

    service: Service
    priorities: list[Priority] = field(default_factory=list)
    records: list[Any] = field(default_factory=list)  # those of the priorities among them, parents first
    files: list[Evidence] = field(default_factory=list)  # these lose their file and stay
    reminders: list[Reminder] = field(default_factory=list)
    messages: list[Delivery] = field(default_factory=list)
    waits: list[str] = field(default_factory=list)
    unsealed: int = 0  # events of the first release: their words are under the hash and stay

    def __bool__(self) -> bool:
        return bool(self.records or self.files or self.reminders or self.messages)


def years_of(words: Iterable[str], before: Retention | None) -> Retention:
    """The setting after changes such as "plan=8" and "files=never". Raises BadInput."""
    changes: dict[str, int | None] = {}
    for each in words:
        name, _, years = each.partition("=")
        if name not in CLASSES:
            raise BadInput(f"{name!r} is no class of record. There are: {', '.join(CLASSES)}.")
        if years == "never":
            changes[name] = None
        elif years.isdecimal() and 1 <= int(years) <= LONGEST:
            changes[name] = int(years)
        else:
            raise BadInput(f"{each!r}: give whole years from 1 to {LONGEST}, or never: {name}={CLASSES[name][1]}.")
    return replace(before or Retention(), **changes)


def set_years(work: Work, service: Service, retention: Retention, now: datetime) -> Service:
    """Keep the setting, and tell the journal who may go by it from now on."""
    if retention == (service.retention or Retention()):
        return service
    saved = work.save(replace(service, retention=retention))
    note(work, None, now, SET, before=service, after=saved, chain=service.id)
    return saved


def look(work: Work, service: Service, now: datetime) -> Due:
    """What has fallen due; nothing is changed."""
    found, kept = Due(service), service.retention or Retention()
    if not any(getattr(kept, each.name) for each in fields(kept)):
        return found
    today = local_date(now, service.zone)
    account = load(work, service)
    for family in _families(account):
        _weigh(family, account, kept, today, found)
    loose = [s for s in account.signals if s.priority_id is None and _is_past(s.on, _years(kept, s), today)]
    found.records = _hanging_on(work, service, {p.id for p in found.priorities}, loose)
    gone = {record.id for record in found.records}
    closed = {p.id: p.closed_on for p in account.priorities if not is_live(p) and p.closed_on}
    of_entries = {entry.id: closed.get(entry.priority_id) for entry in account.entries}
    for evidence in account.evidence:
        held = evidence.state is EvidenceState.KEPT and evidence.sha256 and evidence.id not in gone
        if held and _is_past(of_entries.get(evidence.record_id), kept.files, today):
            found.files.append(evidence)
    _look_at_messages(work, service, kept.messages, today, gone, found)
    found.unsealed = sum(1 for e in work.events(service.id) if e.record_id in gone and e.seal is None)
    return found


def apply(work: Work, service: Service, now: datetime) -> Due:
    """Remove what has fallen due, in this transaction; what that was. Files go afterwards: see `idle_files`."""
    due = look(work, service, now)
    if not due:
        return due
    gone = {record.id for record in due.records}
    spoken = [e for e in work.events(service.id) if e.record_id in gone and e.kind != REMOVAL and e.seal is not None]
    for event in spoken:
        work.take_out(event, None)
    for record in (*reversed(due.records), *due.reminders, *due.messages):
        work.remove(record)
    for evidence in due.files:
        left = work.save(replace(evidence, state=EvidenceState.REMOVED))
        note(work, None, now, REMOVED_FILE, before=evidence, after=left)
    removed: dict[str, list[str]] = {}
    for record in due.records:
        removed.setdefault(kind_of(record), []).append(record.id)
    note_removal(
        work,
        now,
        APPLIED,
        chain=service.id,
        record_id=service.id,
        whole=[event.number for event in spoken],
        records=removed,
        files=sorted({e.sha256 for e in _evidence(due) if e.sha256}),
        priorities=[ref(p) for p in due.priorities],
        messages=len(due.messages) + len(due.reminders),
    )
    return due


def idle_files(work: Work, service: Service) -> list[str]:
    """The SHA-256 of every file that retention took from this service and that no record of any service still holds.

    It asks the journal, so that files which an earlier run left behind are found again."""
    told = {
        sha256
        for event in work.events(service.id, record_id=service.id)
        if event.kind == REMOVAL
        for sha256 in (event.after or {}).get("files", [])
    }
    held = work.all(Evidence, sha256=sorted(told)) if told else []
    return sorted(told - {e.sha256 for e in held if e.state is not EvidenceState.REMOVED})


def _evidence(due: Due) -> list[Evidence]:
    return [*due.files, *(record for record in due.records if isinstance(record, Evidence))]


def _years(kept: Retention, signal: Signal) -> int | None:
    years: int | None = getattr(kept, _SOURCES[signal.source])
    return years


def _is_past(since: date | None, years: int | None, today: date) -> bool:
    """Whether so many whole years have gone by; 29 February counts as 1 March."""
    if since is None or years is None:
        return False
    return (today.year - years, today.month, today.day) >= (since.year, since.month, since.day)


def _families(account: Account) -> Iterator[list[Priority]]:
    """Priorities that splits and reopenings join: their records hang on one another, so they go together."""
    waiting = {p.id: p for p in account.priorities}
    while waiting:
        family, ahead = [], [waiting.pop(next(iter(waiting)))]
        while ahead:
            one = ahead.pop()
            family.append(one)
            near = {one.split_from, one.reopened_from, *(child.id for child in account.children_of(one))}
            ahead += [waiting.pop(each) for each in near if each in waiting]
        yield sorted(family, key=lambda p: p.number)


def _weigh(family: list[Priority], account: Account, kept: Retention, today: date, found: Due) -> None:
    """Put a family among what goes, or say why it waits although one of it is old enough."""
    old = [p for p in family if not is_live(p) and _is_past(p.closed_on, kept.plan, today)]
    if not old:
        return
    # One that was carried on by others has no end of its own.
    young = [p for p in family if p not in old and (is_live(p) or p.closed_on is not None)]
    signals = [s for p in family for s in account.signals_of(p)]
    bound = [s for s in signals if (years := _years(kept, s)) is not None and not _is_past(s.on, years, today)]
    if not young and not bound:
        found.priorities += family
        return
    why = f"{ref(young[0])}, which belongs to it, is not" if young else f"{ref(bound[0])} among its signals is not"
    found.waits += [f"{ref(p)} is old enough, but {why}." for p in old]


def _hanging_on(work: Work, service: Service, priorities: set[str], loose: list[Signal]) -> list[Any]:
    """Everything that hangs on these priorities, and these signals; parents first."""
    found: dict[str, Any] = {signal.id: signal for signal in loose}
    gone = set(priorities)
    for kind in ACCOUNT if priorities else ():
        for record in work.all(kind, service_id=service.id):
            ties = (record.id, *(getattr(record, name, None) for name in ("priority_id", "action_id", "record_id")))
            if record.id not in found and not gone.isdisjoint(ties):
                gone.add(record.id)
                found[record.id] = record
    order = {kind: rank for rank, kind in enumerate(ACCOUNT)}
    return sorted(found.values(), key=lambda record: order[type(record)])


def _look_at_messages(work: Work, service: Service, years: int | None, today: date, gone: set[str], found: Due) -> None:
    """Reminders of what is removed, and those so old of what is over: a live record's reminders stay, since their being
    there is what keeps them from being sent again."""
    over = {r.id for kind in ACCOUNT for r in work.all(kind, service_id=service.id) if _is_over(r)}
    for reminder in work.all(Reminder, service_id=service.id):
        old = reminder.state in _TOLD and _is_past(local_date(reminder.due_at, service.zone), years, today)
        if reminder.subject_id in gone or (old and reminder.subject_id in over):
            found.reminders.append(reminder)
    for delivery in work.all(Delivery, service_id=service.id, state=list(_OVER)) if years else ():
        if _is_past(local_date(delivery.sent_at or delivery.next_at, service.zone), years, today):
            found.messages.append(delivery)


def _is_over(record: Any) -> bool:
    """Whether the tick will not look at the record again by itself."""
    return not isinstance(record, EarlyWarning) and getattr(record, "wake_at", None) is None
