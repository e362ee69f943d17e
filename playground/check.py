"""The story that `--check` plays over the play API, step by step, and what each person saw."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playground.actor import Actor, wait_for, words
from playground.server import Standin

Json = dict[str, Any]
PHOTO = b"\x89PNG\r\n\x1a\n" + bytes.fromhex(
    "0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff03000006000557bfabd4"
    "0000000049454e44ae426082"
)


@dataclass
class Scene:
    """The people on the stage, and what one step hands to the next."""

    slack: Standin
    leader: Actor
    owner: Actor
    manager: Actor
    kept: Json = field(default_factory=dict)

    def expect(self, answer: Json) -> Json:
        """What somebody did must have been accepted."""
        if not answer["ok"]:
            raise AssertionError(f"{answer.get('error')} {answer.get('errors', '')}".strip())
        return answer


@dataclass(frozen=True)
class Step:
    """One step: a title for the reader, and what runs; it returns what the person saw and raises when it failed."""

    title: str
    run: Callable[[Scene], str]


def connected(scene: Scene) -> str:
    wait_for(lambda: scene.leader.state()["app"]["connected"], seconds=30)
    return "the bot is connected over Socket Mode"


def log_with_file(scene: Scene) -> str:
    scene.expect(scene.leader.command("/sip log"))
    form = scene.leader.see_modal()
    answers: dict[str, Any] = {"What was done": "Briefed 6 night staff on the new handover sheet"}
    answers["Evidence files"] = [("briefing.png", PHOTO)]
    scene.expect(scene.leader.submit(answers, form))
    return words(scene.leader.see("Briefed 6 night staff", "oak-house"))


def clock_moves(scene: Scene) -> str:
    now = datetime.fromisoformat(scene.leader.state()["clock"]["now"]).astimezone(ZoneInfo("Europe/London"))
    following = (now + timedelta(days=1)).replace(hour=9, minute=0, second=0)
    while following.weekday() > 4:
        following += timedelta(days=1)
    scene.leader.move_clock(to=following)
    return f"it is now {following:%A %d %B %H:%M}"


def owner_is_reminded(scene: Scene) -> str:
    message = scene.owner.see("overdue", seconds=20)
    scene.kept["reminder"] = message
    return words(message)


def owner_asks_for_time(scene: Scene) -> str:
    scene.expect(scene.owner.click(scene.kept["reminder"], text="More time"))
    form = scene.owner.see_modal("More time")
    now = datetime.fromisoformat(scene.owner.state()["clock"]["now"])
    answers = {"New due date": (now + timedelta(days=7)).date(), "Reason": "The supplier delivers on Thursday."}
    scene.expect(scene.owner.submit(answers, form))
    return words(scene.owner.last())


def owner_completes(scene: Scene) -> str:
    scene.expect(scene.owner.click(scene.owner.last(), text="Done"))
    return words(scene.owner.last())


def manager_asks_for_status(scene: Scene) -> str:
    scene.expect(scene.manager.command("/sip status"))
    return words(scene.manager.see("awaiting check", "oak-house"))


STEPS = (
    Step("The bot comes up", connected),
    Step("A team leader logs what was done, with a photograph", log_with_file),
    Step("The clock moves to the next working morning", clock_moves),
    Step("The owner of a late action is reminded", owner_is_reminded),
    Step("The owner asks for more time, with a reason", owner_asks_for_time),
    Step("The owner completes the action", owner_completes),
    Step("The Registered Manager asks for the status", manager_asks_for_status),
)


def play(slack: Standin) -> bool:
    """Play every step in order, print what was seen, and stop at the first that did not happen."""
    scene = Scene(slack, slack.actor("U0AMARA"), slack.actor("U0BEATRIZ"), slack.actor("U0RUTH"))
    for number, step in enumerate(STEPS, start=1):
        print(f"{number}. {step.title}", flush=True)
        try:
            seen = step.run(scene)
        except (AssertionError, LookupError) as failure:
            print(f"   DID NOT HAPPEN: {failure}", flush=True)
            return False
        print("\n".join(f"   | {line}" for line in seen.splitlines()[:12]), flush=True)
    print("Everything happened.")
    return True
