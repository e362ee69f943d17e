"""The App Home of one person: what needs them now, quick actions, how their services do."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.plan.access import ref
from bot.plan.actions import Action
from bot.plan.people import Person
from bot.plan.priorities import Risk
from bot.plan.reviews import ReviewKind
from bot.plan.services import Service
from bot.reports.status import ServiceStatus
from bot.reports.waiting import Waiting
from handlers.views import charts, setup
from handlers.views.actions import late_words, owner_buttons
from handlers.views.parts import Block, actions, button, clip, context, divider, escape, header, section

MINE_SHOWN = 8
WAITING_SHOWN = 12
BAR = 20
MEASURES = 8
PICTURES = 3  # of one service; more would push the next one off a phone


# What a waiting step is called on its button, which button it is, and what names the record in it.
STEPS = {
    "sample": ("Record a sample", "sample.open", "milestone"),
    "verify": ("Check it", "action.verify", "action"),
    "judge": ("Judge", "review.open", "priority"),
    "assign": ("Choose an owner", "action.assign", "action"),
    "close": ("Close", "priority.close", "priority"),
    "review": ("Review", "review.open", "priority"),
    "look": ("Thread", "priority.show", ""),
    "respond": ("Respond", "escalation.respond", "escalation"),
}
KINDS = {"judge": ReviewKind.ASSURANCE, "review": ReviewKind.MONTHLY}


def home(
    person: Person,
    mine: Sequence[Action],
    waiting: Sequence[Waiting],
    services: Sequence[ServiceStatus],
    today: date,
    *,
    warned: Mapping[str, int],
    oversight: bool,
    first: bool,
    ways: Sequence[tuple[str, str]],
    drawn: Mapping[str, Block],
    unmanaged: Sequence[Service],
) -> dict[str, Any]:
    """The page; `first` greets somebody who never saw it, `oversight` shows the services side by side first, `warned`
    counts the early warnings that stand in each service, `ways` are the quick actions, words and button, `drawn` the
    pictures by measure, as far as made, and `unmanaged` the services that wait for them to name a manager."""
    blocks: list[Block] = []
    if first:
        blocks.append(
            section(f"Welcome, {escape(person.name)}. This page shows what needs you and how your services do.")
        )
    blocks += setup.unmanaged(unmanaged)
    blocks += _needs(mine, waiting, today)
    if oversight and services:
        blocks += _side_by_side(services)
    quick = [button(words, action_id, style="primary" if n == 0 else "") for n, (words, action_id) in enumerate(ways)]
    blocks.append(actions(*quick, button("All commands", "help.show")))
    for status in services[:10]:
        blocks += [divider(), *_service(status, warned.get(status.service.id, 0), drawn)]
    blocks += [
        divider(),
        context(
            "Times are yours. Reminders come in one message each morning of a working day; news about your own work "
            "comes by itself."
        ),
    ]
    return {"type": "home", "blocks": blocks[:100]}


def _needs(mine: Sequence[Action], waiting: Sequence[Waiting], today: date) -> list[Block]:
    blocks: list[Block] = [header("What needs you now")]
    if not mine and not waiting:
        blocks.append(
            section("Nothing of yours is open. If you did something on shift, log it: it counts as evidence.")
        )
        return blocks
    blocks += [_waiting(item, today) for item in waiting[:WAITING_SHOWN]]
    if len(waiting) > WAITING_SHOWN:
        blocks.append(context(f"and {len(waiting) - WAITING_SHOWN} more that wait for you"))
    for action in mine[:MINE_SHOWN]:
        blocks.append(section(f"*{ref(action)}* {escape(clip(action.what, 200))}\n_{late_words(action, today)}_"))
        blocks.append(actions(*owner_buttons(action)))
    if len(mine) > MINE_SHOWN:
        blocks.append(context(f"and {len(mine) - MINE_SHOWN} more: `/sip mine`"))
    return blocks


def _waiting(item: Waiting, today: date) -> Block:
    words, action_id, name = STEPS[item.step]
    value = {"priority": item.priority_id, **({name: item.record_id} if name else {})}
    if item.step in KINDS:
        value["kind"] = KINDS[item.step]
    since = f"\n_{_since(item.since, today)}_" if item.since else ""
    label = clip(f"{words}: {item.words}", 75)
    return section(
        f"{escape(clip(item.words, 300))}{since}", button(words, f"{action_id}#{item.record_id}", value, label=label)
    )


def _since(day_: date, today: date) -> str:
    days = (today - day_).days
    return "waits since today" if days <= 0 else "waits since yesterday" if days == 1 else f"waits for {days} days"


def _side_by_side(services: Sequence[ServiceStatus]) -> list[Block]:
    # Three columns are what a phone shows without scrolling sideways.
    rows = [[_cell(head) for head in ("Service", "Overdue", "And")]]
    for status in services[:40]:
        high = sum(p.priority.risk is Risk.HIGH for p in status.priorities)
        slipped, waiting = sum(p.slips for p in status.priorities), status.counts.get("awaiting check", 0)
        overdue = status.counts.get("overdue", 0)
        rest = f"{len(status.priorities)} open, {high} high risk; {slipped} slipped, {waiting} awaiting check"
        number: Block = {"type": "raw_number", "value": overdue, "text": str(overdue)}
        rows.append([_cell(status.service.name), number, _cell(rest)])
    table: Block = {"type": "data_table", "caption": "Your services side by side", "rows": rows, "page_size": 10}
    return [header("Your services"), table]


def _cell(text: str) -> Block:
    return {"type": "raw_text", "text": text or "-"}


def _moved(status: ServiceStatus, drawn: Mapping[str, Block]) -> list[Block]:
    """The charts of the measures that say most, as far as they are drawn (Home takes no chart of Slack's own), and a
    line of text for each of the others."""
    told = [r for row in status.priorities for r in row.readings if charts.spark(r)]
    pictured = sorted((r for r in told if r.measure.id in drawn), key=charts.telling)[:PICTURES]
    lines = []
    for reading in [r for r in told if r not in pictured][:MEASURES]:
        said = "fell back" if reading.drift else str(reading.verdict or "")
        name = escape(clip(reading.measure.name, 60))
        lines.append(f"{ref(reading.measure)} {name}: {charts.spark(reading)}, {said}".rstrip(", "))
    head = [section("*What moved since the baseline*")] if pictured else []
    title = "*Other measures*" if pictured else "*What moved since the baseline*"
    rest = [section("\n".join([title, *lines]))] if lines else []
    return [*head, *(drawn[r.measure.id] for r in pictured), *rest]


def _service(status: ServiceStatus, warned: int, drawn: Mapping[str, Block]) -> list[Block]:
    counts: Mapping[str, int] = status.counts
    total = sum(counts.values())
    finished = counts.get("verified", 0)
    figures = ", ".join(f"{n} {word}" for word, n in counts.items() if n) or "no action yet"
    lines = [
        f"*{ref(p.priority)}* {escape(clip(p.priority.title, 80))}: {p.priority.risk} risk, {p.priority.status}"
        + (f", {p.overdue} overdue" if p.overdue else "")
        for p in status.priorities[:8]
    ]
    full = round(BAR * finished / total) if total else 0
    bar = f"{'█' * full}{'░' * (BAR - full)} {finished} of {total} actions verified" if total else ""
    body = "\n".join([f"Actions: {figures}", *([bar] if bar else []), *lines])
    return [
        header(status.service.name),
        section(body),
        *_moved(status, drawn),
        actions(
            button("Status", "status.show", {"service": status.service.id}, label=f"Status of {status.service.name}"),
            button(
                "Post in the channel",
                "status.post",
                {"service": status.service.id},
                label=f"Post the status of {status.service.name}",
            ),
            *(
                [button(f"Early warnings ({warned})", "warnings.show", {"service": status.service.id})]
                if warned
                else []
            ),
        ),
    ]


def stranger(managers: Sequence[tuple[str, str]], unmanaged: Sequence[Service], *, set_up: bool) -> dict[str, Any]:
    """For somebody without a role: what this is, and who to ask. `managers` are (Slack id, service name), `unmanaged`
    the services that wait for them to name one, `set_up`: whether there is any service."""
    blocks: list[Block] = [
        header("Grip keeps your service improvement plan live"),
        *setup.unmanaged(unmanaged),
        section("You have no role in a service yet, so there is nothing of yours to show."),
    ]
    if managers:
        names = "\n".join(f"• <@{slack_id}> for {escape(name)}" for slack_id, name in managers[:20])
        blocks.append(section(f"Ask for a role:\n{names}"))
    elif set_up and not unmanaged:
        blocks.append(section("Ask a workspace admin to give you a role with `/sip setup`."))
    elif not set_up:
        blocks.append(section("No service is set up here yet. If you manage one, set it up now; it takes two minutes."))
        blocks.append(actions(button("Set up a service", "setup.open", style="primary")))
    return {"type": "home", "blocks": blocks}
