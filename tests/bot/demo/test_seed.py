"""The demonstration provider: complete, true to the rules, and with something to do this morning, on any day."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from slack_sdk import WebClient

from bot.demo.player import Misplayed, Stage
from bot.demo.script import Step
from bot.demo.seed import seed
from bot.demo.world import read_world
from bot.insight.movement import Verdict
from bot.insight.privacy import look
from bot.plan.access import ref
from bot.plan.account import Account, load
from bot.plan.actions import Action, ActionStatus, Slip, is_open
from bot.plan.clocks import running
from bot.plan.entries import Entry, Evidence, EvidenceState
from bot.plan.journal import Event
from bot.plan.measures import Lens, Measure
from bot.plan.people import Person
from bot.plan.priorities import Priority, PriorityStatus
from bot.plan.reviews import Review
from bot.plan.samples import Sample
from bot.plan.services import Service
from bot.plan.signals import Signal
from bot.reports.register_parts import Filter, Register
from bot.reports.registers import REGISTERS
from bot.settings import Settings
from bot.timing.outbox import Reminder, ReminderState
from bot.timing.workdays import is_working_day, local_date, next_working_day_on_or_after
from handlers.desk import Desk
from handlers.tick import tick
from playground.server import MEADOW_CARE
from storage.files import FolderFiles
from storage.store import SqlStore, open_store
from storage.verify import verify
from tests.databases import migrated

R = TypeVar("R")
LONDON = ZoneInfo("Europe/London")
TODAY = datetime(2026, 11, 23, 8, 0, tzinfo=LONDON)


@dataclass
class Seeded:
    """A seeded database with its files, as of `now`."""

    store: SqlStore
    files: FolderFiles
    now: datetime
    told: str

    def all(self, kind: type[R], **equal: Any) -> list[R]:
        with self.store.reading() as work:
            return work.all(kind, **equal)

    def account(self, service: str) -> Account:
        with self.store.reading() as work:
            found = work.one(Service, name=service)
            assert found
            return load(work, found)

    def priority(self, title: str) -> Priority:
        return next(p for p in self.all(Priority) if title in p.title)


def seeded_at(folder: Path, now: datetime) -> Seeded:
    store, files = open_store(migrated(folder / "grip.db")), FolderFiles(folder / "files")
    return Seeded(store, files, now, seed(store, files, read_world(MEADOW_CARE), now.astimezone(UTC)))


@pytest.fixture(scope="module")
def meadow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    """The provider as of a Monday morning at eight."""
    made = seeded_at(tmp_path_factory.mktemp("meadow"), TODAY)
    yield made
    made.store.close()


def test_it_is_complete(meadow: Seeded) -> None:
    counted = {kind.__name__: len(meadow.all(kind)) for kind in (Priority, Action, Entry, Sample, Review, Signal)}
    assert counted == {"Priority": 11, "Action": 41, "Entry": 120, "Sample": 31, "Review": 35, "Signal": 25}
    assert [s.name for s in meadow.all(Service, order="name")] == ["Oak House", "Willow Court"]
    assert "120 entries, 101 pieces of evidence" in meadow.told


@pytest.mark.parametrize("service", ["Oak House", "Willow Court"])
@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: str(register.number))
def test_every_register_has_something_to_read(meadow: Seeded, service: str, register: Register) -> None:
    assert register.rows(meadow.account(service), Filter())


def test_no_words_would_earn_a_warning_about_personal_data(meadow: Seeded) -> None:
    kinds: tuple[type[Any], ...] = (Priority, Action, Entry, Sample, Review, Signal)
    for record in (record for kind in kinds for record in meadow.all(kind)):
        said = [value for value in asdict(record).values() if isinstance(value, str)]
        assert [(ref(record), words) for words in said if " " in words and look(words)] == []


def test_the_account_holds(meadow: Seeded) -> None:
    assert verify(meadow.store, meadow.files) == []


def test_nothing_is_dated_in_the_future_and_each_chain_runs_forward(meadow: Seeded) -> None:
    chains: dict[str, list[Event]] = {}
    for event in meadow.all(Event, order="number"):
        chains.setdefault(event.chain, []).append(event)
    assert len(chains) == 2
    for events in chains.values():
        times = [event.at for event in events]
        assert times == sorted(times)
        assert times[-1] < TODAY
    for entry in meadow.all(Entry):
        assert entry.on <= local_date(entry.written_at, "Europe/London")


def test_the_priorities_stand_in_every_state(meadow: Seeded) -> None:
    titles = {p.title: p.status for p in meadow.all(Priority)}
    assert titles == {
        "Falls around mealtimes": PriorityStatus.CLOSED,
        "Supervision and checks at night": PriorityStatus.OPEN,
        "Mouth care": PriorityStatus.PARTIALLY_IMPROVED,
        "Handovers that leave things out": PriorityStatus.PARTIALLY_IMPROVED,
        "Audits that change nothing": PriorityStatus.SPLIT,
        "Skin damage": PriorityStatus.PARTIALLY_IMPROVED,
        "Enough to drink": PriorityStatus.OPEN,
        "Medicines at Willow Court": PriorityStatus.READY_TO_CLOSE,
        "Training in date at Willow Court": PriorityStatus.OPEN,
        "Families hear back": PriorityStatus.OPEN,
        "Consent that is the person's own": PriorityStatus.OPEN,
    }


@pytest.mark.parametrize(
    ("service", "measure", "verdict", "drifted"),
    [
        ("Oak House", "Falls, whole house", Verdict.IMPROVED, False),
        ("Oak House", "Handovers that carry all eight items", Verdict.NO_CHANGE, True),
        ("Oak House", "Care plans that cover mouth care fully", Verdict.IMPROVED, False),
        ("Oak House", "People who say their mouth was looked after yesterday", Verdict.NO_CHANGE, False),
        ("Oak House", "People at high risk with any damaged skin", Verdict.IMPROVED, False),
        ("Oak House", "Fluid charts totalled at 14:00 and 20:00", Verdict.IMPROVED, False),
        ("Oak House", "People with a drink within reach", Verdict.NO_CHANGE, False),
        ("Oak House", "Staff supervised within eight weeks", Verdict.NO_CHANGE, False),
        ("Willow Court", "Medicine records without a gap or unexplained entry", Verdict.IMPROVED, False),
        ("Willow Court", "Staff with all required training in date", Verdict.NO_CHANGE, False),
        ("Willow Court", "Families who know what became of their concern", Verdict.NO_CHANGE, False),
    ],
)
def test_the_figures_say_what_the_stories_tell(
    meadow: Seeded, service: str, measure: str, verdict: Verdict, drifted: bool
) -> None:
    account = meadow.account(service)
    reading = account.reading(next(m for m in account.measures if m.name == measure))
    assert reading.verdict is verdict
    assert bool(reading.drift) is drifted


def test_handovers_rose_and_fell_back(meadow: Seeded) -> None:
    measure = next(m for m in meadow.all(Measure) if m.name == "Handovers that carry all eight items")
    taken = meadow.all(Sample, measure_id=measure.id, order="on")
    assert [(sample.met, sample.n) for sample in taken] == [(9, 20), (17, 20), (10, 20)]
    assert meadow.priority("Handovers").extensions


def test_one_priority_shows_paper_without_practice(meadow: Seeded) -> None:
    account = meadow.account("Oak House")
    drinks = meadow.priority("Enough to drink")
    verdicts = {r.measure.lens: r.verdict for r in account.readings_of(drinks)}
    assert verdicts == {Lens.RECORD: Verdict.IMPROVED, Lens.PRACTICE: Verdict.NO_CHANGE}


def test_one_is_closed_and_watched_one_is_old_and_one_has_a_clock(meadow: Seeded) -> None:
    falls, nights = meadow.priority("Falls"), meadow.priority("Supervision and checks")
    today = TODAY.date()
    assert falls.closed_on
    assert today - timedelta(days=92) < falls.closed_on < today - timedelta(days=31)
    assert any(s.on > falls.closed_on for s in meadow.all(Sample, priority_id=falls.id))
    assert today - nights.opened_on > timedelta(days=184)
    [clock] = running(meadow.priority("Consent"))
    assert today < clock.due_on <= today + timedelta(days=14)


def test_a_split_left_nothing_behind(meadow: Seeded) -> None:
    parent = meadow.priority("Audits")
    children = meadow.all(Priority, split_from=parent.id)
    assert len(children) == 3
    assert [a.status for a in meadow.all(Action, priority_id=parent.id)] == [ActionStatus.VERIFIED]
    assert all(meadow.all(Measure, priority_id=child.id) for child in children)


def test_one_overdue_action_slipped_twice(meadow: Seeded) -> None:
    slips = Counter(slip.action_id for slip in meadow.all(Slip))
    twice = [a for a in meadow.all(Action) if slips[a.id] == 2]
    assert [(is_open(a), a.due_on < TODAY.date()) for a in twice] == [(True, True)]


def test_evidence_is_kept_with_its_digest(meadow: Seeded) -> None:
    pieces = meadow.all(Evidence)
    assert all(piece.state is EvidenceState.KEPT and piece.sha256 and piece.size for piece in pieces)
    assert {piece.mimetype for piece in pieces} == {"application/pdf", "image/png", "text/plain"}
    assert all(len(meadow.files.get(piece.sha256 or "")) == piece.size for piece in pieces)


def test_it_is_told_by_many_on_every_shift(meadow: Seeded) -> None:
    entries = meadow.all(Entry)
    assert min(Counter(entry.shift for entry in entries).values()) >= 20
    assert len({entry.person_id for entry in entries}) >= 6
    assert sum(bool(entry.barriers) for entry in entries) >= 40
    assert len({entry.what for entry in entries}) == len(entries)


def test_it_refuses_a_database_that_is_in_use(meadow: Seeded) -> None:
    with pytest.raises(Exception, match="already holds Oak House, Willow Court"):
        seed(meadow.store, meadow.files, read_world(MEADOW_CARE), TODAY)


def test_a_story_that_breaks_a_rule_is_not_played(meadow: Seeded) -> None:
    with meadow.store.reading() as work:
        people = {p.name.split()[0].lower(): p for p in work.all(Person)}
        services = {"oak-house": work.all(Service, order="name")[0]}
        stage = Stage(work, meadow.files, None, people, services)  # type: ignore[arg-type]  # no day is asked for
        step = Step(TODAY, "trial", "oak-house", "amara", "open priority", {"title": "Mine"})
        with pytest.raises(Misplayed, match="trial, 2026-11-23, amara open priority"):
            stage.play(step)


# A Saturday, Christmas Day, just after the holidays, the hour after the clocks go back, the last day of February, and
# half past midnight.
@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 28, 11, 0, tzinfo=LONDON),
        datetime(2026, 12, 25, 9, 0, tzinfo=LONDON),
        datetime(2027, 1, 5, 9, 0, tzinfo=LONDON),
        datetime(2027, 10, 31, 1, 30, fold=1, tzinfo=LONDON),
        datetime(2028, 2, 29, 16, 0, tzinfo=LONDON),
        datetime(2026, 9, 15, 0, 30, tzinfo=LONDON),
    ],
    ids=lambda now: f"{now:%Y-%m-%d}",
)
def test_on_any_day_there_is_something_to_do_on_the_next_working_morning(tmp_path: Path, now: datetime) -> None:
    made = seeded_at(tmp_path, now)
    try:
        assert len(made.all(Entry)) == 120
        _look_at_the_morning(made)
    finally:
        made.store.close()


def test_this_morning_brings_what_is_due_and_no_flood(meadow: Seeded) -> None:
    _look_at_the_morning(meadow)
    kinds = {r.kind for r in meadow.all(Reminder)}
    assert kinds == {"overdue", "due_soon", "verification", "sampling", "assurance", "statutory"}


def _look_at_the_morning(made: Seeded) -> None:
    """The tick of the first working morning: everybody who has something to do hears, and nothing is stale."""
    desk = Desk(
        store=made.store,
        settings=Settings(),
        clock=lambda: made.now,
        files=made.files,
        client_of=lambda _: WebClient(),
    )
    today: date = next_working_day_on_or_after(made.now.date(), made.all(Service)[0].nation)
    morning = datetime.combine(today, datetime.min.time(), LONDON).replace(hour=9, minute=5)
    tick(desk, max(morning, made.now).astimezone(UTC))
    reminders = made.all(Reminder)
    assert {r.state for r in reminders} == {ReminderState.WAITING}
    names = {p.id: p.name for p in made.all(Person)}
    overdue = {names[r.person_id] for r in reminders if r.kind == "overdue"}
    assert "Beatriz Moreno" in overdue, sorted(overdue)
    assert len(reminders) < 40
    assert is_working_day(today, made.all(Service)[0].nation)


def test_everything_that_is_named_reads_as_a_reference(meadow: Seeded) -> None:
    assert [ref(p) for p in meadow.all(Priority, order="number")] == [f"P{n}" for n in range(1, 12)]
