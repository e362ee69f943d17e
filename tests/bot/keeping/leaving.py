"""Tess Lane leaves Oak House, where much names her; and everything that a database and its files hold."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.plan.amending import Amend, amend
from bot.plan.people import Person, RoleHolding, UserGroup
from bot.plan.reviews import ReviewKind
from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState, Reminder
from storage.files import FolderFiles
from tests.bot.plan.scene import MANAGER, TEAM, Scene
from tests.bot.reports.oak_house import review
from tests.bot.reports.pack.packed import told_with_evidence

TRACES = ("Tess", "Lane", "U-team_leader", "D-tess")


def named_everywhere(scene: Scene, files: FolderFiles) -> Person:
    """Tess is named in what was typed, in attendance, minutes, reasons, messages, a file's name, a user group."""
    tess = scene.people[TEAM]
    told_with_evidence(scene, files, name="Rota.png")
    (action, *_) = scene.account().actions
    entry = scene.entry(action, what="Briefed six with T. Lane.", attended="Tess Lane, Olu, Tess")
    said = {"what": "Briefed seven.", "attended": "Tess Lane, Olu", "on": entry.on, "shift": entry.shift}
    scene.do(TEAM, amend, Amend.model_validate({"entry": entry.id, **said}))
    review(scene, MANAGER, ReviewKind.GOVERNANCE, decision="keep open", present="R Diaz, T Lane", challenge="Ask Tess.")
    with scene.store.transaction() as work:
        work.add(UserGroup(id="g", workspace_id="T1", slack_id="S1", name="nights", members=("U-x", tess.slack_id)))
        work.add(a_reminder(scene, tess))
        work.add(a_message(scene, "sent", tess.id, {"text": "Good morning, Tess", "warnings": []}, channel="D-tess"))
        work.add(a_message(scene, "dm", None, {"channel": tess.slack_id, "text": "Saved"}, state=DeliveryState.WAITING))
        work.add(a_message(scene, "post", None, {"blocks": [{"text": "<@U-team_leader> logged E1"}]}, channel="C1"))
    return tess


def a_reminder(scene: Scene, to: Person) -> Reminder:
    """A reminder owed to somebody."""
    about: dict[str, Any] = {"kind": "overdue", "subject_kind": "action", "subject_id": "a", "period": "p"}
    about |= {"workspace_id": "T1", "service_id": scene.service.id, "person_id": to.id}
    return Reminder(id="r", key="k", due_at=scene.now, **about)


def a_message(scene: Scene, id_: str, person_id: str | None, payload: dict[str, Any], **more: Any) -> Delivery:
    """A message, sent already unless it says otherwise."""
    state = more.pop("state", DeliveryState.SENT)
    kind = DeliveryKind.POST
    facts = {"workspace_id": "T1", "service_id": scene.service.id, "next_at": scene.now, "state": state, "kind": kind}
    return Delivery(**{"id": id_, "key": id_, "person_id": person_id, "payload": payload, **facts, **more})


def ends_roles(scene: Scene, person: Person) -> None:
    """The person holds no role any more."""
    with scene.store.transaction() as work:
        for held in work.all(RoleHolding, person_id=person.id):
            work.save(replace(held, ended_at=scene.now))


def everything_stored(scene: Scene) -> str:
    """Every value of every row of the database."""
    found: list[str] = []
    with scene.store.engine.connect() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        for table in tables:
            found += [str(tuple(row)) for row in connection.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608 - names of tables
    return "\n".join(found)


def bytes_on_disk(folder: Path) -> bytes:
    """The database's files as they lie on the disk."""
    return b"".join(file.read_bytes() for file in sorted(folder.glob("grip.db*")))
