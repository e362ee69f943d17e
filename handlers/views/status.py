"""The status of a service: where each priority stands, what is late, what was logged, and what changed in a month."""

from collections.abc import Sequence
from dataclasses import astuple, fields
from datetime import date
from typing import Any

from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.priorities import PriorityStatus
from bot.plan.services import Service
from bot.reports.narrowing import Asked
from bot.reports.register_parts import chosen
from bot.reports.standing import Outcome
from bot.reports.status import FIGURE_WORDS, ActionRow, Figures, OwnerRow, PriorityRow, ServiceStatus, change_words
from handlers.desk import Answer
from handlers.views import charts
from handlers.views.parts import Block, button, clip, context, day, divider, escape, header, section
from handlers.views.parts import actions as row

TABLE_ROWS = 60
CELL = 80
SAMPLES_SAY = {
    Outcome.WORSE: "its samples are worse than at the start",
    Outcome.DRIFTED: "its samples fell back after improving",
    Outcome.NO_CHANGE: "its samples show no measurable change",
    Outcome.UNKNOWN: "no sample tells yet what moved",
    Outcome.PARTLY: "its samples improved in part",
    Outcome.IMPROVED: "its samples improved",
}


def about(part: Asked) -> str:
    """Which part of the plan a status is about, to be read on after the service's name."""
    return f", about {escape(part.words)}" if part.words else ""


def summary(status: ServiceStatus, account: Account, part: Asked) -> Answer:
    """The message for the channel: headline, figures, change in a month, priorities, charts and table."""
    counts = status.counts
    topic = f", about {part.words}" if part.words else ""
    head = f"{status.service.name}{topic}: service improvement plan on {day(status.today)}"
    figures = ", ".join(f"{n} {word}" for word, n in counts.items() if n) or "no action yet"
    month = _month(status)
    blocks: list[Block] = [header(clip(head, 150)), section(f"*Actions:* {figures}\n{month}"), *_priorities(status)]
    blocks.append(section(_week(status)))
    drawn, said = _measure_charts(account, part) if part.words else ([], [])
    blocks += [*(drawn or [*_chart(status), *_month_chart(status)]), *_table(status.open_actions)]
    blocks.append(row(button("Log implementation", "log.open", style="primary"), button("My actions", "mine.show")))
    blocks.append(context("Details are in the thread. Counted from the plan's records alone."))
    return Answer(escape(clip("\n".join([_text(head, figures, status), month, *said]), 3900)), blocks)


def _month(status: ServiceStatus) -> str:
    """What changed since a month ago, in words."""
    changed = change_words(status)
    when = day(status.before_on)
    if not changed and not status.compared:
        return f"Nothing was on record yet on {when}, so there is nothing to compare with."
    return f"Since {when}: {', '.join(changed)}." if changed else f"The same figures as on {when}."


def _priorities(status: ServiceStatus) -> list[Block]:
    if not status.priorities:
        return [section("No priority is open. `/sip priority new` opens one.")]
    lines_ = [f"*{ref(p.priority)}* {escape(clip(p.priority.title, 100))}: {_row_words(p)}" for p in _shown(status)]
    if len(status.priorities) > 20:
        lines_.append(f"and {len(status.priorities) - 20} more")
    return [section("\n".join(lines_))]


def _shown(status: ServiceStatus) -> Sequence[PriorityRow]:
    return status.priorities[:20]


def _row_words(item: PriorityRow) -> str:
    found = [f"{item.priority.risk} risk", stands(item.priority.status, item.outcome)]
    found += [f"{item.overdue} overdue"] if item.overdue else []
    found += [f"{item.slips} slipped"] if item.slips else []
    found += ["stalled"] if item.stalled else []
    return ", ".join(found)


def stands(status: PriorityStatus, outcome: Outcome) -> str:
    """What people decided of a priority beside what its samples say, of which each may be the other's opposite."""
    if (status, outcome) == (PriorityStatus.PARTIALLY_IMPROVED, Outcome.PARTLY):
        return f"{status} as its samples show"
    return f"{status} ({SAMPLES_SAY[outcome]})"


def _week(status: ServiceStatus) -> str:
    if not status.week:
        return "*This week:* nothing was logged."
    shifts = {shift: sum(e.shift == shift for e in status.week) for shift in ("early", "late", "night")}
    spread = ", ".join(f"{n} on {shift} shifts" for shift, n in shifts.items() if n)
    many = "1 entry" if len(status.week) == 1 else f"{len(status.week)} entries"
    return f"*This week:* {many} logged ({spread}), {status.with_evidence} with evidence."


def _chart(status: ServiceStatus) -> list[Block]:
    counted = [(word.capitalize(), n) for word, n in status.counts.items() if n]
    if not counted:
        return []
    segments = [{"label": clip(word, charts.NAME), "value": n} for word, n in counted]
    words = ", ".join(f"{word} {n}" for word, n in counted)
    return [
        {"type": "data_visualization", "title": "Actions by state", "chart": {"type": "pie", "segments": segments}},
        context(f"Chart in words: {words}."),
    ]


def _month_chart(status: ServiceStatus) -> list[Block]:
    """This month beside the last; its words stand above, in the change since then."""
    # Short, so that seven of them have room side by side.
    names = [name.removesuffix(" priorities").removesuffix(" actions") for name in FIGURE_WORDS.values()]
    both = {"A month ago": astuple(status.before), "Now": astuple(status.figures)}
    if not any(n for values in both.values() for n in values):
        return []
    return [charts.drawn("Now and a month ago", names, both)]


def _measure_charts(account: Account, part: Asked) -> tuple[list[Block], list[str]]:
    """The samples of the measures that were asked about as lines, with what they say in words; two at most."""
    return charts.of_priority(account, [m for p in chosen(account, part.only) for m in account.measures_of(p)])


def _table(listed: Sequence[ActionRow]) -> list[Block]:
    if not listed:
        return []
    # Three columns are what a phone shows without scrolling sideways.
    rows: list[list[dict[str, Any]]] = [[_cell(h) for h in ("Action", "Due", "Owner")]]
    for item in listed[:TABLE_ROWS]:
        due = item.action.due_on
        what = f"{ref(item.action)} {clip(item.action.what, CELL)}"
        rows.append([_cell(text) for text in (what, f"{due.day} {due:%b %Y}, {item.word}", item.owner)])
    block: Block = {"type": "data_table", "caption": "Open actions, the latest first", "rows": rows, "page_size": 5}
    more = len(listed) - TABLE_ROWS
    return [block, context(f"and {more} more: /sip overdue")] if more > 0 else [block]


def _cell(text: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": text or "-"}


def _number(number: int) -> dict[str, Any]:
    return {"type": "raw_number", "value": number, "text": str(number)}


def owners(status: ServiceStatus, listed: Sequence[OwnerRow]) -> Answer:
    """Who owns what is not finished."""
    head = f"{status.service.name}: owners on {day(status.today)}"
    if not listed:
        words = f"{head}. Nobody owns an unfinished action."
        return Answer(escape(words), [section(escape(words))])
    heads = ("Owner", "Open", "Overdue", "Slipped", "Awaiting check")
    rows = [[_cell(h) for h in heads]]
    rows += [
        [_cell(clip(o.name, CELL)), *(_number(n) for n in (o.open, o.overdue, o.slipped, o.awaiting_check))]
        for o in listed[:TABLE_ROWS]
    ]
    table: Block = {"type": "data_table", "caption": clip(head, 200), "rows": rows, "page_size": 10}
    text = [
        f"{o.name}: {o.open} open, {o.overdue} overdue, {o.slipped} slipped, {o.awaiting_check} awaiting check"
        for o in listed
    ]
    hint = context("Type `/sip status` and a name for one owner's actions.")
    return Answer(escape(clip("\n".join([head, *text]), 3900)), [header(clip(head, 150)), table, hint])


def owner(status: ServiceStatus, name: str, person_id: str) -> Answer:
    """What one person owns and has not finished."""
    listed = [r for r in status.open_actions if r.action.owner_id == person_id]
    head = f"{name}, {status.service.name}, {day(status.today)}"
    late = sum(r.word == "overdue" for r in listed)
    many = "1 action is" if len(listed) == 1 else f"{len(listed)} actions are"
    words = f"{many} not finished, {late} of them overdue." if listed else "Nothing is open or awaiting a check."
    text = "\n".join([f"{head}: {words}", *(f"{ref(r.action)} {r.action.what}: {r.word}" for r in listed)])
    return Answer(escape(clip(text, 3900)), [header(clip(head, 150)), section(escape(words)), *_table(listed)])


def provider(found: Sequence[tuple[Service, Figures]], today: date, *, left_out: int = 0) -> Answer:
    """Services side by side, those with the most stalled priorities first."""
    head = f"Services side by side on {day(today)}"
    names = [field.name for field in fields(Figures)]
    heads = ["Service", *(FIGURE_WORDS[name] for name in names)]
    rows = [[_cell(h) for h in heads]]
    rows += [[_cell(clip(s.name, CELL)), *(_number(getattr(f, name)) for name in names)] for s, f in found]
    table: Block = {"type": "data_table", "caption": head, "rows": rows, "page_size": 20}
    text = [
        f"{s.name}: " + ", ".join(f"{FIGURE_WORDS[name].lower()} {getattr(f, name)}" for name in names)
        for s, f in found
    ]
    blocks: list[Block] = [header(head), table]
    shown = [(s, f) for s, f in found[: charts.NAME] if f.overdue or f.stalled]
    labels = _labels([s.name for s, _ in shown])
    if shown:
        named = {"Overdue actions": [f.overdue for _, f in shown], "Stalled": [f.stalled for _, f in shown]}
        blocks.insert(1, charts.drawn("Overdue and stalled", labels, named))
    if left_out > 0:
        blocks.append(context(f"{left_out} more services are left out."))
    blocks.append(context("Of the services that you may read. Counted from their records alone."))
    return Answer(escape(clip("\n".join([head, *text]), 3900)), blocks)


def _labels(names: Sequence[str]) -> list[str]:
    """Names short enough for a chart, no two alike."""
    found: list[str] = []
    for number, name in enumerate(names, start=1):
        short = clip(name, charts.NAME)
        found.append(short if short not in found else f"{clip(name, charts.NAME - 4)} {number}")
    return found


def details(status: ServiceStatus, account: Account) -> list[Answer]:
    """For the thread: each priority with its actions and what was logged on them this week."""
    answers = []
    for item in status.priorities[:20]:
        head = f"{ref(item.priority)} {item.priority.title}"
        listed = [_action_line(a) for a in item.actions[:25]]
        logged = [
            f"• {ref(e)} {day(e.on)}, {e.shift}: {escape(clip(e.what, 200))}"
            for e in status.week
            if e.priority_id == item.priority.id
        ][:8]
        problem = escape(clip(item.priority.problem_statement, 600))
        blocks = [section(f"*{escape(head)}*: {_row_words(item)}\n{problem}")]
        if listed:
            blocks.append(section("\n".join(listed)))
        drawn, said = charts.of_priority(account, account.measures_of(item.priority))
        blocks += drawn
        if logged:
            blocks += [divider(), section("Logged this week\n" + "\n".join(logged))]
        text = "\n".join([escape(head), *listed, *map(escape, said), *logged])
        answers.append(Answer(clip(text, 3900), blocks))
    return answers


def _action_line(item: ActionRow) -> str:
    what = escape(clip(item.action.what, 160))
    return f"• *{ref(item.action)}* {what} ({escape(item.owner)}, {item.word}, {day(item.action.due_on)})"


def _text(head: str, figures: str, status: ServiceStatus) -> str:
    found = [f"{head}. Actions: {figures}."]
    found += [f"{ref(p.priority)} {p.priority.title}: {_row_words(p)}." for p in _shown(status)]
    found.append(_week(status).replace("*", ""))
    for item in status.open_actions[:15]:
        due = item.action.due_on
        found.append(
            f"{ref(item.action)} {clip(item.action.what, CELL)}: {item.owner}, {due.day} {due:%b}, {item.word}."
        )
    return "\n".join(found)
