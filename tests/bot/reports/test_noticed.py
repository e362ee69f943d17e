"""What the rules noticed, told with what it rests on and how it was answered, in the answers and in the pack."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.plan import escalations, warnings
from bot.plan.access import ref
from bot.plan.escalations import RaiseEscalation, RespondEscalation, Response, raise_by_person
from bot.plan.warnings import AnswerWarning, EarlyWarning
from bot.reports.earlier import account_on
from bot.reports.inspection import inspect
from bot.reports.noticed import noticed
from bot.reports.pack.wanted import Wanted
from bot.warnings.rules import look
from storage.files import FolderFiles
from tests.bot.plan.scene import MANAGER, PROVIDER, QUALITY, Scene
from tests.bot.reports.oak_house import tell
from tests.bot.reports.pack import packed


def warned(scene: Scene) -> list[EarlyWarning]:
    """The rules look at November at Oak House, in which somebody planned vaguely; what they raise."""
    (priority, *_) = tell(scene).account().priorities
    for vague in ("Improve communication.", "Monitor handovers.", "Raise awareness of pain."):
        scene.action(priority, what=vague, check="Ongoing.")
    found = look(scene.account(), scene.now)
    with scene.store.transaction() as work:
        return warnings.keep_up(work, scene.service, found, scene.now)


def test_each_warning_is_told_with_its_records_and_its_answer(scene: Scene, tmp_path: Path) -> None:
    first, second, third, *rest = warned(scene)
    assert rest
    before = scene.today
    scene.wait(1)
    scene.do(QUALITY, warnings.answer, AnswerWarning(warning=first.id, reason="Counted again by hand"))
    why = f"{ref(second)} {second.rule}: {second.sentence}"
    escalation = scene.do(MANAGER, raise_by_person, RaiseEscalation(priority="P1", why=why))
    answer = RespondEscalation(escalation=escalation.id, response=Response.DEEPER, how="A day on nights")
    scene.do(PROVIDER, escalations.respond, answer)
    with scene.store.transaction() as work:
        work.save(replace(third, ended_at=scene.now))
    account = scene.account()
    told = {s.refs[0]: s for _, s in noticed(account, account.priorities[0])}
    assert len(told) == len([w for w in account.warnings if w.priority_id == account.priorities[0].id])
    assert told[ref(first)].text.endswith(f"Answered by Quinn Reed on {_day(scene.today)}: Counted again by hand.")
    assert told[ref(second)].text.endswith(f"Called on leadership with {ref(escalation)}: deeper practice review.")
    assert ref(escalation) in told[ref(second)].refs
    assert told[ref(third)].text.endswith(f"Put right by {_day(scene.today)}.")
    answered = {ref(first), ref(second), ref(third)}
    assert {name for name, s in told.items() if s.unresolved} == set(told) - answered
    assert all("Nobody has answered it yet." in told[name].text for name in set(told) - answered)
    waiting = [s for s in inspect(account, scene.today).questions[4].sentences if "for an answer about P1" in s.text]
    assert [set(s.refs) for s in waiting] == ([set(told) - answered] if set(told) - answered else [])
    then = account_on(account, before)
    assert all(s.unresolved for _, s in noticed(then, then.priorities[0]))  # the day before nobody had answered


def test_the_pack_tells_what_was_noticed_and_names_nobody_where_names_are_left_out(
    scene: Scene, tmp_path: Path
) -> None:
    first, *_ = warned(scene)
    reason = "Quinn Reed counted again by hand"
    scene.do(QUALITY, warnings.answer, AnswerWarning(warning=first.id, reason=reason))
    files = FolderFiles(tmp_path / "files")
    packed.packed(scene, files, tmp_path / "named.zip")
    text = packed.squeezed(packed.text_of(packed.document(tmp_path / "named.zip")))
    for _, sentence in noticed(scene.account(), scene.account().priorities[0]):
        assert packed.squeezed(sentence.text) in text
    packed.packed(scene, files, tmp_path / "nameless.zip", Wanted(names=False))
    nameless = packed.text_of(packed.document(tmp_path / "nameless.zip"))
    assert "Answered by Quality lead" in nameless.replace("\n", " ")
    assert "Reed" not in nameless


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
