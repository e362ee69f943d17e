"""Early warnings through Slack's protocol: noticed by the tick, told to who should know, answered once."""

from datetime import timedelta
from typing import Any

import pytest

import handlers
from bot.plan import actions, sampling
from bot.plan.access import ref
from bot.plan.actions import MoreTime
from bot.plan.measures import DefineMeasure, Lens, define
from bot.plan.people import Right
from bot.plan.sampling import RecordSample
from bot.plan.warnings import EarlyWarning
from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState
from bot.warnings.fired import Rule
from handlers.views.warnings import Shown, buttons
from playground.actor import words
from tests.handlers.conftest import START, House


def slip(house: House, action_id: str, days: int) -> None:
    """The owner asks for more time."""
    with house.program.desk.store.transaction() as work:
        action = work.get(actions.Action, action_id)
        assert action
        form = MoreTime(
            action=action_id, due_on=action.due_on + timedelta(days=days), reason="Two of six were off sick"
        )
        actions.more_time(work, house.people["amara"], form, house.now(), house.now().date())


def test_a_second_slip_is_told_answered_and_comes_back_with_a_third(house: House) -> None:
    priority = house.priority()
    action = house.action(priority)
    slip(house, action.id, 7)
    assert house.all(EarlyWarning) == []
    slip(house, action.id, 7)
    ruth, amara = house.actor("ruth"), house.actor("amara")
    told = ruth.see("Repeated slippage")
    shown = words(told)
    assert f"The date of {ref(action)} moved twice" in shown
    assert f"{ref(priority)} Handovers" in shown
    assert "Tighten the actions" in shown
    assert "Provider challenge" in shown
    assert "Answer with a reason" in shown
    owners = words(amara.see("Repeated slippage"))
    assert "Answer with a reason" not in owners, "a team leader may not"
    assert "Tighten" not in owners
    assert house.actor("hannah").dm() == []

    ruth.click(told, text="Tighten the actions")
    form = words(ruth.see_modal("Escalate P1"))
    assert "W1 repeated slippage: The date of" in form
    assert "Tighten the actions" in form
    ruth.close(everything=True)
    ruth.click(told, "warning.answer#W1")
    view = ruth.see_modal("Answer W1")
    assert ruth.submit({"reason": " "}, view)["errors"]["reason"]
    assert ruth.submit({"reason": "The rails come from abroad; the new date is the supplier's."}, view)["ok"]
    assert "comes back only if something new" in words(ruth.modal())
    amara.see("Answered by Ruth Callaghan: The rails come from abroad")
    ruth.close(everything=True)
    assert "Answer with a reason" not in words(ruth.see("Answered by Ruth")), "what is answered asks for nothing"
    ruth.command("/sip warnings")
    assert "No early warning stands in Oak House" in words(ruth.told("oak-house"))

    slip(house, action.id, 7)
    assert "moved 3 times" in words(ruth.see("moved 3 times"))
    (first, second) = house.all(EarlyWarning, order="number")
    assert (first.answered_at is not None, second.answered_at) == (True, None)


def test_out_of_hours_they_wait_for_one_message_of_what_still_stands(house: House) -> None:
    action, other = house.action(house.priority()), house.action(house.priority("Falls"))
    house.slack.move_clock(to="2027-01-13T22:30:00+00:00")
    for _ in range(2):
        slip(house, action.id, 7)
        slip(house, other.id, 7)
    house.eventually(lambda: len(house.all(EarlyWarning)) == 2)
    waiting = house.eventually(lambda: house.all(Delivery, person_id=house.people["deepa"].id))
    assert [d.state for d in waiting if d.kind is DeliveryKind.WARNING] == [DeliveryState.WAITING]
    assert house.actor("deepa").dm() == []
    with house.program.desk.store.transaction() as work:
        form = actions.Complete(action=other.id)
        actions.complete(work, house.people["amara"], form, house.now())
    house.eventually(lambda: len(house.all(EarlyWarning, ended_at=None, rule=Rule.SLIPPAGE)) == 1)
    house.slack.move_clock(to="2027-01-14T09:20:00+00:00")
    shown = words(house.actor("deepa").see("early warning"))
    assert f"The date of {ref(action)} moved twice" in shown
    assert f"The date of {ref(other)}" not in shown


def test_samples_that_show_nothing_offer_judging_to_those_who_may(house: House) -> None:
    priority = house.priority()
    with house.program.desk.store.transaction() as work:
        hannah, now = house.people["hannah"], house.now()
        form = DefineMeasure(priority=priority.id, name="Sheets complete", lens=Lens.RECORD, target="90")
        measure = define(work, hannah, form, now)
        for met, baseline in ((9, True), (11, False)):
            taken = RecordSample(measure=measure.id, n=20, met=met, baseline=baseline)
            sampling.record(work, hannah, taken, now, now.date())
    hannah_sees = words(house.actor("hannah").see("No measurable change"))
    assert "9 of 20 then, 11 of 20 now: this could be chance" in hannah_sees
    assert "Judge the samples" in hannah_sees
    assert "Wider sampling" not in hannah_sees, "only leadership escalates"
    assert "Wider sampling" in words(house.actor("ruth").see("No measurable change"))


def test_nobody_without_the_right_reads_or_answers(house: House) -> None:
    action = house.action(house.priority())
    slip(house, action.id, 7)
    slip(house, action.id, 7)
    house.actor("ruth").see("Repeated slippage")
    amara, callum = house.actor("amara"), house.newcomer()
    amara.command("/sip warnings")
    assert "moved twice" in words(amara.told("oak-house"))
    callum.command("/sip warnings")
    assert "moved twice" not in words(callum.told("oak-house"))


@pytest.mark.parametrize("rule", Rule)
def test_every_response_that_is_offered_has_somebody_who_listens(rule: Rule) -> None:
    about: dict[str, Any] = {"action_id": "a1", "measure_id": "m1"} if rule is not Rule.STALE else {}
    warning = EarlyWarning(
        id="w1",
        workspace_id="T1",
        service_id="s1",
        number=3,
        priority_id="p1",
        rule=rule,
        records=("x",),
        fingerprint="f",
        sentence="Ten words " * 200,
        written_at=START,
        **about,
    )
    offered = buttons(Shown(warning, "P1 Handovers", "A1"), frozenset(Right))
    ids = [each["action_id"] for each in offered]
    assert 2 <= len(ids) == len(set(ids)) <= 5
    heard = handlers.pressable(handlers.verbs())
    assert [each for each in ids if each.split("#")[0] not in heard] == []
    assert all(len(each["value"]) <= 2000 for each in offered)
