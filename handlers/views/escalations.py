"""How escalations look: the form that raises one, what people are told, the response, the outcome, the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.plan.access import ref
from bot.plan.escalations import LEADERS, Escalation, Response, is_waiting
from bot.plan.people import ROLE_NAMES, Role
from bot.plan.priorities import Priority
from handlers.desk import Answer
from handlers.views.parts import (
    Block,
    actions,
    button,
    choices,
    clip,
    context,
    escape,
    field,
    header,
    modal,
    moment,
    option,
    quoted,
    section,
    select,
    text_input,
)
from handlers.views.review_form import INITIALS

TEXT = 3900
LISTED = 8


@dataclass(frozen=True, slots=True)
class Item:
    """An escalation with its priority, who raised and who answered it, and what the reader may do with it."""

    escalation: Escalation
    priority: Priority
    by: str
    answered_by: str = ""
    may_respond: bool = False
    may_conclude: bool = False


def raise_form(
    priority: Priority, why: str, to: Role, response: Response | None, *, may_respond: bool
) -> dict[str, Any]:
    """Call on leadership, and say why; whoever may answer it themselves can choose the response at once."""
    blocks = [
        section(f"*{ref(priority)}* {escape(clip(priority.title, 150))}\n{priority.status}, {priority.risk} risk"),
        field("why", "Why is it escalated?", text_input(why, placeholder=(
            "Two samples since October show no change on nights, and A7 slipped twice")), hint=INITIALS),
        field("to", "To whom?", select([option(ROLE_NAMES[role], role) for role in LEADERS], to)),
    ]  # fmt: skip
    if may_respond:
        blocks += [
            field("response", "Response, if chosen already", choices(Response, response), optional=True),
            field("how", "How will it be carried out?", text_input(), optional=True),
        ]
    meta = {"priority": priority.id}
    return modal("escalate.form", f"Escalate {ref(priority)}", blocks, submit="Escalate", meta=meta)


def head(item: Item) -> str:
    """An escalation in one line of mrkdwn."""
    escalation, priority = item.escalation, item.priority
    by = escape(item.by) if item.by else f"the rule “{escape(escalation.rule)}”"
    return (
        f"*{ref(escalation)}* on *{ref(priority)}* {escape(clip(priority.title, 120))}: to "
        f"{ROLE_NAMES[escalation.to]}, by {by}, {moment(escalation.written_at, '{date_short_pretty}')}"
    )


def blocks_of(item: Item) -> list[Block]:
    """An escalation as it stands: why, the response, the outcome, and what the reader may do."""
    escalation = item.escalation
    lines = [head(item), f"Why: {escape(clip(escalation.why, 900))}"]
    if escalation.response:
        how = f": {escape(clip(escalation.how, 500))}" if escalation.how else ""
        lines.append(f"Response of {escape(item.answered_by)}: {escalation.response}{how}")
    else:
        lines.append("No response yet.")
    if escalation.outcome:
        lines.append(f"Outcome: {escape(clip(escalation.outcome, 900))}")
    elif escalation.response:
        lines.append("No outcome yet.")
    row = ways(item)
    return [section(clip("\n".join(lines), 2900)), *([actions(*row)] if row else [])]


def ways(item: Item) -> list[Block]:
    """What the reader may do with an escalation."""
    escalation, name = item.escalation, ref(item.escalation)
    value = {"escalation": escalation.id, "v": escalation.version}
    row: list[Block] = []
    if item.may_respond and is_waiting(escalation):
        words = "Choose a response"
        row.append(button(words, f"escalation.respond#{name}", value, style="primary", label=f"{words} to {name}"))
    if item.may_conclude and escalation.response and not escalation.outcome:
        words = "Write the outcome"
        row.append(button(words, f"escalation.conclude#{name}", value, label=f"{words} of {name}"))
        if item.may_respond:
            other = "Another response"
            row.append(button(other, f"escalation.respond#{name}-other", value, label=f"{other} to {name}"))
    thread = {"priority": item.priority.id}
    row.append(button("The whole thread", f"priority.show#{name}", thread, label=f"The thread of {name}"))
    return row


def plain(item: Item) -> str:
    """An escalation in one line of plain text."""
    escalation = item.escalation
    answer = f"response: {escalation.response}" if escalation.response else "no response yet"
    end = f", outcome: {escalation.outcome}" if escalation.outcome else ""
    by = item.by or f"the rule {escalation.rule}"
    return (
        f"{ref(escalation)} on {ref(item.priority)} {item.priority.title} to {ROLE_NAMES[escalation.to]} by {by}: "
        f"{escalation.why} ({answer}{end})"
    )


def listing(items: Sequence[Item], where: str) -> Answer:
    """The escalations that are not concluded, those without a response first."""
    if not items:
        words = f"No escalation is open in {where}. To raise one: /sip escalate P3 and why."
        return Answer(escape(words), [section(escape(words))])
    blocks: list[Block] = [header(clip(f"Escalations in {where} ({len(items)})", 150))]
    for item in items[:LISTED]:
        blocks += blocks_of(item)
    if len(items) > LISTED:
        rest = ", ".join(ref(item.escalation) for item in items[LISTED : LISTED + 60])
        blocks.append(context(f"And {len(items) - LISTED} more: {rest}. `/sip escalate L2` shows one."))
    text = f"Escalations in {where}: " + "; ".join(plain(item) for item in items)
    return Answer(escape(clip(text, TEXT)), blocks)


def shown(item: Item, first: str = "") -> Answer:
    """One escalation as it stands, after a sentence about what just happened."""
    blocks = blocks_of(item)
    text = f"{first} {plain(item)}".strip()
    return Answer(escape(clip(text, TEXT)), [*([section(escape(first))] if first else []), *blocks])


def answered(item: Item, first: str) -> Answer:
    """After a response was chosen: the steps that carry it out."""
    answer = shown(item, first)
    if steps := _steps(item):
        return Answer(answer.text, [*answer.blocks, section("To carry it out:"), actions(*steps)])
    return answer


def _steps(item: Item) -> list[Block]:
    """Where a response is carried out."""
    priority = {"priority": item.priority.id}
    add = button("Add an action", "action.new", priority)
    review = button("Review the priority", "review.open", {**priority, "kind": "governance"})
    return {
        Response.TIGHTEN: [add],
        Response.EXTEND: [review],
        Response.OBSERVE: [add],
        Response.SAMPLE_WIDER: [button("Take a sample", "sample.open", priority), add],
        Response.SUPERVISE: [add],
        Response.DEEPER: [add],
        Response.CHALLENGE: [button("Provider review", "review.open", {**priority, "kind": "quarterly"})],
        Response.REVISE_TARGET: [review],
        Response.SPLIT: [button(f"Split {ref(item.priority)}", "priority.split", priority)],
    }.get(item.escalation.response or Response.EXTEND, [])


def respond_form(item: Item, suggested: Response | None) -> dict[str, Any]:
    """Which response leadership chooses, and how it will be carried out."""
    escalation = item.escalation
    blocks = [
        section(f"{head(item)}"),
        quoted(clip(escalation.why, 1500)),
        field("response", "Which response?", choices(Response, escalation.response or suggested)),
        field("how", "How will it be carried out?", text_input(escalation.how, placeholder=(
            "Priya joins the handover on two nights in December and writes down what she sees")), optional=True),
    ]  # fmt: skip
    meta = {"escalation": escalation.id}
    return modal("escalation_respond.form", f"Respond to {ref(escalation)}", blocks, submit="Save", meta=meta)


def conclude_form(item: Item) -> dict[str, Any]:
    """What came of an escalation."""
    escalation = item.escalation
    how = f": {escape(clip(escalation.how, 500))}" if escalation.how else ""
    blocks = [
        section(f"{head(item)}\nResponse: {escalation.response}{how}"),
        quoted(clip(escalation.why, 1000)),
        field("outcome", "What came of it?", text_input(placeholder=(
            "15 of 20 handovers complete on nights after four weeks; not yet at target")), hint=INITIALS),
    ]  # fmt: skip
    meta = {"escalation": escalation.id}
    return modal("escalation_conclude.form", f"Outcome of {ref(escalation)}", blocks, submit="Save", meta=meta)


def raised(item: Item, told: Sequence[str]) -> Answer:
    """After an escalation was raised: who hears of it."""
    whom = f" {' and '.join(told)} will hear of it." if told else ""
    return shown(item, f"Saved as {ref(item.escalation)}.{whom}")


def called(item: Item, *, called_on: bool) -> Answer:
    """To those concerned: a priority was escalated; whoever was called on is asked for a response."""
    escalation, priority = item.escalation, item.priority
    to = ROLE_NAMES[escalation.to]
    by = item.by or f"The rule “{escalation.rule}”"
    top = f"{by} escalated {ref(priority)} {clip(priority.title, 150)} to {to} as {ref(escalation)}."
    ask = "Which response do you choose?" if called_on else f"{to} chooses the response; you will hear of it."
    row = [button("The whole thread", "priority.show", {"priority": priority.id})]
    if called_on:
        value = {"escalation": escalation.id, "v": escalation.version}
        row.insert(0, button("Choose a response", "escalation.respond", value, style="primary"))
    blocks = [section(f"{escape(top)}\n{ask}"), quoted(escalation.why), actions(*row)]
    return Answer(escape(clip(f"{top} {ask} {escalation.why}", TEXT)), blocks)


def came(item: Item, by: str) -> Answer:
    """To those concerned: a response was chosen, or an outcome written."""
    escalation = item.escalation
    did = "wrote the outcome of" if escalation.outcome else "chose the response to"
    top = f"{by} {did} {ref(escalation)} on {ref(item.priority)} {clip(item.priority.title, 120)}."
    answer = shown(item, top)
    return Answer(answer.text, answer.blocks)
