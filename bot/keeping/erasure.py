"""Erasing one member of staff: what names them goes or becomes a pseudonym; the account of what was done stays."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.errors import BadInput
from bot.keeping.naming import MACHINE_MADE, NAMES_TYPED, Naming, rewritten, texts
from bot.keeping.people import is_to
from bot.keeping.records import ACCOUNT, called
from bot.plan.access import holdings
from bot.plan.journal import REMOVAL, Event, as_json, note, note_removal
from bot.plan.people import ROLE_NAMES, Person, UserGroup
from bot.plan.sealing import places
from bot.plan.services import Service
from bot.plan.takeover import owned_by
from bot.timing.outbox import Delivery, DeliveryState, Reminder, ReminderState
from bot.work import Work

PSEUDONYM = "a former member of staff"
TOOK_OUT, ERASED = "take out a name", "erase person"
# What of a message is kept, because others go by it: ids and days, no words.
_NO_WORDS = frozenset({"warnings", "again", "delivery_id", "evidence_id", "service_id", "on"})
_UNDER_WAY = (DeliveryState.WAITING, DeliveryState.CLAIMED)


@dataclass(frozen=True)
class Place:
    """Where a text names the person: the record as people call it, the field, and the words around the name."""

    service: Service
    record: str
    field: str
    words: str


@dataclass
class Erasure:
    """What an erasure will do. `stays` are texts that somebody typed and that name the person: they are not touched."""

    person: Person
    services: Sequence[Service]
    in_the_way: list[str] = field(default_factory=list)
    changes: list[tuple[Any, Any]] = field(default_factory=list)  # records as they are and as they will be
    stays: list[Place] = field(default_factory=list)
    journal: dict[str, dict[int, list[str]]] = field(default_factory=dict)  # chain: {number of event: places}
    unsealed: int = 0  # events of the first release that name them: their words are under the hash
    groups: list[UserGroup] = field(default_factory=list)
    reminders: list[Reminder] = field(default_factory=list)
    messages: list[tuple[Delivery, Delivery]] = field(default_factory=list)


def look(work: Work, person: Person, *, also: Sequence[str] = (), in_texts: bool = False, as_: str = "") -> Erasure:
    """Find everything that names the person; nothing is changed. `also`: names that they had before. `in_texts`: put
    the pseudonym (`as_`) into what people typed too, wherever the full name stands."""
    here = work.all(Service, order="name", workspace_id=person.workspace_id)
    naming = Naming.of(person, also, work.all(Person, workspace_id=person.workspace_id, erased_at=None))
    found = Erasure(person, here, [*_namesakes(naming), *_in_the_way(work, person, here)])
    pseudonym = as_ or PSEUDONYM
    for service in here:
        now_said: dict[str, dict[str, Any]] = {}
        for record in (record for kind in ACCOUNT for record in work.all(kind, service_id=service.id)):
            after = rewritten(record, _rewriting(record, naming, pseudonym, in_texts=in_texts))
            if after != record:
                found.changes.append((record, after))
            if left := list(_naming(service, after, naming)):
                found.stays += left
                now_said[record.id] = as_json(after)
        _look_in_journal(work, service.id, naming, now_said, found)
    _look_in_journal(work, person.workspace_id, naming, {}, found)
    found.groups = [g for g in work.all(UserGroup, workspace_id=person.workspace_id) if person.slack_id in g.members]
    found.reminders = work.all(Reminder, person_id=person.id, state=ReminderState.WAITING)
    for delivery in work.all(Delivery, workspace_id=person.workspace_id):
        emptied = _emptied(delivery, person, naming, pseudonym)
        if emptied != delivery:
            found.messages.append((delivery, emptied))
    return found


def erase(work: Work, person: Person, now: datetime, *, also: Sequence[str] = (), in_texts: bool = False) -> Erasure:
    """Erase the person in this transaction; what was done. Once more, with `also`, it takes out what was found later.

    Raises BadInput where something stands in the way."""
    if person.erased_at and not also:
        raise BadInput(f"{person.name} was erased already. Give the name that they had, to look for it once more.")
    number = "" if person.erased_at else work.next_number(person.workspace_id, "#")
    pseudonym = person.name if person.erased_at else f"{PSEUDONYM} (#{number})"
    done = look(work, person, also=also, in_texts=in_texts, as_=pseudonym)
    if done.in_the_way:
        raise BadInput("Nothing was erased. " + " ".join(done.in_the_way))
    for _, after in done.changes:
        note(work, None, now, TOOK_OUT, after=work.save(after))
    for group in done.groups:
        work.save(replace(group, members=tuple(m for m in group.members if m != person.slack_id)))
    for reminder in done.reminders:
        work.save(replace(reminder, state=ReminderState.DROPPED, reason="the person was erased"))
    for _, emptied in done.messages:
        work.save(emptied)
    for chain, parts in {chain: done.journal.get(chain, {}) for chain in _chains(done)}.items():
        for event in [event for event in work.events(chain) if event.number in parts] if parts else ():
            work.take_out(event, parts[event.number])
        note_removal(work, now, ERASED, chain=chain, record_id=person.id, parts=parts, called=pseudonym)
    nameless = Person(
        id=person.id,
        workspace_id=person.workspace_id,
        slack_id=f"erased-{person.id}",
        name=pseudonym,
        active=False,
        erased_at=person.erased_at or now,
        version=person.version,
    )
    done.person = work.save(nameless)
    return done


def _chains(done: Erasure) -> list[str]:
    return [*(service.id for service in done.services), done.person.workspace_id]


def _namesakes(naming: Naming) -> list[str]:
    return [
        f"{other.slack_id} is called {other.name} too, so that texts do not tell the two apart: have the one who stays "
        "add an initial to their name in Slack, then try again."
        for other in naming.namesakes
    ]


def _in_the_way(work: Work, person: Person, services: Sequence[Service]) -> list[str]:
    """What somebody else has to take over first, a sentence each."""
    found = []
    names = {service.id: service.name for service in services}
    for holding in holdings(work, person):
        where = names.get(holding.service_id or "", "every service")
        how = "take them out of the user group in Slack first" if holding.group_id else "end that first, by /sip setup"
        found.append(f"They are {ROLE_NAMES[holding.role]} of {where}: {how}.")
    for service in services:
        owned = owned_by(work, service.id, person.id)
        if owned:
            listed = ", ".join(called(record) for record in (*owned.actions, *owned.priorities))
            found.append(
                f"In {service.name} they still answer for {listed}: have it handed over first, by /sip takeover; what "
                "awaits its check is checked first."
            )
    return found


def _rewriting(record: Any, naming: Naming, pseudonym: str, *, in_texts: bool) -> Callable[[str, str], str]:
    kind = type(record).__name__

    def rewrite(name: str, text: str) -> str:
        if (kind, name) in NAMES_TYPED:
            return naming.likely.sub(pseudonym, text)
        if in_texts or (kind, name) in MACHINE_MADE:
            return naming.sure.sub(pseudonym, text)
        return text

    return rewrite


def _naming(service: Service, record: Any, naming: Naming) -> Iterator[Place]:
    for name, text in texts(record):
        if match := naming.likely.search(text):
            around = " ".join(text[max(0, match.start() - 40) : match.end() + 40].split())
            yield Place(service, called(record), name.replace("_", " "), around)


def _look_in_journal(
    work: Work, chain: str, naming: Naming, now_said: Mapping[str, Mapping[str, Any]], found: Erasure
) -> None:
    """Find the values in a chain that name the person, but for those that the record says still: taken out of the
    journal alone, nothing would vouch for what stands in the record."""
    for event in work.events(chain):
        if event.kind == REMOVAL:
            continue
        still = now_said.get(event.record_id, {})
        gone = [place for place, value in _named_in(event, naming) if still.get(_field(place)) != value]
        if gone and event.seal is None:
            found.unsealed += 1
        elif gone:
            found.journal.setdefault(chain, {})[event.number] = gone


def _named_in(event: Event, naming: Naming) -> Iterator[tuple[str, Any]]:
    typed = {name for kind, name in NAMES_TYPED if kind.lower() == event.kind}
    for place, value in places(event.before, event.after, event.reason).items():
        searched = naming.likely if _field(place) in typed else naming.sure
        if _matches(searched.search, value):
            yield place, value


def _field(place: str) -> str:
    return place.partition(".")[2]


def _matches(search: Callable[[str], object], value: Any) -> bool:
    """Whether a text anywhere in a JSON value is found."""
    if isinstance(value, str):
        return bool(search(value))
    if isinstance(value, Mapping):
        return any(_matches(search, each) for each in value.values())
    return isinstance(value, list | tuple) and any(_matches(search, each) for each in value)


def _emptied(delivery: Delivery, person: Person, naming: Naming, pseudonym: str) -> Delivery:
    """A message without what is personal: one to the person loses its words and is sent no more; one to others that
    names them says the pseudonym."""
    if is_to(delivery, person):
        kept = {name: value for name, value in delivery.payload.items() if name in _NO_WORDS}
        dropped = delivery.state in _UNDER_WAY
        state = DeliveryState.DROPPED if dropped else delivery.state
        error = "the person was erased" if dropped else delivery.error
        if (kept, state, None) == (dict(delivery.payload), delivery.state, delivery.channel):
            return delivery
        return replace(delivery, payload=kept, channel=None, state=state, error=error)
    if not _matches(naming.sure.search, delivery.payload):
        return delivery
    return replace(delivery, payload=_said_otherwise(delivery.payload, naming, pseudonym))


def _said_otherwise(value: Any, naming: Naming, pseudonym: str) -> Any:
    if isinstance(value, str):
        return naming.sure.sub(pseudonym, value)
    if isinstance(value, Mapping):
        return {name: _said_otherwise(each, naming, pseudonym) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_said_otherwise(each, naming, pseudonym) for each in value]
    return value
