"""How the figures of reminders look: three short forms, and what was kept."""

from collections.abc import Sequence
from typing import Any

from bot.plan.services import Service
from handlers.desk import Answer
from handlers.views.parts import Block, actions, button, escape, field, modal, option, section, select, text_input

NO_DIGEST = "none"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
PARTS = {"actions": "Actions", "reviews": "Samples and reviews", "shifts": "Shifts"}
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
    head = section(f"*{escape(service.name)}*. What is changed here holds from the next morning on.")
    blocks = [head, *(_shifts(service) if part == "shifts" else _figures(service, part))]
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


def kept(service: Service, part: str) -> Answer:
    """After saving."""
    words = f"{PARTS[part]}: the figures of {escape(service.name)} are kept. Reminders go by them from now on."
    see = actions(button("What comes next", "reminders.coming"))
    return Answer(words, [section(words), see])
