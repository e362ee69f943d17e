"""How a split looks: the names of the new priorities, what goes where, what each is about, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.plan.access import ref
from bot.plan.account import Account, unverified
from bot.plan.priorities import Priority
from handlers.desk import Answer
from handlers.views.parts import (
    Block,
    actions,
    button,
    clip,
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
from handlers.views.review_form import INITIALS

NAMES = ("first", "second", "third", "fourth")
TEXT = 3900


@dataclass(frozen=True, slots=True)
class Share:
    """A record that can go to one of the new priorities; `must`: an open action, which one of them has to take."""

    ref: str
    words: str
    detail: str
    must: bool = False


def shares(account: Account, priority: Priority) -> list[Share]:
    """Everything of a priority that can move: open actions first, then measures, signals, and what is finished."""
    open_ids = {a.id for a in unverified(account.actions_of(priority))}
    acts = sorted(account.actions_of(priority), key=lambda a: (a.id not in open_ids, a.number))
    found = [Share(ref(a), a.what, f"{a.status}, due {day(a.due_on)}", a.id in open_ids) for a in acts]
    found += [Share(ref(m), m.name, f"measure, {m.lens} lens") for m in account.measures_of(priority)]
    found += [Share(ref(s), s.summary, f"{s.source}, {day(s.on)}") for s in account.signals_of(priority)]
    return found


def _head(priority: Priority) -> Block:
    return section(
        f"*{ref(priority)}* {escape(clip(priority.title, 150))}\n{escape(clip(priority.problem_statement, 500))}"
    )


def names_form(priority: Priority) -> dict[str, Any]:
    """Step 1: what the new priorities are called."""
    blocks = [_head(priority)]
    for n, name in enumerate(NAMES):
        label = f"The {name} new priority"
        placeholder = ("Handovers on nights", "Handovers at weekends")[n] if n < 2 else ""
        blocks.append(field(name, label, text_input(lines=False, placeholder=placeholder), optional=n > 1))
    blocks.append(section("Next you say what goes where. Nothing changes before the last step."))
    return modal("split_names.form", f"Split {ref(priority)} (1 of 3)", blocks, submit="Next",
                 meta={"priority": priority.id})  # fmt: skip


def shares_form(priority: Priority, titles: Sequence[str], listed: Sequence[Share]) -> dict[str, Any]:
    """Step 2: which actions, measures and signals go to which."""
    options = [option(f"{share.ref} {share.words}", share.ref, share.detail) for share in listed]
    must = [share.ref for share in listed if share.must]
    words = f"Open actions have to go somewhere: {', '.join(must)}." if must else "No action is open."
    blocks = [section(f"*{ref(priority)}* {escape(clip(priority.title, 150))}\n{words} The rest may stay behind.")]
    for n, title in enumerate(titles):
        chooser = {**select(options, placeholder="Actions, measures, signals"), "type": "multi_static_select"}
        blocks.append(field(NAMES[n], f"What goes to “{clip(title, 100)}”?", chooser, optional=True))
    meta = {"priority": priority.id, "titles": list(titles)}
    return modal("split_shares.form", f"Split {ref(priority)} (2 of 3)", blocks, submit="Next", meta=meta)


def words_form(priority: Priority, titles: Sequence[str], taken: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Step 3: what each is about, and why it was split."""
    blocks = [_head(priority)]
    for n, title in enumerate(titles):
        goes = f"Goes with it: {', '.join(taken[n])}." if taken[n] else "Nothing goes with it."
        label = f"What is the problem of “{clip(title, 100)}”?"
        blocks.append(field(NAMES[n], label, text_input(), hint=f"{clip(goes, 500)} {INITIALS}"))
    blocks.append(field("reason", "Why is it split?", text_input(placeholder=(
        "Days improved, nights did not; they need different actions and measures"))))  # fmt: skip
    meta = {"priority": priority.id, "titles": list(titles), "taken": [list(refs) for refs in taken]}
    return modal("split.form", f"Split {ref(priority)} (3 of 3)", blocks, submit="Split it", meta=meta)


def split(parent: Priority, children: Sequence[Priority], reason: str) -> Answer:
    """After a priority was split."""
    return _told(f"*{ref(parent)}* {escape(clip(parent.title, 120))} was split.", children, reason)


def was_split(parent: Priority, children: Sequence[Priority], reason: str, by: str) -> Answer:
    """To whoever leads it: a priority was split."""
    return _told(f"{escape(by)} split *{ref(parent)}* {escape(clip(parent.title, 120))}.", children, reason)


def _told(head: str, children: Sequence[Priority], reason: str) -> Answer:
    lines = [f"• *{ref(c)}* {escape(clip(c.title, 150))}, {c.risk} risk" for c in children]
    row = [
        button(f"Show {ref(c)}", f"priority.show#{ref(c)}", {"priority": c.id}, label=f"Show {ref(c)} {c.title}")
        for c in children
    ]
    row += [
        button(f"Add to {ref(c)}", f"action.new#{ref(c)}", {"priority": c.id}, label=f"Add an action to {ref(c)}")
        for c in children
    ]
    text = f"{head} {'; '.join(lines)} Its history stays where it is. {escape(reason)}".replace("*", "")
    blocks = [
        section("\n".join([head, *lines, "They stand as old as it is; its history stays where it is."])),
        quoted(reason),
    ]
    return Answer(clip(text.replace("• ", ""), TEXT), [*blocks, actions(*row)])
