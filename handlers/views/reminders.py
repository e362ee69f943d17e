"""The one message of a person's morning: what needs them, with the buttons to answer it, and what became of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.plan.access import ref
from bot.plan.actions import Action, Milestone
from bot.plan.people import ROLE_NAMES, Role
from bot.plan.priorities import Priority, StatutoryClock
from bot.plan.reviews import period_words
from bot.plan.says import unstopped
from bot.plan.services import Service
from bot.reports.due_reviews import DueReview
from bot.timing.due import Subject
from handlers.desk import Answer
from handlers.views import due_reviews as reviews
from handlers.views.parts import Block, actions, button, clip, context, day, escape, header, moment, option, section
from handlers.views.revisions import check_button

SHOWN = 12  # items with their buttons; Slack takes 50 blocks, and nobody reads more on a phone
LISTED = 60
TEXT_LIMIT = 3900  # Slack advises to stay under 4,000 characters of text
WHAT_LIMIT = 300
MANNERS = "One reminder message a morning, in working hours. `/sip reminders` shows what comes next."
ROOM = 48  # blocks, so that the rest and the manners fit as well
REVIEWS = 10
SNOOZES = {
    "tomorrow": "Quiet until tomorrow",
    "monday": "Quiet until Monday",
    "week": "Quiet for a week",
    "date": "Quiet until a day I choose",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One reminder as it is shown. `on` is the day it was for, `today` the day of the message (where the service is).

    `mine`: the person owns the action. `late`: why it did not come on its day, and that day. `rises`: when it also
    goes to which role. `happened`: what somebody did since; `settled`: and so nothing is asked any more. `seen`: when
    they said so. `reviews`: the priorities whose review is due, which they `may_review`."""

    kind: str
    subject: Subject
    service: Service
    today: date
    on: date
    period: str
    mine: bool = False
    owner: str = ""
    thread: Priority | None = None  # the priority that a milestone belongs to
    unjudged_since: date | None = None
    rises: tuple[date, Role] | None = None
    late: tuple[date, str] | None = None
    happened: str = ""
    settled: bool = False
    seen: datetime | None = None
    reviews: tuple[DueReview, ...] = ()
    may_review: bool = False


Say = Callable[[Item], str]


def morning(items: Sequence[Item], along: Answer | None = None) -> Answer:
    """The message, at most 50 blocks, and all of it again as text; `along` is what else was noticed."""
    extra = along or Answer("")
    head = headline(items) if items or not extra.text else extra.text.split("\n", 1)[0].rstrip(".")
    blocks: list[Block] = [header(head)]
    shown = 0
    for item in items[:SHOWN]:
        made = _blocks(item)
        if len(blocks) + len(made) + len(extra.blocks) > ROOM:
            break
        blocks += made
        shown += 1
    lines = [f"{escape(head)}.", *(_line(item) for item in items[:LISTED])]
    if len(items) > shown:
        rest = [f"• *{_name(item)}* {_state(item)}" for item in items[shown:LISTED]]
        more = f"And {len(items) - shown} more; `/sip mine` lists your actions.\n" + "\n".join(rest)
        blocks.append(section(clip(more, 2900)))
    manners = section(MANNERS, button("Change the hour", "reminders.preferences", label="Choose when reminders come"))
    text = clip("\n".join(lines), TEXT_LIMIT - len(extra.text))
    return Answer("\n".join(filter(None, [text, extra.text])), [*blocks, *extra.blocks, manners])


def _blocks(item: Item) -> list[Block]:
    """One thing: what it is, what became of it, the reviews it asks for, and its buttons."""
    blocks = [section(_paragraph(item))]
    if item.happened:
        blocks.append(context(item.happened))
    if item.settled:
        return blocks
    if item.seen:
        blocks.append(context(f"Seen by you, {moment(item.seen)}."))
    blocks += [reviews.block(due, may=item.may_review) for due in item.reviews[:REVIEWS]]
    if len(item.reviews) > REVIEWS:
        names = ", ".join(ref(due.priority) for due in item.reviews[REVIEWS:])
        blocks.append(section(clip(f"And {names}: `/sip review` opens each.", 2900)))
    row = buttons_of(item)
    return [*blocks, actions(*row)] if row else blocks


def headline(items: Sequence[Item]) -> str:
    """How much there is to answer."""
    left = [item for item in items if not item.settled]
    if not left:
        return "Nothing here needs you any more"
    noun = "action" if all(isinstance(item.subject, Action) for item in left) else "thing"
    return f"1 {noun} needs you today" if len(left) == 1 else f"{len(left)} {noun}s need you today"


def buttons_of(item: Item) -> list[Block]:
    """What the person can do about it at once."""
    action = item.subject
    if isinstance(action, Milestone):
        point, label = {"milestone": action.id}, f"Record a sample for {_name(item)}"
        return [button("Record a sample", f"sample.open#{action.id[-10:]}", point, style="primary", label=label)]
    if isinstance(action, Priority):
        return _of_priority(item, action)
    if not isinstance(action, Action):
        return []
    if item.kind == "verification":
        return [check_button(action)]
    name, value = ref(action), {"action": action.id, "v": action.version}
    if item.kind in {"due_soon", "overdue"} and item.mine:
        return [
            button("Log", f"log.open#{name}", value, style="primary", label=f"Log implementation of {name}"),
            button("Done", f"action.done#{name}", value, label=f"Mark {name} done"),
            button("More time", f"action.more_time#{name}", value, label=f"Move the due date of {name}"),
            button("Not mine", f"action.not_mine#{name}", value, label=f"Say that {name} is not yours"),
            {
                "type": "overflow",
                "action_id": f"action.snooze#{name}",
                "options": [
                    option(words, f'{{"action":"{action.id}","for":"{key}"}}') for key, words in SNOOZES.items()
                ],
            },
        ]
    if item.kind in {"due_soon", "overdue"} and action.not_mine_at:
        return [
            button("Choose an owner", f"action.assign#{name}", value, style="primary", label=f"Choose who takes {name}")
        ]
    if item.kind == "overdue" and not item.seen:
        return [_seen(name, {"action": action.id})]
    return []


def _seen(name: str, value: dict[str, str]) -> Block:
    """For those who are told and need not do it themselves: the journal keeps that they know."""
    return button("Seen", f"reminders.seen#{name}", value, label=f"Say that you have seen {name}")


def _of_priority(item: Item, priority: Priority) -> list[Block]:
    kind, name, value = item.kind, ref(priority), {"priority": priority.id}
    if kind == "statutory":
        clock = _clock(item)
        met = {**value, "kind": clock.kind.name} if clock else {}
        row = [button("It was sent", f"clock.meet#{name}", met, style="primary", label=f"Mark the clock of {name} met")]
        return [*(row if clock else []), *([] if item.seen else [_seen(name, value)])]
    if kind == "assurance":
        judge = {**value, "kind": "assurance"}
        return [button("Judge it", f"review.open#{name}", judge, style="primary", label=f"Judge {name}")]
    if kind == "post_closure":
        label = f"Record a sample for {name}"
        return [button("Record a sample", f"sample.open#{name}", value, style="primary", label=label)]
    return []


def _paragraph(item: Item) -> str:
    lines = [
        f"*{_name(item)}* {escape(clip(_what(item), WHAT_LIMIT))}",
        f"_{_state(item)}_ · {escape(item.service.name)}",
    ]
    return "\n".join([*lines, *(escape(clip(line, 500)) for line in _more(item))])


def _line(item: Item) -> str:
    more = " ".join(_more(item))
    text = f"{_name(item)} {clip(_what(item), WHAT_LIMIT)} ({_state(item, plain=True)}, {item.service.name}). {more}"
    due = [f"{ref(d.priority)} {clip(d.priority.title, 100)}: {' '.join(reviews.lines(d))}" for d in item.reviews]
    whole = clip(" ".join([text.strip(), *due]), 2000)
    return escape(whole) + (f" {item.happened}" if item.happened else "")


def _name(item: Item) -> str:
    if isinstance(item.subject, Action | Priority):
        return ref(item.subject)
    if isinstance(item.subject, Milestone):
        return ref(item.thread) if item.thread else "Sample"
    return "Review"


def _what(item: Item) -> str:
    if isinstance(item.subject, Action):
        return item.subject.what
    if isinstance(item.subject, Priority):
        return item.subject.title
    if isinstance(item.subject, Milestone):
        return item.subject.note or (item.thread.title if item.thread else "")
    return item.service.name


def _state(item: Item, *, plain: bool = False) -> str:
    words = STATES[item.kind](item)
    return words if plain else escape(words)


def _more(item: Item) -> list[str]:
    """Further sentences: the check, the owner, who hears of it next, and why it is late."""
    lines = []
    if isinstance(item.subject, Action):
        lines.append(f"How we will check: {unstopped(item.subject.check)}.")
        if not item.mine and item.owner:
            lines.append(f"Owner: {item.owner}.")
    if item.rises and item.mine:
        lines.append(f"From {day(item.rises[0])} it also goes to the {ROLE_NAMES[item.rises[1]]}.")
    if item.late:
        lines.append(f"This was due to reach you on {day(item.late[0])}; {item.late[1]}.")
    return lines


def due_words(due_on: date, today: date) -> str:
    """How a due date stands: "due Thu 26 Nov 2026, in 3 days", "was due Mon 23 Nov 2026, 1 day overdue"."""
    days = (today - due_on).days
    if days > 0:
        return f"was due {day(due_on)}, {days} day{'' if days == 1 else 's'} overdue"
    if days == 0:
        return "due today"
    return "due tomorrow" if days == -1 else f"due {day(due_on)}, in {-days} days"


def _action_due(item: Item) -> str:
    return due_words(item.subject.due_on, item.today) if isinstance(item.subject, Action) else ""


def _to_verify(_item: Item) -> str:
    return "marked done; it waits for your check"


def _sample_due(item: Item) -> str:
    return f"sample {due_words(item.subject.on, item.today)}" if isinstance(item.subject, Milestone) else ""


def _to_judge(item: Item) -> str:
    since = f" on {day(item.unjudged_since)}" if item.unjudged_since else ""
    return f"sampled{since}; your judgement is due: did it improve or not?"


def _monthly(item: Item) -> str:
    return f"the monthly review of {period_words(item.period)} is due for each live priority"


def _quarterly(item: Item) -> str:
    return f"the provider review of {period_words(item.period)} is due"


def _long_running(item: Item) -> str:
    opened = f"open since {day(item.subject.opened_on)}; " if isinstance(item.subject, Priority) else ""
    return f"{opened}its review of {period_words(item.period)} is due"


def _after_closure(item: Item) -> str:
    closed = item.subject.closed_on if isinstance(item.subject, Priority) else None
    return f"closed{f' on {day(closed)}' if closed else ''}; sample again: does the improvement last?"


def _statutory(item: Item) -> str:
    clock = _clock(item)
    return f"{clock.kind.value} {due_words(clock.due_on, item.today)}" if clock else "a statutory deadline"


def _clock(item: Item) -> StatutoryClock | None:
    """The clock that a statutory reminder is about."""
    series = item.period.partition("/")[0]
    clocks = item.subject.clocks if isinstance(item.subject, Priority) else ()
    return next((c for c in clocks if series == f"{c.kind.name.lower()}-{c.due_on}"), None)


STATES: dict[str, Say] = {
    "due_soon": _action_due,
    "overdue": _action_due,
    "verification": _to_verify,
    "sampling": _sample_due,
    "sampling_overdue": _sample_due,
    "assurance": _to_judge,
    "monthly_review": _monthly,
    "long_running": _long_running,
    "quarterly_review": _quarterly,
    "post_closure": _after_closure,
    "statutory": _statutory,
}
