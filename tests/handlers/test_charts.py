"""Charts of measures through Slack's protocol: in messages with their words beside them, in windows the words alone."""

from datetime import timedelta
from typing import Any

from bot.plan import measures
from bot.plan.access import ref
from bot.plan.measures import RebaseMeasure
from playground.actor import words
from tests.handlers.account import measure, sample, spoken, today
from tests.handlers.conftest import House


def chart_of(message: dict[str, Any]) -> dict[str, list[float]]:
    (chart,) = [b for b in message["blocks"] if b["type"] == "data_visualization"]
    return {line["name"]: [p["value"] for p in line["data"]] for line in chart["chart"]["series"]}


def test_a_measure_is_drawn_with_its_target_and_told_in_words(house: House) -> None:
    priority = house.priority()
    made = measure(house, priority)
    for ago, met in ((60, 9), (30, 17), (2, 10)):
        sample(house, made, met, baseline=ago == 60, ago=ago)
    hannah = house.actor("hannah")
    hannah.command(f"/sip measure {ref(made)}")
    message = hannah.told("oak-house")
    lines = chart_of(message)
    assert lines["Value"] == [45.0, 85.0, 50.0]
    assert set(lines) == {"Value", "Target"}
    shown = words(message)
    assert "Chart in words:" in shown
    assert "no rules under 10 points, 3 points" in shown
    assert "Drift: 9 of 20 at first, 17 of 20 at best, 10 of 20 now" in shown
    hannah.command("/sip status")
    details = hannah.see("Chart in words", "oak-house", hannah.see("service improvement plan", "oak-house")["ts"])
    assert chart_of(details)["Value"] == [45.0, 85.0, 50.0]


def test_twelve_points_carry_limits_and_a_person_re_bases_with_a_reason(house: House) -> None:
    made = measure(house, house.priority())
    counts = [8, 9, 7, 8, 9, 8, 17, 18, 17, 18, 17, 18, 17, 18]
    for n, met in enumerate(counts):
        sample(house, made, met, baseline=n == 0, ago=7 * (len(counts) - n))
    hannah = house.actor("hannah")
    hannah.command(f"/sip measure {ref(made)}")
    before = hannah.told("oak-house")
    assert set(chart_of(before)) == {"Value", "Mean", "Upper limit", "Lower limit", "Target"}
    assert "Making Data Count rules, p chart, 14 points" in words(before)
    assert "7 or more in a row above the mean" in words(before)
    on = today(house) - timedelta(days=7 * 8)
    form = RebaseMeasure(measure=made.id, on=on, reason="The sheet came into use")
    spoken(house, "hannah", measures.rebase, form, today=today(house))
    hannah.command(f"/sip measure {ref(made)}")
    after = hannah.told("oak-house")
    assert len(set(chart_of(after)["Mean"])) == 2
    assert "trial limits, from only 8" in words(after)
    assert "The sheet came into use" in words(after)


def test_a_window_shows_the_words_without_the_chart(house: House) -> None:
    made = measure(house, house.priority())
    sample(house, made, 9, baseline=True, ago=30)
    hannah = house.actor("hannah")
    hannah.command(f"/sip sample {ref(made)}")
    assert hannah.submit({"n": "20", "met": "11"}, hannah.see_modal("Sample"))["ok"]
    shown = words(hannah.see_modal("is saved"))
    assert "Chart in words:" in shown
    assert "this could be chance" in shown


def test_home_has_a_line_of_text_for_each_measure(house: House) -> None:
    made = measure(house, house.priority())
    for ago, met in ((60, 9), (30, 17), (2, 10)):
        sample(house, made, met, baseline=ago == 60, ago=ago)
    hannah = house.actor("hannah")
    shown = words(house.eventually(hannah.home))
    said = f"{ref(made)} Handovers complete: ▄▇▅ 45 %, 85 %, 50 %, fell back"
    assert said in shown.replace("\N{NO-BREAK SPACE}", " ")
