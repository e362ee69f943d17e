"""The page of a priority: every step from the first signal to now, opened one by one, with the fitting next steps."""

from bot.plan import escalations, signals, splitting
from bot.plan.access import ref
from bot.plan.escalations import RaiseEscalation
from bot.plan.signals import LogSignal, Source
from bot.plan.splitting import Child, SplitPriority
from playground.actor import Json, words
from tests.handlers.account import measured, review, spoken, today
from tests.handlers.conftest import House

CHANNEL = "oak-house"


def pressable(message: Json) -> list[str]:
    """The words on the buttons of a message, rows of actions only."""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row if element["type"] == "button"]


def steps(message: Json) -> list[str]:
    """The steps of a page that can be opened."""
    elements = [element for block in message["blocks"] for element in block.get("elements", ())]
    (chooser,) = (element for element in elements if element.get("action_id") == "thread.step")
    return [option["text"]["text"] for option in chooser["options"]]


def told(house: House) -> None:
    """A priority with a signal, samples, entries, a review and an escalation."""
    priority = measured(house)
    form = LogSignal(
        service_id=house.service.id, source=Source.COMPLAINT, summary="Daughter not told of a fall", priority="P1"
    )
    spoken(house, "amara", signals.log, form, today=today(house))
    amara = house.actor("amara")
    house.action(priority, what="Read the sheet out loud")
    amara.command("/sip log A2 Briefed 6 night staff on the sheet")
    review(house, priority, next_steps="Resample in May", sample="X2")
    spoken(house, "ruth", escalations.raise_by_person, RaiseEscalation(priority="P1", why="Nights do not move"))


def test_the_thread_runs_from_the_signals_to_now_and_every_step_opens(house: House) -> None:
    told(house)
    ruth = house.actor("ruth")
    ruth.command("/sip priority P1")
    page = ruth.told(CHANNEL)
    shown = words(page)
    assert "led by Ruth Callaghan" in shown
    assert "9 of 20 then, 17 of 20 now" in shown
    assert "Steps 1 to 8 of" in shown
    assert len(page["blocks"]) <= 50
    assert "Read the sheet out loud" not in page["text"].split("Steps")[1]
    ruth.click(page, "priority.show#last")
    last = ruth.see("Nights do not move", CHANNEL)
    text = words(last)
    assert "Briefed 6 night staff on the sheet" in text
    assert "from A2" in text
    assert "Amara Osei" in text
    ruth.choose(last, "thread.step", next(each for each in steps(last) if each.startswith("L1")))
    step = ruth.see("Came from", CHANNEL)
    assert "escalation to Provider oversight" in words(step)
    ruth.click(step, "thread.step#came-P1")
    origin = ruth.see("Night staff start without knowing", CHANNEL)
    assert {"S1", "M1", "A1", "A2", "Back to the thread"} <= set(pressable(origin))
    ruth.click(origin, "thread.step#led-S1")
    signal = ruth.see("Daughter not told of a fall", CHANNEL)
    assert "Amara Osei" in words(signal)
    ruth.click(signal, "priority.show#back")
    ruth.see("Steps", CHANNEL)


def test_every_kind_of_record_can_be_opened(house: House) -> None:
    told(house)
    hannah = house.actor("hannah")
    hannah.command("/sip priority P1")
    seen = set()
    for press in ("priority.show#last", "priority.show#first"):
        page = hannah.told(CHANNEL)
        hannah.click(page, press)
        page = hannah.told(CHANNEL)
        for name in steps(page):
            hannah.choose(page, "thread.step", name)
            hannah.see(f"{name.split(' ')[0]} ", CHANNEL)
            seen.add(hannah.told(CHANNEL)["text"][0])
            hannah.click(hannah.told(CHANNEL), "priority.show#back")
            page = hannah.told(CHANNEL)
    assert seen == {"S", "P", "A", "E", "X", "R", "L"}


def test_who_wrote_an_entry_gets_from_its_page_to_what_can_be_done_with_it(house: House) -> None:
    told(house)
    for name, own in (("amara", True), ("beatriz", False)):
        actor = house.actor(name)
        actor.command("/sip priority P1")
        (entry,) = [each for each in steps(actor.told(CHANNEL)) if each.startswith("E1 ")]
        actor.choose(actor.told(CHANNEL), "thread.step", entry)
        page = actor.see("E1 ", CHANNEL)
        assert ("What to do with it" in pressable(page)) == own
        if own:
            actor.click(page, "log.show#own")
            assert "Take back E1" in pressable(actor.see("E1 stands, for", CHANNEL))


def test_the_next_steps_fit_the_person(house: House) -> None:
    told(house)
    wanted = {
        "amara": ({"Log on A2", "Log a signal"}, {"Add an action", "Close it", "Review it"}),
        "deepa": ({"Add an action"}, {"Close it", "Escalate"}),
        "hannah": ({"Judge the samples", "Take a sample"}, {"Close it", "Add an action"}),
        "ruth": ({"Add an action", "Close it", "Review it"}, set()),
        "priya": ({"Choose a response", "Escalate"}, {"Add an action", "Log a signal"}),
    }
    for name, (offered, kept_back) in wanted.items():
        actor = house.actor(name)
        actor.command("/sip priority P1")
        said = set(pressable(actor.told(CHANNEL)))
        assert offered <= said, (name, said)
        assert not kept_back & said, (name, said)
    priya = house.actor("priya")
    priya.click(priya.told(CHANNEL), "escalation.respond#way")
    assert priya.see_modal("Respond to L1")


def test_a_split_priority_leads_on_to_its_parts(house: House) -> None:
    parent = house.priority()
    children = tuple(Child(title=title, problem_statement=f"{title} start late") for title in ("Days", "Nights"))
    form = SplitPriority(priority=parent.id, reason="They differ", children=children)
    spoken(house, "ruth", splitting.split, form, today=today(house))
    deepa = house.actor("deepa")
    deepa.command("/sip priority P1")
    page = deepa.told(CHANNEL)
    assert "Carried on by P2 Days, P3 Nights" in words(page)
    deepa.click(page, "priority.show#P3#way")
    assert "Comes from P1 Handovers" in words(deepa.see("Comes from", CHANNEL))


def test_the_thread_is_for_those_who_may_read_it(house: House) -> None:
    priority = house.priority()
    callum, amara = house.newcomer(), house.actor("amara")
    callum.command(f"/sip priority {ref(priority)}")
    assert "that you may see" in words(callum.told(CHANNEL))
    amara.command("/sip priority P9")
    assert "There is no priority P9" in words(amara.told(CHANNEL))
    amara.command("/sip thread")
    assert "P1 Handovers" in words(amara.told(CHANNEL))
    amara.say("priority P1")
    amara.see("Steps 1 to 1 of 1")
