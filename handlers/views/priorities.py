"""How a priority looks: the form that opens one, and the answer after."""

from collections.abc import Sequence
from typing import Any

from bot.frameworks.shape import Topic
from bot.plan.access import ref
from bot.plan.priorities import Priority, Risk
from bot.plan.services import Service
from handlers.desk import Answer
from handlers.views.parts import (
    Block,
    actions,
    button,
    choices,
    clip,
    escape,
    field,
    modal,
    option,
    quoted,
    section,
    select,
    text_input,
)


def new_form(
    services: Sequence[Service], topics: Sequence[Topic], *, chosen: str | None = None, title: str = ""
) -> dict[str, Any]:
    """The problem statement in full: what, why it matters, on what evidence, how great the risk."""
    blocks: list[Block] = []
    if len(services) > 1:
        options = [option(s.name, s.id) for s in services]
        blocks.append(field("service_id", "In which service?", select(options, chosen)))
    blocks += [
        field("title", "Short name", text_input(title, lines=False, placeholder="Handovers on Willow unit")),
        field(
            "problem_statement",
            "What is the problem?",
            text_input(placeholder="Night staff start without knowing who fell or refused medicines that day"),
            hint="What happens now, where, how often. Initials instead of names.",
        ),
        field("rationale", "Why does it matter, and to whom?", text_input()),
        field(
            "evidence_base",
            "What evidence supports it?",
            text_input(placeholder="Audit of 20 handovers on 3 Nov: 9 complete. Complaint of 28 Oct."),
        ),
        field("risk", "Risk", choices(Risk)),
    ]
    options = [option(t.name, t.code, str(t.question)) for t in topics]
    blocks.append(field("quality_statement", "Which CQC statement is it about?", select(options), optional=True))
    meta = {} if len(services) > 1 else {"service_id": services[0].id}
    return modal("priority.form", "New priority", blocks, submit="Open priority", meta=meta)


def opened(priority: Priority) -> Answer:
    """After a priority was opened."""
    head = f"*{ref(priority)}* {escape(priority.title)} is open, {priority.risk} risk."
    next_step = "Add the first action: who does what by when, and how we will check."
    blocks = [
        section(head),
        quoted(clip(priority.problem_statement, 1000)),
        section(next_step),
        actions(button("Add an action", "action.new", {"priority": priority.id}, style="primary")),
    ]
    return Answer(escape(f"{ref(priority)} {priority.title} is open. {next_step}"), blocks)
