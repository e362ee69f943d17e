"""How reviews look once they are kept: the answer after saving, what people are told, the form to correct one."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.plan.access import ref
from bot.plan.decisions import Consequences
from bot.plan.people import ROLE_NAMES, Person
from bot.plan.priorities import Priority, is_live
from bot.plan.reviews import DECIDING, Decision, Judgement, Review, ReviewKind, period_words
from handlers.desk import Answer
from handlers.views.parts import (
    Block,
    actions,
    button,
    clip,
    context,
    date_input,
    day,
    escape,
    field,
    modal,
    moment,
    option,
    quoted,
    section,
    select,
    text_input,
)
from handlers.views.review_form import INITIALS
from handlers.views.review_questions import ASKED, KIND_LABELS, LABELS, MOST, TITLES

HEADINGS: dict[str, str] = {
    "present": "Present",
    "improved": "Improved",
    "unresolved": "Unresolved",
    "why": "Why",
    "challenge": "Challenge",
    "agreement": "Agreed",
    "specific": "More specific and measurable",
    "monitoring": "Revised monitoring",
    "next_steps": "Next steps",
}
SAID = tuple(HEADINGS)
TEXT = 3900


def named(review: Review) -> str:
    """A review as a phrase: "monthly review of November 2026"."""
    kind = str(review.kind)
    whole = kind if kind.endswith("review pack") else f"{kind} review"
    return f"{whole} of {period_words(review.period)}"


def label(kind: ReviewKind, name: str) -> str:
    """The question under which words of a review are given."""
    return KIND_LABELS.get((kind, name), LABELS[name])


def heading(kind: ReviewKind, name: str) -> str:
    """What stands before words of a review where they are read."""
    return "Visible in daily care" if (kind, name) == (ReviewKind.MONTHLY, "improved") else HEADINGS[name]


def said(review: Review) -> list[tuple[str, str]]:
    """(question, words) of everything that a review says."""
    chosen = [("Decision", review.decision), ("Judgement", review.judgement), ("Remaining problem", review.remaining)]
    found = [(title, str(value)) for title, value in chosen if value]
    found += [(heading(review.kind, name), words) for name in SAID if (words := getattr(review, name))]
    if review.override_reason:
        found.append(("Closed all the same, because", review.override_reason))
    if review.next_review_on:
        found.append(("Next review", day(review.next_review_on)))
    return found


def said_blocks(review: Review) -> list[Block]:
    """What a review says and the figures frozen in it."""
    lines = [f"*{escape(title)}:* {escape(clip(words, 700))}" for title, words in said(review)]
    blocks = [section(clip("\n".join(lines), 2900))] if lines else []
    for title, frozen in (("What had moved", review.movement), ("What had slipped", review.slipped)):
        if frozen:
            blocks.append(context(clip(f"*{title}*\n{escape(frozen)}", 2000)))
    if review.evidence:
        blocks.append(context(clip(f"*Gathered*\n{escape(review.evidence)}", 2000)))
    return blocks


def saved(review: Review, done: Consequences, *, may_sign: bool, may_split: bool) -> Answer:
    """The answer after a review was recorded: what was kept, what it changed, what comes next."""
    priority = done.priority
    head = (
        f"Saved as *{ref(review)}*: {escape(named(review))} of *{ref(priority)}* {escape(clip(priority.title, 100))}."
    )
    changed = outcome(review, done)
    more = []
    if review.decision is Decision.SPLIT and may_split:
        more.append(button(f"Split {ref(priority)}", "priority.split", {"priority": priority.id}, style="primary"))
    if may_sign and review.kind in DECIDING:
        more.append(button("Sign minutes", "minutes.sign", {"review": review.id}))
    more.append(button("Correct or add", "review.correct", {"review": review.id}))
    more.append(button("The whole thread", "priority.show", {"priority": priority.id}))
    top = f"{head}\n{escape(changed)}" if changed else head
    text = f"{head} {escape(changed)}".replace("*", "").strip()
    whole = f"{text} " + "; ".join(f"{title}: {words}" for title, words in said(review))
    return Answer(clip(whole if not changed else text, TEXT), [section(top), *said_blocks(review), actions(*more)])


def outcome(review: Review, done: Consequences) -> str:
    """What a decision changed, as sentences; empty where it changed nothing."""
    priority = done.priority
    name = ref(priority)
    words = ""
    if review.decision is Decision.EXTEND and priority.target_on:
        words = f"{name} is to be reached by {day(priority.target_on)} now."
    elif review.decision is Decision.REVISE_TARGET and done.measure:
        words = f"{ref(done.measure)} {done.measure.name} has a new target."
    elif review.decision is Decision.SPLIT:
        words = f"{name} stays open until it is split."
    elif review.decision is Decision.CLOSE:
        words = f"{name} is closed. It is looked at again for durability."
    elif review.decision and review.decision is not Decision.ESCALATE:
        words = f"{name} is {priority.status}."
    if done.escalation:
        to = ROLE_NAMES[done.escalation.to]
        words = f"{words} {ref(done.escalation)} was raised to {to}, who hear of it now.".strip()
    return words


def decided(review: Review, done: Consequences, by: Person) -> Answer:
    """To those concerned: what a review of their priority came to."""
    priority = done.priority
    head = f"{escape(by.name)} recorded the {escape(named(review))} of *{ref(priority)}* {escape(priority.title)}."
    what = f"Decided: {review.decision}." if review.decision else ""
    if review.judgement:
        what = f"Judged: {review.judgement}."
    changed = outcome(review, done)
    same = changed == f"{ref(priority)} is {review.decision}."  # which says nothing new
    lines = [line for line in (what, "" if same else changed) if line]
    words = [
        f"{heading(review.kind, name)}: {value}"
        for name in ("challenge", "why", "unresolved", "agreement", "next_steps")
        if (value := getattr(review, name))
    ]
    blocks = [section("\n".join([head, *map(escape, lines)]))]
    if words:
        blocks.append(quoted(clip("\n".join(words), 2900)))
    more = [button("The whole thread", "priority.show", {"priority": priority.id})]
    if review.judgement in (Judgement.NOT_IMPROVED, Judgement.PARTLY) and is_live(priority):
        value = {"priority": priority.id, "kind": "governance"}
        more.insert(0, button("Review the priority", "review.open", value, style="primary"))
    text = " ".join([head.replace("*", ""), *map(escape, [*lines, *words])])
    return Answer(clip(text, TEXT), [*blocks, actions(*more)])


def choose_kind(priority: Priority, kinds: Sequence[ReviewKind], suggested: ReviewKind | None) -> Answer:
    """Which kind of review? Only those that the person may record are offered."""
    words = f"Which review of *{ref(priority)}* {escape(clip(priority.title, 100))}?"
    row = [
        button(
            TITLES[kind],
            f"review.open#{kind.name.lower()}",
            {"priority": priority.id, "kind": str(kind)},
            style="primary" if kind is suggested else "",
        )
        for kind in kinds
    ]
    listed = ", ".join(str(kind) for kind in kinds)
    text = f"Which review of {ref(priority)} {priority.title}? You may record: {listed}."
    return Answer(escape(text), [section(words), actions(*row)])


def choose_priority(
    listed: Sequence[Priority], press: str, question: str, empty: str, more: Mapping[str, str] | None = None
) -> Answer:
    """Which priority? A choice that goes straight on to `press`, with `more` in its value."""
    if not listed:
        return Answer(escape(empty), [section(escape(empty))])
    options = [
        option(
            f"{ref(p)} {p.title}",
            json.dumps({"priority": p.id, **(more or {})}, separators=(",", ":")),
            f"{p.status}, {p.risk} risk",
        )
        for p in listed
    ]
    chooser = {**select(options, placeholder="Choose a priority"), "action_id": press}
    text = f"{question} {'; '.join(f'{ref(p)} {p.title}' for p in listed)}"
    return Answer(escape(clip(text, TEXT)), [section(escape(question)), actions(chooser)])


def page(review: Review, priority: Priority, by: str, signer: str, *, may_correct: bool, may_sign: bool) -> Answer:
    """One review in full."""
    head = f"*{ref(review)}* {escape(named(review))} of *{ref(priority)}* {escape(clip(priority.title, 100))}"
    facts = [f"{day(review.on)}", f"recorded by {escape(by)} {moment(review.written_at)}"]
    if review.signed_at:
        facts.append(f"signed by {escape(signer)} {moment(review.signed_at)}")
    elif review.kind in DECIDING:
        facts.append("not signed yet")
    if review.corrected_at:
        facts.append(f"corrected {moment(review.corrected_at)}")
    more = []
    if may_sign and review.kind in DECIDING and not review.signed_at:
        more.append(button("Sign minutes", "minutes.sign", {"review": review.id}, style="primary"))
    if may_correct:
        more.append(button("Correct or add", "review.correct", {"review": review.id}))
    more.append(button("The whole thread", "priority.show", {"priority": priority.id}))
    lines = "; ".join(f"{title}: {words}" for title, words in said(review))
    text = f"{head.replace('*', '')}, {day(review.on)}, recorded by {escape(by)}. {escape(lines)}"
    return Answer(clip(text, TEXT), [section(head), context(" · ".join(facts)), *said_blocks(review), actions(*more)])


def correct_form(review: Review) -> dict[str, Any]:
    """The words of a review, to put right or to say more; six inputs, what it says already first."""
    asked = [name for name in (*ASKED[review.kind], *SAID) if name in SAID]
    order = list(dict.fromkeys([*(n for n in asked if getattr(review, n)), *asked]))
    # The next review's day keeps its place where one was named; otherwise the words come first.
    names = order[: MOST - 2] if review.next_review_on else order[: MOST - 1]
    known = [n for n in order if n in names]
    blocks: list[Block] = [
        section(f"*{ref(review)}* {escape(named(review))}"),
        context(
            "The decision and the figures stand: another decision is another review."
            + (" The minutes are signed; they want signing again afterwards." if review.signed_at else "")
        ),
    ]
    for n, name in enumerate(known):
        element = text_input(getattr(review, name), lines=name != "present")
        blocks.append(field(name, label(review.kind, name), element, optional=True, hint=INITIALS if n == 0 else ""))
    if review.next_review_on:
        blocks.append(field("next_review_on", "Next review", date_input(review.next_review_on), optional=True))
    blocks.append(field("reason", "What was wrong or left out?", text_input(lines=False)))
    return modal("review_correct.form", f"Correct {ref(review)}", blocks, submit="Save", meta={"review": review.id})
