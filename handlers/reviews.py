"""Reviews of every kind: opened with what moved, slipped and was promised, recorded, told on, shown, corrected."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.errors import BadInput, Refusal
from bot.plan import corrections, reviewing
from bot.plan.access import ask_whom, holders, open_record, open_service, ref, require, rights_in, roles_in
from bot.plan.account import Account, load
from bot.plan.corrections import CorrectReview
from bot.plan.decisions import Consequences
from bot.plan.people import Person, Right, Role
from bot.plan.priorities import Priority, must_be_live, open_live
from bot.plan.reviewing import RecordReview
from bot.plan.reviews import (
    DECIDING,
    RIGHT_TO,
    Review,
    ReviewKind,
    named_period,
    period_words,
    suggested_period,
)
from bot.plan.services import Service
from bot.reports.waiting import waiting_for
from bot.timing.workdays import local_date
from bot.work import Work
from handlers import escalations, jobs, pictures, reminders
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb, chosen, chosen_day
from handlers.places import priorities_here, services_here
from handlers.registers import day_in
from handlers.views import charts, parts, review_form
from handlers.views import reviews as views
from handlers.views.review_form import Sheet
from handlers.views.review_questions import missing
from handlers.words import first_ref

# How people say a kind; the longest name first, so that "review pack" is not read as another.
KIND_WORDS: dict[str, ReviewKind] = {
    "governance preparation": ReviewKind.PREPARATION,
    "quarterly provider": ReviewKind.QUARTERLY,
    "long-running": ReviewKind.LONG_RUNNING,
    "long running": ReviewKind.LONG_RUNNING,
    "reassessment": ReviewKind.REASSESSMENT,
    "preparation": ReviewKind.PREPARATION,
    "review pack": ReviewKind.PACK,
    "governance": ReviewKind.GOVERNANCE,
    "quarterly": ReviewKind.QUARTERLY,
    "assurance": ReviewKind.ASSURANCE,
    "provider": ReviewKind.QUARTERLY,
    "monthly": ReviewKind.MONTHLY,
    "pack": ReviewKind.PACK,
}


def said(call: Call) -> Answer | None:
    """`/sip review P3 monthly 2026-11`; what is left out is asked for or suggested."""
    typed, rest = first_ref(call.text, Priority)
    kind, when = kind_in(rest)
    if rest and kind is None:
        raise Refusal(
            f"“{parts.clip(rest, 60)}” is no kind of review. Say one of: assurance, monthly, long-running, governance, "
            "quarterly, reassessment, pack, preparation."
        )
    return opened(call, typed, kind, when) if typed else _which_priority(call, kind, when)


def _which_priority(call: Call, kind: ReviewKind | None, when: str) -> Answer | None:
    """The priorities that have no review of this kind and period yet; a single one is gone to at once."""
    with call.desk.store.reading() as work:
        right = RIGHT_TO[kind] if kind else Right.READ
        named = call.value.get("service")
        services = [open_service(work, call.person, str(named), right)] if named else services_here(work, call, right)
        live = priorities_here(work, services)
        done = work.all(Review, priority_id=[p.id for p in live], period=when) if live and kind and when else []
    left = [p for p in live if p.id not in {r.priority_id for r in done if r.kind is kind}]
    if len(left) == 1:
        return opened(call, left[0].id, kind, when)
    if live and not left:
        words = f"Every open priority has its {kind} review of {period_words(when)}."
        return Answer(words, [parts.section(words)])
    about = f"Which priority is the {kind} review about?" if kind else "Which priority is reviewed?"
    empty = "No priority is open, so there is nothing to review. Open one with /sip priority new."
    more = {**({"kind": str(kind)} if kind else {}), **({"period": when} if when else {})}
    return views.choose_priority(left, "review.open", about, empty, more)


def kind_in(text: str) -> tuple[ReviewKind | None, str]:
    """The kind that the words start with, and the words after it."""
    plain = " ".join(text.split())
    for name, kind in KIND_WORDS.items():
        if plain.lower() == name or plain.lower().startswith(f"{name} "):
            return kind, plain[len(name) :].strip().removeprefix("review").strip()
    return None, plain


def show_form(call: Call) -> Answer | None:
    """The button: {"priority", "kind", "period", "service"}, each optional; what is left out is asked for."""
    kind, _ = kind_in(str(call.value.get("kind") or ""))
    when = str(call.value.get("period") or "")
    priority = call.value.get("priority")
    return opened(call, str(priority), kind, when) if priority else _which_priority(call, kind, when)


def opened(call: Call, typed: str, kind: ReviewKind | None, when: str) -> Answer | None:
    """Open the form of a review, or ask which kind is meant."""
    with call.desk.store.reading() as work:
        if kind is None:
            return _which_kind(work, call, typed)
        priority, service = open_live(work, call.person, typed, RIGHT_TO[kind])
        today = local_date(call.now, service.zone)
        account = load(work, service)
        on, period = _when(account, priority, kind, when, today)
        drawn = pictures.ready(work, [account])
    if kind is ReviewKind.REASSESSMENT and not review_form.comparable(account, priority):
        raise BadInput(f"{ref(priority)} has no follow-up to set against a baseline. Record one first: /sip sample.")
    if kind is ReviewKind.ASSURANCE and all(s.baseline for s in account.samples_of(priority)):
        raise BadInput(f"{ref(priority)} has no follow-up sample to judge yet. Record one first: /sip sample.")
    sheet = Sheet(account=account, priority=priority, kind=kind, period=period, person=call.person, today=today, on=on)
    told = sorted(account.readings_of(priority), key=charts.telling)
    shown = [drawn[reading.measure.id] for reading in told if reading.measure.id in drawn]
    pictures.open_with(call, shown, lambda blocks: review_form.form(replace(sheet, pictures=blocks), {}))
    return None


def _which_kind(work: Work, call: Call, typed: str) -> Answer:
    priority, service = open_record(work, call.person, Priority, typed, Right.READ)
    must_be_live(work, priority)
    rights = rights_in(work, call.person, service)
    kinds = [kind for kind in ReviewKind if RIGHT_TO[kind] in rights]
    if not kinds:
        raise Refusal(f"Your role records no reviews. {ask_whom(work, service, Right.DECIDE)}")
    return views.choose_kind(priority, kinds, _due(work, call, service, priority))


def _due(work: Work, call: Call, service: Service, priority: Priority) -> ReviewKind | None:
    """The kind that waits for this person."""
    roles = roles_in(work, call.person, service.id)
    today = local_date(call.now, service.zone)
    waiting = [w for w in waiting_for(load(work, service), call.person, roles, today) if w.priority_id == priority.id]
    steps = {"judge": ReviewKind.ASSURANCE, "review": ReviewKind.GOVERNANCE, "close": ReviewKind.GOVERNANCE}
    return next((steps[w.step] for w in waiting if w.step in steps), None)


def _when(account: Account, priority: Priority, kind: ReviewKind, typed: str, today: date) -> tuple[date | None, str]:
    """The day (None: today) and the period of a review: as typed, else the suggested one that is not recorded yet."""
    taken = {r.period for r in account.reviews_of(priority) if r.kind is kind}
    if kind in (ReviewKind.MONTHLY, ReviewKind.LONG_RUNNING, ReviewKind.QUARTERLY):
        if typed:
            return None, named_period(kind, typed, today)
        ended = suggested_period(kind, today)
        current = f"{today:%Y-%m}" if kind is not ReviewKind.QUARTERLY else f"{today.year}-Q{(today.month + 2) // 3}"
        return None, current if ended in taken and current not in taken else ended
    if not typed:
        return None, ""
    on = day_in(typed)
    return on, on.isoformat()


def decision_chosen(call: Call) -> None:
    """A decision was chosen: the form shows what it wants to know, with everything that was typed."""
    view, _ = _form_again(call)
    call.change(view)


def _form_again(call: Call) -> tuple[dict[str, Any], list[str]]:
    """The form as it stands, and the questions that its decision still wants answered."""
    kind = chosen(ReviewKind, call.meta["kind"])
    with call.desk.store.reading() as work:
        priority, service = open_record(work, call.person, Priority, str(call.meta["priority"]), RIGHT_TO[kind])
        account = load(work, service)
    on = chosen_day(call.meta["on"]) if call.meta.get("on") else None
    sheet = Sheet(
        account=account,
        priority=priority,
        kind=kind,
        period=call.meta.get("period", ""),
        person=call.person,
        today=local_date(call.now, service.zone),
        on=on,
        pictures=pictures.shown_in(call.view),
    )
    lacking = missing(kind, call.values, review_form.closes_over(sheet))
    return review_form.form(sheet, call.values, call.meta), lacking


def submit(call: Call) -> Show:
    """A review was filled in. Where its decision wants more than the form showed, the form shows it now."""
    view, lacking = _form_again(call)
    if lacking:
        return Show(view)
    return recorded(call, {**call.values, **call.meta})


def recorded(call: Call, values: Mapping[str, Any]) -> Show:
    """Keep a review, carry out its decision, tell those concerned, and say what was kept."""
    given = {name: value for name, value in values.items() if value is not None}
    form = RecordReview.model_validate({**given, "request_id": call.request_id})
    with call.transaction() as work:
        _, service = open_record(work, call.person, Priority, form.priority, RIGHT_TO[form.kind])
        today = local_date(call.now, service.zone)
        review, done = reviewing.record(work, call.person, form, call.now, today)
        reminders.touch(work, done.priority, call.now)
        tell(work, call, service, review, done)
        rights = rights_in(work, call.person, service)
    answer = views.saved(review, done, may_sign=Right.SIGN in rights, may_split=Right.PRIORITY in rights)
    return Show(parts.said("Saved", answer.text, answer.blocks))


def tell(work: Work, call: Call, service: Service, review: Review, done: Consequences) -> None:
    """Each person concerned hears of a review once: of an escalation first who leads the priority, then leadership."""
    priority = done.priority
    lead = work.get(Person, priority.lead_id)
    managers = holders(work, service, [Role.REGISTERED_MANAGER])
    if done.escalation:
        escalations.tell(work, call, service, priority, done.escalation)
    concerned = [lead] if lead and review.decision else []
    if review.decision and review.kind in DECIDING:
        concerned += holders(work, service, [Role.DEPUTY])
    if review.kind in (ReviewKind.QUARTERLY, ReviewKind.ASSURANCE, ReviewKind.REASSESSMENT):
        concerned += managers
    for person in concerned:
        jobs.tell(work, call, person, service, views.decided(review, done, call.person))
    for each in {call.person.id, priority.lead_id}:
        jobs.home(work, call, each)


def show(call: Call) -> Answer:
    """One review in full: {"review": id}."""
    with call.desk.store.reading() as work:
        review, service = open_record(work, call.person, Review, str(call.value["review"]), Right.READ)
        priority, _ = open_record(work, call.person, Priority, review.priority_id, Right.READ)
        rights = rights_in(work, call.person, service)
        by, signer = work.get(Person, review.person_id), work.get(Person, review.signed_by)
    names = (by.name if by else "somebody", signer.name if signer else "")
    may_correct = RIGHT_TO[review.kind] in rights
    return views.page(review, priority, *names, may_correct=may_correct, may_sign=Right.SIGN in rights)


def correct(call: Call) -> None:
    """Open the words of a review for correction: `/sip review correct R5` or the button."""
    typed = str(call.value.get("review") or call.text)
    if not typed.strip():
        raise Refusal("Say which review, for example /sip review correct R5. /sip minutes lists them.")
    with call.desk.store.reading() as work:
        review, service = open_record(work, call.person, Review, typed, Right.READ)
        require(work, call.person, service, RIGHT_TO[review.kind])
    call.open(views.correct_form(review))


def submit_correct(call: Call) -> Show:
    """A review was corrected; what it said before stays in the journal."""
    # A field that was emptied comes as None, which the rules read as "stays as it is".
    emptied = {name: value or "" for name, value in call.values.items() if name != "next_review_on"}
    given = {**emptied, "next_review_on": call.values.get("next_review_on")}
    form = CorrectReview.model_validate({**given, "review": call.meta["review"], "request_id": call.request_id})
    with call.transaction() as work:
        review = corrections.correct_review(work, call.person, form, call.now)
        priority, service = open_record(work, call.person, Priority, review.priority_id, Right.READ)
        rights = rights_in(work, call.person, service)
        by = work.get(Person, review.person_id)
    answer = views.page(review, priority, by.name if by else "", "", may_correct=True, may_sign=Right.SIGN in rights)
    words = f"{ref(review)} is corrected; what it said before stays in the journal."
    return Show(parts.said("Saved", f"{words} {answer.text}", [parts.section(words), *answer.blocks]))


FEATURE = Feature(
    name="reviews",
    verbs=(
        Verb(
            "review",
            "Review a priority: what moved, what slipped, what was promised, what is decided",
            said,
            usage="[P3] [monthly, governance, assurance, ...]",
            also=("judge",),
            reads=True,
        ),
        Verb(
            "review correct",
            "Put the words of a review right",
            correct,
            usage="R5",
            also=("correct review",),
            reads=True,
        ),
    ),
    buttons=(
        Button("review.open", show_form),
        Button("review.decision", decision_chosen),
        Button("review.show", show),
        Button("review.correct", correct),
    ),
    forms=(Form("review.form", submit), Form("review_correct.form", submit_correct)),
)
