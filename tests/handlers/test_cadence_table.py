"""Every row of the cadence at its edges, through the tick and the outbox: the day before, the day, holidays, clock
changes, and a restart in between."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.plan import actions, clocks, measures, milestones, sampling
from bot.plan.actions import Complete
from bot.plan.clocks import StartClock
from bot.plan.measures import DefineMeasure, Lens
from bot.plan.milestones import AddMilestone
from bot.plan.priorities import ClockKind, PriorityStatus
from bot.plan.sampling import RecordSample
from playground.actor import words
from tests.handlers.oak import Oak, at

Plant = Callable[[Oak], object]


def due(day: str) -> Plant:
    return lambda oak: oak.action(day)


def review_point(day: str) -> Plant:
    def plant(oak: Oak) -> None:
        with oak.store.transaction() as work:
            form = AddMilestone(of="P1", on=date.fromisoformat(day))
            milestones.add(work, oak.people["ruth"], form, oak.now, oak.now.date())

    return plant


def sampled(day: str) -> Plant:
    """A baseline a fortnight before and a follow-up that nobody has judged."""

    def plant(oak: Oak) -> None:
        oak.move(f"{day} 11:00")
        on = date.fromisoformat(day)
        with oak.store.transaction() as work:
            hannah = oak.people["hannah"]
            form = DefineMeasure(priority="P1", name="Handovers complete", lens=Lens.RECORD, target="90")
            measure = measures.define(work, hannah, form, oak.now)
            first = RecordSample(measure=measure.id, met=9, n=20, baseline=True, on=on - timedelta(days=14))
            sampling.record(work, hannah, first, oak.now, today=on)
            second = RecordSample(measure=measure.id, met=17, n=20, on=on)
            sampling.record(work, hannah, second, oak.now, today=on)

    return plant


def done(day: str) -> Plant:
    def plant(oak: Oak) -> None:
        action = oak.action("2028-06-30")
        oak.move(f"{day} 12:00")
        with oak.store.transaction() as work:
            actions.complete(work, oak.people["amara"], Complete(action=action.id), oak.now)

    return plant


def opened(on: str) -> Plant:
    def plant(oak: Oak) -> None:
        with oak.store.transaction() as work:
            work.save(replace(oak.thread, opened_on=date.fromisoformat(on), wake_at=oak.now))

    return plant


def closed(on: str) -> Plant:
    def plant(oak: Oak) -> None:
        with oak.store.transaction() as work:
            ended = replace(oak.thread, status=PriorityStatus.CLOSED, closed_on=date.fromisoformat(on), wake_at=oak.now)
            work.save(ended)

    return plant


def clock(oak: Oak) -> None:
    """A commissioner's plan due in 14 days."""
    with oak.store.transaction() as work:
        form = StartClock(priority="P1", kind=ClockKind.REMEDIAL_PLAN)
        clocks.start(work, oak.people["ruth"], form, oak.now, oak.now.date())


# Monday 31 May 2027 is a bank holiday; 1 June is the first working day of the month.
ROWS: list[tuple[str, Plant, str, str, str, str]] = [
    ("due soon over a holiday", due("2027-06-03"), "amara", "2027-05-27", "2027-05-28", "due Thu 3 Jun 2027"),
    ("on the due date", due("2027-06-03"), "amara", "2027-06-02", "2027-06-03", "due today"),
    ("overdue over a holiday", due("2027-05-28"), "amara", "2027-05-31", "2027-06-01", "4 days overdue"),
    ("again after two working days", due("2027-05-28"), "amara", "2027-06-02", "2027-06-03", "6 days overdue"),
    ("the deputy after seven days", due("2027-05-24"), "deepa", "2027-05-31", "2027-06-01", "8 days overdue"),
    ("the manager after fourteen", due("2027-05-19"), "ruth", "2027-06-01", "2027-06-02", "14 days overdue"),
    ("the provider after twenty-eight", due("2027-05-19"), "priya", "2027-06-15", "2027-06-16", "28 days overdue"),
    ("sampling after a weekend", review_point("2027-05-29"), "hannah", "2027-05-28", "2027-06-01", "sample was due"),
    ("sampling on its day", review_point("2027-05-27"), "hannah", "2027-05-26", "2027-05-27", "sample due today"),
    ("sampling overdue", review_point("2027-05-21"), "hannah", "2027-05-27", "2027-05-28", "7 days overdue"),
    ("a judgement", sampled("2027-05-19"), "hannah", "2027-05-25", "2027-05-26", "your judgement is due"),
    ("a verification", done("2027-05-26"), "hannah", "2027-05-31", "2027-06-01", "it waits for your check"),
    ("the monthly review", due("2027-12-01"), "ruth", "2027-05-31", "2027-06-01", "monthly review of May 2027"),
    ("the deputy too", due("2027-12-01"), "deepa", "2027-05-31", "2027-06-01", "monthly review of May 2027"),
    ("a long-running review", opened("2026-10-15"), "ruth", "2027-05-31", "2027-06-01", "open since Thu 15 Oct 2026"),
    ("the provider's quarter", opened("2026-10-15"), "priya", "2027-06-30", "2027-07-01", "April to June 2027"),
    ("a check after closure", closed("2027-04-30"), "hannah", "2027-05-28", "2027-06-01", "does the improvement last?"),
    ("a statutory clock", clock, "ruth", "2027-05-27", "2027-05-28", "in 4 days"),
    ("its last day", clock, "ruth", "2027-05-31", "2027-06-01", "remedial plan due today"),
    ("the provider once it is late", clock, "priya", "2027-06-01", "2027-06-02", "1 day overdue"),
]

# The clocks go back on Sunday 31 October 2027, and forward on Sunday 26 March 2028: the Monday after, at nine as ever.
AUTUMN, SPRING = ("2027-10-18 10:00", "2027-10-31", "2027-11-01"), ("2028-03-13 10:00", "2028-03-26", "2028-03-27")
CHANGES: list[tuple[str, tuple[str, str, str], Plant, str, str]] = [
    ("due today, autumn", AUTUMN, due("2027-11-01"), "amara", "due today"),
    ("due today, spring", SPRING, due("2028-03-27"), "amara", "due today"),
    ("overdue, autumn", AUTUMN, due("2027-10-29"), "amara", "3 days overdue"),
    ("overdue, spring", SPRING, due("2028-03-24"), "amara", "3 days overdue"),
    ("sampling, autumn", AUTUMN, review_point("2027-11-01"), "hannah", "sample due today"),
    ("sampling, spring", SPRING, review_point("2028-03-27"), "hannah", "sample due today"),
    ("a judgement, autumn", AUTUMN, sampled("2027-10-25"), "hannah", "your judgement is due"),
    ("a judgement, spring", SPRING, sampled("2028-03-20"), "hannah", "your judgement is due"),
    ("a verification, autumn", AUTUMN, done("2027-10-27"), "hannah", "it waits for your check"),
    ("a verification, spring", SPRING, done("2028-03-22"), "hannah", "it waits for your check"),
    ("a long-running review, autumn", AUTUMN, opened("2027-04-15"), "ruth", "open since Thu 15 Apr 2027"),
    ("a check after closure, autumn", AUTUMN, closed("2027-08-01"), "hannah", "does the improvement last?"),
    ("a check after closure, spring", SPRING, closed("2027-12-27"), "hannah", "does the improvement last?"),
    ("a statutory clock, autumn", AUTUMN, clock, "ruth", "remedial plan due today"),
    ("a statutory clock, spring", SPRING, clock, "ruth", "remedial plan due today"),
]


def told(oak: Oak, who: str, said: str) -> int:
    """In how many messages a person, or the channel, was told."""
    return sum(said in words(message["blocks"]) for message in (oak.posted() if who == "channel" else oak.dm(who)))


@pytest.mark.parametrize(("plant", "who", "silent", "day", "said"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_silent_the_day_before_and_told_once_on_the_day_whatever_restarts(
    tmp_path: Path, plant: Plant, who: str, silent: str, day: str, said: str
) -> None:
    with Oak(tmp_path) as oak:
        plant(oak)
        oak.come(f"{silent} 09:00")
        assert told(oak, who, said) == 0
        oak.move(f"{day} 00:01")
        oak.tick()
        again = oak.open_store()  # the process is another one from here on
        oak.desk = oak.desk_over(again)
        oak.come(f"{day} 08:59")
        assert told(oak, who, said) == 0
        oak.come(f"{day} 09:00")
        assert told(oak, who, said) == 1
        oak.come(f"{day} 16:00")
        assert told(oak, who, said) == 1
        again.close()


@pytest.mark.parametrize(("when", "plant", "who", "said"), [r[1:] for r in CHANGES], ids=[r[0] for r in CHANGES])
def test_the_clocks_change_in_between_and_nine_is_nine(
    tmp_path: Path, when: tuple[str, str, str], plant: Plant, who: str, said: str
) -> None:
    start, silent, day = when
    with Oak(tmp_path, start=start) as oak:
        plant(oak)
        oak.come(f"{silent} 12:00")
        oak.come(f"{day} 08:59")
        assert told(oak, who, said) == 0
        oak.come(f"{day} 09:00")
        assert told(oak, who, said) == 1


@pytest.mark.parametrize(
    ("start", "day", "month"),
    [
        ("2027-10-20 10:00", "2027-11-01", "October 2027"),  # the clocks went back on the Sunday before
        ("2027-03-10 10:00", "2027-04-01", "March 2027"),  # and forward on 28 March
        ("2026-12-21 10:00", "2027-01-04", "December 2026"),  # New Year's Day is a Friday
        ("2028-02-21 10:00", "2028-03-01", "February 2028"),  # a leap day
    ],
)
def test_complaint_09_the_monthly_review_names_the_month_that_ended(
    tmp_path: Path, start: str, day: str, month: str
) -> None:
    with Oak(tmp_path, start=start) as oak:
        oak.come(f"{day} 08:59")
        assert told(oak, "ruth", "monthly review") == 0
        oak.come(f"{day} 09:00")
        assert told(oak, "ruth", f"the monthly review of {month} is due") == 1
        (press, *_) = [b["accessory"] for b in oak.dm("ruth")[-1]["blocks"] if "accessory" in b]
        assert (
            f'"period":"{date.fromisoformat(day).replace(day=1) - (date(2, 1, 2) - date(2, 1, 1)):%Y-%m}"'
            in press["value"]
        )


@pytest.mark.parametrize(("day", "hour"), [("2027-03-25", 9), ("2027-03-30", 8), ("2027-10-29", 8), ("2027-11-01", 9)])
def test_complaint_07_an_instant_is_kept_in_utc_and_shown_by_the_clock_of_the_place(
    tmp_path: Path, day: str, hour: int
) -> None:
    """Nine in the morning is 9:00 UTC in winter and 8:00 UTC in summer; the store holds the instant, not the wall."""
    with Oak(tmp_path, start=f"{day[:5]}{'03' if day < '2027-06' else '10'}-01 10:00") as oak:
        oak.action(day)
        oak.come(f"{day} 09:00")
        (reminder,) = [r for r in oak.reminders("due_soon") if r.period.endswith(f"@{day}")]
        assert (reminder.due_at.isoformat(), reminder.due_at.utcoffset().__str__()) == (
            f"{day}T{hour:02}:00:00+00:00",
            "0:00:00",
        )
        assert told(oak, "amara", "due today") == 1


# Both clock changes of 2026, each with ticks on either side of the hour that is left out or comes twice, and then the
# moments (in UTC) at which the service's own rows are told, and to whom.
SPRING_2026 = (
    "2026-03-24 10:00",
    ("2026-03-29 00:59Z", "2026-03-29 01:01Z"),
    {
        "2026-03-30 08:00Z": [("channel", "Mon 30 Mar 2026")],
        "2026-04-01 08:00Z": [("ruth", "monthly review of March 2026"), ("priya", "January to March 2026")],
    },
)
AUTUMN_2026 = (
    "2026-10-20 10:00",
    ("2026-10-25 00:30Z", "2026-10-25 01:30Z"),
    {
        "2026-10-26 09:00Z": [("channel", "Mon 26 Oct 2026")],
        "2026-11-02 09:00Z": [("channel", "Mon 2 Nov 2026"), ("ruth", "monthly review of October 2026")],
        "2027-01-04 09:00Z": [("channel", "Mon 4 Jan 2027"), ("priya", "October to December 2026")],
    },
)


@pytest.mark.parametrize("change", [SPRING_2026, AUTUMN_2026], ids=["spring", "autumn"])
def test_digest_and_reviews_come_at_nine_by_the_clock_of_the_place_and_once(
    tmp_path: Path, change: tuple[str, tuple[str, str], dict[str, list[tuple[str, str]]]]
) -> None:
    start, around, moments = change
    with Oak(tmp_path, start=start, digest_on=0) as oak:
        opened("2025-06-02")(oak)
        for moment in around:
            oak.come(moment)
        assert oak.posted() == oak.dm("ruth") == oak.dm("priya") == []
        for moment, expected in moments.items():
            nine = at(moment)
            for seconds, count in ((-1, 0), (0, 1), (0, 1), (3600, 1)):
                again = oak.open_store()  # each time by a process of its own
                oak.desk = oak.desk_over(again)
                oak.come((nine + timedelta(seconds=seconds)).isoformat())
                assert {said: told(oak, who, said) for who, said in expected} == dict.fromkeys(
                    (said for _, said in expected), count
                )
                again.close()
