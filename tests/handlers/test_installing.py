"""Slack's answer says who installed: a workspace, one of an organisation, or an organisation as a whole."""

from typing import Any

import pytest

from handlers.installing import installer, not_installed

TEAM, ENTERPRISE = {"id": "T0OAK", "name": "Oak"}, {"id": "E0CARE", "name": "Care"}


@pytest.mark.parametrize(
    ("answer", "ids"),
    [
        ({"team": TEAM, "enterprise": None, "is_enterprise_install": False}, ["T0OAK"]),
        ({"team": TEAM, "enterprise": ENTERPRISE, "is_enterprise_install": False}, ["T0OAK", "E0CARE"]),
        # A workspace on the list lets no whole organisation in.
        ({"team": TEAM, "enterprise": ENTERPRISE, "is_enterprise_install": True}, ["E0CARE"]),
        ({"team": None, "enterprise": ENTERPRISE, "is_enterprise_install": True}, ["E0CARE"]),
        ({}, []),
    ],
)
def test_an_answer_names_who_installed(answer: dict[str, Any], ids: list[str]) -> None:
    assert installer(answer) == ids


def test_whoever_is_not_installed_hears_where_to_install_where_there_is_an_address() -> None:
    assert "https://grip.example.org/slack/install " in not_installed("https://grip.example.org/")
    assert "/slack/install" not in not_installed("")
