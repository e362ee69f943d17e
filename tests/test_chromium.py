"""Holds that the Chromium found or fetched by tests/chromium.py opens a page at the width of a phone."""

import pytest
from playwright.sync_api import sync_playwright

from tests import chromium


@pytest.mark.browser
def test_a_page_opens_at_the_width_of_a_phone() -> None:
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.set_content("<button onclick=\"this.textContent = 'Logged'\">Log</button>")
        page.get_by_role("button", name="Log").click()
        assert page.get_by_role("button").text_content() == "Logged"
        assert page.evaluate("window.innerWidth") == 390
        browser.close()
