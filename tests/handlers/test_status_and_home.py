"""The summary in the channel, and the Home of each person."""

from datetime import timedelta

from bot.plan.access import ref
from bot.plan.people import Person
from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState
from handlers.home import refresh
from playground.actor import words
from tests.handlers.conftest import House


def test_status_is_posted_with_chart_table_thread_and_full_text(house: House) -> None:
    priority = house.priority()
    house.action(priority, due_in=3)
    late = house.action(priority, owner="beatriz", due_in=1, what="Fit a lamp")
    amara, ruth = house.actor("amara"), house.actor("ruth")
    amara.command(f"/sip log {ref(late)} Walked round with the night team")
    house.slack.move_clock(to="2027-01-15T09:30:00+00:00")
    ruth.command("/sip status")
    message = ruth.see("service improvement plan", "oak-house")
    message = house.eventually(lambda: next(m for m in ruth.messages("oak-house") if not m.get("ephemeral")))
    kinds = [b["type"] for b in message["blocks"]]
    assert "data_visualization" in kinds
    assert "data_table" in kinds
    text = message["text"]
    for needed in ("Oak House", "1 overdue", "P1 Handovers", "1 entry", "A2", "Beatriz Moreno"):
        assert needed in text, needed
    house.eventually(lambda: ruth.messages("oak-house", thread_ts=message["ts"])[1:])
    assert "Walked round" in words(ruth.messages("oak-house", thread_ts=message["ts"])[1])


def test_status_outside_the_channel_names_the_services(house: House) -> None:
    ruth = house.actor("ruth")
    result = ruth.command("/sip status", "general")
    assert result["ok"]
    ruth.see("Oak House", "general")


def test_home_shows_what_needs_me(house: House) -> None:
    action = house.action(house.priority(), due_in=0)
    amara = house.actor("amara")
    page = house.eventually(amara.home)
    shown = words(page)
    assert "What needs you now" in shown
    assert ref(action) in shown
    assert "due today" in shown
    assert "Oak House" in shown


def test_home_of_a_newcomer_says_who_to_ask(house: House) -> None:
    page = house.eventually(lambda: house.newcomer().home())
    shown = words(page)
    assert "no role" in shown
    assert "U0RUTH" in shown


def test_home_follows_what_was_done(house: House) -> None:
    action = house.action(house.priority(), due_in=0)
    amara = house.actor("amara")
    house.eventually(amara.home)
    house.eventually(lambda: house.all(type(house.people["amara"]), slack_id="U0AMARA")[0].seen_home_at)
    amara.command(f"/sip done {ref(action)}")
    house.eventually(lambda: "Nothing of yours is open" in words(amara.home(quiet=True)))


def test_home_shows_each_role_what_waits_for_it(house: House) -> None:
    action = house.action(house.priority(), due_in=1)
    house.actor("amara").command(f"/sip done {ref(action)}")
    hannah, ruth, amara = house.actor("hannah"), house.actor("ruth"), house.actor("amara")
    hannah.home()  # once: whoever opens it again and again presses a button of a page that was replaced meanwhile
    page = house.eventually(lambda: hannah.home(quiet=True))
    assert page
    assert f"Check {ref(action)}" in words(page)
    # Home may be published once more just now, and only its newest look can be pressed.
    house.eventually(lambda: hannah.click(hannah.home(quiet=True) or {}, f"action.verify#{action.id}")["ok"])
    assert ref(action) in words(hannah.see_modal())
    assert f"Check {ref(action)}" not in words(house.eventually(amara.home))
    priya = words(house.eventually(lambda: house.actor("priya").home()))
    assert "Your services side by side" in priya
    assert "1 open, 1 high risk; 0 slipped, 1 awaiting check" in priya
    assert "Log implementation" not in priya, "provider oversight logs nothing"
    assert "Record a sample" in words(page)
    assert "Log implementation" in words(house.eventually(amara.home))
    late = house.action(house.priority("Falls"), owner="beatriz", due_in=1, what="Move the tables")
    house.slack.move_clock(to="2027-02-15T10:00:00+00:00")
    assert f"{ref(late)} Move the tables: 32 days overdue" in words(house.eventually(ruth.home))


def test_home_comes_as_soon_as_slack_takes_it(house: House) -> None:
    house.slack.fault("views.publish", "rate_limited", times=1)
    amara = house.actor("amara")
    amara.home()
    house.eventually(lambda: house.slack.calls("events_api"))  # before or after the page is there
    house.eventually(lambda: amara.home(quiet=True))
    assert [call.status for call in house.slack.calls("views.publish")][:2] == ["429 ratelimited", "ok"]
    assert house.slack.calls("events_api")[-1].status == "ok"  # Slack need not tell it again


def test_a_page_that_waits_shows_what_changed_since_and_nobody_gets_one_unasked(house: House) -> None:
    house.eventually(house.actor("amara").home)
    house.eventually(lambda: house.all(Person, slack_id="U0AMARA")[0].seen_home_at)
    now = house.now()
    with house.program.desk.store.transaction() as work:
        for change in ("one", "two", "three"):
            refresh(work, house.people["amara"].id, change, now + timedelta(hours=1))
            refresh(work, house.people["deepa"].id, change, now + timedelta(hours=1))
    waiting = [d for d in house.all(Delivery, state=DeliveryState.WAITING) if d.kind is DeliveryKind.HOME]
    assert [each.person_id for each in waiting] == [house.people["amara"].id]
