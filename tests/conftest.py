"""What pytest must know before any test: how examples are drawn, and that a run without Chromium says so."""

import os

import hypothesis
import pytest

from tests import chromium

# The same examples on every run: a red run is red again, and a busy machine fails nothing by being slow.
hypothesis.settings.register_profile("grip", deadline=None, derandomize=True)
hypothesis.settings.load_profile("grip")


def pytest_configure(config: pytest.Config) -> None:
    """Refuses to start without Chromium where GRIP_REQUIRE_BROWSER says that the browser tests must run."""
    if os.environ.get("GRIP_REQUIRE_BROWSER") and not chromium.find():
        raise pytest.UsageError(chromium.ADVICE)


# These wait for processes of their own for long; begun last, one of them would run alone at the end.
LONGEST = ("tests/test_story.py", "tests/faults/", "tests/http/", "tests/bot/test_main.py", "tests/bot/reports/pack/")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Puts the longest files first, and leaves the browser tests out where there is no Chromium."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    if chromium.find():
        return
    in_browser = [item for item in items if item.get_closest_marker("browser")]
    items[:] = [item for item in items if item not in in_browser]
    config.hook.pytest_deselected(items=in_browser)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The last line of a run that could not open a browser."""
    if not chromium.find():
        terminalreporter.write_line(f"BROWSER TESTS WERE LEFT OUT. {chromium.ADVICE}", red=True, bold=True)
