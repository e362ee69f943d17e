"""Everything that is kept about one member of staff, for handing it to them: as data, and as a text to read."""

import json
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.ids import new_id
from bot.keeping.naming import Naming
from bot.keeping.people import is_to
from bot.keeping.records import ACCOUNT, called
from bot.plan.actions import Action
from bot.plan.entries import Entry, Evidence
from bot.plan.journal import Event, as_json, body, kind_of
from bot.plan.people import Person, RoleHolding, UserGroup
from bot.plan.services import Service
from bot.timing.outbox import Delivery, Reminder
from bot.work import Work

WIDTH = 96
EXPORTED = "export person"
_SAY_NOTHING = frozenset({"record", "service", "id", "number", "hash", "fingerprint", "key", "corrects", "chain"})
HEADINGS = {
    "person": "Who they are",
    "roles": "Roles held",
    "groups": "Slack user groups",
    "owns": "Actions and priorities in their name",
    "wrote": "What they wrote or recorded",
    "uploaded": "Evidence that they attached",
    "attended": "Entries that name them as present",
    "named": "Other records that name them",
    "events": "What they did, from the journal",
    "reminders": "Reminders owed or sent to them",
    "messages": "Messages to them",
}


@dataclass(frozen=True)
class Dossier:
    """Everything kept about a person: `parts` by the names of HEADINGS, each a list of records as JSON values."""

    person: Person
    at: datetime
    parts: dict[str, list[dict[str, Any]]]

    def as_data(self) -> str:
        """All of it as JSON."""
        whole = {"made_at": self.at.isoformat(), **self.parts}
        return json.dumps(whole, ensure_ascii=False, indent=1)

    def as_text(self) -> str:
        """All of it as a text to read, a heading for each part."""
        lines = [
            f"Everything that Grip keeps about {self.person.name}",
            f"Made on {self.at:%d %B %Y at %H:%M} UTC. The same, with all its ids, is in data.json, for machines.",
            "Records may also name other people; look them through before you hand this out.",
        ]
        for name, heading in HEADINGS.items():
            found = self.parts[name]
            lines += ["", f"{heading} ({len(found)})", "=" * len(heading)]
            for each in found:
                lines += ["", *(line.replace(self.person.id, self.person.name) for line in _told(each))]
        return "\n".join([*lines, ""])


def gather(work: Work, person: Person, now: datetime) -> Dossier:
    """Read everything about the person in their workspace, whatever their roles are now."""
    services = work.all(Service, order="name", workspace_id=person.workspace_id)
    naming = Naming.of(person, (), work.all(Person, workspace_id=person.workspace_id, erased_at=None))
    parts: dict[str, list[dict[str, Any]]] = {name: [] for name in HEADINGS}
    parts["person"].append(as_json(person))
    for holding in work.all(RoleHolding, workspace_id=person.workspace_id, person_id=person.id):
        parts["roles"].append(as_json(holding))
    for group in work.all(UserGroup, workspace_id=person.workspace_id):
        if person.slack_id in group.members:
            parts["groups"].append({"name": group.name, "slack_id": group.slack_id})
    for service in services:
        for record in (record for kind in ACCOUNT for record in work.all(kind, service_id=service.id)):
            if part := _part_of(record, person, naming):
                parts[part].append({"service": service.name, "record": called(record), **as_json(record)})
    for chain in (*(service.id for service in services), person.workspace_id):
        parts["events"] += [_as_event(e) for e in work.events(chain) if e.person_id == person.id]
    parts["reminders"] = [as_json(each) for each in work.all(Reminder, order="due_at", person_id=person.id)]
    sent = work.all(Delivery, order="next_at", workspace_id=person.workspace_id)
    parts["messages"] = [as_json(each) for each in sent if is_to(each, person)]
    return Dossier(person, now, parts)


def exported(work: Work, dossier: Dossier) -> None:
    """Tell the workspace's chain that all about the person was handed out, and when."""
    work.append(
        id=new_id(dossier.at),
        chain=dossier.person.workspace_id,
        at=dossier.at,
        person_id=None,
        verb=EXPORTED,
        kind=kind_of(dossier.person),
        record_id=dossier.person.id,
        before=None,
        after=None,
    )


def files_of(dossier: Dossier) -> Sequence[tuple[str, str]]:
    """SHA-256 and name of each evidence file that the person attached."""
    return [(each["sha256"], each["name"]) for each in dossier.parts["uploaded"] if each.get("sha256")]


def _part_of(record: Any, person: Person, naming: Naming) -> str:
    """The first part of the dossier to which a record belongs; "" where it has nothing to do with the person."""
    words = json.dumps(as_json(record), ensure_ascii=False)
    tests: Sequence[tuple[str, Callable[[], object]]] = (
        ("uploaded", lambda: isinstance(record, Evidence) and record.person_id == person.id),
        ("wrote", lambda: person.id == getattr(record, "person_id", None) and not isinstance(record, Action)),
        ("owns", lambda: person.id in (getattr(record, "owner_id", None), getattr(record, "lead_id", None))),
        ("wrote", lambda: person.id == getattr(record, "person_id", None)),
        ("attended", lambda: isinstance(record, Entry) and naming.likely.search(record.attended)),
        ("named", lambda: person.id in words or naming.likely.search(words)),
    )
    return next((part for part, belongs in tests if belongs()), "")


def _as_event(event: Event) -> dict[str, Any]:
    return {"record": f"{event.kind} {event.record_id}", **body(event), "hash": event.hash}


def _told(record: dict[str, Any]) -> list[str]:
    """A record as lines of "field: value"; what is empty, and ids, which say nothing to a reader, are left out."""
    title = " ".join(str(record[name]) for name in ("record", "service") if record.get(name))
    lines = [title] if title else []
    for name, value in record.items():
        if value in (None, "", [], {}) or name in _SAY_NOTHING or (name.endswith("_id") and name != "slack_id"):
            continue
        words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        lines += textwrap.wrap(
            f"{name.replace('_', ' ')}: {words}", WIDTH, initial_indent="  ", subsequent_indent="    "
        )
    return lines
