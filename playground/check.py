"""The story that `--check` plays over the play API, step by step, and what each person saw."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playground.actor import Actor, wait_for, words
from playground.server import Standin

Json = dict[str, Any]
LONDON = ZoneInfo("Europe/London")
PHOTO = b"\x89PNG\r\n\x1a\n" + bytes.fromhex(
    "0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff03000006000557bfabd4"
    "0000000049454e44ae426082"
)


@dataclass
class Scene:
    """The people on the stage, and what one step hands to the next."""

    slack: Standin
    deputy: Actor
    leader: Actor
    owner: Actor
    manager: Actor
    ref: str = ""
    due: date = date.min
    reminder: Json = field(default_factory=dict)

    def now(self) -> datetime:
        """The time on the stage, in London."""
        return datetime.fromisoformat(self.leader.state()["clock"]["now"]).astimezone(LONDON)

    def expect(self, answer: Json) -> Json:
        """What somebody did must have been accepted."""
        if not answer["ok"]:
            raise AssertionError(f"{answer.get('error')} {answer.get('errors', '')}".strip())
        return answer

    def reminders(self) -> list[Json]:
        """The owner's messages that remind of the action."""
        return [m for m in self.owner.dm() if self.ref in words(m) and re.search(r"needs? you", m.get("text", ""))]


@dataclass(frozen=True)
class Step:
    """One step: a title for the reader, and what runs; it returns what the person saw and raises when it failed."""

    title: str
    run: Callable[[Scene], str]


def connected(scene: Scene) -> str:
    wait_for(lambda: scene.leader.state()["app"]["connected"], seconds=30)
    return "the bot is connected over Socket Mode"


def deputy_adds_an_action(scene: Scene) -> str:
    scene.expect(scene.deputy.command("/sip action new"))
    form = scene.deputy.see_modal("New action")
    scene.due = working_day(scene.now().date(), 2)
    priority = next(b["element"]["options"][0]["value"] for b in form["blocks"] if b.get("block_id") == "priority")
    answers = {
        "priority": priority,
        "what": "Read the handover sheet aloud at 08:00 on Rowan unit",
        "owner_id": scene.owner.user,
        "due_on": scene.due,
        "check": "Hannah listens to 5 handovers by Friday; 5 of 5 read aloud",
    }
    scene.expect(scene.deputy.submit(answers, form))
    saved = words(scene.deputy.see_modal("was added to"))
    scene.ref = re.search(r"A\d+", saved)[0]  # type: ignore[index]  # see_modal waited for it
    scene.deputy.close(everything=True)
    return saved


def leader_logs_with_a_photo(scene: Scene) -> str:
    scene.expect(scene.leader.command("/sip log"))
    form = scene.leader.see_modal("Log implementation")
    options = next(b["element"]["options"] for b in form["blocks"] if b.get("block_id") == "action")
    action = next(o["value"] for o in options if o["text"]["text"].startswith(f"{scene.ref} "))
    answers = {
        "action": action,
        "what": "Briefed 6 night staff on reading it aloud",
        "files": [("briefing.png", PHOTO)],
    }
    scene.expect(scene.leader.submit(answers, form))
    saved = words(scene.leader.see_modal("Saved as E"))
    scene.leader.close(everything=True)
    return saved


def clock_moves(scene: Scene) -> str:
    following = datetime.combine(working_day(scene.due, 1), time(9, 5), LONDON)
    scene.leader.move_clock(to=following)
    return f"it is now {following:%A %d %B %H:%M}"


def owner_is_reminded(scene: Scene) -> str:
    wait_for(lambda: "overdue" in words(scene.reminders()[-1]), seconds=30)
    scene.reminder = scene.reminders()[-1]
    return words(scene.reminder)


def owner_asks_for_time(scene: Scene) -> str:
    scene.expect(scene.owner.click(scene.reminder, f"action.more_time#{scene.ref}"))
    form = scene.owner.see_modal("More time")
    answers = {"due_on": working_day(scene.now().date(), 5), "reason": "The laminator arrives on Thursday."}
    scene.expect(scene.owner.submit(answers, form))
    saved = words(scene.owner.see_modal("is now due"))
    scene.owner.close(everything=True)
    return saved


def reminder_says_so(scene: Scene) -> str:
    def look() -> Json | None:
        message = next(m for m in scene.owner.dm() if m["ts"] == scene.reminder["ts"])
        return message if "1 day overdue" not in words(message) else None

    return words(wait_for(look, seconds=20))


def owner_completes(scene: Scene) -> str:
    scene.expect(scene.owner.command(f"/sip done {scene.ref}"))
    return words(scene.owner.see(f"{scene.ref}* is marked done", "oak-house"))


def manager_asks_for_status(scene: Scene) -> str:
    scene.expect(scene.manager.command("/sip status"))
    posted = wait_for(
        lambda: [m for m in scene.manager.messages("oak-house") if "service improvement plan on" in words(m)]
    )
    shown = words(posted[-1])
    if f"{scene.ref}" not in shown or "awaiting check" not in shown:
        raise AssertionError(f"the status does not tell of {scene.ref}: {shown}")
    return shown


def nothing_twice(scene: Scene) -> str:
    told = [m for m in scene.reminders() if m["ts"] >= scene.reminder["ts"]]
    if len(told) != 1:
        raise AssertionError(f"{len(told)} reminders where one was due")
    return "one reminder, sent once"


STEPS = (
    Step("The bot comes up", connected),
    Step("The deputy adds an action", deputy_adds_an_action),
    Step("A team leader logs what was done, with a photograph", leader_logs_with_a_photo),
    Step("The clock moves to the morning after the due date", clock_moves),
    Step("The owner is reminded", owner_is_reminded),
    Step("The owner moves the due date, with a reason", owner_asks_for_time),
    Step("The reminder says what was answered", reminder_says_so),
    Step("The owner completes the action", owner_completes),
    Step("The Registered Manager asks for the status", manager_asks_for_status),
    Step("Nothing was told twice", nothing_twice),
)


def working_day(start: date, count: int) -> date:
    """That many days from Monday to Friday after `start`, which is near enough for a story."""
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def play(slack: Standin, between: Callable[[], None] = lambda: None) -> bool:
    """Play every step in order, print what was seen, and stop at the first that did not happen.

    `between` is called after each step: a test ends the bot there."""
    deputy, leader, owner, manager = map(slack.actor, ("U0DEEPA", "U0AMARA", "U0BEATRIZ", "U0RUTH"))
    scene = Scene(slack, deputy, leader, owner, manager)
    for number, step in enumerate(STEPS, start=1):
        print(f"{number}. {step.title}", flush=True)
        try:
            seen = step.run(scene)
        except (AssertionError, LookupError) as failure:
            print(f"   DID NOT HAPPEN: {failure}", flush=True)
            return False
        print("\n".join(f"   | {line}" for line in seen.splitlines()[:12]), flush=True)
        between()
    print("Everything happened.")
    return True
