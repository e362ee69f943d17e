"""Readable steps of a story: who types or fills in what, on which day, and what the fifteen registers then hold."""

from datetime import date, datetime
from typing import Any

from bot.plan.account import load
from bot.reports.register_parts import WHOLE_ACCOUNT, Row
from bot.reports.registers import REGISTERS
from playground.actor import words
from tests.handlers.conftest import House

CHANNEL = "oak-house"


class Stage:
    """Oak House while its story is played, through Slack's protocol alone."""

    def __init__(self, house: House) -> None:
        self.house = house

    def on(self, day: str, clock: str = "10:00") -> None:
        """The story goes on, on that day."""
        self.house.slack.move_clock(to=f"{day}T{clock}:00+00:00")
        self.house.eventually(lambda: self.house.now().date() == date.fromisoformat(day))

    def say(self, who: str, typed: str, answer: str) -> None:
        """Somebody types a sub-command that is answered at once, with these words in it."""
        actor = self.house.actor(who)
        result = actor.command(f"/sip {typed}", CHANNEL)
        assert result["ok"], (typed, result)
        shown = words(actor.told(CHANNEL)).replace("*", "")
        assert answer in shown, (typed, shown)

    def fill(self, who: str, typed: str, title: str, answers: dict[str, Any], saved: str) -> None:
        """Somebody opens a form by typing, fills it in, and reads that it is saved.

        Where a second look holds the form with remarks, the person reads them and submits it once more."""
        actor = self.house.actor(who)
        result = actor.command(f"/sip {typed}", CHANNEL)
        assert result["ok"], (typed, result)
        self.submit(who, title, answers, saved)
        actor.close(everything=True)

    def submit(self, who: str, title: str, answers: dict[str, Any], saved: str) -> None:
        """Fill in the form that is open."""
        actor = self.house.actor(who)
        form = actor.see_modal(title)
        result = actor.submit(answers, form)
        assert result["ok"], (title, result, words(form))
        now = actor.modal()
        if now is not None and now["callback_id"] == form["callback_id"]:
            assert actor.submit(answers, now)["ok"], title
            now = actor.modal()
        shown = words(now).replace("*", "")
        assert saved in shown, (title, shown)

    def begin(self, who: str, typed: str, title: str, answers: dict[str, Any]) -> None:
        """Somebody opens a form by typing (nothing, where it is open already) and sends it; a further step opens."""
        actor = self.house.actor(who)
        if typed:
            result = actor.command(f"/sip {typed}", CHANNEL)
            assert result["ok"], (typed, result)
        result = actor.submit(answers, actor.see_modal(title))
        assert result["ok"], (title, result)

    def answer(self, who: str, typed: str, button: str, title: str, answers: dict[str, Any], saved: str) -> None:
        """Somebody asks to see a record, presses a button under it, and fills in the form that opens."""
        actor = self.house.actor(who)
        result = actor.command(f"/sip {typed}", CHANNEL)
        assert result["ok"], (typed, result)
        result = actor.click(actor.told(CHANNEL), text=button)
        assert result["ok"], (button, result)
        self.submit(who, title, answers, saved)
        actor.close(everything=True)

    def press(self, who: str, seen: str, button: str, channel: str | None = None) -> None:
        """Somebody reads a message and presses its button."""
        actor = self.house.actor(who)
        result = actor.click(actor.see(seen, channel), button)
        assert result["ok"], result

    def registers(self) -> dict[int, list[Row]]:
        """What each of the fifteen holds now, read from the store."""
        with self.house.program.desk.store.reading() as work:
            account = load(work, self.house.service)
            return {r.number: [_to_the_minute(row) for row in r.rows(account, WHOLE_ACCOUNT)] for r in REGISTERS}

    def holds(self, expected: dict[int, list[Row]]) -> None:
        """Each of the fifteen holds exactly these rows."""
        held = self.registers()
        assert sorted(held) == sorted(expected) == list(range(1, 16))
        for number, found in held.items():
            assert (number, found) == (number, expected[number])


def _to_the_minute(row: Row) -> Row:
    """The clock of the stand-in runs on while a story is told."""
    return tuple(c.replace(second=0, microsecond=0) if isinstance(c, datetime) else c for c in row)
