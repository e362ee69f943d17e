"""The inspector's questions as people ask them in Slack."""

from dataclasses import replace

from bot.plan.priorities import Priority
from bot.plan.services import Service
from playground.actor import words
from tests.handlers.conftest import House


def test_the_answers_come_privately_with_what_is_unresolved_first_and_can_be_shared(house: House) -> None:
    house.action(house.priority("Handovers"), due_in=1, what="Use the 8-line sheet")
    house.priority("Falls")
    house.slack.move_clock(to="2027-01-18T10:00:00+00:00")
    ruth = house.actor("ruth")
    ruth.command("/sip inspect")
    shown = ruth.told("oak-house")
    said = words(shown)
    assert shown["ephemeral"]
    for question in ("1. What are the current priorities", "2. Who owns them", "4. What difference do people"):
        assert question in said
    owners = said[said.index("2. Who owns them") : said.index("3. How is progress")]
    assert owners.index("Not resolved: A1 of Amara Osei is overdue by 4 days") < owners.index("Ruth Callaghan leads P1")
    assert "P1 has no measure" in said
    assert "[P1" in said
    assert "Not resolved:" in shown["text"]
    ruth.click(shown, "inspect.post")

    def shared() -> list[str]:
        return [
            words(m) for m in ruth.messages("oak-house") if not m["ephemeral"] and "answers for an insp" in m["text"]
        ]

    house.eventually(shared)
    assert "A1 of Amara Osei is overdue" in shared()[-1]


def test_of_a_whole_service_each_answer_is_short_with_a_button_to_all_of_it(house: House) -> None:
    for number in range(1, 13):
        priority = house.priority(f"Handovers {number}")
        house.action(priority, due_in=1, what=f"Use the sheet of unit {number}")
    house.slack.move_clock(to="2027-01-18T10:00:00+00:00")
    ruth = house.actor("ruth")
    ruth.command("/sip inspect")
    shown = ruth.see("answers for an inspector", "oak-house")
    short = words(shown)
    assert "unit 12" not in short
    assert len(short) < 12_000  # its text for screen readers counted in
    ruth.click(shown, "inspect.answer#2")
    whole = words(ruth.see("2. Who owns them?", "oak-house"))
    for number in range(1, 13):
        assert f"A{number} of Amara Osei is overdue by 4 days" in whole
    assert "3. How is progress" not in whole
    shown_to_eyes = whole[whole.rindex("2. Who owns them?") :]
    assert shown_to_eyes.rindex("Not resolved") < shown_to_eyes.index("Ruth Callaghan leads")


def test_one_statement_is_chosen_from_those_that_the_plan_is_about(house: House) -> None:
    priority = house.priority("Handovers")
    house.priority("Falls")
    with house.program.desk.store.transaction() as work:
        current = work.get(Priority, priority.id)
        assert current
        work.save(replace(current, quality_statement="S3 Safeguarding"))
    ruth = house.actor("ruth")
    ruth.command("/sip inspect")
    ruth.choose(ruth.told("oak-house"), "inspect.show#topic", "S3 Safeguarding")
    said = words(ruth.see("about S3 Safeguarding", "oak-house"))
    assert "P1 Handovers" in said
    assert "P2" not in said


def test_one_priority_and_the_thread_behind_it(house: House) -> None:
    house.action(house.priority("Handovers"))
    house.priority("Falls")
    ruth = house.actor("ruth")
    ruth.command("/sip inspect falls")
    said = words(ruth.told("oak-house"))
    assert "P2 Falls" in said
    assert "P1" not in said
    ruth.command("/sip inspect")
    ruth.choose(ruth.told("oak-house"), "inspect.thread", "P1 Handovers")
    shown = ruth.see("The thread of P1 Handovers", "oak-house")
    said = words(shown)
    assert "problem statement" in said
    assert "Use the 8-line sheet" in said
    assert said.index("problem statement") < said.index("8-line")
    ruth.click(shown, "inspect.show")
    assert "about P1 Handovers" in words(ruth.told("oak-house"))


def test_what_is_not_there_is_answered_with_what_there_is(house: House) -> None:
    house.priority("Handovers")
    ruth = house.actor("ruth")
    for typed, said in {"P9": "There are: P1", "medicines": "Its themes are: handovers", "W5": "about W5 Gov"}.items():
        ruth.command(f"/sip inspect {typed}")
        assert said in words(ruth.told("oak-house")), typed
    newcomer = house.newcomer()
    newcomer.command("/sip inspect")
    assert "You have no role in Oak House" in words(newcomer.told("oak-house"))


def test_the_framework_is_shown_to_all_and_chosen_by_the_manager(house: House) -> None:
    amara, ruth = house.actor("amara"), house.actor("ruth")
    amara.command("/sip framework")
    shown = amara.told("oak-house")
    assert "Single assessment framework (34 quality statements)" in words(shown)
    amara.choose(shown, "framework.choose", "Adult social care framework (draft of March 2026)")
    assert "Only a Registered Manager may change the service's set-up" in words(amara.told("oak-house"))
    ruth.command("/sip framework")
    ruth.choose(ruth.told("oak-house"), "framework.choose", "Adult social care framework (draft of March 2026)")
    assert "24 key lines of enquiry" in words(ruth.told("oak-house"))
    assert house.all(Service)[0].framework == "asc-2026-draft"
