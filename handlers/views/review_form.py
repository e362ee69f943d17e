"""The review form: what moved, slipped and was promised above its questions, and the questions that fit the kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.briefing import Briefing, briefing, last_decision
from bot.plan.closing import closable_on, obstacles, unresolved
from bot.plan.escalations import LEADERS
from bot.plan.people import ROLE_NAMES, Person
from bot.plan.priorities import Priority
from bot.plan.readings import counted
from bot.plan.reviewing import MUST_SAY
from bot.plan.reviews import PROVIDER_DECISIONS, Decision, Judgement, Remaining, ReviewKind, period_words
from bot.plan.samples import Sample
from handlers.desk import chosen_day
from handlers.views.parts import (
    Block,
    choices,
    clip,
    date_input,
    day,
    escape,
    field,
    modal,
    option,
    section,
    select,
    text_input,
)
from handlers.views.review_questions import PLACEHOLDERS, TITLES, WANTED, asked, decision_in, label_of

LINES = 12  # of one part of the briefing
PICTURES = 1  # above the questions, which must stay within reach
INITIALS = "Initials instead of names for people who use the service."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a review form is made from: the account, whose review it is, of what kind and period, who asks and when, and
    the charts of its measures as far as they are drawn."""

    account: Account
    priority: Priority
    kind: ReviewKind
    period: str
    person: Person
    today: date
    on: date | None = None
    pictures: Sequence[Block] = ()


def closes_over(sheet: Sheet) -> bool:
    """Whether closing the priority now wants a written reason."""
    return bool(unresolved(sheet.account, sheet.priority))


def form(sheet: Sheet, typed: Mapping[str, Any], carried: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The form of a review; `typed` is what stands in its fields, `carried` what an earlier look at it left."""
    decision = decision_in(sheet.kind, typed)
    moved, *rest = briefing_blocks(sheet)
    blocks = [*_head(sheet), moved, *sheet.pictures[:PICTURES], *rest]
    needed = {*MUST_SAY[sheet.kind], *(WANTED.get(decision, ()) if decision else ()), "override_reason"}
    hinted = False
    for name in asked(sheet.kind, decision, typed, closes_over(sheet)):
        if instead := _instead(sheet, name, decision):
            blocks.append(section(instead))
            continue
        if name == "override_reason":
            blocks.append(section(over_words(sheet)))
        element = _element(sheet, name, typed)
        words = element["type"] == "plain_text_input" and name not in ("target", "present")
        hint = INITIALS if words and not hinted else ""
        hinted = hinted or words
        blocks.append(
            field(name, label_of(sheet.kind, decision, name), element, optional=name not in needed, hint=hint,
                  dispatch=name == "decision")
        )  # fmt: skip
    meta = {**(carried or {}), "priority": sheet.priority.id, "kind": str(sheet.kind), "period": sheet.period}
    if sheet.on:
        meta["on"] = sheet.on.isoformat()
    return modal("review.form", TITLES[sheet.kind], blocks, submit="Save review", meta=meta)


def _head(sheet: Sheet) -> list[Block]:
    priority = sheet.priority
    facts = [f"{priority.status}", f"{priority.risk} risk", f"opened {day(priority.opened_on)}"]
    if priority.target_on:
        facts.append(f"target {day(priority.target_on)}")
    about = period_words(sheet.period) if sheet.period else day(sheet.on or sheet.today)
    return [
        section(f"*{ref(priority)}* {escape(clip(priority.title, 150))}\n{escape(about)} · {', '.join(facts)}"),
    ]


def briefing_blocks(sheet: Sheet) -> list[Block]:
    """What somebody who reviews a priority should have before their eyes."""
    told: Briefing = briefing(sheet.account, sheet.priority, sheet.today)
    since = last_decision(sheet.account, sheet.priority)
    after = f" since {ref(since)} of {day(since.on)}" if since else ""
    rows = [
        ("What moved", told.moved, "No measure is defined, so nothing can be shown to have moved."),
        (f"What slipped{after}", told.slipped, "Nothing."),
        ("Promised last time", told.promised, "No review has named next steps yet."),
    ]
    if told.findings:
        rows.append(("Findings without an answer", told.findings, ""))
    if told.weak:
        rows.append(("How strong the actions are", told.weak, ""))
    if sheet.kind is ReviewKind.PACK:
        rows.append(("Gathered since the last pack", told.gathered, "Nothing new."))
    if sheet.kind is ReviewKind.PREPARATION:
        rows.append(("Actions revised", _revised(sheet), "None was revised."))
    return [section(_part(title, lines, none)) for title, lines, none in rows]


def _part(title: str, lines: tuple[str, ...], none: str) -> str:
    if not lines:
        return f"*{title}*\n{none}"
    shown = [f"• {escape(clip(line, 400))}" for line in lines[:LINES]]
    if len(lines) > LINES:
        shown.append(f"and {len(lines) - LINES} more")
    return clip("\n".join([f"*{title}*", *shown]), 2900)


def _revised(sheet: Sheet) -> tuple[str, ...]:
    account = sheet.account
    found = [(r, a) for a in account.actions_of(sheet.priority) for r in account.revisions_of(a)]
    newest = sorted(found, key=lambda pair: pair[0].written_at, reverse=True)
    return tuple(
        f"{ref(a)} from “{clip(r.from_what, 120)}” to “{clip(r.to_what, 120)}”; check: {clip(r.to_check, 100)}"
        for r, a in newest
    )


def over_words(sheet: Sheet) -> str:
    """What closing now would close over, in mrkdwn."""
    lines = "\n".join(f"• {escape(clip(line, 400))}" for line in unresolved(sheet.account, sheet.priority)[:LINES])
    return clip(f"*Closing now would close over this; provider oversight is told:*\n{lines}", 2900)


def _instead(sheet: Sheet, name: str, decision: Decision | None) -> str:
    """What is said in the place of a question that has no possible answer."""
    if name == "measure" and not sheet.account.measures_of(sheet.priority):
        return "No measure is defined, so there is no target to revise. Choose another decision."
    closing = name == "sample" and decision is Decision.CLOSE
    return _obstructed(sheet) if closing and not closable_on(sheet.account, sheet.priority, sheet.person) else ""


def _obstructed(sheet: Sheet) -> str:
    newest = next((s for s in reversed(sheet.account.samples_of(sheet.priority)) if not s.baseline), None)
    found = obstacles(sheet.account, sheet.priority, sheet.person, newest)
    lines = "\n".join(f"• {escape(o.sentence)}" for o in found)
    return f"*{ref(sheet.priority)} cannot be closed yet. Choose another decision, or put this right first:*\n{lines}"


def _element(sheet: Sheet, name: str, typed: Mapping[str, Any]) -> Block:
    chosen = typed.get(name)
    if name == "decision":
        offered = [d for d in Decision if sheet.kind is not ReviewKind.QUARTERLY or d in PROVIDER_DECISIONS]
        return {**choices(offered, chosen), "action_id": "review.decision"}
    if name == "judgement":
        return choices(Judgement, chosen)
    if name == "remaining":
        return choices(Remaining, chosen)
    if name in ("next_review_on", "target_on"):
        return date_input(chosen_day(str(chosen)) if chosen else None)
    if name == "escalate_to":
        return select([option(ROLE_NAMES[role], role) for role in LEADERS], chosen or LEADERS[1])
    if name == "measure":
        measures = sheet.account.measures_of(sheet.priority)
        options = [option(f"{ref(m)} {m.name}", m.id, f"{m.lens} lens") for m in measures]
        return select(options, chosen)
    if name == "sample":
        return _samples(sheet, chosen, closing=decision_in(sheet.kind, typed) is Decision.CLOSE)
    return text_input(
        str(chosen or ""), lines=name not in ("target", "present"), placeholder=PLACEHOLDERS.get(name, "")
    )


def _samples(sheet: Sheet, chosen: Any, *, closing: bool) -> Block:
    if closing:
        listed = list(closable_on(sheet.account, sheet.priority, sheet.person))
    else:
        listed = comparable(sheet.account, sheet.priority)
    return select(sample_options(sheet.account, listed), chosen or (listed[0].id if listed else None))


def comparable(account: Account, priority: Priority) -> list[Sample]:
    """The follow-ups that have a baseline to stand against, the newest first."""
    based = {s.measure_id for s in account.samples_of(priority) if s.baseline}
    found = [s for s in account.samples_of(priority) if not s.baseline and s.measure_id in based]
    return found[::-1]


def sample_options(account: Account, listed: list[Sample]) -> list[Block]:
    """Samples to choose from."""
    made = []
    for sample in listed:
        measure = account.measure(sample.measure_id)
        figures = str(counted(measure, sample)) if measure else ""
        what = f"{ref(sample)} {figures}, {day(sample.on)}"
        by = account.name(sample.person_id)
        made.append(option(what, sample.id, f"{measure.name if measure else ''}, by {by}"))
    return made
