"""How a priority looks: the forms that open and change one, and the answers after."""

from collections.abc import Sequence
from typing import Any

from bot.frameworks.shape import Topic
from bot.plan.access import ref
from bot.plan.people import Person
from bot.plan.priorities import Priority, Risk
from bot.plan.services import Service
from handlers.desk import Answer
from handlers.views.parts import (
    Block,
    actions,
    button,
    choices,
    clip,
    context,
    date_input,
    day,
    escape,
    field,
    modal,
    option,
    person_input,
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


def edit_form(priority: Priority, lead: Person | None) -> dict[str, Any]:
    """What of a priority changes over time; five inputs."""
    target = "The target date only moves to a later day, and what it was stays on record."
    blocks = [
        section(f"*{ref(priority)}* {escape(priority.title)}"),
        field("affected_areas", "Which areas are affected?", text_input(priority.affected_areas, lines=False,
              placeholder="Willow unit, nights"), optional=True),
        field("lead_id", "Who leads it?", person_input(lead.slack_id if lead else None)),
        field("risk", "Risk", choices(Risk, priority.risk)),
        field("target_on", "To be reached by", date_input(priority.target_on), optional=True, hint=target),
        field("reason", "Why does it change?", text_input()),
    ]  # fmt: skip
    meta = {"priority": priority.id, "v": priority.version}
    return modal("priority_edit.form", f"Edit {ref(priority)}", blocks, submit="Save", meta=meta)


def reword_form(priority: Priority) -> dict[str, Any]:
    """The words of a priority, to change with a reason; five inputs."""
    blocks = [
        field("title", "Short name", text_input(priority.title, lines=False)),
        field("problem_statement", "What is the problem?", text_input(priority.problem_statement),
              hint="What happens now, where, how often. Initials instead of names."),
        field("rationale", "Why does it matter, and to whom?", text_input(priority.rationale)),
        field("evidence_base", "What evidence supports it?", text_input(priority.evidence_base)),
        field("reason", "Why is it revised?", text_input(lines=False), hint="What it said before stays on record."),
    ]  # fmt: skip
    meta = {"priority": priority.id, "v": priority.version}
    return modal("priority_revise.form", f"Revise {ref(priority)}", blocks, submit="Save", meta=meta)


def edited(priority: Priority, lead: Person | None) -> Answer:
    """After a priority was changed: how it stands now."""
    facts = [f"{priority.risk} risk", f"lead {escape(lead.name)}" if lead else "no lead"]
    facts.append(f"to be reached by {day(priority.target_on)}" if priority.target_on else "no target date")
    if priority.affected_areas:
        facts.append(escape(clip(priority.affected_areas, 200)))
    head = f"*{ref(priority)}* {escape(priority.title)} is saved. What it was before stays on record."
    blocks = [section(head), quoted(clip(priority.problem_statement, 1000)), context(" · ".join(facts))]
    value = {"priority": priority.id}
    more = [button("Change details", "priority.edit", value), button("Change its words", "priority.revise", value)]
    text = f"{head} {', '.join(facts)}. {escape(priority.problem_statement)}".replace("*", "")
    return Answer(clip(text, 3900), [*blocks, actions(*more)])
