"""How findings look: the form that answers one, what was kept, and what still waits."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.plan.access import ref
from bot.plan.actions import Action
from bot.plan.findings import Finding
from bot.plan.priorities import Priority
from bot.plan.signals import Signal
from handlers.desk import Answer
from handlers.views.parts import (
    Block,
    actions,
    button,
    clip,
    context,
    day,
    escape,
    field,
    header,
    modal,
    option,
    quoted,
    section,
    select,
    text_input,
)

LISTED = 10


def answer_form(finding: Finding, about: str, listed: Sequence[Action]) -> dict[str, Any]:
    """The action that answers a finding, or why none is needed."""
    blocks: list[Block] = [section(f"*{ref(finding)}* of {day(finding.on)}"), quoted(clip(about, 600))]
    if listed:
        options = [option(f"{ref(a)} {a.what}", a.id, f"{a.status}, due {day(a.due_on)}") for a in listed]
        blocks.append(field("action", "Which action answers it?", select(options, None, "None of them"), optional=True))
    blocks.append(
        field("reason", "Or why is no action needed?", text_input(), optional=True,
              hint="One of the two. Without an action, the reason stays in the plan for everybody to read.")
    )  # fmt: skip
    return modal("finding.form", f"Answer {ref(finding)}", blocks, submit="Save", meta={"finding": finding.id})


def answered(finding: Finding, action: Action | None) -> Answer:
    """After a finding was answered."""
    if action:
        words = f"*{ref(finding)}* is answered by *{ref(action)}* {escape(clip(action.what, 200))}."
        return Answer(words.replace("*", ""), [section(words)])
    words = f"*{ref(finding)}* needs no action; the reason stays in the plan."
    text = f"{words} {escape(finding.answered_reason)}".replace("*", "")
    return Answer(text, [section(words), quoted(finding.answered_reason)])


def listing(
    loose: Sequence[Signal],
    findings: Sequence[tuple[Finding, str]],
    priorities: Mapping[str, Priority],
    where: str,
    *,
    may_answer: bool,
    may_link: bool,
) -> Answer:
    """What waits: findings without an answer, each with its words, and signals that belong to no priority."""
    if not loose and not findings:
        words = f"In {where} every finding has an answer and every signal belongs to a priority."
        return Answer(escape(words), [section(escape(words)), actions(button("Log a signal", "signal.open"))])
    blocks: list[Block] = []
    lines: list[str] = []
    if findings:
        blocks.append(header(f"Findings without an answer ({len(findings)})"))
    for finding, words in findings[:LISTED]:
        thread = priorities.get(finding.priority_id or "")
        of = f" for {ref(thread)}" if thread else ""
        said = f"{ref(finding)}{of}, {day(finding.on)}: {clip(words, 300)}"
        answer = {"finding": finding.id}
        press = button("Answer it", f"finding.answer#{ref(finding)}", answer, label=f"Answer {ref(finding)}")
        blocks.append(section(escape(said), press if may_answer else None))
        lines.append(said)
    if loose:
        blocks.append(header(f"Signals without a priority ({len(loose)})"))
    for signal in loose[:LISTED]:
        said = f"{ref(signal)} {signal.source}, {day(signal.on)}, {signal.theme}: {clip(signal.summary, 300)}"
        name = ref(signal)
        press = button("Link", f"signal.link#{name}", {"signal": signal.id}, label=f"Link {name} to a priority")
        blocks.append(section(escape(said), press if may_link else None))
        lines.append(said)
    more = max(0, len(findings) - LISTED) + max(0, len(loose) - LISTED)
    if more:
        blocks.append(context(f"And {more} more: `/sip register 6` shows every signal behind a priority."))
    blocks.append(actions(button("Log a signal", "signal.open")))
    return Answer(escape(clip(f"Waiting in {where}: " + "; ".join(lines), 3900)), blocks)
