"""What the document of a pack says: plain values for the typesetter, from the functions behind the Slack answers."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any

from bot.frameworks.catalogue import framework
from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.actions import Action
from bot.plan.says import day
from bot.reports.inspection import inspect
from bot.reports.narrowing import Asked
from bot.reports.noticed import noticed
from bot.reports.pack.exhibits import Exhibit
from bot.reports.pack.letters import legible
from bot.reports.pack.threads import Picture, samples_say, thread_pages
from bot.reports.pack.wanted import Chosen
from bot.reports.register_parts import Cell, Filter, Register
from bot.reports.registers import REGISTERS
from bot.reports.responses import newest_first
from bot.reports.sentences import Sentence
from bot.reports.standing import Outcome, Standing, live, standings
from bot.reports.status import FIGURE_WORDS, figures

SHORT_CELL = 24  # characters up to which a column of a register stands as a column
SHORT_TOTAL = 74  # characters of all such columns together, on a landscape page
SHORT_COLUMNS = 6
LED = 3  # of leadership's answers, the newest ones, where a priority has not improved; the chapter on them has all
# Which columns are looked for first; the others follow in their own order.
LOOKED_FOR = (
    *("Date", "Due", "Status", "Owner", "Lead", "Decision", "Result", "Against baseline", "Judgement", "Movement"),
    *("More than chance", "Shift", "Source", "Risk", "Month", "Changed by", "Why"),
)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Maker:
    """Who made the pack and when, in the service's wall-clock time, and what to say of names."""

    name: str
    at: datetime
    names: bool


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal as it was when the pack was made: number and hash of its last event, how many events are shown."""

    number: int
    head: str
    shown: int


def document(chosen: Chosen, maker: Maker, exhibits: Sequence[Exhibit], journal: Journal) -> tuple[Json, list[Picture]]:
    """The document as JSON values in which every text can be shown by its font, and the pictures it refers to."""
    account, only = chosen.account, chosen.only
    found = standings(account, chosen.on, Filter(only.among, only.theme))
    asked = Asked(Filter(only.among, only.theme), chosen.part)
    inspection = inspect(account, chosen.on, asked)
    pages, pictures = thread_pages(account, found, only)
    body: Json = {
        **_cover(chosen, maker, found),
        "summary": [_sentence(s) for s in inspection.summary],
        "questions": [
            {"title": q.title, "sentences": [_sentence(s) for s in q.sentences]} for q in inspection.questions
        ],
        "not_improved": [_not_improved(account, s) for s in live(found) if s.outcome is not Outcome.IMPROVED or s.slow],
        "threads": pages,
        "decisions": [_dated(s, newest_first(account, s.priority), only) for s in found],
        "noticed": [_dated(s, noticed(account, s.priority), only) for s in found],
        "registers": [register_page(account, only, r) for r in REGISTERS if r.starred],
        "exhibits": [e.row() for e in exhibits],
        "journal": {"number": journal.number, "head": journal.head, "shown": journal.shown},
    }
    shown: Json = _shown(body)
    return shown, pictures


def _shown(value: Any) -> Any:
    """The same value with every text legible in the document's font."""
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, dict):
        return {key: _shown(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(inner) for inner in value]
    return value


def _cover(chosen: Chosen, maker: Maker, found: Sequence[Standing]) -> Json:
    service = chosen.account.service
    assessed = framework(service.framework)
    names = (
        "Staff are named as in the records."
        if maker.names
        else "Staff are called by their roles. Names that Grip knows were replaced in typed text too; evidence files, "
        "which may show names, are listed but left out. Read the pack before you hand it over."
    )
    return {
        "service": service.name,
        "location": service.location_id,
        "part": chosen.part,
        "period": chosen.period,
        "as_of": day(chosen.on),
        "made": f"{day(maker.at.date())} at {maker.at:%H:%M}",
        "made_by": maker.name,
        "names": names,
        "framework": f"{assessed.name} ({assessed.plural})",
        "framework_standing": assessed.standing,
        "figures": [[word, str(n)] for word, n in zip(FIGURE_WORDS.values(), astuple(figures(found)), strict=True)],
        "contents": [[ref(s.priority), s.priority.title, str(s.priority.status), samples_say(s)] for s in found],
    }


def _sentence(sentence: Sentence) -> Json:
    others = [r for r in sentence.refs if r != sentence.about]
    return {
        "text": sentence.text,
        "refs": ", ".join(others or sentence.refs),
        "about": sentence.about,
        "unresolved": sentence.unresolved,
    }


def _not_improved(account: Account, standing: Standing) -> Json:
    """A priority that has not improved, or is slow; what is being done about it, and what leadership did."""
    p = standing.priority
    found = [str(standing.outcome).capitalize()]
    found += [f"{ref(a)} overdue since {day(a.due_on)}" for a in standing.overdue]
    found += ["records improved while practice or experience did not"] if standing.mismatch else []
    found += [w for w in standing.stalled if "overdue" not in w]
    doing = [_under_way(account, standing, a) for a in standing.open_actions]
    said = [r for r in account.reviews_of(p) if r.next_steps]
    doing += [f"Agreed in {ref(said[-1])} of {day(said[-1].on)}: {said[-1].next_steps}"] if said else []
    led = newest_first(account, p)
    return {
        "ref": ref(p),
        "title": p.title,
        "what": "; ".join(found),
        "doing": doing or ["Nothing is on record: no open action and no agreed next step."],
        "nothing": not doing,
        "led": [_sentence(sentence) for _, sentence in led[:LED]],
        "led_before": max(0, len(led) - LED),
    }


def _under_way(account: Account, standing: Standing, action: Action) -> str:
    late = ", overdue" if action in standing.overdue else ""
    return f"{ref(action)} by {day(action.due_on)}{late}, {account.name(action.owner_id)}: {action.what}"


def _dated(standing: Standing, sentences: Sequence[tuple[date, Sentence]], only: Filter) -> Json:
    """What was decided, or noticed, about one priority in the time that is shown, the newest first."""
    p = standing.priority
    told = [_sentence(sentence) for on, sentence in sentences if only.has(on)]
    return {"ref": ref(p), "title": p.title, "sentences": told}


def register_page(account: Account, only: Filter, register: Register) -> Json:
    """A register for paper: its short columns as columns, all else of a row as labelled text in the last one."""
    rows = [[cell_words(cell) for cell in row] for row in register.rows(account, only)]
    short = _short_columns(register.columns, rows)
    rest = [i for i in range(len(register.columns)) if i not in short]
    return {
        "number": register.number,
        "title": register.title,
        "kept_by": register.kept_by,
        "columns": [register.columns[i] for i in short],
        "rows": [
            {
                "short": [row[i] for i in short],
                "rest": [[register.columns[i], row[i]] for i in rest if row[i]],
            }
            for row in rows
        ],
    }


def _short_columns(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Which columns are narrow enough to stand side by side; the first always does, an empty one never."""
    found: list[int] = []
    total = 0
    order = [columns.index(name) for name in LOOKED_FOR if name in columns[1:]]
    order = [0, *order, *(i for i in range(1, len(columns)) if i not in order)]
    for i in order:
        column, longest = columns[i], max((len(row[i]) for row in rows), default=0)
        width = max(longest, len(max(column.split(), key=len)))
        fits = longest <= SHORT_CELL and total + width <= SHORT_TOTAL and len(found) < SHORT_COLUMNS
        if i == 0 or (longest and fits):
            found.append(i)
            total += width
    return sorted(found)


def cell_words(cell: Cell) -> str:
    """A cell of a register on paper."""
    if isinstance(cell, datetime):
        return f"{_short_day(cell.date())} {cell:%H:%M}"
    if isinstance(cell, date):
        return _short_day(cell)
    if isinstance(cell, float):
        return f"{cell:g}"
    return "" if cell is None else str(cell)


def _short_day(on: date) -> str:
    return f"{on.day} {on:%b %Y}"
