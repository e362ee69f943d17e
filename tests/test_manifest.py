"""Holds manifest.yml to Slack's schema, to itself (no event without the scope that opens it) and to the code."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from handlers import installing

ROOT = Path(__file__).parents[1]
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
# From the repository slackapi/manifest-schema, version 0.5.0 (MIT).
SCHEMA = json.loads((Path(__file__).parent / "data" / "manifest.schema.2.0.0.json").read_text())

SCOPES: dict[str, list[str]] = MANIFEST["oauth_config"]["scopes"]
EVENTS: list[str] = MANIFEST["settings"]["event_subscriptions"]["bot_events"]

# Which scopes open each event; any one of them does. From the reference of the Events API.
NEEDED = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set(),
    "channel_archive": {"channels:read"},
    "channel_rename": {"channels:read"},
    "channel_unarchive": {"channels:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.im": {"im:history"},
    "subteam_members_changed": {"usergroups:read"},
    "subteam_updated": {"usergroups:read"},
    "team_access_revoked": set(),
    "team_join": {"users:read"},
    "tokens_revoked": set(),
    "user_change": {"users:read"},
}
# Without these the main job does not run, so nobody may decline them.
COMPULSORY = {"chat:write", "commands", "files:read", "files:write", "im:write", "users:read"}


def test_slack_accepts_the_manifest() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    jsonschema.validate(MANIFEST, SCHEMA)


def test_the_schema_refuses_a_manifest_with_a_misspelt_key() -> None:
    wrong = {**MANIFEST, "featurs": MANIFEST["features"]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, SCHEMA)


@pytest.mark.parametrize("event", EVENTS)
def test_each_event_has_a_scope_that_opens_it(event: str) -> None:
    assert event in NEEDED, f"say in NEEDED which scopes open {event}"
    assert not NEEDED[event] or NEEDED[event] & set(SCOPES["bot"])


def test_only_what_the_main_job_can_do_without_may_be_declined() -> None:
    assert set(SCOPES["bot"]) - set(SCOPES["bot_optional"]) == COMPULSORY
    assert set(SCOPES["bot_optional"]) < set(SCOPES["bot"])


def test_no_scope_reads_more_than_people_hand_over() -> None:
    too_much = {"chat:write.public", "chat:write.customize", "users:read.email", "mpim:history", "search:read"}
    assert not too_much & set(SCOPES["bot"])
    assert "user" not in SCOPES


def test_installing_asks_for_the_scopes_of_the_manifest() -> None:
    assert list(installing.SCOPES) == SCOPES["bot"]


def test_typed_mentions_arrive_as_ids() -> None:
    (command,) = MANIFEST["features"]["slash_commands"]
    assert command["command"] == "/sip"
    assert command["should_escape"] is True


def test_people_can_write_to_the_bot_and_open_its_home() -> None:
    home = MANIFEST["features"]["app_home"]
    assert home == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_socket_mode_needs_no_public_address() -> None:
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert MANIFEST["settings"]["interactivity"] == {"is_enabled": True}
    assert not re.search(r"https?://", yaml.safe_dump(MANIFEST))


def handler_trees() -> list[ast.Module]:
    return [ast.parse(path.read_text()) for path in (ROOT / "handlers").rglob("*.py")]


def named_in_the_manifest() -> set[str]:
    """What Slack may send by name: commands, shortcuts and events (message.im arrives as message)."""
    features = MANIFEST["features"]
    named = {str(shortcut["callback_id"]) for shortcut in features["shortcuts"]}
    named |= {str(command["command"]) for command in features["slash_commands"]}
    return named | {event.split(".")[0] for event in EVENTS}


def test_the_code_answers_all_that_the_manifest_names() -> None:
    nodes = [node for tree in handler_trees() for node in ast.walk(tree)]
    words = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    if "enable_token_revocation_listeners" in {node.attr for node in nodes if isinstance(node, ast.Attribute)}:
        words |= {"app_uninstalled", "tokens_revoked"}  # Bolt's own listeners for both
    assert named_in_the_manifest() - words == set()


def test_the_manifest_names_all_that_the_code_listens_to() -> None:
    doors = {"command", "shortcut", "global_shortcut", "message_shortcut", "event"}
    heard = set()
    for node in (node for tree in handler_trees() for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in doors:
            heard |= {word.value for word in node.args if isinstance(word, ast.Constant)}
    assert heard - named_in_the_manifest() == set()
