"""How implementation entries look: the form on shift, the answer after saving, the form to change one."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from bot.plan.access import ref
from bot.plan.actions import Action
from bot.plan.entries import Entry, EntryKind, Evidence, EvidenceState, headcount_in
from bot.plan.services import Shift
from handlers.desk import Answer
from handlers.views.parts import (
    Block,
    actions,
    button,
    choices,
    clip,
    context,
    day,
    escape,
    field,
    files_input,
    modal,
    moment,
    option,
    quoted,
    section,
    select,
    text_input,
)

Spans = Sequence[tuple[date, Shift]]


def action_options(listed: Sequence[Action], mine: str) -> list[Block]:
    """Open actions to choose from; the person's own are marked."""
    return [
        option(f"{ref(a)} {a.what}", a.id, f"{'Yours, ' if a.owner_id == mine else ''}due {day(a.due_on)}")
        for a in listed
    ]


# Kinds of work whose registers have a column for what staff said and what stood in the way.
WITH_STAFF = (EntryKind.BRIEFING, EntryKind.FILE_SUPPORT, EntryKind.SUPERVISION)


def span_value(on: date, shift: Shift) -> str:
    """A day and shift as one value: `2026-11-22/night`."""
    return f"{on.isoformat()}/{shift}"


def when_input(spans: Spans, chosen: tuple[date, Shift] | None = None) -> Block:
    """Which shift it happened on; the one that is on now stands first and is chosen."""
    options = []
    for n, (on, shift) in enumerate(spans):
        words = f"{str(shift).capitalize()} shift, {day(on)}"
        options.append(option(f"Now: {words[0].lower()}{words[1:]}" if n == 0 else words, span_value(on, shift)))
    return select(options, span_value(*(chosen or spans[0])))


def log_form(
    listed: Sequence[Action],
    spans: Spans,
    mine: str,
    *,
    chosen: str | None = None,
    guess: bool = True,
    what: str = "",
    kind: EntryKind | None = None,
    meta: Mapping[str, Any] | None = None,
    from_message: bool = False,
    cut: bool = False,
    others: str = "",
) -> dict[str, Any]:
    """The form on shift: six inputs, most of them filled in already; `others`: further actions that were named."""
    options = action_options(listed, mine)
    first = chosen or (listed[0].id if guess and listed and listed[0].owner_id == mine else None)
    blocks = [
        field("action", "Which action?", select(options, first, "Choose an action")),
        field(
            "what",
            "What was done?",
            text_input(what, placeholder="Briefed 6 night staff on the new handover sheet", focus=not what),
            hint="Initials instead of names for people who use the service.",
        ),
        field("when", "When did it happen?", when_input(spans)),
        field("kind", "What kind of work was it?", choices(EntryKind, kind or EntryKind.OTHER)),
        field(
            "attended",
            "Who attended?",
            text_input(lines=False, placeholder="A number, or names of staff"),
            optional=True,
        ),
    ]
    if others:
        blocks.insert(1, context(f"An entry is for one action. Log the same once more for {others}."))
    if from_message:
        kept = "The message, its link and its files are kept as evidence with this entry."
        longer = " It is longer than the 3,000 characters that fit here; the rest stays behind its link." if cut else ""
        blocks.append(context(kept + longer))
    else:
        blocks.append(field("files", "Photos or files", files_input(), optional=True))
    title = "Save as evidence" if from_message else "Log implementation"
    return modal("log.form", title, blocks, submit="Save", meta=meta)


def nothing_to_log() -> Answer:
    """The empty state of the form: there is no open action."""
    words = (
        "There is no open action that you can log against. Ask your deputy manager to add one with /sip action new, "
        "then log it; nothing you did is too late to write down."
    )
    return Answer(words, [section(words)])


class Step(StrEnum):
    """What was just done with an entry, as its answer begins."""

    SAVED = "Saved as {} for"
    STANDS = "{} stands, for"
    ADDED = "Evidence is added to {} for"
    CHANGED = "{} is changed; what it said before stays in the journal. It is for"
    CHANGED_BACK = "{} reads again as before, for"
    MEANWHILE = "{} was changed since then, so nothing was taken back. This is how it reads now, for"


def logged(entry: Entry, action: Action, evidence: Sequence[Evidence], step: Step = Step.SAVED) -> Answer:
    """The private answer to a step: what is kept now, and what can be done next."""
    head = f"{step.format(ref(entry))} *{ref(action)}* {escape(clip(action.what, 100))}"
    facts = [f"{str(entry.shift).capitalize()} shift, {day(entry.on)}", str(entry.kind)]
    if entry.attended_count:
        facts.append(f"{entry.attended_count} attended")
    elif entry.attended:
        facts.append(f"attended: {escape(clip(entry.attended, 80))}")
    facts.append(f"written {moment(entry.written_at, '{date_short_pretty} {time}')}")
    blocks = [section(head), quoted(entry.what), context(" · ".join(facts))]
    if evidence:
        blocks.append(context("Evidence: " + ", ".join(_evidence_words(e) for e in evidence)))
    if entry.kind in WITH_STAFF and not (entry.staff_response or entry.barriers):
        blocks.append(context("How did staff respond, and what stood in the way? Open form keeps that too."))
    more = [
        button("Add evidence", "log.evidence", {"entry": entry.id}),
        button("Open form", "log.amend", {"entry": entry.id}),
    ]
    blocks.append(actions(*_ways_back(entry, step), *more))
    files = f" Evidence: {', '.join(e.name for e in evidence)}." if evidence else ""
    text = f"{step.format(ref(entry))} {ref(action)}: {entry.what} ({entry.shift} shift, {day(entry.on)}).{files}"
    return Answer(escape(text), blocks)


def _ways_back(entry: Entry, step: Step) -> list[Block]:
    """Undo takes back the step that was just done and no more; whatever takes back the whole entry says so."""
    value = {"entry": entry.id, "v": entry.version}
    if step is Step.SAVED:
        return [button("Undo", "log.undo", value)]
    name = ref(entry)
    sure = (f"Take back {name}?", f"The whole entry no longer counts, with its evidence: “{clip(entry.what, 150)}”.")
    whole = button(f"Take back {name}", "log.undo", value, confirm=(*sure, "Take it back"))
    return [button("Undo the change", "log.change_back", value), whole] if step is Step.CHANGED else [whole]


def _evidence_words(evidence: Evidence) -> str:
    state = {
        EvidenceState.WAITING: "not kept yet" if evidence.problem else "being fetched",
        EvidenceState.KEPT: "kept",
        EvidenceState.UNREADABLE: "not readable",
        EvidenceState.REMOVED: "removed by age",
    }
    return f"{escape(clip(evidence.name, 60))} ({state[evidence.state]})"


def withdrawn(entry: Entry) -> Answer:
    """After Undo."""
    words = f"{ref(entry)} was taken back. It no longer counts; the journal keeps that it was written and taken back."
    again = {"action": entry.action_id, "again": entry.id}
    return Answer(words, [section(words), quoted(entry.what), actions(button("Log it again", "log.open", again))])


def evidence_form(entry: Entry) -> dict[str, Any]:
    """Files for an entry that stands."""
    blocks = [
        section(f"Evidence for {ref(entry)}"),
        quoted(clip(entry.what, 300)),
        field("files", "Photos or files", files_input()),
    ]
    return modal("evidence.form", "Add evidence", blocks, submit="Save", meta={"entry": entry.id})


def own(listed: Sequence[Entry], actions_: Mapping[str, Action]) -> Answer:
    """Somebody's own newest entries, each to be shown with what can be done with it."""
    if not listed:
        words = "You have logged nothing here that still stands. /sip log writes down what was done on shift."
        return Answer(words, [section(words), actions(button("Log implementation", "log.open"))])
    head = "Which entry? Yours of late, the newest first; an older one by its reference: /sip log correct E12."
    blocks = [section(head)]
    for entry in listed:
        about = f"{ref(actions_[entry.action_id])}, {day(entry.on)}, {entry.shift} shift"
        show = button("Show", f"log.show#{ref(entry)}", {"entry": entry.id}, label=f"Show {ref(entry)}")
        blocks.append(section(f"*{ref(entry)}* for {about}\n{escape(clip(entry.what, 200))}", show))
    lines = [f"{ref(e)} for {ref(actions_[e.action_id])}: {clip(e.what, 200)}" for e in listed]
    return Answer(escape("\n".join([head, *lines])), blocks)


def amend_form(entry: Entry, spans: Spans, what: str = "") -> dict[str, Any]:
    """One's own entry, to change or to say more; `what` is what it is to say instead."""
    listed = list(spans)
    if (entry.on, entry.shift) not in listed:
        listed.append((entry.on, entry.shift))
    blocks = [
        *([context(f"So far it says: {escape(clip(entry.what, 1_500))}")] if what else []),
        field("what", "What was done?", text_input(what or entry.what)),
        field("when", "When did it happen?", when_input(listed, (entry.on, entry.shift))),
        field("kind", "What kind of work was it?", choices(EntryKind, entry.kind)),
        field("attended", "Who attended?", text_input(_attended(entry), lines=False), optional=True),
        field("staff_response", "How did staff respond?", text_input(entry.staff_response), optional=True),
        field("barriers", "What stood in the way?", text_input(entry.barriers), optional=True),
    ]
    return modal("amend.form", f"Change {ref(entry)}", blocks, submit="Save", meta={"entry": entry.id})


def _attended(entry: Entry) -> str:
    if entry.attended or not entry.attended_count or entry.attended_count == headcount_in(entry.what):
        return entry.attended  # a number that the words say is counted anew from what they say then
    return str(entry.attended_count)
