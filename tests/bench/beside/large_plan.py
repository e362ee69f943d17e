"""A service with a large plan, made through the real verbs, and thirty thousand other services around it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import inspect, text

from bot.ids import new_id
from bot.plan import actions, entries, measures, priorities, reviewing, sampling, signals
from bot.plan.actions import NewAction
from bot.plan.entries import LogEntry
from bot.plan.measures import DefineMeasure, Lens
from bot.plan.people import Person, Role, RoleHolding
from bot.plan.priorities import NewPriority, Risk
from bot.plan.reviewing import RecordReview
from bot.plan.reviews import ReviewKind
from bot.plan.sampling import RecordSample
from bot.plan.services import Service, Shift
from bot.plan.signals import LogSignal, Source
from bot.work import Work
from storage.store import SqlStore

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PRIORITIES, ACTIONS, ENTRIES, SAMPLES, REVIEWS = 12, 60, 400, 80, 60
PROBLEM = (
    "On Willow unit, 11 of 20 night handovers left out fluid intake, pain relief or what the family was told (audit 14 "
    "May); one antibiotic dose was missed and a daughter learned of a fall two days late."
)
WORDS = (
    "Briefed the night team on the eight-line sheet at 20:00, read two sheets from last week together, and agreed who "
    "signs where. Two of six had not used it before; both did it once with the senior beside them."
)


def plant(store: SqlStore, name: str = "Oak House") -> Service:
    """One service with 12 priorities, 60 actions, 400 entries, 80 samples and 60 reviews over eleven months."""
    with store.transaction() as work:
        service = Service(id=new_id(START), workspace_id="T1", channel_id="C1", name=name, location_id="1-104857")
        person = Person(id=new_id(START), workspace_id="T1", slack_id="U1", name="Ruth Callaghan")
        work.add(service)
        work.add(person)
        for number, role in enumerate(Role):
            held = RoleHolding(
                id=f"held{number}", workspace_id="T1", service_id=service.id, role=role, person_id=person.id
            )
            work.add(held)
        for number in range(PRIORITIES):
            _thread(work, service, person, number)
    return service


def _thread(work: Work, service: Service, person: Person, number: int) -> None:
    """A twelfth of everything."""

    def at(day: int) -> datetime:
        return START + timedelta(days=day, minutes=number)

    form = NewPriority(
        service_id=service.id,
        title=f"Handovers and handing on, part {number + 1}",
        problem_statement=PROBLEM,
        rationale="People may fall again, go without a medicine or a drink because the next shift does not know.",
        evidence_base="Audit 14/H, incident INC-2291, complaint C-118 within three weeks.",
        risk=list(Risk)[number % 3],
        theme=f"handovers {number % 4}",
        quality_statement="S2",
    )
    priority = priorities.open_new(work, person, form, at(0), at(0).date())
    for source in (Source.COMPLAINT, Source.INCIDENT, Source.AUDIT):
        signal = LogSignal(service_id=service.id, source=source, summary=PROBLEM, priority=priority.id)
        signals.log(work, person, signal, at(0), at(0).date())
    owned = [_action(work, person, priority.id, at(1), i) for i in range(ACTIONS // PRIORITIES)]
    for i in range(ENTRIES // PRIORITIES + (number < ENTRIES % PRIORITIES)):
        entry = LogEntry(
            action=owned[i % len(owned)], what=f"{WORDS} ({i})", attended_count=6, staff_response="Clearer."
        )
        entries.log(work, person, entry, at(2 + 8 * i), (at(2 + 8 * i).date(), list(Shift)[i % 3]))
    lenses = [Lens.RECORD, Lens.EXPERIENCE]
    kept = [_measure(work, person, priority.id, lens, at(1)) for lens in lenses]
    for i in range(SAMPLES // PRIORITIES + (number < SAMPLES % PRIORITIES)):
        _sample(work, person, kept[i % 2], i // 2, at(5 + 20 * i))
    for i in range(REVIEWS // PRIORITIES):
        review = RecordReview(
            priority=priority.id,
            kind=ReviewKind.GOVERNANCE,
            improved=WORDS,
            unresolved=PROBLEM,
            decision="keep open",  # type: ignore[arg-type]  # pydantic reads the words
            challenge="What of weekends?",
            next_steps="Sample weekends.",
        )
        reviewing.record(work, person, review, at(30 + 50 * i), at(30 + 50 * i).date())


def _action(work: Work, person: Person, priority_id: str, now: datetime, number: int) -> str:
    form = NewAction(
        priority=priority_id,
        what=f"Night and day leads use the 8-line handover sheet at 08:00 and 20:00 on unit {number + 1}.",
        owner_id=person.id,
        due_on=date(2026, 6, 1) + timedelta(days=60 * number),
        check="The quality lead reads 20 sheets picked at random; standard 18 of 20 complete.",
    )
    return actions.create(work, person, form, now, now.date()).id


def _measure(work: Work, person: Person, priority_id: str, lens: Lens, now: datetime) -> str:
    form = DefineMeasure(priority=priority_id, name=f"Handovers complete ({lens})", lens=lens, target="90")
    return measures.define(work, person, form, now).id


def _sample(work: Work, person: Person, measure_id: str, number: int, now: datetime) -> None:
    form = RecordSample(
        measure=measure_id,
        n=20,
        met=min(20, 8 + 3 * number),
        baseline=number == 0,
        sampled="Night handover sheets, picked at random",
        findings=WORDS,
    )
    sampling.record(work, person, form, now, now.date())


def surround(store: SqlStore, service: Service, others: int) -> None:
    """So many other services, each with a tenth of a plan like this one, straight into the tables."""
    per_service = {"priorities": 1, "actions": 4, "entries": 8, "measures": 1, "samples": 3, "signals": 2, "reviews": 2}
    with store.engine.begin() as connection:
        for table in ("services", *per_service):
            for statement in _copies(connection, table, service, per_service.get(table, 1)):
                connection.execute(text(statement), {"many": others})
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _copies(connection: Any, table: str, service: Service, each: int) -> Iterator[str]:
    """Statements that copy one row of a table for every other service."""
    columns = [column["name"] for column in inspect(connection).get_columns(table)]
    where = f"id = '{service.id}'" if table == "services" else f"service_id = '{service.id}'"
    names = ", ".join(f'"{name}"' for name in columns)
    for copy in range(each):
        given = {
            "id": f"'{table}-{copy}-' || s.n" if table != "services" else "'service-' || s.n",
            "number": f"1000000 + s.n * {each} + {copy}",
            "service_id": "'service-' || s.n",
            "priority_id": "'priorities-0-' || s.n",
            "action_id": "'actions-0-' || s.n",
            "measure_id": "'measures-0-' || s.n",
            "channel_id": "'C-' || s.n",
            "wake_at": "NULL",
        }
        chosen = ", ".join(given.get(name, f't."{name}"') for name in columns)
        one = f"SELECT * FROM {table} WHERE {where} LIMIT 1"  # noqa: S608 - our own names
        series = "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < :many)"
        yield f"{series} INSERT INTO {table} ({names}) SELECT {chosen} FROM ({one}) t CROSS JOIN series s"  # noqa: S608 - the same
