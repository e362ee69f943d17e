"""The status of a service: where each priority stands, what is late, what was logged."""

from collections.abc import Sequence
from typing import Any

from bot.plan.access import ref
from bot.reports.status import ActionRow, ServiceStatus
from handlers.desk import Answer
from handlers.views.parts import Block, button, clip, context, day, divider, escape, header, section
from handlers.views.parts import actions as row

TABLE_ROWS = 60
CELL = 80
# Blocks that Slack shows in messages only, never in a window.
MESSAGE_ONLY = frozenset({"data_visualization", "data_table"})


def summary(status: ServiceStatus) -> Answer:
    """The message for the channel: headline, figures, priorities, chart and table."""
    counts = status.counts
    head = f"{status.service.name}: service improvement plan on {day(status.today)}"
    figures = ", ".join(f"{n} {word}" for word, n in counts.items() if n) or "no action yet"
    blocks: list[Block] = [header(head), section(f"*Actions:* {figures}"), *_priorities(status)]
    blocks.append(section(_week(status)))
    blocks += [*_chart(status), *_table(status.open_actions)]
    blocks.append(row(button("Log implementation", "log.open", style="primary"), button("My actions", "mine.show")))
    blocks.append(context("Details are in the thread. Counted from the plan's records alone."))
    return Answer(escape(clip(_text(head, figures, status), 3900)), blocks)


def _priorities(status: ServiceStatus) -> list[Block]:
    if not status.priorities:
        return [section("No priority is open. Open the first with `/sip priority new`.")]
    lines = [
        f"*{ref(p.priority)}* {escape(clip(p.priority.title, 100))}: {p.priority.risk} risk, {p.priority.status}"
        + (f", {p.overdue} overdue" if p.overdue else "")
        + (f", {p.slips} slipped" if p.slips else "")
        for p in status.priorities[:20]
    ]
    if len(status.priorities) > 20:
        lines.append(f"and {len(status.priorities) - 20} more")
    return [section("\n".join(lines))]


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
    segments = [{"label": clip(word, 20), "value": n} for word, n in counted]
    words = ", ".join(f"{word} {n}" for word, n in counted)
    return [
        {"type": "data_visualization", "title": "Actions by state", "chart": {"type": "pie", "segments": segments}},
        context(f"Chart in words: {words}."),
    ]


def _table(listed: Sequence[ActionRow]) -> list[Block]:
    if not listed:
        return []
    heads = ("Action", "What", "Owner", "Due", "State")
    rows: list[list[dict[str, Any]]] = [[_cell(h) for h in heads]]
    for item in listed[:TABLE_ROWS]:
        due = item.action.due_on
        texts = (ref(item.action), clip(item.action.what, CELL), item.owner, f"{due.day} {due:%b %Y}", item.word)
        rows.append([_cell(text) for text in texts])
    block: Block = {"type": "data_table", "caption": "Open actions, the latest first", "rows": rows, "page_size": 5}
    more = len(listed) - TABLE_ROWS
    return [block, context(f"and {more} more: /sip overdue")] if more > 0 else [block]


def _cell(text: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": text or "-"}


def details(status: ServiceStatus) -> list[Answer]:
    """For the thread: each priority with its actions and what was logged on them this week."""
    answers = []
    for item in status.priorities[:20]:
        head = f"{ref(item.priority)} {item.priority.title}"
        lines = [_action_line(a) for a in item.actions[:25]]
        logged = [
            f"• {ref(e)} {day(e.on)}, {e.shift}: {escape(clip(e.what, 200))}"
            for e in status.week
            if e.priority_id == item.priority.id
        ][:8]
        blocks = [section(f"*{escape(head)}*\n{escape(clip(item.priority.problem_statement, 600))}")]
        if lines:
            blocks.append(section("\n".join(lines)))
        if logged:
            blocks += [divider(), section("Logged this week\n" + "\n".join(logged))]
        text = "\n".join([escape(head), *lines, *logged])
        answers.append(Answer(clip(text, 3900), blocks))
    return answers


def _action_line(row: ActionRow) -> str:
    what = escape(clip(row.action.what, 160))
    return f"• *{ref(row.action)}* {what} ({escape(row.owner)}, {row.word}, {day(row.action.due_on)})"


def _text(head: str, figures: str, status: ServiceStatus) -> str:
    lines = [f"{head}. Actions: {figures}."]
    for p in status.priorities[:20]:
        late = f", {p.overdue} overdue" if p.overdue else ""
        lines.append(f"{ref(p.priority)} {p.priority.title}: {p.priority.risk} risk, {p.priority.status}{late}.")
    lines.append(_week(status).replace("*", ""))
    for item in status.open_actions[:15]:
        due = item.action.due_on
        lines.append(
            f"{ref(item.action)} {clip(item.action.what, CELL)}: {item.owner}, {due.day} {due:%b}, {item.word}."
        )
    return "\n".join(lines)
