"""Finding words across the account of the services that a person may read."""

from typing import Any

from bot.errors import Refusal
from bot.plan.access import no_role, ref, services_of
from bot.plan.actions import Action
from bot.plan.entries import Entry, Evidence
from bot.plan.escalations import Escalation
from bot.plan.people import Right
from bot.plan.priorities import Priority
from bot.plan.reviews import Review
from bot.plan.samples import Sample
from bot.plan.signals import Signal
from bot.work import Work
from handlers import thread
from handlers.desk import Answer, Call, Feature, Verb
from handlers.views import finding as views

SHOWN = 12
SEARCHED = (Signal, Priority, Action, Entry, Evidence, Sample, Review, Escalation)
KINDS: dict[str, Any] = {kind_of_class.__name__.lower(): kind_of_class for kind_of_class in SEARCHED}


def find(call: Call) -> Answer:
    """`/sip find words`."""
    words = call.text.strip()
    if not words:
        return views.ask()
    if page := thread.by_reference(call, words):
        return page
    with call.desk.store.reading() as work:
        services = {s.id: s for s in services_of(work, call.person, Right.READ)}
        if not services:
            raise Refusal(f"You have no role in a service here. {no_role(work, call.person)}")
        found = work.search(list(services), words, SHOWN + 1)
        hits = []
        for kind, record_id, excerpt in found[:SHOWN]:
            record: Any = work.get(KINDS[kind], record_id)
            hits.append(_hit(work, record, kind, services[record.service_id].name, excerpt))
    return views.found(words, hits, more=len(found) > SHOWN)


def _hit(work: Work, record: Any, kind: str, where: str, excerpt: str) -> views.Hit:
    name = ref(record) if hasattr(record, "LETTER") else record.name
    priority_id = record.id if isinstance(record, Priority) else getattr(record, "priority_id", None)
    priority = work.get(Priority, priority_id)
    if priority and priority.id != record.id:
        where = f"{ref(priority)} {priority.title}, {where}"
    return views.Hit(name, kind, where, excerpt, priority_id)


FEATURE = Feature(
    name="finding",
    verbs=(Verb("find", "Find words across the plan", find, usage="words", also=("search",), reads=True),),
)
