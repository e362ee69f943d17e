"""The page of a priority: its golden thread from the signals to now, and what this person can do next."""

from collections.abc import Iterator, Mapping

from bot.errors import NotFound
from bot.plan.access import open_record, parse_ref, ref, rights_in, roles_in
from bot.plan.account import Account, load
from bot.plan.actions import Action, is_open
from bot.plan.entries import Entry
from bot.plan.escalations import Escalation
from bot.plan.measures import Measure
from bot.plan.people import Person, Right
from bot.plan.priorities import Priority, PriorityStatus, is_live
from bot.plan.reviews import Review
from bot.plan.samples import Sample
from bot.plan.signals import Signal
from bot.reports.thread import thread_of
from bot.reports.waiting import Waiting, waiting_for
from bot.timing.workdays import local_date
from handlers.desk import Answer, Button, Call, Feature, Verb, whole
from handlers.places import priorities_here, services_here
from handlers.views import thread as views
from handlers.views.reviews import choose_priority
from handlers.views.thread import Way
from handlers.views.thread_records import Record, by_ref
from handlers.views.thread_records import page as page_of
from handlers.words import first_ref

WAYS = 5


def said(call: Call) -> Answer:
    """`/sip priority P3`, or alone: which one?"""
    typed, _ = first_ref(call.text, Priority)
    if typed:
        return _page(call, typed, 0)
    with call.desk.store.reading() as work:
        listed = priorities_here(work, services_here(work, call, Right.READ), closed=True)
    if len(listed) == 1:
        return _page(call, listed[0].id, 0)
    empty = "No priority is open yet. The first is opened with /sip priority new."
    return choose_priority(listed, "priority.show", "Which priority?", empty)


def show(call: Call) -> Answer:
    """The button: {"priority", "r": the first step shown}."""
    return _page(call, str(call.value["priority"]), whole(call.value.get("r") or 0))


def _page(call: Call, typed: str, start: int) -> Answer:
    with call.desk.store.reading() as work:
        priority, service = open_record(work, call.person, Priority, typed, Right.READ)
        account = load(work, service)
        rights = rights_in(work, call.person, service)
        roles = roles_in(work, call.person, service.id)
    today = local_date(call.now, service.zone)
    waiting = [w for w in waiting_for(account, call.person, roles, today) if w.priority_id == priority.id]
    ways = [*ways_on(account, priority, call.person, rights, waiting)][:WAYS]
    return views.page(account, priority, thread_of(account, priority), start, ways)


def ways_on(
    account: Account, priority: Priority, person: Person, rights: frozenset[Right], waiting: list[Waiting]
) -> Iterator[Way]:
    """What fits this person now: first what waits for them, then what their role does."""
    value = {"priority": priority.id}
    if not is_live(priority):
        if priority.status is PriorityStatus.CLOSED and Right.PRIORITY in rights:
            yield Way("Reopen", "priority.reopen", value)
        for child in account.children_of(priority):
            yield Way(f"Show {ref(child)}", f"priority.show#{ref(child)}", {"priority": child.id})
        return
    offered = set()
    for way in [*(_waiting_way(account, w) for w in waiting), *_usual(account, priority, person, rights)]:
        if way and (way.press, tuple(way.value.items())) not in offered:
            offered.add((way.press, tuple(way.value.items())))
            yield way


def _waiting_way(account: Account, waiting: Waiting) -> Way | None:
    """The button for what waits; None where it is only to be looked at."""
    priority = {"priority": waiting.priority_id}
    action = account.action(waiting.record_id)
    name = ref(action) if action else ""
    return {
        "sample": Way("Take a sample", "sample.open", priority),
        "verify": Way(f"Check {name}", f"action.verify#{name}", {"action": waiting.record_id}),
        "judge": Way("Judge the samples", "review.open#judge", {**priority, "kind": "assurance"}),
        "assign": Way(f"New owner for {name}", f"action.assign#{name}", {"action": waiting.record_id}),
        "close": Way("Close it", "priority.close", priority),
        "review": Way("Review it", "review.open", priority),
        "respond": Way("Choose a response", "escalation.respond", {"escalation": waiting.record_id}),
    }.get(waiting.step)


def _usual(account: Account, priority: Priority, person: Person, rights: frozenset[Right]) -> Iterator[Way]:
    value = {"priority": priority.id}
    mine = [a for a in account.actions_of(priority) if is_open(a) and a.owner_id == person.id]
    if mine:
        yield Way(f"Log on {ref(mine[0])}", "log.open", {"action": mine[0].id})
    if Right.DECIDE in rights or Right.OVERSEE in rights:
        yield Way("Review it", "review.open", value)
    if Right.MEASURE in rights and not account.measures_of(priority):
        yield Way("Define a measure", "measure.new", value)
    elif Right.SAMPLE in rights and Right.DECIDE not in rights:
        yield Way("Take a sample", "sample.open", value)
    if Right.PLAN in rights:
        yield Way("Add an action", "action.new", value)
    if Right.DECIDE in rights:
        yield Way("Close it", "priority.close", value)
    if Right.ESCALATE in rights:
        yield Way("Escalate", "escalate.open", value)
    if Right.SIGNAL in rights:
        yield Way("Log a signal", "signal.open", value)


def step(call: Call) -> Answer:
    """One record of the thread in full: {"priority", "ref", "r"}."""
    with call.desk.store.reading() as work:
        priority, service = open_record(work, call.person, Priority, str(call.value["priority"]), Right.READ)
        account = load(work, service)
    name = str(call.value["ref"])
    found = by_ref(account).get(name)
    if found is None:
        raise NotFound(f"There is no {name} in {service.name} that you may see.")
    return _record(call, account, found, priority, whole(call.value.get("r") or 0))


def _record(call: Call, account: Account, record: Record, priority: Priority | None, back: int) -> Answer:
    own = isinstance(record, Entry) and record.person_id == call.person.id
    return views.record(page_of(account, record), ref(record), priority, back, own_entry=own)


KINDS: Mapping[str, type[Record]] = {
    kind.LETTER: kind for kind in (Priority, Signal, Measure, Action, Entry, Sample, Review, Escalation)
}


def by_reference(call: Call, text: str) -> Answer | None:
    """The page of a record whose reference is all that was said; None where something else was.

    Raises NotFound in the same words whether there is none or it is out of the person's sight."""
    kind = KINDS.get(text.strip()[:1].upper())
    if kind is None or parse_ref(text, kind) is None:
        return None
    with call.desk.store.reading() as work:
        record, service = open_record(work, call.person, kind, text, Right.READ)
        if not isinstance(record, Priority):
            account = load(work, service)
            return _record(call, account, record, account.priority(record.priority_id), 0)
    return _page(call, record.id, 0)


FEATURE = Feature(
    name="thread",
    verbs=(
        Verb(
            "priority",
            "A priority from its first signal to now, and what you can do next",
            said,
            usage="[P3]",
            also=("thread", "golden thread"),
            reads=True,
        ),
    ),
    buttons=(Button("priority.show", show), Button("thread.step", step)),
)
