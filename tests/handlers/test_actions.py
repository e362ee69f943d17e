"""Actions through Slack's protocol: done, more time, not mine, new, the lists, and every refusal."""

from datetime import timedelta

from bot.plan.access import ref
from bot.plan.actions import Action, ActionStatus, Slip
from bot.plan.entries import Entry
from playground.actor import words
from tests.handlers.conftest import House


def test_done_by_words_and_undo(house: House) -> None:
    action = house.action(house.priority())
    amara = house.actor("amara")
    amara.command(f"/sip done {ref(action)}")
    message = amara.told("oak-house")
    assert "waits for a check by Hannah Whitfield" in words(message)
    assert house.all(Action)[0].status is ActionStatus.DONE
    amara.click(message, "action.undo_done")
    amara.see("in progress again", "oak-house")
    assert house.all(Action)[0].status is ActionStatus.IN_PROGRESS


def test_a_double_click_changes_nothing(house: House) -> None:
    action = house.action(house.priority())
    amara = house.actor("amara")
    amara.command("/sip mine")
    message = amara.told("oak-house")
    amara.click(message, f"action.done#{ref(action)}")
    amara.click(message, f"action.done#{ref(action)}")
    with house.program.desk.store.reading() as work:
        verbs = [e.verb for e in work.events(house.service.id, record_id=action.id)]
    assert verbs == ["create action", "mark done"]


def test_somebody_elses_action_is_refused_with_whom_to_ask(house: House) -> None:
    action = house.action(house.priority(), owner="beatriz")
    amara = house.actor("amara")
    amara.command(f"/sip done {ref(action)}")
    shown = words(amara.told("oak-house"))
    assert "Only its owner, Beatriz Moreno, or a Registered Manager may" in shown
    assert house.all(Action)[0].status is ActionStatus.PLANNED


def test_more_time_moves_the_date_and_keeps_the_slip(house: House) -> None:
    action = house.action(house.priority(), due_in=2)
    amara = house.actor("amara")
    late = (action.due_on + timedelta(days=7)).isoformat()
    amara.command(f"/sip more-time {ref(action)} {late} Two off sick")
    view = amara.see_modal("More time")
    typed = {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}
    assert (typed["due_on"]["initial_date"], typed["reason"]["initial_value"]) == (late, "Two off sick")
    assert amara.submit({"due_on": late, "reason": "  "}, view)["errors"]["reason"]
    amara.submit({"due_on": late, "reason": "Two of six night staff were off sick"}, view)
    (slip,) = house.all(Slip)
    assert (slip.from_on, slip.to_on.isoformat(), slip.reason) == (
        action.due_on,
        late,
        "Two of six night staff were off sick",
    )
    assert house.all(Action)[0].due_on.isoformat() == late
    assert "for the first time" in words(amara.modal())


def test_a_past_or_earlier_date_is_noted_under_its_field(house: House) -> None:
    action = house.action(house.priority(), due_in=5)
    amara = house.actor("amara")
    amara.command(f"/sip more-time {ref(action)}")
    view = amara.see_modal()
    past = amara.submit({"due_on": "2027-01-01", "reason": "sick"}, view)
    assert "has passed" in past["errors"]["due_on"]
    same = amara.submit({"due_on": action.due_on.isoformat(), "reason": "sick"}, view)
    assert "Choose another day" in same["errors"]["due_on"]
    far = amara.submit({"due_on": "2127-01-01", "reason": "sick"}, view)
    assert "more than two years" in far["errors"]["due_on"]
    assert house.all(Slip) == []


def test_a_stale_form_says_what_changed(house: House) -> None:
    action = house.action(house.priority(), due_in=5)
    amara = house.actor("amara")
    amara.command(f"/sip more-time {ref(action)}")
    view = amara.see_modal()
    amara.command(f"/sip done {ref(action)}")
    result = amara.submit({"due_on": (action.due_on + timedelta(days=9)).isoformat(), "reason": "sick"}, view)
    assert "was changed since you opened this form" in " ".join(result["errors"].values())


def test_new_action_needs_owner_date_and_check(house: House) -> None:
    priority = house.priority()
    deepa = house.actor("deepa")
    deepa.command(f"/sip action new {ref(priority)} Lock the medicines trolley at 22:00")
    view = deepa.see_modal("New action")
    assert len([b for b in view["blocks"] if b["type"] == "input"]) <= 6
    due = (house.now().date() + timedelta(days=14)).isoformat()
    assert not deepa.submit({"due_on": due}, view)["ok"]
    result = deepa.submit(
        {
            "owner_id": "U0GARETH",
            "due_on": due,
            "check": "Idris looks at 10 nights by 27 Jan; the sheet is signed on 10 of 10",
        },
        view,
    )
    assert result["ok"], result
    (action,) = house.all(Action)
    assert action.what == "Lock the medicines trolley at 22:00"
    assert "Gareth Pugh owns it" in words(deepa.modal())


def test_a_team_leader_cannot_make_actions(house: House) -> None:
    house.priority()
    amara = house.actor("amara")
    amara.command("/sip action new")
    assert "Only a Deputy manager or Registered Manager may" in words(amara.told("oak-house"))
    assert amara.modal() is None


def test_mine_and_overdue(house: House) -> None:
    priority = house.priority()
    late = house.action(priority, due_in=1)
    house.action(priority, owner="beatriz", due_in=20, what="Fit a lamp")
    house.slack.move_clock(to="2027-01-18T09:30:00+00:00")
    amara = house.actor("amara")
    amara.command("/sip mine")
    mine = words(amara.told("oak-house"))
    assert ref(late) in mine
    assert "4 days overdue" in mine
    assert "Fit a lamp" not in mine
    ruth = house.actor("ruth")
    ruth.command("/sip overdue")
    shown = words(ruth.told("oak-house"))
    assert "Overdue in Oak House (1)" in shown
    assert "Amara Osei" in shown


def test_the_newcomer_is_told_whom_to_ask(house: House) -> None:
    house.action(house.priority())
    callum = house.newcomer()
    for said in (
        "/sip",
        "/sip log",
        "/sip done A1",
        "/sip more-time A1",
        "/sip status",
        "/sip action new",
        "/sip setup",
    ):
        result = callum.command(said)
        assert result["ok"], (said, result)
        shown = words(callum.told("oak-house"))
        assert "Ask" in shown or "ask" in shown or "that you may see" in shown, (said, shown)
        assert "Handovers" not in shown, said
        assert "8-line" not in shown, said


def test_typos_get_the_nearest_verb(house: House) -> None:
    amara = house.actor("amara")
    for typed, meant in {
        "staus": "status",
        "lgo": "log",
        "doen A1": "done",
        "moretime": "more-time",
        "overdeu": "overdue",
    }.items():
        amara.command(f"/sip {typed}")
        assert f"/sip {meant}" in words(amara.told("oak-house")), typed
    amara.command("/sip xyzzy plugh")
    assert "/sip help" in words(amara.told("oak-house"))
    assert "xyzzy plugh" in words(amara.told("oak-house"))


def test_what_was_typed_after_a_mistyped_verb_is_one_press_from_being_done(house: House) -> None:
    house.action(house.priority())
    amara = house.actor("amara")
    amara.command("/sip lgo A1 Briefed six staff")
    amara.click(amara.told("oak-house"), text="Yes: log A1 Briefed six staff")
    amara.see("Saved as E1", "oak-house")
    assert [entry.what for entry in house.all(Entry)] == ["Briefed six staff"]
    long = "Briefed six staff. " * 120
    amara.command(f"/sip lgo A1 {long}")
    assert "Yes:" not in words(amara.told("oak-house"))  # more than a button can carry
    assert long[:1400] in words(amara.told("oak-house"))
