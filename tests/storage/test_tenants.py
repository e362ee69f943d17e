"""Every question that is asked of the store says whose rows it means; two workspaces that look alike stay apart."""

import ast
import inspect
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.plan.actions import Action
from bot.plan.journal import Event, first_break
from bot.plan.people import Person
from bot.plan.services import Service
from bot.timing.outbox import Delivery, DeliveryKind, Reminder
from storage.store import SqlStore
from storage.work import SqlWork
from tests.storage.plan import NOW, add_action, delivery, plant, reminder

ROOT = Path(__file__).parents[2]

# A question that names one of these means one workspace's rows: the id of anything is nobody else's.
KEYS = frozenset({"workspace_id", "service_id", "chain", "id", "key", "request_id"}) | {
    f"{record}_id" for record in ("priority", "action", "measure", "sample", "record", "person", "owner", "subject")
} | {"delivery_id", "split_from", "reopened_from"}  # fmt: skip
# Those that mean everybody's rows, and why they may. No person's request leads to any of them.
FOR_ALL = {
    "bot/commands/importing.py": "the operator names the service",
    "bot/commands/packing.py": "the operator names the service",
    "bot/commands/retaining.py": "the operator lets every service's records go by age",
    "bot/demo/seed.py": "the demonstration's database has one workspace",
    "bot/keeping/people.py": "the operator names the person, and the workspace where the name stands in several",
    "bot/keeping/retention.py": "a file's bytes are kept once for all; it goes when no evidence of anybody names it",
    "handlers/figures.py": "depths and ages of the whole outbox, never whose",
    "storage/looking.py": "the doctor looks at each service's channel",
}
# The statements that storage writes itself: what each is keyed by.
STATEMENTS = {
    "backup._count_on": "all: the operator's",
    "backup._fits": "all: the operator's",
    "backup._write": "all: the operator's",
    "backup._write_files": "all: the operator's",
    "deliveries._claiming": "all: the outbox serves every workspace, and each row names its own",
    "deliveries._doubtful": "all: the outbox serves every workspace, and each row names its own",
    "deliveries._held": "all: the outbox serves every workspace, and each row names its own",
    "deliveries._offering": "the row's own key",
    "deliveries._ready": "all: which kinds of delivery wait for anybody, and no row of them",
    "deliveries._waits": "the condition under which a row waits",
    "installations._claimed": "the digest of a token",
    "installations._locked": "the workspace or organisation",
    "installations._remembered": "the workspace or organisation",
    "installations._write": "the workspace or organisation",
    "installations._write_member": "the workspace",
    "installations": "all: the operator's",
    "installations.members": "all: the operator's",
    "installations.new_state": "a secret word",
    "installations.remove": "the workspace or organisation",
    "installations.renew_due": "all: each is then renewed under its own lock",
    "installations.spend_state": "a secret word",
    "journal": "the chain, or the event's id",
    "locks": "the workspace, or a service's id",
    "paces": "the workspace and the method",
    "paces._free": "the workspace and the method",
    "queries": "all: people who are owed something; each is then met in their own workspace",
    "queries._any_waking": "all: whether time has come to anybody, and no record",
    "queries._counting": "the workspace",
    "queries._rewaking": "the record's id",
    "queries._rousing": "the service's id",
    "queries._waking": "all: time comes to every workspace, and each record names its own",
    "records._count": "what the caller names (see KEYS)",
    "records._insert": "the row's own id",
    "records._select": "what the caller names (see KEYS)",
    "records._update": "the record's id",
    "records.remove": "the record's id",
    "resting": "the condition of an index",
    "resting._home": "the service of a row",
    "resting._hook": "the workspace's own key",
    "resting._wake": "what the caller names",
    "resting._moved": "no rows: how a moment is moved",
    "resting.drop_waiting": "the workspace",
    "resting.due": "all: workspaces that removed the app, of which time has come to something",
    "resting.rest": "the workspaces, each locked",
    "resting.wake": "the workspace",
    "resting.wake_installed": "all: what rests, and should not",
    "search": "the services that the person may read",
    "search._keeping": "the record's id",
    "tables._table": "the condition of an index",
    "together": "no rows: where one transaction among several begins and ends",
    "verify._chains": "all: the operator's",
    "verify._file_breaks": "all: the operator's",
    "verify._last_told": "all: the operator's",
    "verify._record_breaks": "all: the operator's",
    "verify._told_removed": "all: the operator's",
}
MAKERS = {"select", "update", "delete", "insert", "insert_or", "text"}


def questions() -> Iterator[tuple[str, ast.Call]]:
    """Every call of `all`, `one` and `count` on a unit of work, and the file it stands in."""
    for package in ("bot", "handlers", "storage"):
        for file in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    asked = node.func.attr in {"all", "one", "count"}
                    if asked and ast.unparse(node.func.value).removeprefix("self.").lstrip("_") == "work":
                        yield file.relative_to(ROOT).as_posix(), node


def statements() -> set[str]:
    """The functions of storage (or its modules, for those made once) that write SQL of their own."""
    found = set()
    for file in sorted((ROOT / "storage").glob("*.py")):
        for node in ast.parse(file.read_text()).body:
            inside = list(node.body) if isinstance(node, ast.ClassDef) else [node]
            for part in inside:
                named = [n.func.id for n in ast.walk(part) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
                if MAKERS.intersection(named):
                    function = f".{part.name}" if isinstance(part, ast.FunctionDef) else ""
                    found.add(file.stem + function)
    return found


def test_every_question_says_whose_rows_it_means() -> None:
    asked = list(questions())
    assert len(asked) > 150
    for_all = {file for file, call in asked if not KEYS.intersection(word.arg or "" for word in call.keywords)}
    assert for_all == set(FOR_ALL)


def test_every_statement_of_its_own_says_what_it_is_keyed_by() -> None:
    assert statements() == set(STATEMENTS)


@pytest.fixture
def alike(store: SqlStore) -> SqlStore:
    """Two workspaces with the same numbers, channels, names and Slack ids."""
    with store.transaction() as work:
        for workspace, tail in (("T1", ""), ("T2", "2")):
            plant(work, workspace, tail)
            place: dict[str, Any] = {"service_id": f"service{tail}", "workspace_id": workspace}
            work.offer(reminder(f"late{tail}", person_id=f"person{tail}", subject_id=f"action{tail}", **place))
            work.enqueue(delivery(f"post{tail}", payload={"text": workspace}, **place))
    return store


def test_every_method_of_a_unit_of_work_keeps_two_workspaces_apart(alike: SqlStore) -> None:
    tried = set()
    with alike.transaction() as work:

        def call(name: str, *given: Any, **named: Any) -> Any:
            tried.add(name)
            return getattr(work, name)(*given, **named)

        for workspace, tail in (("T1", ""), ("T2", "2")):
            mine = call("one", Action, workspace_id=workspace, number=1)
            assert mine.id == f"action{tail}"
            assert [a.id for a in call("all", Action, workspace_id=workspace)] == [f"action{tail}"]
            assert call("one", Person, workspace_id=workspace, slack_id="U1").id == f"person{tail}"
            assert call("one", Service, workspace_id=workspace, channel_id="C1").id == f"service{tail}"
            assert call("count", Action, workspace_id=workspace) == 1
            assert call("get", Action, mine.id).workspace_id == workspace
            assert {found[1] for found in call("search", [f"service{tail}"], "night staff")} == {mine.id}
            chain = list(call("events", f"service{tail}"))
            assert {event.record_id[-1:] == "2" for event in chain} == {bool(tail)}
            assert call("head", f"service{tail}") == (chain[-1].number, chain[-1].hash)
            assert call("event_of", "nobody's") is None
        assert call("next_number", "T1", "A") == 2
        assert call("next_number", "T2", "A") == 2
        before = _rows(work, "T2")
        call("save", call("get", Action, "action"))
        add_action(work, number=3)  # adds and appends
        call("rewake", Action, "action", NOW - timedelta(days=1))
        call("rouse", Service, "service", NOW)
        call("add", Person(id="new", workspace_id="T1", slack_id="U2", name="Rosa"))
        call("remove", call("get", Person, "new"))
        assert call("offer", reminder("late")) is False
        assert call("enqueue", delivery("post")) is False
        assert _rows(work, "T2") == before
        # Time and the outbox serve both; each row names its own.
        assert {a.workspace_id for a in call("waking", Action, NOW, 10)} == {"T1"}
        assert set(call("recipients_due", NOW, 10)) == {"person", "person2"}
        assert call("any_waking", [Action], NOW)
        assert call("ready_kinds", NOW, [DeliveryKind.POST]) == {DeliveryKind.POST}
        for found in call("claim", NOW, NOW + timedelta(minutes=2), "me", 10, DeliveryKind.POST):
            assert found.payload == {"text": found.workspace_id}
        assert {held.workspace_id for held in call("in_doubt", 10)} == {"T1", "T2"}
        apart, method = timedelta(seconds=1), "chat.postMessage"
        call("pause", "T1", method, NOW + timedelta(minutes=1), apart, 1.0, NOW)
        assert call("turns", "T1", method, 1, apart, 1.0, NOW) == [NOW + timedelta(minutes=1)]
        assert call("turns", "T2", method, 1, apart, 1.0, NOW) == [NOW]
        assert first_break(work.events("service2")) is None
    public = {name for name, _ in inspect.getmembers(SqlWork, inspect.isfunction) if not name.startswith("_")}
    assert public - tried == LEFT_OUT


# Tried above through what calls them (append), or keyed by an event's id (take_out: tests/storage/test_keeping.py), or
# asking for no rows.
LEFT_OUT = {"append", "take_out", "begin", "finish", "undone"}


def _rows(work: SqlWork, workspace: str) -> list[Any]:
    kinds = (Action, Person, Service, Reminder, Delivery)
    found: list[Any] = [record for kind in kinds for record in work.all(kind, workspace_id=workspace)]
    return [*found, *work.all(Event, chain="service2" if workspace == "T2" else "service")]
