"""How early warnings look: what was noticed, the responses that fit as buttons, the form to answer one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.escalations import Response
from bot.plan.people import Right
from bot.plan.warnings import EarlyWarning
from bot.warnings.fired import Step
from bot.warnings.rules import BY_RULE, Fitting
from handlers.desk import Answer
from handlers.views.parts import (
    ONLY_YOU,
    Block,
    actions,
    button,
    clip,
    context,
    escape,
    field,
    header,
    modal,
    quoted,
    section,
    text_input,
)

TOLD = 6  # with their buttons in a message to one person; more is a flood
ALONG = 3  # with their buttons beside the reminders of a morning
ALONG_ROOM = 16  # blocks of a morning message that they may take
SHOWN = 12  # the same in a list that somebody asked for; Slack takes 50 blocks
LISTED = 40
BUTTONS = 5
WHY = 700  # characters of a reason that a button carries
TEXT_LIMIT = 3900


@dataclass(frozen=True, slots=True)
class Shown:
    """One warning as it is shown: whose priority it is about, the action and measure it names, and who answered it."""

    warning: EarlyWarning
    priority: str
    action: str = ""
    answered_by: str = ""


@dataclass(frozen=True, slots=True)
class Noticed:
    """What the rules noticed in one service, and what whoever is told may do about it."""

    items: Sequence[Shown]
    service: str
    rights: Collection[Right]


def shown(account: Account, warning: EarlyWarning, answered_by: str = "") -> Shown:
    """A warning with the names of what it is about."""
    priority, action = account.priority(warning.priority_id), account.action(warning.action_id)
    title = f"{ref(priority)} {priority.title}" if priority else ""
    return Shown(warning, title, ref(action) if action else "", answered_by)


def told(items: Sequence[Shown], service: str, rights: Collection[Right]) -> Answer:
    """The message to one person about what was noticed in one service; only what they may do is offered."""
    waiting = [item for item in items if not item.warning.answered_at]
    many = "1 early warning" if len(waiting) == 1 else f"{len(waiting)} early warnings"
    head = f"{many} in {service}" if waiting else f"Early warnings in {service}: all answered"
    foot = "Noticed from the plan's records alone. `/sip warnings` lists all that stand."
    return _page(head, items, rights, foot, TOLD)


def along(found: Sequence[Noticed], most: int = ALONG) -> Answer:
    """The same beside what else a morning brings: few with their buttons, and where the others are."""
    blocks: list[Block] = []
    lines: list[str] = []
    for each in found:
        waiting = sum(not item.warning.answered_at for item in each.items)
        many = "1 early warning" if waiting == 1 else f"{waiting} early warnings"
        head = f"{many} in {each.service}" if waiting else f"Early warnings in {each.service}: all answered"
        blocks.append(section(f"*{escape(head)}*"))
        for item in each.items[:most]:
            blocks += _one(item, each.rights)
        if len(each.items) > most:
            blocks.append(context(f"And {len(each.items) - most} more: `/sip warnings` lists all that stand."))
        lines += [f"{head}.", *(line(item) for item in each.items)]
        most = max(1, most - len(each.items))
    return Answer(escape(clip("\n".join(lines), TEXT_LIMIT // 2)), blocks[:ALONG_ROOM])


def listing(items: Sequence[Shown], service: str, rights: Collection[Right]) -> Answer:
    """What stands in a service, privately."""
    if not items:
        words = f"No early warning stands in {service}."
        return Answer(escape(words), [section(escape(words))])
    return _page(f"Early warnings in {service}", items, rights, ONLY_YOU, SHOWN)


def _page(head: str, items: Sequence[Shown], rights: Collection[Right], foot: str, most: int) -> Answer:
    blocks: list[Block] = [header(head)]
    for item in items[:most]:
        blocks += _one(item, rights)
    rest = items[most:LISTED]
    if len(items) > most:
        lines = "\n".join(f"• {escape(clip(line(item), 150))}" for item in rest)
        blocks.append(section(clip(f"And {len(items) - most} more:\n{lines}", 2900)))
    text = "\n".join([f"{head}.", *(line(item) for item in items[:LISTED])])
    return Answer(escape(clip(text, TEXT_LIMIT)), [*blocks, context(foot)])


def _one(item: Shown, rights: Collection[Right]) -> list[Block]:
    blocks = [section(paragraph(item))]
    if item.warning.answered_at:
        words = f"Answered by {escape(item.answered_by)}: {escape(clip(item.warning.answer, 500))}"
        return [*blocks, context(words)]
    if item.warning.ended_at:
        return [*blocks, context("Put right since.")]
    row = buttons(item, rights)
    return [*blocks, actions(*row)] if row else blocks


def paragraph(item: Shown) -> str:
    """A warning in mrkdwn: what it is called, about what, and the sentence."""
    warning = item.warning
    head = f"*{ref(warning)} {warning.rule[:1].upper()}{warning.rule[1:]}*"
    return f"{head} · {escape(item.priority)}\n{escape(clip(warning.sentence, 1500))}"


def line(item: Shown) -> str:
    """A warning in one line of plain text."""
    answered = f" Answered by {item.answered_by}: {item.warning.answer}" if item.warning.answered_at else ""
    return f"{ref(item.warning)} {item.warning.rule} ({item.priority}): {item.warning.sentence}{answered}"


def buttons(item: Shown, rights: Collection[Right]) -> list[Block]:
    """The fitting responses that the person may give, each opening its own form, and the way to answer in words."""
    found: list[Block] = []
    name = ref(item.warning)
    for fitting in BY_RULE[item.warning.rule].responses:
        if (made := _response(fitting, item)) and made[0] in rights:
            _, press, label, value = made
            found.append(button(label, f"{press}#{name}-{len(found)}", value, label=f"{label}, for {name}"))
    if Right.ANSWER in rights:
        value = {"warning": item.warning.id, "v": item.warning.version}
        answer = button("Answer with a reason", f"warning.answer#{name}", value, label=f"Answer {name} with a reason")
        found = [*found[: BUTTONS - 1], answer]
    return found


def _response(fitting: Fitting, item: Shown) -> tuple[Right, str, str, dict[str, Any]] | None:
    """Who may, the button's id, its words and what it carries; None where the warning names nothing to do it to."""
    warning = item.warning
    priority, action = {"priority": warning.priority_id}, {"action": warning.action_id}
    measure = {"measure": warning.measure_id} if warning.measure_id else {}
    if isinstance(fitting, Response):
        words = f"{fitting[:1].upper()}{fitting[1:]}"
        why = f"{ref(warning)} {warning.rule}: {clip(warning.sentence, WHY)}"
        return Right.ESCALATE, "escalate.open", words, priority | {"response": fitting.value, "why": why}
    if warning.action_id is None and fitting in _OF_ACTION:
        return None
    if warning.action_id is not None and fitting is Step.PRIORITY:
        return None
    made: dict[Step, tuple[Right, str, str, dict[str, Any]]] = {
        Step.ACTION: (Right.PLAN, "action.new", "Add an action", priority),
        Step.REVISE: (Right.PLAN, "action.revise", f"Reword {item.action}", action),
        Step.PRIORITY: (Right.PRIORITY, "priority.revise", "Reword the priority", priority),
        Step.ASSIGN: (Right.PLAN, "action.assign", f"New owner for {item.action}", action),
        Step.EVIDENCE: (Right.LOG, "log.open", "Log evidence", action),
        Step.VERIFY: (Right.VERIFY, "action.verify", f"Check {item.action}", action),
        Step.SAMPLE: (Right.SAMPLE, "sample.open", "Take a sample", priority | measure),
        Step.ASSURE: (Right.ASSURE, "review.open", "Judge the samples", priority | {"kind": "assurance"}),
        Step.REVIEW: (Right.DECIDE, "review.open", "Review the priority", priority | {"kind": "governance"}),
        Step.REOPEN: (Right.PRIORITY, "priority.reopen", "Reopen the priority", priority),
    }
    return made[fitting]


_OF_ACTION = frozenset({Step.REVISE, Step.ASSIGN, Step.EVIDENCE, Step.VERIFY})


def answer_form(item: Shown) -> dict[str, Any]:
    """Why the warning needs no more than this."""
    placeholder = "Idris counted the same sheets by hand on 3 Nov: the two gaps were a misprint"
    blocks = [
        section(paragraph(item)),
        field("reason", "What is your answer?", text_input(placeholder=placeholder),
              hint="It comes back only if something new fires it. Your answer stays in the plan."),
    ]  # fmt: skip
    meta = {"warning": item.warning.id}
    return modal("warning.form", f"Answer {ref(item.warning)}", blocks, submit="Save", meta=meta)


def answered(item: Shown) -> Answer:
    """After a warning was answered."""
    words = f"{ref(item.warning)} {item.warning.rule} is answered. It comes back only if something new fires it."
    return Answer(escape(words), [section(escape(words)), quoted(item.warning.answer)])
