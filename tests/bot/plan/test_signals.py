"""Signals and findings: logged by anyone at work, linked, answered, corrected."""

from datetime import timedelta

import pytest

from bot.errors import NotAllowed, NotFound
from bot.plan import findings, revisions, signals
from bot.plan.findings import AnswerFinding
from bot.plan.priorities import Priority
from bot.plan.revisions import CancelAction
from bot.plan.signals import LinkSignal, LogSignal, Source, UnlinkSignal
from tests.bot.plan.scene import AUDIT, DEPUTY, MANAGER, PROVIDER, QUALITY, TEAM, Scene


def form(scene: Scene, **facts: object) -> LogSignal:
    given: dict[str, object] = {
        "service_id": scene.service.id,
        "source": Source.AUDIT,
        "summary": "8 of 20 handover sheets had gaps.",
        "theme": "Handovers",
    }
    return LogSignal.model_validate(given | facts)


def test_a_signal_is_kept_once_with_its_day_and_its_writer(scene: Scene) -> None:
    signal = scene.repeats(TEAM, signals.log, form(scene, on=scene.today - timedelta(days=3), reference="AU-7"))
    assert (signal.number, signal.theme, signal.reference) == (1, "handovers", "AU-7")
    assert signal.on == scene.today - timedelta(days=3)
    assert signal.person_id == scene.people[TEAM].id
    event = scene.last(signal)
    assert (event.verb, event.person_id) == ("log signal", signal.person_id)
    assert event.after is not None
    assert event.after["summary"] == "8 of 20 handover sheets had gaps."


def test_a_signal_may_name_its_priority_and_take_its_theme(scene: Scene) -> None:
    priority = scene.priority()
    signal = scene.do(TEAM, signals.log, form(scene, theme="", priority="p1"))
    assert (signal.priority_id, signal.theme) == (priority.id, "handovers")


def test_what_a_signal_cannot_be(scene: Scene) -> None:
    scene.refused(TEAM, signals.log, form(scene, theme=""), "Give it a theme", field="theme")
    late = form(scene, on=scene.today + timedelta(days=1))
    scene.refused(TEAM, signals.log, late, "has not come yet", field="on")
    scene.refused(TEAM, signals.log, form(scene, priority="P9"), "no priority P9", error=NotFound)
    scene.refused(PROVIDER, signals.log, form(scene), "may log a concern", error=NotAllowed)


def test_a_signal_is_linked_and_unlinked_with_a_reason(scene: Scene) -> None:
    priority, signal = scene.priority(), scene.signal()
    link = LinkSignal(signal="S1", priority="P1")
    scene.refused(TEAM, signals.link, link, "may link signals", error=NotAllowed)
    scene.repeats(QUALITY, signals.link, link)
    assert scene.account().signals_of(priority) == (scene.get(signal),)
    assert scene.do(DEPUTY, signals.link, link).version == scene.get(signal).version
    scene.priority(title="Medicines")
    elsewhere = LinkSignal(signal="S1", priority="P2")
    scene.refused(DEPUTY, signals.link, elsewhere, "evidence for P1 already", field="priority")
    scene.repeats(DEPUTY, signals.unlink, UnlinkSignal(signal="S1", reason="About the day shift."))
    assert scene.account().signals_of(priority) == ()
    assert scene.last(signal).reason == "About the day shift."
    again = UnlinkSignal(signal="S1", reason="Again.")
    scene.refused(DEPUTY, signals.unlink, again, "linked to no priority")


def finding(scene: Scene, priority: Priority) -> signals.Signal:
    return scene.signal(source=Source.AUDIT, priority=priority.id)


def test_a_finding_is_open_until_an_action_answers_it(scene: Scene) -> None:
    priority = scene.priority()
    found, action = finding(scene, priority), scene.action(priority)
    assert scene.account().findings_of(priority) == (found,)
    scene.repeats(DEPUTY, findings.answer, AnswerFinding(finding="S1", action="A1"))
    assert scene.account().findings_of(priority) == ()
    other = AnswerFinding(finding="S1", reason="Not needed.")
    scene.refused(DEPUTY, findings.answer, other, "answered already, by A1", field="finding")
    scene.do(DEPUTY, revisions.cancel, CancelAction(action="A1", reason="Replaced."))
    assert [f.id for f in scene.account().findings_of(priority)] == [found.id], "a cancelled action answers nothing"
    scene.do(MANAGER, findings.answer, other)
    assert scene.account().findings_of(priority) == ()
    assert scene.last(found).reason == "Not needed."
    assert action.priority_id == priority.id


def test_a_failed_sample_is_a_finding_and_one_that_met_its_target_is_not(scene: Scene) -> None:
    priority = scene.priority()
    measure = scene.measure(priority, target="80")
    scene.sample(measure, 9, 20, baseline=True)
    failed = scene.sample(measure, 12, 20)
    met = scene.sample(measure, 16, 20)
    assert [s.failed for s in scene.account().samples_of(measure)] == [False, True, False]
    assert scene.account().findings_of(priority) == (failed,)
    scene.refused(DEPUTY, findings.answer, AnswerFinding(finding=met.id, reason="Fine."), "did not miss its target")
    scene.do(DEPUTY, findings.answer, AnswerFinding(finding="X2", reason="Answered by the new sheet of A1."))
    assert scene.account().findings_of(priority) == ()


@pytest.mark.parametrize(("action", "reason"), [("", ""), ("A1", "And also a reason.")])
def test_a_finding_wants_either_an_action_or_a_reason(scene: Scene, action: str, reason: str) -> None:
    priority = scene.priority()
    finding(scene, priority)
    scene.action(priority)
    both = AnswerFinding(finding="S1", action=action, reason=reason)
    scene.refused(DEPUTY, findings.answer, both, "one of the two", field="action")


def test_what_cannot_answer_a_finding(scene: Scene) -> None:
    priority, other = scene.priority(), scene.priority(title="Medicines")
    finding(scene, priority)
    scene.action(other)
    scene.signal(priority=priority.id)
    loose = scene.signal(source=Source.AUDIT)
    by = AnswerFinding(finding="S1", action="A1")
    scene.refused(DEPUTY, findings.answer, by, "belongs to another priority", field="action")
    scene.refused(DEPUTY, findings.answer, AnswerFinding(finding="S2", reason="x"), "is a complaint, not a finding")
    scene.refused(DEPUTY, findings.answer, AnswerFinding(finding=loose.id, reason="x"), "Link S3 to a priority first")
    scene.refused(QUALITY, findings.answer, by, "may create or revise actions", error=NotAllowed)
    scene.refused(AUDIT, findings.answer, AnswerFinding(finding="S9", reason="x"), "no signal S9", error=NotFound)
