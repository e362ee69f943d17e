"""How the figures of reminders look: short forms, when the status comes by itself, and what was kept."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.plan.says import listed
from bot.plan.services import Service
from handlers.desk import Answer
from handlers.views.parts import (
    Block,
    actions,
    button,
    day,
    escape,
    field,
    modal,
    option,
    plain,
    section,
    select,
    text_input,
)

NO_DIGEST = "none"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
MONTHLY = "month"
FIRST_OF_MONTH = "First working day of the month"
PARTS = {"actions": "Actions", "reviews": "Samples and reviews", "shifts": "Shifts", "status": "Status posts"}
LABELS: dict[str, dict[str, str]] = {
    "actions": {
        "due_soon_days": "Working days before a due date",
        "overdue_every_days": "Once overdue, again every so many working days",
        "overdue_deputy_calendar_days": "Days overdue after which the deputy hears",
        "overdue_manager_calendar_days": "Days overdue after which the Registered Manager hears",
        "overdue_provider_calendar_days": "Days overdue after which provider oversight hears",
        "verification_days": "Working days to check what was marked done",
        "owner_limit": "Open actions of one owner in a fortnight before it warns",
    },
    "reviews": {
        "sampling_overdue_days": "Working days until a planned sample is overdue",
        "assurance_days": "Working days to judge a sample",
        "long_running_months": "Months after which a priority counts as long-running",
        "post_closure_months": "Months after closure at which to sample again",
        "statutory_days": "Days before a statutory deadline",
    },
}


def form(service: Service, part: str) -> dict[str, Any]:
    """One part of the figures, as they are now."""
    holds = "What is changed here holds from the next morning on."
    if part == "status":
        holds = "What `/sip status` posts, compared with a month ago, without anybody having to ask."
    head = section(f"*{escape(service.name)}*. {holds}")
    shown = {"shifts": _shifts, "status": _status_posts}.get(part)
    blocks = [head, *(shown(service) if shown else _figures(service, part))]
    return modal("rhythm.form", PARTS[part], blocks, submit="Save", meta={"service_id": service.id, "part": part})


def _figures(service: Service, part: str) -> list[Block]:
    blocks = []
    for name, label in LABELS[part].items():
        value = getattr(service.cadence, name)
        shown = ", ".join(str(one) for one in value) if isinstance(value, tuple) else str(value)
        blocks.append(field(name, label, text_input(shown, lines=False)))
    if part == "reviews":
        options = [option(day, str(number)) for number, day in enumerate(WEEKDAYS)] + [option("No digest", NO_DIGEST)]
        chosen = service.cadence.digest_weekday
        blocks.append(
            field("digest_weekday", "Weekly digest", select(options, NO_DIGEST if chosen is None else str(chosen)))
        )
    return blocks


def _shifts(service: Service) -> list[Block]:
    shifts = {"early": service.shifts.early, "late": service.shifts.late, "night": service.shifts.night}
    return [
        field(name, f"The {name} shift starts at", {"type": "timepicker", "initial_time": at.isoformat("minutes")},
              hint="Nobody is reminded during a handover." if name == "early" else "")
        for name, at in shifts.items()
    ]  # fmt: skip


def _status_posts(service: Service) -> list[Block]:
    """On which days, at what time and where the status is posted by itself."""
    posts = service.cadence.status
    days = [option(name, str(number)) for number, name in enumerate(WEEKDAYS)] + [option(FIRST_OF_MONTH, MONTHLY)]
    chosen = {*map(str, posts.weekdays), *([MONTHLY] if posts.monthly else [])}
    ticked = [each for each in days if each["value"] in chosen]
    boxes: Block = {"type": "checkboxes", "options": days, **({"initial_options": ticked} if ticked else {})}
    channel: Block = {
        "type": "conversations_select",
        "initial_conversation": posts.channel_id or service.channel_id,
        "filter": {
            "include": ["public", "private"],
            "exclude_external_shared_channels": True,
            "exclude_bot_users": True,
        },
        "placeholder": plain("Choose a channel", 150),
    }
    at: Block = {"type": "timepicker", "initial_time": posts.at.isoformat("minutes")}
    return [
        field("days", "On which days", boxes, optional=True, hint="A bank holiday moves it to the next working day. "
              "With no day ticked it does not come by itself."),
        field("at", "At what time", at, hint="Local time of the service; during a handover it waits for its end."),
        field("channel", "In which channel", channel,
              hint="Everybody in that channel can read it. Grip must be in it: type /invite @Grip there."),
    ]  # fmt: skip


def status_words(service: Service) -> str:
    """When and where the status comes by itself: "on Mondays and Thursdays at 09:00"."""
    posts = service.cadence.status
    days = [f"{WEEKDAYS[number]}s" for number in posts.weekdays]
    days += [f"the {FIRST_OF_MONTH[:1].lower()}{FIRST_OF_MONTH[1:]}"] if posts.monthly else []
    return f"on {listed(days)} at {posts.at:%H:%M}"


def buttons(services: Sequence[Service]) -> list[Block]:
    """The way to the figures of each service that the person may set up; five at most."""
    blocks: list[Block] = []
    for service in services[:5]:
        row = [
            button(words, f"rhythm.open#{part}-{service.id[-8:]}", {"service": service.id, "part": part},
                   label=f"{words}: figures of {service.name}")
            for part, words in PARTS.items()
        ]  # fmt: skip
        blocks += [section(f"Figures of *{escape(service.name)}*"), actions(*row)]
    return blocks


def _status_kept(service: Service, first: date | None) -> str:
    if first is None:
        return f"The status of {escape(service.name)} does not come by itself. `/sip status` posts it."
    where = service.cadence.status.channel_id or service.channel_id
    when = f"The first comes {day(first)}."
    return f"The status of {escape(service.name)} comes by itself {status_words(service)} in <#{where}>. {when}"


def kept(service: Service, part: str, first: date | None = None) -> Answer:
    """After saving; `first`: the day on which the status comes next by itself, if it does."""
    words = f"{PARTS[part]}: the figures of {escape(service.name)} are kept. Reminders go by them from now on."
    if part == "status":
        words = _status_kept(service, first)
    see = actions(button("What comes next", "reminders.coming"))
    return Answer(words, [section(words), see])
