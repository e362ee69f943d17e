"""The main story in Chromium at the width of a phone, typed and tapped as a person would."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from playground.__main__ import BotBeside
from playground.actor import wait_for
from playground.check import PHOTO
from playground.server import Standin
from tests import chromium

PHONE = {"width": 390, "height": 844}
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standin]:
    """The demo as `./dev demo` starts it."""
    folder = tmp_path_factory.mktemp("demo")
    with Standin(limits=True, clock_file=folder / "clock") as standin:
        bot = BotBeside(standin, folder)
        assert bot.seed() == 0, bot.tail()
        bot.start()
        try:
            wait_for(lambda: standin.actor("U0RUTH").state()["app"]["connected"], 20)
            yield standin
        finally:
            bot.stop()


@pytest.fixture
def page(slack: Standin) -> Iterator[Page]:
    """A phone that opens the page."""
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]  # a plain dict is what the call takes
        page.set_default_timeout(15_000)
        page.goto(slack.url)
        yield page
        browser.close()


def become(page: Page, user: str) -> None:
    """Choose who to be."""
    if not page.get_by_test_id("people").is_visible():
        page.get_by_test_id("person-picker").click()
    page.get_by_test_id(f"person-{user}").click()


def go_to(page: Page, row: str) -> None:
    """Open a conversation from the list."""
    page.get_by_test_id("menu").click()
    page.get_by_test_id(row).click()


def say(page: Page, text: str) -> None:
    """Type into the message box and send; nobody can type behind a window that is still closing."""
    expect(page.get_by_test_id("modal").filter(visible=True)).to_have_count(0)
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("send").click()


def newest(page: Page, text: str | re.Pattern[str]) -> Locator:
    """The newest message with these words."""
    found = page.get_by_test_id("message").filter(has_text=text).last
    found.wait_for()
    return found


def no_wider_than_the_phone(page: Page) -> None:
    """Nothing may be cut off or make the page scroll sideways."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


TOUCHING = """charts => charts.flatMap(chart => {
  const texts = [...chart.querySelectorAll("text.chart-text:not(.value)")];
  const named = texts.map(text => [text, text.getBoundingClientRect()]);
  return named.flatMap(([one, a], n) => named.slice(n + 1)
    .filter(([, b]) => a.left < b.right + 1 && b.left < a.right + 1 && a.top < b.bottom && b.top < a.bottom)
    .map(([other]) => `${one.textContent} touches ${other.textContent}`));
})"""


def reminded(page: Page) -> Locator:
    """Move the clock from morning to morning until the owner hears of something overdue."""
    for _ in range(4):
        before = page.get_by_test_id("message").count()
        page.get_by_test_id("clock").click()
        page.get_by_test_id("clock-tomorrow").click()
        try:
            expect(page.get_by_test_id("message")).to_have_count(before + 1, timeout=4_000)
        except AssertionError:
            continue
        message = page.get_by_test_id("message").last
        if "overdue" in message.inner_text():
            return message
    raise AssertionError("four mornings passed and nobody was reminded")


def test_the_story_on_a_phone(page: Page, tmp_path: Path) -> None:
    become(page, "U0AMARA")
    go_to(page, "channel-oak-house")
    say(page, "/sip log")
    page.get_by_test_id("modal").wait_for()
    page.get_by_test_id("element-what").fill("Walked round at 20:00, all six sheets filled in")
    photo = tmp_path / "sheet.png"
    photo.write_bytes(PHOTO)
    page.get_by_test_id("field-files").locator("input[type=file]").set_input_files(photo)
    no_wider_than_the_phone(page)
    page.get_by_test_id("modal-submit").click()
    saved = page.get_by_test_id("modal").filter(has_text=re.compile(r"Saved as E\d+"))
    saved.wait_for()
    assert "sheet.png" in saved.inner_text()
    saved.get_by_role("button", name="Add evidence").click()
    page.get_by_test_id("modal").filter(has_text="Evidence for E").wait_for()
    expect(page.get_by_test_id("file-row")).to_have_count(0)  # the photo belongs to the form before
    page.get_by_test_id("modal-cancel").click()

    become(page, "U0BEATRIZ")
    go_to(page, "dm-grip")
    message = reminded(page)
    no_wider_than_the_phone(page)
    ref = re.search(r"A\d+", message.inner_text())
    assert ref
    message.get_by_role("button", name=f"Move the due date of {ref[0]}").click()
    page.get_by_test_id("modal").wait_for()
    page.get_by_test_id("element-reason").fill("Two of six night staff were off sick")
    page.get_by_test_id("modal-submit").click()
    page.get_by_test_id("modal").filter(has_text="is now due").wait_for()
    page.get_by_test_id("modal-cancel").click()
    expect(message).to_contain_text("Moved by")
    say(page, f"/sip done {ref[0]}")
    newest(page, f"{ref[0]} is marked done")

    become(page, "U0RUTH")
    go_to(page, "channel-oak-house")
    say(page, "/sip status")
    status = newest(page, "service improvement plan on")
    status.get_by_test_id("chart").first.wait_for()
    status.get_by_test_id("data-table").wait_for()
    assert "awaiting check" in status.inner_text()
    assert status.locator(".chart.bar").evaluate_all(TOUCHING) == []
    expect(status.locator(".chart.bar").first).to_contain_text("Fell back")
    no_wider_than_the_phone(page)
