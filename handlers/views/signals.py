"""How signals and findings look: the form that logs one, what was kept, linking, answering, and what still waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.plan.access import ref
from bot.plan.people import Right, who_may
from bot.plan.priorities import Priority
from bot.plan.samples import Sample
from bot.plan.services import Service
from bot.plan.signals import FINDINGS, Signal, Source
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
    quoted,
    section,
    select,
    text_input,
)

LISTED = 10
INITIALS = "Initials instead of names for people who use the service."
# What takes back the step just taken, by label and action: whoever links another's signal must not withdraw it.
UNDO = ("Undo", "signal.undo")
UNLINK = ("Take it out again", "signal.unlink")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is known of a signal before its form is filled in."""

    source: Source | None = None
    summary: str = ""
    theme: str = ""
    priority_id: str | None = None


def priority_options(listed: Sequence[Priority]) -> list[Block]:
    """Priorities to choose from."""
    return [option(f"{ref(p)} {p.title}", p.id, f"{p.status}, {p.risk} risk") for p in listed]


def log_form(services: Sequence[Service], priorities: Sequence[Priority], today: date, draft: Draft) -> dict[str, Any]:
    """What somebody noticed; six inputs. Where the service is not clear it is asked for, and linked afterwards."""
    many = len(services) > 1
    blocks = [
        field("source", "What kind of signal is it?", choices(Source, draft.source)),
        field(
            "summary",
            "What happened?",
            text_input(draft.summary, placeholder="Daughter was not told of a fall on Sunday night"),
            hint=INITIALS,
        ),
        field("on", "On which day?", date_input(today)),
        field(
            "theme",
            "Theme in a word or two",
            text_input(draft.theme, lines=False, placeholder="handovers"),
            optional=not many,
            hint="" if many else "Left empty, it takes the theme of the priority that you choose.",
        ),
    ]
    if many:
        options = [option(s.name, s.id) for s in services]
        blocks.insert(0, field("service_id", "In which service?", select(options)))
    elif priorities:
        chosen = select(priority_options(priorities), draft.priority_id, "None yet")
        blocks.append(field("priority", "Does it belong to a priority?", chosen, optional=True))
    blocks.append(
        field("reference", "Reference", text_input(lines=False, placeholder="Datix 4711"), optional=True,
              hint="Its number where it is recorded already.")
    )  # fmt: skip
    meta = {} if many else {"service_id": services[0].id}
    return modal("signal.form", "Log a signal", blocks, submit="Save", meta=meta)


def logged(
    signal: Signal,
    priority: Priority | None,
    alike: Priority | None = None,
    *,
    may_link: bool = True,
    may_answer: bool = True,
    back: tuple[str, str] | None = UNDO,
) -> Answer:
    """What was kept, and what this person can do next; `alike` is the one live priority of the same theme, `back` the
    button that takes back what they just did."""
    head = f"Saved as *{ref(signal)}*: {signal.source}, {day(signal.on)}, theme {escape(signal.theme)}."
    value = {"signal": signal.id}
    more = [button(*back, value)] if back else []
    if priority:
        where = f"It is evidence for *{ref(priority)}* {escape(clip(priority.title, 100))}."
        if signal.source in FINDINGS:
            where += " As a finding it stays open until an action answers it or somebody says why none is needed."
            more += [button("Answer it", "finding.answer", {"finding": signal.id})] if may_answer else []
    else:
        where = "It belongs to no priority yet."
        where += f" *{ref(alike)}* {escape(clip(alike.title, 100))} has the same theme." if alike else ""
        if not may_link:
            where += f" A {who_may(Right.EVIDENCE)} links it: it waits for them under `/sip signals`."
        elif alike:
            straight = {"signal": signal.id, "priority": alike.id}
            more.append(button(f"Link to {ref(alike)}", "signal.link_to", straight))
        more += [button("Link to a priority", "signal.link", value)] if may_link else []
    more.append(button("Open form", "signal.correct", value))
    blocks = [section(f"{head}\n{where}"), quoted(signal.summary), actions(*more)]
    return Answer(f"{head} {where} {escape(signal.summary)}".replace("*", ""), blocks)


def withdrawn(signal: Signal, reason: str) -> Answer:
    """After a signal was taken back."""
    words = f"{ref(signal)} was taken back. It no longer counts; the journal keeps that it was written and taken back."
    blocks = [section(words), quoted(signal.summary), context(f"Why: {escape(reason)}")]
    return Answer(words, [*blocks, actions(button("Log another", "signal.open"))])


def corrected(signal: Signal, answer: Answer) -> Answer:
    """After a signal was corrected: how it stands, as `answer` says it."""
    words = f"{ref(signal)} is corrected; what it said before stays in the journal."
    return Answer(f"{words} {answer.text}", [section(words), *answer.blocks])


def link_form(signal: Signal, priorities: Sequence[Priority]) -> dict[str, Any]:
    """Which priority a signal is evidence for."""
    blocks = [
        section(f"*{ref(signal)}* {signal.source}, {day(signal.on)}"),
        quoted(clip(signal.summary, 500)),
        field("priority", "For which priority is it evidence?", select(priority_options(priorities))),
    ]
    return modal("signal_link.form", f"Link {ref(signal)}", blocks, submit="Link", meta={"signal": signal.id})


def unlink_form(signal: Signal, priority: Priority | None) -> dict[str, Any]:
    """Why a signal is no evidence for its priority."""
    where = f"{ref(priority)} {escape(clip(priority.title, 100))}" if priority else "its priority"
    blocks = [
        section(f"*{ref(signal)}* is evidence for {where}."),
        quoted(clip(signal.summary, 500)),
        field("reason", "Why does it not belong there?", text_input(), hint="The signal itself stays in the plan."),
    ]
    return modal("signal_unlink.form", f"Unlink {ref(signal)}", blocks, submit="Unlink", meta={"signal": signal.id})


def unlinked(signal: Signal, reason: str) -> Answer:
    """After a signal was taken out of a priority."""
    words = f"*{ref(signal)}* belongs to no priority now; it stays in the plan."
    more = actions(button("Link to a priority", "signal.link", {"signal": signal.id}))
    return Answer(f"{words} {escape(reason)}".replace("*", ""), [section(words), quoted(reason), more])


def correct_form(signal: Signal) -> dict[str, Any]:
    """A signal, to put right; six inputs."""
    blocks = [
        field("source", "What kind of signal is it?", choices(Source, signal.source)),
        field("summary", "What happened?", text_input(signal.summary), hint=INITIALS),
        field("on", "On which day?", date_input(signal.on)),
        field("theme", "Theme in a word or two", text_input(signal.theme, lines=False)),
        field("reference", "Reference", text_input(signal.reference, lines=False), optional=True),
        field("reason", "What was wrong?", text_input(lines=False, placeholder="The day was mistyped")),
    ]
    return modal("signal_correct.form", f"Correct {ref(signal)}", blocks, submit="Save", meta={"signal": signal.id})


def withdraw_form(record: Signal | Sample, about: str) -> dict[str, Any]:
    """Why a signal or sample should not stand."""
    blocks = [
        section(f"*{ref(record)}* {escape(clip(about, 500))}"),
        field("reason", "Why should it not stand?", text_input(placeholder="Written down twice")),
    ]
    kind = "sample" if isinstance(record, Sample) else "signal"
    return modal(f"{kind}_withdraw.form", f"Take back {ref(record)}", blocks, submit="Take it back",
                 meta={kind: record.id})  # fmt: skip
