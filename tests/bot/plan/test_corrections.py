"""Corrections of signals, by their writer or by whoever keeps the evidence; nothing is overwritten silently."""

from datetime import timedelta

from bot.errors import NotAllowed
from bot.plan import corrections
from bot.plan.corrections import CorrectSignal, Withdraw
from bot.plan.signals import Source
from tests.bot.plan.scene import AUDIT, PROVIDER, QUALITY, TEAM, Scene


def test_a_signal_is_corrected_by_its_writer_or_the_quality_lead(scene: Scene) -> None:
    signal = scene.signal()
    form = CorrectSignal(signal="S1", reason="It was the son.", summary="Son of E. M. was told nothing.", theme="Calls")
    fixed = scene.repeats(TEAM, corrections.correct_signal, form)
    assert (fixed.summary, fixed.theme, fixed.corrected_at) == (
        "Son of E. M. was told nothing.",
        "calls",
        scene.now,
    )
    made, event = scene.events(signal.id)
    assert (event.verb, event.corrects, event.reason) == ("correct signal", made.id, "It was the son.")
    by_other = CorrectSignal(signal="S1", reason="It was an incident.", source=Source.INCIDENT)
    for who in (AUDIT, PROVIDER):
        scene.refused(who, corrections.correct_signal, by_other, "may link signals", error=NotAllowed)
    assert scene.do(QUALITY, corrections.correct_signal, by_other).source is Source.INCIDENT
    assert scene.last(signal).corrects == event.id


def test_what_a_correction_cannot_be(scene: Scene) -> None:
    seen = scene.signal()
    same = CorrectSignal(signal="S1", reason="x", summary=seen.summary)
    scene.refused(TEAM, corrections.correct_signal, same, "Nothing of S1 was changed")
    ahead = CorrectSignal(signal="S1", reason="x", on=scene.today + timedelta(days=1))
    scene.refused(TEAM, corrections.correct_signal, ahead, "has not come yet", field="on")


def test_a_withdrawn_signal_leaves_the_account_and_stays_in_the_journal(scene: Scene) -> None:
    priority = scene.priority()
    signal = scene.signal(priority="P1")
    gone = Withdraw(record="S1", reason="Logged twice.")
    scene.repeats(TEAM, corrections.withdraw_signal, gone)
    assert scene.account().signals_of(priority) == ()
    assert (scene.last(signal).verb, scene.last(signal).reason) == ("withdraw signal", "Logged twice.")
    scene.refused(TEAM, corrections.withdraw_signal, gone, "withdrawn already")
    change = CorrectSignal(signal="S1", reason="x", summary="Other words.")
    scene.refused(TEAM, corrections.correct_signal, change, "withdrawn already")
