"""What time does at each moment: what is offered, to whom, in which morning, and what is left out."""

from dataclasses import replace
from datetime import date, timedelta

from cryptography.fernet import Fernet

from bot.plan import actions, milestones, reviewing, revisions
from bot.plan.actions import Action, Complete, MoreTime
from bot.plan.people import Person
from bot.plan.reviewing import RecordReview
from bot.plan.reviews import Decision, ReviewKind
from bot.plan.services import Service
from bot.timing.outbox import DeliveryKind, DeliveryState, ReminderState
from handlers import reminders
from handlers.tick import Ticked, tick
from playground.actor import words
from storage.installations import Installations, told
from tests.handlers.oak import TEAM, Oak, at, headline


def test_three_working_days_before_on_the_day_and_the_morning_after(oak: Oak) -> None:
    oak.action("2027-05-26")
    told = {}
    for day in range(19, 31):
        before = len(oak.dm("amara"))
        oak.come(f"2027-05-{day} 09:00")
        if len(oak.dm("amara")) > before:
            told[day] = words(oak.dm("amara")[-1]["blocks"])
    assert list(told) == [21, 26, 27]  # 31 May is a bank holiday: the next one comes on 1 June
    assert "due Wed 26 May 2027, in 5 days" in told[21]
    assert "due today" in told[26]
    assert "was due Wed 26 May 2027, 1 day overdue" in told[27]
    assert oak.dm("deepa") == []


def test_a_person_has_one_message_a_morning(oak: Oak) -> None:
    oak.action("2027-05-26", what="Use the 8-line sheet")
    oak.action("2027-05-26", what="Read the falls list aloud")
    oak.move("2027-05-26 00:01")
    oak.tick()
    oak.carry()
    assert oak.dm("amara") == []
    oak.come("2027-05-26 09:00")
    (message,) = oak.dm("amara")
    assert headline(message) == "2 actions need you today"
    assert "Use the 8-line sheet" in words(message["blocks"])
    assert "Read the falls list aloud" in message["text"]
    assert {r.delivery_id for r in oak.reminders(state=ReminderState.SENT)} == {
        d.id for d in oak.deliveries(DeliveryKind.MORNING)
    }


def test_complaint_05_tick_restart_tick_gives_each_period_once(oak: Oak) -> None:
    oak.action("2027-05-21")
    for day in ("21", "24", "26", "28"):
        for _ in range(3):
            again = oak.open_store()
            oak.move(f"2027-05-{day} 09:00")
            tick(oak.desk_over(again), oak.now)
            oak.carry()
            again.close()
    assert [headline(m) for m in oak.dm("amara")] == ["1 action needs you today"] * 4
    assert len({r.key for r in oak.reminders()}) == len(oak.reminders())


def test_while_the_app_is_removed_nothing_is_made_and_once_it_is_back_all_goes_on(oak: Oak) -> None:
    oak.action("2027-05-26")
    installed = {"access_token": "xoxb-oak", "team": {"id": TEAM}}
    kept = Installations(oak.store, [Fernet.generate_key().decode()])
    kept.keep(told(installed, oak.now))
    oak.desk = replace(oak.desk, rest=kept.rest)
    oak.come("2027-05-21 09:00")
    assert len(oak.dm("amara")) == 1
    kept.remove(TEAM, oak.now)
    before = len(oak.reminders()), len(oak.deliveries())
    for day in range(24, 29):
        oak.move(f"2027-05-{day} 09:00")
        assert oak.tick() == Ticked(0, 0, 0)
        oak.carry()
    assert (len(oak.reminders()), len(oak.deliveries(state=DeliveryState.WAITING))) == (before[0], 0)
    kept.keep(told(installed, oak.now))
    for _ in range(2):
        oak.tick()
        oak.carry()
    assert [headline(message) for message in oak.dm("amara")] == ["1 action needs you today"] * 2
    assert "was due Wed 26 May 2027, 2 days overdue" in words(oak.dm("amara")[-1]["blocks"])


def test_complaint_02_what_was_done_meanwhile_is_not_asked_for(oak: Oak) -> None:
    action = oak.action("2027-05-26")
    other = oak.action("2027-05-26", what="Something else")
    oak.move("2027-05-26 00:05")
    oak.tick()
    oak.move("2027-05-26 08:30")
    with oak.store.transaction() as work:
        actions.complete(work, oak.people["amara"], Complete(action=action.id), oak.now)
    oak.come("2027-05-26 09:00")
    (message,) = oak.dm("amara")
    assert "Something else" in words(message["blocks"])
    assert "8-line" not in words(message["blocks"])
    (dropped,) = oak.reminders(subject_id=action.id, about="due_soon", state=ReminderState.DROPPED)
    assert dropped.reason == "the action was marked done"
    assert oak.reminders(subject_id=other.id)[-1].state is ReminderState.SENT


def test_when_everything_was_answered_nothing_is_sent_and_the_morning_stays_free(oak: Oak) -> None:
    action = oak.action("2027-05-26")
    oak.move("2027-05-26 09:00")
    oak.tick()
    with oak.store.transaction() as work:
        actions.complete(work, oak.people["amara"], Complete(action=action.id), oak.now)
    oak.carry()
    (morning,) = oak.deliveries(DeliveryKind.MORNING)
    assert (morning.state, morning.error) == (DeliveryState.DROPPED, "answered meanwhile")
    oak.move("2027-05-26 09:30")
    late = oak.action("2027-05-28", what="Another")
    with oak.store.transaction() as work:  # written a while ago, so that today is one of its days
        work.save(replace(late, due_on=oak.now.date(), written_at=oak.now - timedelta(days=9)))
    oak.tick()
    oak.carry()
    (message,) = oak.dm("amara")
    assert "Another" in words(message["blocks"])


def test_complaint_03_a_tick_that_comes_late_skips_nothing(oak: Oak) -> None:
    oak.action("2027-05-26")
    oak.come("2027-05-26 09:00:37")
    assert len(oak.dm("amara")) == 1


def test_complaint_04_after_days_away_the_old_ones_are_folded_into_one_that_says_it_is_late(oak: Oak) -> None:
    oak.action("2027-05-19", what="First")
    oak.action("2027-05-27", what="Second")
    oak.come("2027-05-27 11:00")
    (message,) = oak.dm("amara")
    said = words(message["blocks"])
    assert headline(message) == "2 actions need you today"
    assert "This was due to reach you on Wed 26 May 2027; it comes late." in said
    assert said.count("it comes late") == 1  # Second is due today: on time
    lapsed = oak.reminders(state=ReminderState.LAPSED)
    assert lapsed
    assert all(r.reason for r in lapsed)
    oak.come("2027-05-27 11:05")
    assert len(oak.dm("amara")) == 1


def test_what_is_later_than_its_kind_allows_lapses_with_its_reason(oak: Oak) -> None:
    action = oak.action("2027-06-30")
    with oak.store.transaction() as work:
        seen = work.get(Action, action.id)
        assert seen
        work.rewake(Action, action.id, at("2027-06-25 00:00"))
    with oak.store.transaction() as work:
        actions.more_time(
            work,
            oak.people["amara"],
            MoreTime(action=action.id, due_on=at("2027-07-30 12:00").date(), reason="Sick leave"),
            oak.now,
            oak.now.date(),
        )
        work.rewake(Action, action.id, at("2027-07-26 00:00"))
    oak.come("2027-08-20 09:00")
    states = {r.period: r.state for r in oak.reminders("due_soon")}
    assert states == {"2027-07-30@2027-07-27": ReminderState.LAPSED, "2027-07-30@2027-07-30": ReminderState.LAPSED}
    assert headline(oak.dm("amara")[0]) == "1 action needs you today"  # overdue, which is what matters now


def test_a_new_owner_hears_that_same_morning_and_the_old_one_does_not(oak: Oak) -> None:
    action = oak.action("2027-05-26")
    oak.move("2027-05-26 00:01")
    oak.tick()
    oak.move("2027-05-26 08:50")
    with oak.store.transaction() as work:
        form = revisions.AssignAction(action=action.id, owner_id=oak.people["beatriz"].id, reason="Amara is on leave")
        revisions.assign(work, oak.people["deepa"], form, oak.now)
    oak.come("2027-05-26 09:00")
    assert oak.dm("amara") == []
    assert len(oak.dm("beatriz")) == 1
    (dropped,) = oak.reminders(person_id=oak.people["amara"].id, state=ReminderState.DROPPED)
    assert dropped.reason == "it is for somebody else now"


def test_the_ladder_adds_the_deputy_after_a_week_and_tells_the_owner_before(oak: Oak) -> None:
    oak.action("2027-05-19")
    oak.come("2027-05-24 09:00")
    assert "From Wed 26 May 2027 it also goes to the Deputy manager." in words(oak.dm("amara")[-1]["blocks"])
    oak.come("2027-05-26 09:00")
    (to_deputy,) = oak.dm("deepa")
    assert "Owner: Amara Osei." in words(to_deputy["blocks"])
    (row,) = [block for block in to_deputy["blocks"] if block["type"] == "actions"]
    assert [element["action_id"] for element in row["elements"]] == ["reminders.seen#A1"]


def test_what_belongs_to_somebody_who_left_goes_to_the_deputy(oak: Oak) -> None:
    action = oak.action("2027-05-26")
    oak.move("2027-05-26 09:00")
    oak.tick()
    with oak.store.transaction() as work:
        person = work.get(Person, oak.people["amara"].id)
        assert person
        work.save(replace(person, active=False))
    oak.carry()
    assert oak.dm("amara") == []
    oak.tick()
    oak.carry()
    message, question = sorted(oak.dm("deepa"), key=lambda each: "Who takes over?" in each["text"])
    assert "Amara Osei has left the workspace and still owns 1 action in Oak House" in question["text"]
    assert "8-line sheet" in words(message["blocks"])
    gone = oak.reminders(subject_id=action.id, person_id=oak.people["amara"].id)[-1]
    assert gone.reason == "the person has left"


def test_a_record_that_the_rules_choke_on_silences_nobody_else(oak: Oak) -> None:
    oak.action("2027-05-26")
    broken = oak.another_service("Nowhere", "C0NOWHERE", zone="Mars/Base", wake_at=oak.now)
    oak.come("2027-05-26 09:00")
    assert len(oak.dm("amara")) == 1
    with oak.store.reading() as work:
        stuck = work.get(Service, broken.id)
    assert stuck
    assert stuck.wake_at == oak.now + timedelta(hours=1)


def test_a_milestone_asks_for_a_sample_and_a_first_monday_for_the_monthly_review(oak: Oak) -> None:
    form = milestones.AddMilestone(of="P1", on=at("2027-05-26 12:00").date(), note="Ten handovers")
    with oak.store.transaction() as work:
        milestones.add(work, oak.people["ruth"], form, oak.now, oak.now.date())
    oak.come("2027-05-26 09:00")
    (message,) = oak.dm("hannah")
    assert "sample due today" in words(message["blocks"])
    assert "Ten handovers" in message["text"]
    oak.come("2027-06-01 09:00")
    monthly = oak.dm("ruth")[-1]["blocks"]
    assert "the monthly review of May 2027 is due" in words(monthly)
    assert next(b["accessory"]["action_id"] for b in monthly if "accessory" in b) == "review.open#P1-monthly"
    assert "review.open" not in str(oak.dm("deepa")[-1]["blocks"])  # who may not decide reads it
    review = RecordReview(
        priority="P1", kind=ReviewKind.MONTHLY, period="2027-05", present="Ruth, Deepa", decision=Decision.KEEP_OPEN,
        improved="No", unresolved="Nights", why="Two left", next_steps="Ask again", next_review_on=date(2027, 7, 1),
    )  # fmt: skip
    with oak.store.transaction() as work:
        _, done = reviewing.record(work, oak.people["ruth"], review, oak.now, oak.now.date())
        reminders.touch(work, done.priority, oak.now)
    oak.carry()
    now = words(oak.dm("ruth")[-1]["blocks"])
    assert "The monthly review for 2027-05 is recorded." in now
    assert "Nothing here needs you any more" in now


def test_a_tick_looks_only_at_what_is_due(oak: Oak) -> None:
    for number in range(5):
        oak.action("2027-07-30", what=f"Far away {number}")
    oak.action("2027-05-26")
    oak.tick()
    oak.move("2027-05-26 09:00")
    assert oak.tick().looked <= 3  # the action, and the service's week
    assert oak.tick().looked == 0
