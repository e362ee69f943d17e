"""What becomes of actions, through Slack's protocol: assigned, revised, cancelled, checked, taken up; owners told."""

from bot.plan.access import ref
from bot.plan.actions import Action, ActionStatus, Revision
from playground.actor import words
from tests.handlers.conftest import House
from tests.handlers.test_measures_and_samples import CHANNEL, insist, said


def test_who_takes_it_leads_to_a_new_owner_and_both_are_told(house: House) -> None:
    action = house.action(house.priority(), due_in=1)
    amara, beatriz, deepa = house.actor("amara"), house.actor("beatriz"), house.actor("deepa")
    house.slack.move_clock(to="2027-01-14T09:30:00+00:00")
    morning = amara.see("due today")
    amara.click(morning, f"action.not_mine#{ref(action)}")
    question = deepa.see("Who takes it?")
    deepa.click(question, "action.assign")
    view = deepa.see_modal("Assign A1")
    assert "belongs to Amara Osei already" in deepa.submit({"owner_id": "U0AMARA"}, view)["errors"]["owner_id"]
    assert deepa.submit({"owner_id": "U0BEATRIZ", "reason": "On nights this week"}, view)["ok"]
    deepa.submit({"owner_id": "U0BEATRIZ"}, view)
    assert house.all(Action)[0].owner_id == house.people["beatriz"].id
    assert len(house.all(Revision)) == 1
    mine = beatriz.see("Deepa Nair gave you")
    assert "Why it is yours now: On nights this week" in mine["text"]
    amara.see("You need do nothing more about it")
    beatriz.click(mine, f"action.done#{ref(action)}")
    assert house.all(Action)[0].status is ActionStatus.DONE


def test_a_revision_keeps_what_it_said_and_tells_the_owner(house: House) -> None:
    action = house.action(house.priority())
    amara, deepa = house.actor("amara"), house.actor("deepa")
    deepa.command(f"/sip action revise {ref(action)}")
    view = deepa.see_modal("Revise A1")
    assert insist(deepa, {"reason": " "}, view)["errors"]["reason"]
    amara.command(f"/sip log {ref(action)} Briefed 6 night staff")
    stale = insist(deepa, {"what": "Night leads read the sheet aloud at 20:00", "reason": "vague"}, view)
    assert "was changed by Amara Osei" in " ".join(stale["errors"].values())
    deepa.command(f"/sip revise {ref(action)}")
    view = deepa.see_modal("Revise A1")
    result = insist(
        deepa, {"what": "Night leads read the sheet aloud at 20:00", "reason": "The sheet alone failed"}, view
    )
    assert result["ok"], result
    assert "Was: Use the 8-line sheet" in words(deepa.modal())
    told = words(amara.see("Deepa Nair revised your"))
    assert "The sheet alone failed" in told
    assert house.all(Revision)[0].from_what == "Use the 8-line sheet"


def test_cancel_and_take_up_again(house: House) -> None:
    action = house.action(house.priority())
    amara, ruth = house.actor("amara"), house.actor("ruth")
    ruth.command(f"/sip action cancel {ref(action)}")
    view = ruth.see_modal("Cancel A1")
    assert ruth.submit({"reason": ""}, view)["ok"] is False
    ruth.submit({"reason": "Replaced by the trolley lock"}, view)
    assert house.all(Action)[0].status is ActionStatus.CANCELLED
    assert "Replaced by the trolley lock" in words(amara.see("Ruth Callaghan cancelled your"))
    ruth.click(ruth.see_modal(), "action.resume")
    ruth.submit({"reason": "The lock did not fit"}, ruth.see_modal("Take up A1"))
    assert house.all(Action)[0].status is ActionStatus.IN_PROGRESS
    amara.see("it is yours")


def test_a_check_returns_and_then_verifies(house: House) -> None:
    action = house.action(house.priority())
    amara, hannah = house.actor("amara"), house.actor("hannah")
    amara.command(f"/sip log {ref(action)} Briefed 6 night staff")
    amara.command(f"/sip done {ref(action)}")
    waiting = hannah.see("It waits for your check")
    hannah.click(waiting, f"action.verify#{ref(action)}")
    view = hannah.see_modal("Check A1")
    assert "Briefed 6 night staff" in words(view)
    assert "Hannah reads 20 sheets; standard 18 of 20" in words(view)
    assert hannah.submit({"verdict": "return", "found": " "}, view)["errors"]["found"]
    hannah.submit({"verdict": "return", "found": "No sheet for three nights"}, view)
    assert house.all(Action)[0].status is ActionStatus.IN_PROGRESS
    for late in (f"/sip verify {ref(action)} accept All there", f"/sip verify {ref(action)}"):
        hannah.command(late)
        assert "Hannah Whitfield returned it: “No sheet for three nights”" in said(hannah)
    back = amara.see("What is missing:")
    assert f"checked your A1 and returned it: {action.what}" in back["text"].replace("*", "")
    assert "No sheet for three nights" in words(back)
    amara.click(back, f"action.done#{ref(action)}")
    hannah.command("/sip verify")
    assert "Waiting for a check (1)" in said(hannah)
    hannah.command(f"/sip verify {ref(action)} accept Read 20 sheets; 19 complete")
    assert "It was the last one of this priority" in said(hannah)
    verified = house.all(Action)[0]
    assert (verified.status, verified.verification) == (ActionStatus.VERIFIED, "Read 20 sheets; 19 complete")
    assert "Read 20 sheets" in words(amara.see("it is verified"))
    hannah.command(f"/sip verify {ref(action)} accept Read 20 sheets; 19 complete")
    assert "A1 is verified" in said(hannah)


def test_nobody_checks_their_own_work(house: House) -> None:
    priority = house.priority()
    own = house.action(priority, owner="hannah")
    other = house.action(priority, owner="amara", what="Fit a lamp")
    hannah, ruth = house.actor("hannah"), house.actor("ruth")
    hannah.command(f"/sip verify {ref(own)} accept All fine")
    assert "is planned" in said(hannah) or "is yours" in said(hannah)
    hannah.command(f"/sip done {ref(own)}")
    ruth.see("It waits for your check")
    hannah.command(f"/sip verify {ref(own)} accept All fine")
    assert "nobody checks their own work" in said(hannah)
    hannah.command(f"/sip verify {ref(own)}")
    assert "nobody checks their own work" in said(hannah)
    assert hannah.modal() is None
    hannah.command(f"/sip verify {ref(other)}")
    assert "nothing to check" in said(hannah)
    ruth.command(f"/sip verify {ref(own)} returned Twelve sheets are missing")
    assert house.all(Action, number=1)[0].status is ActionStatus.IN_PROGRESS


def test_those_who_may_not_are_told_whom_to_ask(house: House) -> None:
    action = house.action(house.priority())
    for name in ("beatriz", "idris", "priya"):
        actor = house.actor(name)
        for typed in ("action assign A1", "action revise A1", "action cancel A1 why", "verify A1 accept fine"):
            actor.command(f"/sip {typed}")
            assert "Only a" in said(actor), (name, typed)
    callum = house.newcomer()
    for typed in (
        "action assign A1",
        "action revise A1",
        "action cancel A1 why",
        "verify A1",
        "verify",
        "action resume A1",
    ):
        callum.command(f"/sip {typed}")
        assert "8-line" not in words(callum.told(CHANNEL)), typed
    amara = house.actor("amara")
    amara.command("/sip action assign")
    assert "Say which action" in said(amara)
    found = house.all(Action)[0]
    assert (found.version, found.status) == (action.version, action.status)
