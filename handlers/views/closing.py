"""How closing and reopening look: what stands in the way, the closing form, what was closed, the reopening form."""

from collections.abc import Sequence
from typing import Any

from bot.plan.access import ref
from bot.plan.account import unverified
from bot.plan.actions import Action, ActionStatus
from bot.plan.closing import Obstacle, closable_on, unresolved
from bot.plan.people import Right
from bot.plan.priorities import Priority, Risk
from handlers.desk import Answer
from handlers.views.parts import (
    Block,
    actions,
    button,
    choices,
    clip,
    date_input,
    day,
    escape,
    field,
    modal,
    person_input,
    quoted,
    section,
    select,
    text_input,
)
from handlers.views.review_form import INITIALS, Sheet, briefing_blocks, over_words, sample_options

TEXT = 3900
CHECKS = 5


def obstructed(sheet: Sheet, found: Sequence[Obstacle], rights: frozenset[Right]) -> Answer:
    """A priority that cannot be closed yet: every obstacle, and the way on for this person."""
    priority = sheet.priority
    head = f"{ref(priority)} {clip(priority.title, 120)} cannot be closed yet."
    lines = [obstacle.sentence for obstacle in found]
    blocks = [section(f"*{escape(head)}*\n" + "\n".join(f"• {escape(line)}" for line in lines))]
    over = unresolved(sheet.account, priority)
    if over:
        later = "\n".join(f"• {escape(clip(line, 300))}" for line in over[:8])
        blocks.append(section(clip(f"*Once that is done, closing would still want a written reason:*\n{later}", 2900)))
    row = [_check(a) for a in _checkable(sheet, rights)[:CHECKS]]
    if any(obstacle.field == "sample" for obstacle in found) and Right.SAMPLE in rights:
        row.append(button("Take a sample", "sample.open", {"priority": priority.id}))
    if Right.DECIDE in rights:
        row.append(button("Review it instead", "review.open", {"priority": priority.id, "kind": "governance"}))
    row.append(button("The whole thread", "priority.show", {"priority": priority.id}))
    return Answer(escape(clip(" ".join([head, *lines, *over]), TEXT)), [*blocks, actions(*row)])


def _checkable(sheet: Sheet, rights: frozenset[Right]) -> list[Action]:
    """The actions that this person could check now."""
    if Right.VERIFY not in rights:
        return []
    left = unverified(sheet.account.actions_of(sheet.priority))
    return [a for a in left if a.status is ActionStatus.DONE and sheet.person.id not in (a.owner_id, a.done_by)]


def _check(action: Action) -> Block:
    name = ref(action)
    return button(f"Check {name}", f"action.verify#{name}", {"action": action.id, "v": action.version})


def close_form(sheet: Sheet) -> dict[str, Any]:
    """The closing review: on which sample, what is better, what is watched, and a reason where something stays open."""
    priority, account = sheet.priority, sheet.account
    listed = list(closable_on(account, priority, sheet.person))
    blocks = [
        section(f"*{ref(priority)}* {escape(clip(priority.title, 150))}\nOpened {day(priority.opened_on)}"),
        *briefing_blocks(sheet),
        field(
            "sample",
            "Which sample shows that it can close?",
            select(sample_options(account, listed), listed[0].id),
            hint="Only samples taken after the last check, and not by you alone, are offered.",
        ),
    ]
    if unresolved(account, priority):
        blocks.append(section(over_words(sheet)))
        blocks.append(field("override_reason", "Why does it close all the same?", text_input()))
    blocks += [
        field("improved", "What is better now, and who sees it?", text_input(), hint=INITIALS),
        field(
            "next_steps",
            "What is watched after closure?",
            text_input(placeholder="Hannah resamples 20 handovers in three months"),
            optional=True,
        ),
        field("present", "Who was present?", text_input(lines=False), optional=True),
    ]
    meta = {"priority": priority.id}
    return modal("close.form", f"Close {ref(priority)}", blocks, submit="Close it", meta=meta)


def reopen_form(priority: Priority, lead: str | None) -> dict[str, Any]:
    """What came back, and how the problem is understood now."""
    closed = f"closed {day(priority.closed_on)}" if priority.closed_on else "closed"
    blocks = [
        section(f"*{ref(priority)}* {escape(clip(priority.title, 150))}, {closed}"),
        field("reason", "What showed that the problem came back?", text_input(placeholder=(
            "S14: two handovers on 9 Jan without the fall of the day; audit of 11 Jan, 11 of 20")), hint=INITIALS),
        field("problem_statement", "What is the problem now?", text_input(priority.problem_statement)),
        field("risk", "Risk", choices(Risk, priority.risk)),
        field("lead_id", "Who leads it?", person_input(lead)),
        field("target_on", "Target date", date_input(), optional=True),
    ]  # fmt: skip
    meta = {"priority": priority.id}
    return modal("reopen.form", f"Reopen {ref(priority)}", blocks, submit="Reopen", meta=meta)


def reopened(closed: Priority, again: Priority, reason: str) -> Answer:
    """After a priority was reopened as another."""
    head = f"*{ref(again)}* {escape(clip(again.title, 120))} carries *{ref(closed)}* on, opened {day(again.opened_on)}."
    kept = f"{ref(closed)} keeps its history. Its measures and the signals since its closure went to {ref(again)}."
    value = {"priority": again.id}
    row = actions(
        button("Add an action", "action.new", value, style="primary"),
        button("The whole thread", "priority.show", value),
    )
    text = f"{head.replace('*', '')} {kept} {escape(reason)}"
    return Answer(clip(text, TEXT), [section(f"{head}\n{kept}"), quoted(reason), row])


def came_back(closed: Priority, again: Priority, reason: str, by: str) -> Answer:
    """To whoever leads it: a closed priority was reopened."""
    head = f"{escape(by)} reopened *{ref(closed)}* {escape(clip(closed.title, 120))} as *{ref(again)}*."
    row = actions(button("The whole thread", "priority.show", {"priority": again.id}))
    text = clip(f"{head.replace('*', '')} {escape(reason)}", TEXT)
    return Answer(text, [section(head), quoted(reason), row])
