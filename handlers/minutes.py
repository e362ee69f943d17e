"""Minutes: the decisions of one meeting, listed by day or priority, and signed by the Registered Manager."""

from datetime import date

from bot.errors import Refusal
from bot.plan import reviewing
from bot.plan.access import open_record, open_service, parse_ref, ref, require, rights_in, service_in
from bot.plan.people import Person, Right
from bot.plan.priorities import Priority
from bot.plan.reviewing import SignMinutes, unsigned
from bot.plan.reviews import DECIDING, Review
from bot.plan.services import Service
from bot.work import Work
from handlers import jobs
from handlers.desk import Answer, Button, Call, Feature, Verb, chosen_day
from handlers.registers import day_in
from handlers.views import minutes as views
from handlers.views import parts
from handlers.views.minutes import Meeting


def said(call: Call) -> Answer:
    """`/sip minutes`, followed by a day, a priority (P3) or a review (R5); alone the newest meeting."""
    text = call.text.strip()
    with call.desk.store.reading() as work:
        if parse_ref(text, Review) is not None:
            review, service = open_record(work, call.person, Review, text, Right.READ)
            return views.page(_of_day(work, call, service, review.on))
        if parse_ref(text, Priority) is not None:
            priority, service = open_record(work, call.person, Priority, text, Right.READ)
            return views.page(_of_priority(work, call, service, priority))
        service = service_in(work, call.person, call.channel, Right.READ)
        return views.page(_of_day(work, call, service, day_in(text) if text else None))


def show(call: Call) -> Answer:
    """Another meeting was chosen: {"service", "on"}."""
    with call.desk.store.reading() as work:
        service = open_service(work, call.person, str(call.value["service"]), Right.READ)
        on = call.value.get("on")
        return views.page(_of_day(work, call, service, chosen_day(on) if on else None))


def sign(call: Call) -> Answer:
    """Sign the minutes of one review: `/sip sign R5` or the button."""
    typed = str(call.value.get("review") or call.text).strip()
    if not typed:
        raise Refusal("Say which minutes, for example /sip sign R5. /sip minutes lists them.")
    form = SignMinutes(review=typed, request_id=call.request_id)
    with call.transaction() as work:
        review = reviewing.sign(work, call.person, form, call.now)
        _, service = open_record(work, call.person, Review, review.id, Right.READ)
        jobs.home(work, call, call.person.id)
        return views.page(_of_day(work, call, service, review.on), f"{ref(review)} is signed.")


def _of_day(work: Work, call: Call, service: Service, on: date | None) -> Meeting:
    found = [r for r in work.all(Review, order="number", service_id=service.id) if r.kind in DECIDING]
    days = sorted({r.on for r in found}, reverse=True)
    chosen = on or (days[0] if days else None)
    if on and on not in days:
        there = f" There are minutes of {', '.join(parts.day(each) for each in days[:8])}." if days else ""
        raise Refusal(f"Nothing was decided on {parts.day(on)}.{there}")
    about = parts.day(chosen) if chosen else "no meeting yet"
    return _meeting(work, call, service, about, [r for r in found if r.on == chosen], days)


def _of_priority(work: Work, call: Call, service: Service, priority: Priority) -> Meeting:
    found = [r for r in work.all(Review, order="number", service_id=service.id) if r.kind in DECIDING]
    of = [r for r in reversed(found) if r.priority_id == priority.id]
    return _meeting(work, call, service, f"{ref(priority)} {priority.title}", of, sorted({r.on for r in found})[::-1])


def _meeting(work: Work, call: Call, service: Service, about: str, reviews: list[Review], days: list[date]) -> Meeting:
    require(work, call.person, service, Right.READ)
    ids = sorted({each for r in reviews for each in (r.person_id, r.signed_by) if each})
    people = work.all(Person, id=ids) if ids else []
    priorities = work.all(Priority, service_id=service.id)
    return Meeting(
        service=service,
        about=about,
        reviews=reviews,
        priorities={p.id: p for p in priorities},
        names={p.id: p.name for p in people},
        waiting=unsigned(work, call.person, service.id),
        days=days,
        may_sign=Right.SIGN in rights_in(work, call.person, service),
    )


FEATURE = Feature(
    name="minutes",
    verbs=(
        Verb("minutes", "The decisions of a meeting, and who signed them", said, usage="[a day, P3 or R5]", reads=True),
        Verb("sign", "Sign the minutes of a review", sign, usage="R5", also=("sign minutes",), reads=True),
    ),
    buttons=(Button("minutes.show", show), Button("minutes.sign", sign)),
)
