"""What becomes of a review once it is kept: corrected, listed in the minutes of its meeting, and signed."""

from datetime import timedelta

from bot.plan.access import ref
from bot.plan.reviews import Decision, Review
from playground.actor import words
from tests.handlers.account import measured, review, today
from tests.handlers.conftest import House


def test_a_correction_keeps_the_decision_and_wants_signing_again(house: House) -> None:
    priority = measured(house)
    kept = review(house, priority, agreement="Coach nigths")
    ruth, hannah = house.actor("ruth"), house.actor("hannah")
    ruth.command(f"/sip sign {ref(kept)}")
    assert "is signed" in words(ruth.told("oak-house"))
    assert house.all(Review)[0].signed_at
    hannah.command(f"/sip review correct {ref(kept)}")
    assert "Only a Registered Manager may" in words(hannah.told("oak-house"))
    ruth.command(f"/sip review correct {ref(kept)}")
    view = ruth.see_modal("signing again")
    assert sum(block["type"] == "input" for block in view["blocks"]) <= 6
    nothing = ruth.submit({"reason": "typo"}, view)
    assert "Nothing of R1 was changed" in " ".join(nothing["errors"].values())
    assert ruth.submit({"agreement": "Coach nights", "reason": "typo"}, view)["ok"]
    (corrected,) = house.all(Review)
    assert corrected.agreement == "Coach nights"
    assert corrected.signed_at is None
    assert corrected.corrected_at
    assert corrected.decision is Decision.KEEP_OPEN


def test_minutes_list_a_meeting_and_are_signed_by_the_manager_alone(house: House) -> None:
    first, second = measured(house), house.priority("Falls")
    review(house, first, challenge="Why only days?", agreement="Nights from Monday", next_steps="Rota by Friday")
    review(house, second, decision=Decision.PARTIALLY_IMPROVED)
    review(house, second, on=today(house) - timedelta(days=7))
    ruth, deepa = house.actor("ruth"), house.actor("deepa")
    ruth.command("/sip minutes")
    page = ruth.told("oak-house")
    shown = words(page)
    assert "Why only days?" in shown
    assert "Rota by Friday" in shown
    assert "partially improved" in shown
    assert "Also waiting for a signature: R3" in shown
    ruth.click(page, "minutes.sign#R1")
    assert "R1 is signed." in words(ruth.see("R1 is signed", "oak-house"))
    assert house.all(Review, number=1)[0].signed_by == house.people["ruth"].id
    ruth.command("/sip sign R1")
    assert "signed already by Ruth Callaghan" in words(ruth.told("oak-house"))
    deepa.command("/sip minutes P2")
    other = deepa.told("oak-house")
    assert "R2" in words(other)
    assert "R3" in words(other)
    assert "Sign" not in [e.get("text", {}).get("text") for b in other["blocks"] for e in [b.get("accessory") or {}]]
    deepa.command("/sip sign R2")
    assert "Only a Registered Manager may" in words(deepa.told("oak-house"))
    ruth.command("/sip minutes 2020-01-01")
    assert "Nothing was decided on" in words(ruth.told("oak-house"))
