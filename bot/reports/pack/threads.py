"""One page of the document for each priority: its golden thread with its measures, charts, actions and samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.insight.reading import told as series_told
from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.measures import target_words
from bot.plan.priorities import Priority, first_target, is_live
from bot.plan.readings import Reading, counted, told
from bot.plan.says import day, listed, unstopped
from bot.reports.charts import Size
from bot.reports.narrowing import topic_words
from bot.reports.pictures import Chart, chart_of
from bot.reports.register_parts import Filter
from bot.reports.standing import Standing, resolved
from bot.reports.status import word_for
from bot.reports.thread import Strand, thread_of

PAPER = Size(640, 175, 14)
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart by the name under which the document asks for it."""

    name: str
    svg: str


def thread_pages(account: Account, found: Sequence[Standing], only: Filter) -> tuple[list[Json], list[Picture]]:
    """The page of each priority, and the charts on them."""
    pages: list[Json] = []
    pictures: list[Picture] = []
    for standing in sorted(found, key=lambda s: s.priority.number):
        page, drawn = _page(account, standing, only)
        pages.append(page)
        pictures += drawn
    return pages, pictures


def _page(account: Account, standing: Standing, only: Filter) -> tuple[Json, list[Picture]]:
    p = standing.priority
    measures: list[Json] = []
    pictures: list[Picture] = []
    for reading in standing.readings:
        measure, drawn = _measure(account, p, reading)
        measures.append(measure)
        pictures += drawn
    steps = [s for s in thread_of(account, p) if only.has(s.on)]
    page = {
        "ref": ref(p),
        "title": p.title,
        "facts": _facts(account, standing),
        "problem": p.problem_statement,
        "rationale": p.rationale,
        "evidence_base": p.evidence_base,
        "signals": [[ref(s), _short(s.on), str(s.source), s.reference, s.summary] for s in account.signals_of(p)],
        "measures": measures,
        "actions": _actions(account, standing),
        "steps": [
            {"on": _short(s.on), "strand": str(s.strand), "text": s.text, "refs": ", ".join(s.refs)}
            for s in steps
            if s.strand not in (Strand.SIGNAL, Strand.PROBLEM)
        ],
    }
    return page, pictures


def samples_say(standing: Standing) -> str:
    """What the samples of a priority say together; where others carry it on, their samples do."""
    carried = standing.account.children_of(standing.priority)
    if carried and not is_live(standing.priority):
        return f"see {listed([ref(c) for c in carried])}"
    return str(standing.outcome)


def _facts(account: Account, standing: Standing) -> list[list[str]]:
    p = standing.priority
    found = [
        ("Risk", str(p.risk)),
        ("Status", str(p.status)),
        ("What the samples say", samples_say(standing)),
        ("Led by", account.name(p.lead_id)),
        ("Opened", day(p.opened_on)),
        ("Target date", _target_date(p)),
        ("Closed", day(p.closed_on) if p.closed_on else ""),
        ("About", topic_words(account, p)),
        ("Where", p.affected_areas),
        ("Came from", _origin(account, p)),
        ("Carried on by", listed([f"{ref(c)} {c.title}" for c in account.children_of(p)])),
    ]
    return [[name, value] for name, value in found if value]


def _target_date(priority: Priority) -> str:
    if priority.target_on is None:
        return ""
    first = first_target(priority)
    moved = f", at first {day(first)}" if first and first != priority.target_on else ""
    return f"{day(priority.target_on)}{moved}"


def _origin(account: Account, priority: Priority) -> str:
    origin = account.origin_of(priority)
    return f"{ref(origin)} {origin.title}" if origin else ""


def _measure(account: Account, priority: Priority, reading: Reading) -> tuple[Json, list[Picture]]:
    measure = reading.measure
    samples = account.samples_of(measure)
    found: Json = {
        "ref": ref(measure),
        "name": measure.name,
        "lens": str(measure.lens),
        "target": target_words(measure),
        "told": told(reading).removeprefix(f"{ref(measure)} {measure.name} ({measure.lens}): "),
        "rule": reading.movement.rule if reading.movement else "",
        "advice": reading.movement.advice if reading.movement else "",
        "resolved": resolved(reading),
        "samples": [
            [
                ref(s),
                _short(s.on),
                "baseline" if s.baseline else "follow-up",
                str(counted(measure, s)),
                account.name(s.person_id),
                "; ".join(unstopped(part) for part in (s.sampled, s.findings, _quoted(s.in_their_words)) if part),
            ]
            for s in samples
        ],
        "chart": None,
    }
    chart = chart_of(account, priority, reading, words=False)  # what the actions are stands in full below
    if chart is None:
        return found, []
    picture, found["chart"] = _chart(chart)
    return found, [picture]


def _quoted(words: str) -> str:
    return f"in their words: “{words.strip()}”" if words else ""


def _chart(chart: Chart) -> tuple[Picture, Json]:
    drawing = chart.drawn(PAPER)
    name = f"chart-{ref(chart.measure)}.svg"
    caption = f"{ref(chart.measure)} {chart.measure.name}. {series_told(chart.series)}"
    return Picture(name, drawing.svg), {"file": name, "alt": drawing.alt, "caption": caption}


def _actions(account: Account, standing: Standing) -> list[list[str]]:
    rows = []
    for a in account.actions_of(standing.priority):
        slips = account.slips_of(a)
        moved = f"\nat first {_short(slips[0].from_on)}" if slips else ""
        state = word_for(a, standing.today)
        rows.append([ref(a), a.what, account.name(a.owner_id), f"{_short(a.due_on)}{moved}", state, a.check])
    return rows


def _short(on: date) -> str:
    return f"{on.day} {on:%b %Y}"
