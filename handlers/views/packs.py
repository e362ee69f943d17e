"""How evidence packs look in Slack: the form of their options, and what is said while one is made."""

from collections.abc import Sequence
from typing import Any

from bot.plan.access import ref
from bot.plan.priorities import Priority
from bot.plan.services import Service
from bot.reports.pack.wanted import Chosen, Wanted
from handlers.desk import Answer
from handlers.views.parts import (
    Block,
    actions,
    button,
    context,
    date_input,
    escape,
    field,
    modal,
    option,
    plain,
    section,
    select,
)

WITH_NAMES, WITHOUT_NAMES = "with", "without"
SENDING = "handing it over to Slack"


def form(service: Service, priorities: Sequence[Priority]) -> dict[str, Any]:
    """Which priorities, from when to when, with or without the names of staff."""
    blocks: list[Block] = []
    if priorities:
        listed: Block = {
            "type": "multi_static_select",
            "options": [option(f"{ref(p)} {p.title}", ref(p)) for p in priorities[:100]],
            "placeholder": plain("All priorities", 150),
        }
        blocks.append(field("priorities", "Priorities", listed, optional=True, hint="Leave it empty for all."))
    blocks += [
        field("since", "From", date_input(), optional=True, hint="Leave it empty to begin with the first record."),
        field("until", "To", date_input(), optional=True, hint="The plan is shown as it stood at the end of that day."),
    ]
    names = [
        option("Staff by name", WITH_NAMES),
        option("Staff by role, without evidence files", WITHOUT_NAMES),
    ]
    blocks.append(field("names", "Names of staff", select(names, WITH_NAMES)))
    return modal("pack.form", "Evidence pack", blocks, submit="Make the pack", meta={"s": service.id})


def making(service: Service, chosen: Chosen, wanted: Wanted, seconds: int, *, in_thread: bool) -> Answer:
    """That the pack is on its way, how long it takes and where it will arrive."""
    part = f" about {chosen.part}" if chosen.part else ""
    head = f"Making the pack of {service.name}{part}, about {seconds} seconds."
    where = "It will come into this thread as a file." if in_thread else "It will come to you as a direct message."
    covers = f"Covers {chosen.period}. " + (
        "Staff are named." if wanted.names else "Staff are called by their roles; evidence files are left out."
    )
    text = f"{head} {where} {covers}"
    files = "the evidence files, " if wanted.names else ""
    hint = f"It holds a PDF, a workbook with all fifteen registers, {files}and a script that checks it all."
    return Answer(escape(text), [section(f"*{escape(head)}*\n{where}"), context(escape(covers), hint)])


def progress(service: str, stage: str, *, try_number: int = 1) -> Answer:
    """How far a pack is: the stages with what is behind and what is to come. `stage` "": it is about to begin."""
    from bot.reports.pack.making import Stage  # the documents' libraries are loaded where packs are made

    stages = [*(str(each) for each in Stage), SENDING]
    here = stages.index(stage) if stage in stages else 0
    marks = ["✓" if n < here else "▸" if n == here else "·" for n in range(len(stages))]
    lines = [f"{mark} {each[:1].upper()}{each[1:]}" for mark, each in zip(marks, stages, strict=True)]
    again = f", try {try_number}" if try_number > 1 else ""
    head = f"Evidence pack of {service}: {stages[here]}{again}"
    text = f"{head} (step {here + 1} of {len(stages)})"
    return Answer(escape(text), [section(f"*{escape(head)}*\n{escape(chr(10).join(lines))}")])


def ended(sentence: str, service_id: str) -> Answer:
    """How it ended; where it failed (`service_id`), with the way to ask for it again."""
    blocks = [section(escape(sentence))]
    if service_id:
        blocks.append(actions(button("Choose and try again", "pack.open", {"s": service_id}, style="primary")))
    return Answer(escape(sentence), blocks)
