"""What the coming fortnight will send, and the figures that it goes by, through Slack's protocol."""

from datetime import time

from bot.plan.access import ref
from bot.plan.journal import Event
from bot.plan.services import Cadence, Service
from playground.actor import words
from tests.handlers.conftest import House


def test_the_fortnight_is_shown_by_day_and_person_and_a_changed_figure_changes_it(house: House) -> None:
    action = house.action(house.priority(), due_in=7)  # on Wednesday 20 January
    ruth = house.actor("ruth")
    ruth.command("/sip reminders", "oak-house")
    message = ruth.see("Reminders of the coming fortnight", "oak-house")
    shown = words(message)
    assert f"*Fri 15 Jan 2027*\n• 09:00 to Amara Osei: {ref(action)} action due soon" in shown
    assert f"*Wed 20 Jan 2027*\n• 09:00 to Amara Osei: {ref(action)} action due soon" in shown
    assert f"*Thu 21 Jan 2027*\n• 09:00 to Amara Osei: {ref(action)} action overdue" in shown
    assert "*Mon 18 Jan 2027*\n• 09:00 to <#C0OAKHOUSE>: Weekly digest" in shown
    ruth.click(message, text="Actions")
    view = ruth.see_modal("Actions")
    bad = ruth.submit({"due_soon_days": "soon", "verification_days": "90"}, view)
    assert "whole number" in bad["errors"]["due_soon_days"]
    assert "from 1 to 60" in bad["errors"]["verification_days"]
    bad = ruth.submit({"due_soon_days": "4", "verification_days": "3", "overdue_manager_calendar_days": "5"}, view)
    assert "more than 7" in bad["errors"]["overdue_manager_calendar_days"]
    assert ruth.submit({"overdue_manager_calendar_days": "14"}, view)["ok"]
    saved = ruth.see_modal("are kept")
    (service,) = house.all(Service)
    assert service.cadence == Cadence(due_soon_days=4)
    ruth.click(saved, "reminders.coming")
    assert f"*Thu 14 Jan 2027*\n• 09:00 to Amara Osei: {ref(action)} action due soon" in words(ruth.modal())


def test_reviews_digest_and_shifts_are_figures_too(house: House) -> None:
    house.priority()
    ruth = house.actor("ruth")
    ruth.command("/sip reminders", "oak-house")
    message = ruth.see("Reminders of the coming fortnight", "oak-house")
    ruth.click(message, text="Samples and reviews")
    view = ruth.see_modal("Samples and reviews")
    bad = ruth.submit({"statutory_days": "a week"}, view)
    assert "commas between them" in bad["errors"]["statutory_days"]
    assert ruth.submit({"statutory_days": "0, 10", "digest_weekday": "none"}, view)["ok"]
    (service,) = house.all(Service)
    assert service.cadence == Cadence(statutory_days=(10, 0), digest_weekday=None)
    ruth.click(message, text="Shifts")
    view = ruth.see_modal("Shifts")
    bad = ruth.submit({"night": "13:00"}, view)
    assert "after the late one" in bad["errors"]["night"]
    assert ruth.submit({"night": "21:30"}, view)["ok"]
    (service,) = house.all(Service)
    assert service.shifts.night == time(21, 30)
    events = [e.verb for e in _events(house, service)]
    assert events.count("change service") == 2


def _events(house: House, service: Service) -> list[Event]:
    with house.program.desk.store.reading() as work:
        return list(work.events(service.id))


def test_who_may_not_set_up_sees_the_fortnight_without_the_figures_and_a_stranger_only_their_own(house: House) -> None:
    action = house.action(house.priority(), due_in=7)
    amara = house.actor("amara")
    amara.command("/sip reminders", "oak-house")
    shown = amara.see("Reminders of the coming fortnight", "oak-house")
    assert "rhythm.open" not in str(shown)
    assert f"to you: {ref(action)}" in words(shown)
    stranger = house.newcomer()
    stranger.command("/sip reminders", "oak-house")
    own = words(stranger.see("Reminders of the coming fortnight", "oak-house"))
    assert "Nothing is due in the coming fortnight." in own
    assert ref(action) not in own


def test_the_status_comes_by_itself_on_the_days_that_were_chosen(house: House) -> None:
    house.priority()
    ruth = house.actor("ruth")
    ruth.command("/sip reminders", "oak-house")
    message = ruth.see("Reminders of the coming fortnight", "oak-house")
    assert "Status" not in words(message).replace("Status posts", "")  # off until somebody turns it on
    ruth.click(message, text="Status posts")
    view = ruth.see_modal("Status posts")
    late = ruth.submit({"days": ["0", "month"], "at": "18:30"}, view)
    assert "between 09:00 and 17:00" in late["errors"]["at"]
    elsewhere = ruth.submit({"days": ["0"], "at": "10:30", "channel": "C0GENERAL"}, view)
    assert "/invite @Grip" in elsewhere["errors"]["channel"]
    assert ruth.submit({"days": ["0", "month"], "at": "10:30", "channel": "C0OAKHOUSE"}, view)["ok"]
    saved = words(ruth.see_modal("comes by itself"))
    assert "on Mondays and the first working day of the month at 10:30 in <#C0OAKHOUSE>" in saved
    assert "The first comes Mon 18 Jan 2027." in saved
    ruth.command("/sip reminders", "oak-house")
    shown = words(ruth.see("10:30 to", "oak-house"))
    assert "*Mon 18 Jan 2027*\n• 09:00 to <#C0OAKHOUSE>: Weekly digest\n• 10:30 to <#C0OAKHOUSE>: Status" in shown
    ruth.click(message, text="Status posts")
    view = ruth.see_modal("Status posts")
    assert ruth.submit({"days": []}, view)["ok"]
    ruth.see_modal("does not come by itself")
    (service,) = house.all(Service)
    assert not service.cadence.status.on
