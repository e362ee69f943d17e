"""How actions look: lists, the forms to make one and to move its due date, and the answers after."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.insight.strength import suggest
from bot.plan.access import ref
from bot.plan.actions import Action, Slip, Strength, is_open
from bot.plan.people import Person
from bot.plan.priorities import Priority
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
    for_you,
    header,
    modal,
    option,
    person_input,
    quoted,
    section,
    select,
    text_input,
)

LISTED = 10


def late_words(action: Action, today: date) -> str:
    """How an open action stands to its date: "due Mon 23 Nov 2026", "due today", "4 days overdue"."""
    if not is_open(action):
        return str(action.status)
    days = (today - action.due_on).days
    if days == 0:
        return "due today"
    if days == 1:
        return "1 day overdue"
    return f"{days} days overdue" if days > 0 else f"due {day(action.due_on)}"


def owner_buttons(action: Action) -> list[Block]:
    """What an owner does with an open action."""
    value = {"action": action.id, "v": action.version}
    name = ref(action)
    return [
        button("Log", f"log.open#{name}", value, style="primary", label=f"Log implementation of {name}"),
        button("Done", f"action.done#{name}", value, label=f"Mark {name} done"),
        button("More time", f"action.more_time#{name}", value, label=f"Move the due date of {name}"),
    ]


def listing(
    title: str,
    listed: Sequence[Action],
    today: date,
    owners: Mapping[str, Person],
    mine: str,
    empty: str,
    *,
    more: str = "",
) -> Answer:
    """A private list of actions, the person's own with buttons; `more`: a sentence on what it leaves out."""
    if not listed:
        text = f"{empty} {more}".strip()
        return Answer(escape(text), [section(escape(text)), actions(button("Log implementation", "log.open"))])
    blocks: list[Block] = [header(f"{title} ({len(listed)})")]
    lines = []
    for action in listed[:LISTED]:
        owner = "you" if action.owner_id == mine else getattr(owners.get(action.owner_id), "name", "nobody")
        late = late_words(action, today)
        blocks.append(section(f"*{ref(action)}* {escape(clip(action.what, 200))}\n_{escape(owner)}, {late}_"))
        if action.owner_id == mine and is_open(action):
            blocks.append(actions(*owner_buttons(action)))
        lines.append(f"{ref(action)} {action.what} ({owner}, {late})")
    if len(listed) > LISTED:
        rest = ", ".join(f"{ref(a)} ({late_words(a, today)})" for a in listed[LISTED : LISTED + 60])
        blocks.append(section(f"And {len(listed) - LISTED} more: {escape(rest)}"))
        lines.append(f"and {len(listed) - LISTED} more: {rest}")
    text = escape(clip(f"{title}: " + "; ".join(lines), 3900))
    return Answer(f"{text}. {more}" if more else text, [*blocks, for_you(more)])


def done(action: Action, evidence: int, checker: str) -> Answer:
    """After marking an action done."""
    words = f"*{ref(action)}* is marked done and now waits for a check by {escape(checker)}."
    asked = f"How we will check: {escape(clip(action.check, 300))}"
    if not evidence:
        asked += "\nThere is no evidence with it yet. Adding some now will spare you a question later."
    more = [
        button("Undo", "action.undo_done", {"action": action.id, "v": action.version}),
        button("Log evidence", "log.open", {"action": action.id}, style="" if evidence else "primary"),
    ]
    text = f"{ref(action)} is marked done and now waits for a check by {checker}. Check: {action.check}"
    return Answer(escape(text), [section(words), section(asked), actions(*more)])


def reopened(action: Action) -> Answer:
    """After Undo of done."""
    words = f"*{ref(action)}* is in progress again, due {day(action.due_on)}."
    return Answer(words, [section(words), actions(*owner_buttons(action))])


def more_time_form(action: Action, suggested: date, reason: str = "") -> dict[str, Any]:
    """A later date, and why."""
    blocks = [
        section(f"*{ref(action)}* {escape(clip(action.what, 300))}\nDue {day(action.due_on)}"),
        field("due_on", "New due date", date_input(suggested)),
        field(
            "reason",
            "Why is more time needed?",
            text_input(reason, placeholder="Two of six night staff were off sick"),
            hint="The date it had and the reason stay in the plan.",
        ),
    ]  # fmt: skip
    meta = {"action": action.id, "v": action.version}
    return modal("more_time.form", "More time", blocks, submit="Save", meta=meta)


def moved(action: Action, slip: Slip, slips: int) -> Answer:
    """After the due date was moved."""
    times = (
        "for the first time"
        if slips == 1
        else f"for the {slips}{'nd' if slips == 2 else 'rd' if slips == 3 else 'th'} time"
    )
    words = f"*{ref(action)}* is now due {day(slip.to_on)} instead of {day(slip.from_on)}, moved {times}."
    return Answer(
        words.replace("*", ""),
        [section(words), quoted(slip.reason), actions(button("Log", "log.open", {"action": action.id}))],
    )


def not_mine(action: Action, deputy: str) -> Answer:
    """After somebody disowned an action."""
    stays = f"It stays with you on record until {escape(deputy)} names another owner."
    words = f"Noted that {ref(action)} is not yours. {stays}"
    return Answer(words, [section(words)])


def asked_who_takes(action: Action, owner: Person, reason: str) -> Answer:
    """To the deputy: an owner disowned an action."""
    what = f"*{ref(action)}* “{escape(clip(action.what, 200))}”"
    head = f"{escape(owner.name)} says that {what} is not theirs. Who takes it?"
    blocks = [section(head), *([quoted(reason)] if reason else [])]
    blocks.append(actions(button("Choose an owner", "action.assign", {"action": action.id}, style="primary")))
    return Answer(f"{escape(owner.name)} says that {ref(action)} is not theirs. Who takes it? {escape(reason)}", blocks)


def new_form(
    listed: Sequence[Priority], *, chosen: str | None = None, what: str = "", due: date | None = None
) -> dict[str, Any]:
    """What an action needs; six inputs."""
    options = [option(f"{ref(p)} {p.title}", p.id, f"{p.risk} risk") for p in listed]
    first = chosen or (listed[0].id if len(listed) == 1 else None)
    blocks = [
        field("priority", "For which priority?", select(options, first)),
        field("what", "What will be done?", text_input(what, placeholder=(
            "Night and day leads use the 8-line handover sheet at 08:00 and 20:00 on Willow unit")),
            hint="What changes, where, how often."),
        field("owner_id", "Who owns it?", person_input(), hint="One named person, not a team."),
        field("due_on", "Due date", date_input(due)),
        field("check", "How will we check that it happened?", text_input(placeholder=(
            "Quality lead reads 20 sheets picked at random on 21 Dec; standard 18 of 20 complete")),
            hint="Which record, how many, by whom, by when."),
        field("strength", "How strong is it?", choices(Strength), optional=True,
              hint="Strong changes the place or the process; weak relies on people remembering."),
    ]  # fmt: skip
    return modal("action.form", "New action", blocks, submit="Save")


def created(action: Action, priority: Priority, owner: Person) -> Answer:
    """After an action was added."""
    head = f"*{ref(action)}* was added to {ref(priority)} {escape(clip(priority.title, 100))}."
    facts = f"{escape(owner.name)} owns it, due {day(action.due_on)}. They hear of it in their morning message."
    blocks = [section(f"{head}\n{facts}"), quoted(action.what)]
    blocks.append(context(f"How we will check: {escape(clip(action.check, 500))}"))
    if action.strength:
        suggested = suggest(action.what)
        why = f" {suggested.why}" if suggested.strength and suggested.strength.value == action.strength.value else ""
        blocks.append(context(escape(f"Strength: {action.strength}.{why}")))
    blocks.append(actions(button("Add another action", "action.new", {"priority": priority.id})))
    return Answer(escape(f"{ref(action)} was added to {ref(priority)}: {action.what}. {facts}"), blocks)
