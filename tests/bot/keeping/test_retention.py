"""Records go by age as the service says, threads whole, and what is left verifies, is searched and packed as before."""

from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.commands import retaining
from bot.errors import BadInput, NotFound
from bot.keeping.records import ACCOUNT
from bot.keeping.retention import idle_files, years_of
from bot.plan.entries import Entry, EvidenceState
from bot.plan.journal import note
from bot.plan.priorities import Priority, PriorityStatus
from bot.plan.services import Retention, Service
from bot.plan.signals import Signal, Source
from bot.reports.inspection import inspect
from bot.reports.narrowing import asked
from bot.reports.pack.verify_pack import faults
from bot.reports.sentences import Sentence
from bot.timing.outbox import Delivery, Reminder, ReminderState
from storage.backup import backup
from storage.files import FolderFiles
from storage.verify import verify
from tests.bot.keeping.leaving import a_message, a_reminder, everything_stored
from tests.bot.plan.scene import TEAM, Scene
from tests.bot.reports.pack import packed

YEAR = 366


@pytest.fixture
def files(tmp_path: Path) -> FolderFiles:
    return FolderFiles(tmp_path / "files")


@pytest.fixture
def told(scene: Scene, files: FolderFiles) -> Scene:
    """Oak House with P1 closed in November 2026 and P2 alive, and two messages and reminders of then."""
    packed.told_with_evidence(scene, files)
    second = scene.priority(title="Falls", theme="falls")
    scene.entry(scene.action(second), what="Fitted the handrail.")
    changed(scene, scene.account().priorities[0], status=PriorityStatus.CLOSED, closed_on=scene.today)
    with scene.store.transaction() as work:
        work.add(a_message(scene, "old", None, {"text": "then"}, channel="C1"))
        about = {"r": scene.account().entries[0].action_id, "live": scene.account().actions[-1].id}
        for id_, subject in about.items():
            given = replace(a_reminder(scene, scene.people[TEAM]), id=id_, key=id_, subject_id=subject)
            work.add(replace(given, state=ReminderState.SENT))
    return scene


def changed(scene: Scene, record: Any, **facts: Any) -> Any:
    """A record changed and journalled, whatever the rules say."""
    with scene.store.transaction() as work:
        before: Any = work.get(type(record), record.id)
        after = work.save(replace(before, **facts))
        note(work, None, scene.now, "change", before=before, after=after)
        return after


def retain(scene: Scene, files: FolderFiles, *words: str, apply: bool = False, service: str = "") -> list[str]:
    """The command line; what it prints."""
    return retaining.retain(
        scene.store, files, Namespace(service=service, set=list(words), apply=apply, dry_run=not apply), scene.now
    )


def records(scene: Scene) -> list[Any]:
    with scene.store.reading() as work:
        return [record for kind in ACCOUNT for record in work.all(kind)]


def test_nothing_goes_unless_the_service_says_so(told: Scene, files: FolderFiles) -> None:
    told.wait(50 * YEAR)
    before = everything_stored(told)
    said = retain(told, files, apply=True)
    assert everything_stored(told) == before
    assert said == ["Oak House keeps everything for ever."]
    looked = retain(told, files)
    assert any("(suggested: 10 years, unverified)" in line for line in looked)


def test_a_closed_thread_goes_whole_and_everything_left_holds(told: Scene, files: FolderFiles, tmp_path: Path) -> None:
    (photo,) = [e.sha256 for e in told.account().evidence if e.sha256]
    live = {r.id for r in records(told) if told.account().priorities[1].id in (r.id, getattr(r, "priority_id", ""))}
    loose = next(s for s in told.account().signals if s.priority_id is None)
    hashes = [(e.number, e.hash) for e in told.events()]
    told.wait(8 * YEAR)
    looked = retain(told, files, "plan=8")
    assert {r.id for r in records(told)} > live
    assert any("due: P1 Handovers" in line for line in looked)
    retain(told, files, apply=True)
    assert verify(told.store, files) == []
    assert {r.id for r in records(told)} == live | {loose.id}
    assert [(e.number, e.hash) for e in told.events()][: len(hashes)] == hashes
    stored = everything_stored(told)
    for words in ("Printer broke", "P. K.", "Asked for larger print", "Photographed", "11 of 20 sheets"):
        assert words not in stored
    assert not files.exists(photo or "")
    with told.store.reading() as work:
        assert work.search([told.service.id], "handrail")
        assert work.search([told.service.id], "photographed") == []
        assert [r.id for r in work.all(Reminder)] == ["live"]
    packed.packed(told, files, tmp_path / "pack.zip")
    assert faults(tmp_path / "pack.zip") == []
    assert backup(told.store, files, tmp_path / "after.zip") == []
    assert retain(told, files, apply=True)[-1] == "  removed: 0 records, 0 files alone, 0 reminders, 0 messages"


def test_a_day_too_early_nothing_goes(told: Scene, files: FolderFiles) -> None:
    closed = told.account().priorities[0].closed_on or date.min
    told.now = told.now.replace(year=closed.year + 8) - timedelta(days=1)
    retain(told, files, "plan=8", apply=True)
    assert len(told.account().priorities) == 2
    told.wait(1)
    retain(told, files, apply=True)
    assert [p.title for p in told.account().priorities] == ["Falls"]


@pytest.mark.parametrize(
    ("tie", "words", "why"),
    [
        (lambda s: s, ("plan=8", "complaints=10"), "P1 is old enough, but S1 among its signals is not."),
        (
            lambda s: changed(s, s.account().priorities[1], reopened_from=s.account().priorities[0].id),
            ("plan=8",),
            "P1 is old enough, but P2, which belongs to it, is not.",
        ),
    ],
)
def test_what_hangs_together_waits_for_the_youngest(
    told: Scene, files: FolderFiles, tie: Callable[[Scene], Any], words: tuple[str, ...], why: str
) -> None:
    tie(told)
    told.wait(8 * YEAR)
    before = {r.id for r in records(told)}
    assert f"  waits: {why}" in retain(told, files, *words, apply=True)
    assert {r.id for r in records(told)} == before


def test_signals_of_no_priority_go_by_their_own_class(told: Scene, files: FolderFiles) -> None:
    told.signal(source=Source.INCIDENT, summary="Fall in the hall.", theme="falls")
    told.wait(6 * YEAR)
    retain(told, files, "complaints=5", "incidents=10", apply=True)
    left = [s for s in told.account().signals if s.priority_id is None]
    assert [s.source for s in left] == [Source.INCIDENT]
    assert verify(told.store, files) == []


def test_files_go_before_the_entries_that_name_them(told: Scene, files: FolderFiles, tmp_path: Path) -> None:
    (kept,) = [e for e in told.account().evidence if e.sha256]
    told.wait(3 * YEAR)
    retain(told, files, "files=3", apply=True)
    left = told.get(kept)
    assert (left.state, left.sha256, left.name) == (EvidenceState.REMOVED, kept.sha256, kept.name)
    assert not files.exists(kept.sha256 or "")
    assert verify(told.store, files) == []
    assert backup(told.store, files, tmp_path / "after.zip") == []
    packed.packed(told, files, tmp_path / "pack.zip")
    assert "removed by age" in packed.text_of(packed.document(tmp_path / "pack.zip")).replace("\n", " ")


def test_a_file_that_another_record_holds_stays(told: Scene, files: FolderFiles) -> None:
    (kept,) = [e for e in told.account().evidence if e.sha256]
    alive = told.account().entries[-1]
    with told.store.transaction() as work:
        work.add(replace(kept, id="other", record_id=alive.id))
    told.wait(8 * YEAR)
    retain(told, files, "plan=8", apply=True)
    assert files.check(kept.sha256 or "")


def test_a_file_that_a_crash_left_behind_goes_with_the_next_run(told: Scene, files: FolderFiles) -> None:
    (kept,) = [e.sha256 or "" for e in told.account().evidence if e.sha256]

    class Silent:
        def remove(self, sha256: str) -> None:
            raise OSError(f"the storage does not answer about {sha256}")

    told.wait(8 * YEAR)
    with pytest.raises(OSError, match="does not answer"):
        retaining.retain(told.store, Silent(), Namespace(service="", set=["plan=8"], apply=True), told.now)
    with told.store.reading() as work:
        assert idle_files(work, told.service) == [kept]
    assert files.exists(kept)
    retain(told, files, apply=True)
    assert not files.exists(kept)


def test_old_messages_go_and_reminders_of_what_lives_stay(told: Scene, files: FolderFiles) -> None:
    told.wait(2 * YEAR)
    retain(told, files, "messages=2", apply=True)
    with told.store.reading() as work:
        assert work.all(Delivery) == []
        assert "live" in {r.id for r in work.all(Reminder)}  # the tick would offer it anew, were it gone
        assert work.count(Entry) > 1
        assert work.count(Priority) == 2


def test_the_setting_is_kept_told_and_refused_where_it_is_none(told: Scene, files: FolderFiles) -> None:
    retain(told, files, "plan=8", "messages=2", service="oak")
    retain(told, files, "messages=never")
    with told.store.reading() as work:
        service = work.get(Service, told.service.id)
        assert service
        assert service.retention == Retention(plan=8)
    assert [e.verb for e in told.events(told.service.id)][-2:] == ["set retention", "set retention"]
    for words in ("plans=8", "plan=0", "plan=x", "plan", "plan=101"):
        with pytest.raises(BadInput, match=r"no class of record|whole years from 1 to 100"):
            years_of([words], None)
    with pytest.raises(NotFound):
        retain(told, files, service="Elm")


def test_a_removed_signal_is_not_missed(told: Scene, files: FolderFiles) -> None:
    told.wait(6 * YEAR)
    retain(told, files, "complaints=5", apply=True)
    with told.store.transaction() as work:  # another one goes without a word
        work.remove(work.all(Signal)[0])
    (gone,) = verify(told.store, files)
    assert gone.what.endswith("is gone")


def test_an_inspector_is_told_the_same_of_what_is_left(told: Scene, files: FolderFiles) -> None:
    told.wait(8 * YEAR)

    def answers() -> list[tuple[Sentence, ...]]:
        account = told.account()
        return [question.sentences for question in inspect(account, told.today, asked(account, "P2")).questions]

    before = answers()
    assert any(before)
    retain(told, files, "plan=8", apply=True)
    assert answers() == before
