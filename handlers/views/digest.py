"""The weekly digest as a service's channel sees it: what is unresolved first, and all of it again as text."""

from collections.abc import Sequence

from bot.reports.digest import Digest
from handlers.desk import Answer
from handlers.views.parts import Block, actions, button, clip, context, day, escape, header, section

LINES = 8  # of each part; nobody reads more on a phone
LINE_LIMIT = 340
TEXT_LIMIT = 3900


def digest(found: Digest) -> Answer:
    """The message; a part that has nothing to tell says so where silence could be taken for good news."""
    head = f"{found.service.name}: the week from {day(found.today)}"
    many = "1 priority is" if found.live == 1 else f"{found.live} priorities are"
    intro = f"{many} worked on. This tells what changed since {day(found.since)}."
    parts = [
        ("Overdue", found.overdue, "No action is overdue.", "/sip overdue lists them all."),
        ("Due this week", found.due, "", "/sip status lists them all."),
        ("Dates that moved", found.slipped, "", "/sip status lists them all."),
        ("Early warnings that wait for an answer", found.warnings, "", "/sip warnings lists them all."),
        ("Statutory clocks", found.clocks, "", "/sip clock lists them all."),
        ("What the samples say", found.moved, "No follow-up sample was recorded.", "/sip status lists them all."),
        ("Done and decided", found.done, "Nothing was logged, done or decided.", "/sip minutes lists the decisions."),
        ("Not told in time because Grip was away or could not reach Slack", found.lapsed, "", "Speak to them."),
    ]
    blocks: list[Block] = [header(clip(head, 150)), section(escape(intro))]
    text = [f"{head}. {intro}"]
    for title, lines, nothing, where in parts:
        if lines or nothing:
            title = f"{title} ({len(lines)})" if lines else title
            shown = _shown(lines, nothing, where)
            blocks.append(section(f"*{title}*\n" + "\n".join(escape(line) for line in shown)))
            text.append(f"{title}: " + " ".join(shown))
    row = [button("Log implementation", "log.open", style="primary"), button("My actions", "mine.show")]
    if found.warnings:
        row.append(button("Early warnings", "warnings.show", {"service": found.service.id}))
    blocks.append(actions(*row))
    blocks.append(context("Counted from the plan's records alone, once a week. `/sip reminders` says what comes next."))
    return Answer(escape(clip("\n".join(text), TEXT_LIMIT)), blocks)


def _shown(lines: Sequence[str], nothing: str, where: str) -> list[str]:
    if not lines:
        return [nothing]
    shown = [f"• {clip(line, LINE_LIMIT)}" for line in lines[:LINES]]
    return [*shown, f"And {len(lines) - LINES} more. {where}"] if len(lines) > LINES else shown
