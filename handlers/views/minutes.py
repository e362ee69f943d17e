"""How minutes look: the decisions of one meeting, whose signature they wait for, and the other meetings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.plan.access import ref
from bot.plan.priorities import Priority
from bot.plan.reviews import Review
from bot.plan.services import Service
from handlers.desk import Answer
from handlers.views.parts import (
    OPTIONS_LIMIT,
    Block,
    actions,
    button,
    clip,
    context,
    day,
    divider,
    escape,
    header,
    moment,
    option,
    section,
    select,
)
from handlers.views.reviews import heading

SHOWN = 8
TEXT = 3900
_MINUTED = ("present", "challenge", "agreement", "improved", "unresolved", "why", "next_steps")


@dataclass(frozen=True, slots=True)
class Meeting:
    """The deciding reviews of one day (or of one priority), with what the reader needs to read and sign them."""

    service: Service
    about: str
    reviews: Sequence[Review]
    priorities: Mapping[str, Priority]
    names: Mapping[str, str]
    waiting: Sequence[Review]
    days: Sequence[date]
    may_sign: bool


def page(meeting: Meeting, first: str = "") -> Answer:
    """The minutes of one meeting, and what else waits for a signature."""
    head = f"Minutes of {meeting.service.name}, {meeting.about}"
    if not meeting.reviews:
        words = "No decision about a priority is on record yet. /sip review P3 governance records one."
        return Answer(f"{escape(head)}: {words}", [header(clip(head, 150)), section(words)])
    blocks: list[Block] = [*([section(escape(first))] if first else []), header(clip(head, 150))]
    for review in meeting.reviews[:SHOWN]:
        blocks += _review(meeting, review)
    rest = [ref(review) for review in meeting.reviews[SHOWN:]]
    if rest:
        blocks.append(context(f"And {len(rest)} more: {', '.join(rest[:60])}. `/sip register 5` shows all."))
    blocks += [divider(), *_others(meeting)]
    lines = [plain(meeting, review) for review in meeting.reviews]
    return Answer(escape(clip("\n".join([*([first] if first else []), f"{head}.", *lines]), TEXT)), blocks)


def plain(meeting: Meeting, review: Review) -> str:
    """The minutes of one review in plain text."""
    priority = meeting.priorities[review.priority_id]
    words = [f"{heading(review.kind, name)}: {value}" for name in _MINUTED if (value := getattr(review, name))]
    signed = f"signed by {meeting.names.get(review.signed_by or '', '')}" if review.signed_at else "not signed"
    decided = review.decision or "no decision"
    return f"{ref(review)} {ref(priority)} {priority.title}: {decided}; {'; '.join([*words, signed])}."


def _review(meeting: Meeting, review: Review) -> list[Block]:
    priority = meeting.priorities[review.priority_id]
    lines = [f"*{ref(priority)}* {escape(clip(priority.title, 120))}: *{review.decision or 'no decision'}*"]
    lines += [
        f"_{heading(review.kind, name)}:_ {escape(clip(words, 500))}"
        for name in _MINUTED
        if (words := getattr(review, name))
    ]
    if review.next_review_on:
        lines.append(f"_Next review:_ {day(review.next_review_on)}")
    facts = [f"{ref(review)} {review.kind}, {day(review.on)}"]
    facts.append(f"recorded by {escape(meeting.names.get(review.person_id, ''))}")
    if review.signed_at:
        by = escape(meeting.names.get(review.signed_by or "", ""))
        facts.append(f"signed by {by} {moment(review.signed_at)}")
    else:
        facts.append("not signed yet")
    if review.corrected_at:
        facts.append(f"corrected {moment(review.corrected_at)}")
    press = None
    if meeting.may_sign and not review.signed_at:
        name = ref(review)
        press = button("Sign", f"minutes.sign#{name}", {"review": review.id}, style="primary", label=f"Sign {name}")
    return [section(clip("\n".join(lines), 2900), press), context(" · ".join(facts))]


def _others(meeting: Meeting) -> list[Block]:
    shown = {review.id for review in meeting.reviews[:SHOWN]}
    waiting = [review for review in meeting.waiting if review.id not in shown]
    blocks: list[Block] = []
    if waiting:
        named = ", ".join(f"{ref(r)} of {day(r.on)}" for r in waiting[:10])
        more = f" and {len(waiting) - 10} more" if len(waiting) > 10 else ""
        blocks.append(context(f"Also waiting for a signature: {named}{more}."))
    options = [
        option(day(on), f'{{"service":"{meeting.service.id}","on":"{on.isoformat()}"}}')
        for on in meeting.days[:OPTIONS_LIMIT]
    ]
    chooser = {**select(options, placeholder="Another meeting"), "action_id": "minutes.show"}
    return [*blocks, actions(chooser)]
