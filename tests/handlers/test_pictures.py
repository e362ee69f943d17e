"""Drawn charts on Home and in windows: made by the outbox, once for each look, shown when Slack has looked at them."""

from typing import Any

from bot.plan.access import ref
from bot.plan.measures import Measure
from bot.plan.priorities import Priority
from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState
from handlers.watching import watch
from playground.actor import words
from tests.handlers.account import measure, sample, verified
from tests.handlers.conftest import House


def measured(house: House) -> tuple[Priority, Measure]:
    """Handovers that improved after an action was verified, and fell back."""
    priority = house.priority()
    made = measure(house, priority)
    for ago, met in ((60, 9), (30, 17)):
        sample(house, made, met, baseline=ago == 60, ago=ago)
    return priority, made


def images(view: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The image blocks of a page or window."""
    return [block for block in (view or {}).get("blocks", ()) if block["type"] == "image"]


def drawn(house: House, who: str = "hannah") -> dict[str, Any]:
    """The first picture on somebody's Home, once it is there by itself."""
    found: dict[str, Any] = house.eventually(lambda: images(house.actor(who).home(quiet=True))[0])
    return found


def made(house: House) -> list[Delivery]:
    """The pictures that were handed to Slack."""
    return [d for d in house.all(Delivery, state=DeliveryState.SENT) if d.kind is DeliveryKind.PICTURE]


def test_home_shows_a_line_until_the_picture_is_there(house: House) -> None:
    priority, measure_ = measured(house)
    action = verified(house, house.action(priority, what="The 8-line sheet in use"))
    sample(house, measure_, 10)
    hannah = house.actor("hannah")
    first = house.eventually(hannah.home)
    line = f"{ref(measure_)} Handovers complete: ▄▇▅ 45\N{NO-BREAK SPACE}%, 85\N{NO-BREAK SPACE}%"
    assert line in words(first)
    picture = drawn(house)
    assert picture["alt_text"].startswith("Fell back: 9 of 20 at first, 17 of 20 at best, 10 of 20 now")
    assert f"{ref(action)} verified: The 8-line sheet in use." in picture["alt_text"]
    content = hannah.file(picture["slack_file"]["id"])
    assert content.startswith(b"\x89PNG")
    assert line not in words(hannah.home(quiet=True)), "the picture says it, and its words for who cannot see it"
    (known,) = [f for f in house.slack.hub.world.files.values() if f.id == picture["slack_file"]["id"]]
    assert (known.alt_txt, known.channels) == (picture["alt_text"], set())


def test_one_look_is_drawn_once_and_another_anew(house: House) -> None:
    _, measure_ = measured(house)
    house.eventually(house.actor("hannah").home)
    before = drawn(house)["slack_file"]
    house.eventually(house.actor("ruth").home)
    assert drawn(house, "ruth")["slack_file"] == before
    assert len(made(house)) == 1
    sample(house, measure_, 10)
    house.eventually(lambda: len(made(house)) == 2)
    house.eventually(lambda: drawn(house)["slack_file"] != before)
    assert "10 of 20 now" in drawn(house)["alt_text"]


def test_nothing_is_drawn_where_nobody_looks(house: House) -> None:
    measured(house)
    watch(house.program.desk, house.service, house.now())
    assert [d for d in house.all(Delivery) if d.kind is DeliveryKind.PICTURE] == []


def test_a_picture_that_slack_lost_takes_nothing_away_and_is_made_anew(house: House) -> None:
    measured(house)
    house.eventually(house.actor("hannah").home)
    lost = drawn(house)["slack_file"]["id"]
    del house.slack.hub.world.files[lost]
    ruth = house.actor("ruth")
    page = house.eventually(ruth.home)
    assert images(page) == []
    assert "What moved since the baseline" in words(page)
    house.slack.move_clock(advance_seconds=2 * 86_400)
    house.eventually(ruth.home)
    house.eventually(lambda: drawn(house, "ruth")["slack_file"]["id"] != lost)


def test_a_review_form_shows_the_chart_above_its_questions(house: House) -> None:
    priority, _ = measured(house)
    hannah = house.actor("hannah")
    house.eventually(hannah.home)
    picture = drawn(house)
    hannah.command(f"/sip review {ref(priority)} assurance")
    view = hannah.see_modal("Assurance review")
    assert [i["slack_file"] for i in images(view)] == [picture["slack_file"]]
    kinds = [block["type"] for block in view["blocks"]]
    assert kinds.index("image") < kinds.index("input")
    hannah.close(everything=True)
    del house.slack.hub.world.files[picture["slack_file"]["id"]]
    hannah.command(f"/sip review {ref(priority)} assurance")
    assert images(hannah.see_modal("What moved")) == [], "the form opens whatever became of the picture"
