"""What is counted in Slack is what the rows of the workbook add up to and what the PDF shows."""

import re
from collections import Counter
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

from bot.plan.access import ref
from bot.plan.measures import Measure
from bot.plan.priorities import is_live
from bot.reports.digest import digest
from bot.reports.inspection import inspect
from bot.reports.narrowing import WHOLE, asked
from bot.reports.registers import register
from bot.reports.status import FIGURE_WORDS, Figures, ServiceStatus, owners, status
from handlers.views import digest as digest_views
from handlers.views import inspect as inspect_views
from handlers.views import status as status_views
from playground.actor import words
from tests.bot.reports.pack import packed
from tests.bot.reports.pack.packed import NOW, TODAY, Seeded

Rows = list[dict[str, Any]]
ACTIONS, SAMPLES = 2, 4
SOON = timedelta(days=7)


def rows(seeded: Seeded, number: int) -> Rows:
    """A register's rows as they stand in the workbook, by the names of its columns."""
    this = register(number)
    assert this
    return [dict(zip(this.columns, row, strict=True)) for row in packed.rows_of(seeded.pack, this)]


def summary(seeded: Seeded, found: ServiceStatus) -> str:
    return status_views.summary(found, seeded.account, WHOLE).text


def state(row: dict[str, Any]) -> str:
    """The word for an action, worked out from the cells of the workbook alone."""
    if row["Status"] == "done, awaiting check":
        return "awaiting check"
    if row["Status"] in ("verified", "cancelled"):
        return str(row["Status"])
    due: date = row["Due"].date()
    return "overdue" if due < TODAY else "due" if due <= TODAY + SOON else "on time"


def of(listed: Rows, priority: str) -> Rows:
    return [row for row in listed if row["Priority"].startswith(f"{priority} ")]


def test_actions_by_state_are_the_rows_of_the_action_tracker(seeded: Seeded) -> None:
    tracker = rows(seeded, ACTIONS)
    (told,) = re.findall(r"Actions: (.*?)\.", summary(seeded, status(seeded.account, TODAY)))
    shown = {word: int(n) for n, word in re.findall(r"(\d+) ([a-z ]+)", told)}
    assert shown == {word: n for word, n in Counter(map(state, tracker)).items() if word != "cancelled"}
    for row in tracker:
        line = packed.squeezed(f"{row['Action']}{row['What will be done']}{row['Owner']}{_short(row['Due'])}")
        assert line in packed.squeezed(seeded.text), row["Action"]


def test_overdue_and_slipped_of_each_priority_are_its_rows_and_its_line_on_the_cover(seeded: Seeded) -> None:
    tracker, found = rows(seeded, ACTIONS), status(seeded.account, TODAY)
    text = summary(seeded, found)
    cover = packed.squeezed(seeded.text[: seeded.text.index("Contents")])
    total = Counter[str]()
    for item in found.priorities:
        own, name = of(tracker, ref(item.priority)), f"{ref(item.priority)} {item.priority.title}"
        (line,) = re.findall(rf"^{re.escape(name)}: (.*)\.$", text, re.MULTILINE)
        late = sum(state(row) == "overdue" for row in own)
        moved = sum(row["Slips"] > 0 and row["Status"] not in ("verified", "cancelled") for row in own)
        assert _number(line, "overdue") == late
        assert _number(line, "slipped") == moved
        total.update(overdue=late, slipped=moved)
        assert status_views.stands(item.priority.status, item.outcome) in line
        on_cover = f"{name}{item.priority.status}{item.outcome}"
        assert packed.squeezed(on_cover) in cover
    assert (found.figures.overdue, found.figures.slipped) == (total["overdue"], total["slipped"])
    assert total["slipped"]


def test_what_each_owner_owns_is_the_tracker_by_owner(seeded: Seeded) -> None:
    tracker = rows(seeded, ACTIONS)
    told = status_views.owners(status(seeded.account, TODAY), owners(status(seeded.account, TODAY))).text
    pattern = r"^(.+): (\d+) open, (\d+) overdue, (\d+) slipped, (\d+) awaiting check$"
    shown = {name: tuple(map(int, rest)) for name, *rest in re.findall(pattern, told, re.MULTILINE)}
    expected = {}
    for name in {row["Owner"] for row in tracker}:
        own = [row for row in tracker if row["Owner"] == name and state(row) not in ("verified", "cancelled")]
        waiting = sum(state(row) == "awaiting check" for row in own)
        late = sum(state(row) == "overdue" for row in own)
        expected[name] = (len(own) - waiting, late, sum(row["Slips"] > 0 for row in own), waiting)
    assert shown == {name: counts for name, counts in expected.items() if any(counts)}


def test_each_sample_is_the_same_in_workbook_thread_and_answers(seeded: Seeded) -> None:
    text, listed = packed.squeezed(seeded.text), rows(seeded, SAMPLES)
    assert len(listed) > 10
    for row in listed:
        in_thread = f"{row['Sample']}{_short(row['Date'])}follow-up{row['Result']}"
        assert packed.squeezed(in_thread) in text, row["Sample"]
    for measure in seeded.account.measures:
        newest = [row for row in listed if row["Measure"].startswith(f"{ref(measure)} ")][-1:]
        for row in newest:
            _says_the_same(seeded, measure, row)


def _says_the_same(seeded: Seeded, measure: Measure, row: dict[str, Any]) -> None:
    """The newest sample of a measure, its baseline and its verdict, in the workbook's row and in both answers."""
    priority = seeded.account.priority(measure.priority_id)
    assert priority
    found = inspect(seeded.account, TODAY, asked(seeded.account, ref(priority)))
    slack = words({"blocks": inspect_views.answered(found, "").blocks})
    counts = f"{row['Baseline']} then, {row['Result']} now: "
    chance = {"improved": "more than chance", "worse": "more than chance", "no measurable change": "could be chance"}
    verdict, name = chance[row["Against baseline"]], re.escape(f"{ref(measure)} {measure.name}")
    (told,) = set(re.findall(rf"{name}[^:]*: {counts}(?:this )?([a-z ]+)\.", slack))
    assert told == verdict
    # The page of the priority tells the same under the heading of the measure.
    page = packed.squeezed(f"{measure.name}({measure.lens}lens")
    text = packed.squeezed(seeded.text)
    under = text[text.index(page) :][:400]
    assert packed.squeezed(f"{counts}{'this ' if told.startswith('could') else ''}{verdict}.") in under


def test_services_side_by_side_digest_and_cover_say_the_figures_of_the_status(seeded: Seeded) -> None:
    found = status(seeded.account, TODAY)
    told = status_views.provider([(seeded.account.service, found.figures)], TODAY).text
    at_a_glance = seeded.text[seeded.text.index("At a glance") : seeded.text.index("Contents")]
    cover = [int(n) for n in re.findall(r"^\s*(\d+)\s*$", at_a_glance, re.MULTILINE)]
    for field, on_cover in zip(fields(Figures), cover, strict=True):
        (beside,) = re.findall(rf"{FIGURE_WORDS[field.name].lower()} (\d+)", told)
        assert int(beside) == getattr(found.figures, field.name) == on_cover
    week = digest(seeded.account, (), (), lambda _id: "", NOW - timedelta(days=7), NOW)
    (late,) = re.findall(r"Overdue \((\d+)\)", digest_views.digest(week).text)
    assert int(late) == found.figures.overdue
    plan = {row["Priority"]: row for row in rows(seeded, 1)}
    live = [p for p in seeded.account.priorities if is_live(p)]
    assert found.figures.open == len(live) == sum(row["Status"] not in ("closed", "split") for row in plan.values())
    assert found.figures.high_risk == sum(plan[ref(p)]["Risk"] == "high" for p in live)


def _number(line: str, what: str) -> int:
    found = re.findall(rf"(\d+) {what}", line)
    return int(found[0]) if found else 0


def _short(on: datetime) -> str:
    return f"{on.day} {on:%b %Y}"
