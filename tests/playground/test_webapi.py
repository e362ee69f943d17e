"""The Web API as a stock client meets it: what it gives, and every refusal that a bot must live with."""

import time
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.actor import Actor, wait_for
from playground.server import Standin
from tests.playground.conftest import client_of, field, manifest, modal, plain, refusal

OAK = "C0OAKHOUSE"
HOME: dict[str, Any] = {"type": "home", "blocks": [{"type": "divider"}]}


def test_unknown_things_and_places_that_cannot_be_written_to(slack: Standin, web: WebClient) -> None:
    other = slack.happen("create_channel", name="private", private=True, members=["U0RUTH"])["channel"]["id"]
    assert refusal(web.chat_postMessage, channel="C0NOWHERE", text="x") == "channel_not_found"
    assert refusal(web.chat_postMessage, channel="#oak-house", text="x") == "channel_not_found"
    assert refusal(web.chat_postMessage, channel=other, text="x") == "channel_not_found"
    assert refusal(web.chat_postMessage, channel="C0GENERAL", text="x") == "not_in_channel"
    assert refusal(web.api_call, api_method="chat.postMessage", json={"channel": OAK}) == "no_text"
    assert refusal(web.chat_postMessage, channel=OAK, text="x", thread_ts="1.2") == "thread_not_found"
    assert refusal(web.users_info, user="U0NOBODY") == "user_not_found"
    assert refusal(web.api_call, api_method="no.method") == "unknown_method"


def test_people_leave_channels_close_and_bots_are_removed(slack: Standin, web: WebClient) -> None:
    direct = web.conversations_open(users="U0NEWMAN")["channel"]["id"]
    slack.happen("deactivate_user", user="U0NEWMAN")
    slack.happen("archive_channel", channel="C0WILLOW")
    slack.happen("leave", channel=OAK)
    assert refusal(web.chat_postMessage, channel="U0NEWMAN", text="x") == "user_disabled"
    assert refusal(web.chat_postMessage, channel=direct, text="x") == "user_disabled"
    assert refusal(web.conversations_open, users="U0NEWMAN") == "user_disabled"
    assert refusal(web.chat_postMessage, channel="C0WILLOW", text="x") == "is_archived"
    assert refusal(web.chat_postMessage, channel=OAK, text="x") == "not_in_channel"
    assert web.users_info(user="U0NEWMAN")["user"]["deleted"] is True


def test_guests_and_strangers_are_told_apart(slack: Standin, web: WebClient) -> None:
    slack.happen("add_user", id="U0GUEST", real_name="Gail Guest", is_restricted=True)
    slack.happen("add_user", id="U0STRANGE", real_name="Sam Strange", is_stranger=True)
    assert web.users_info(user="U0GUEST")["user"]["is_restricted"] is True
    assert web.users_info(user="U0STRANGE")["user"]["is_stranger"] is True
    assert refusal(web.conversations_open, users="U0STRANGE") == "user_not_visible"


def test_users_carry_their_zone_and_hide_their_address(web: WebClient) -> None:
    person = web.users_info(user="U0AMARA", include_locale=True)["user"]
    assert (person["tz"], person["locale"], person["real_name"]) == ("Europe/London", "en-GB", "Amara Osei")
    assert "email" not in person["profile"]


def test_lists_are_paged(web: WebClient) -> None:
    first = web.users_list(limit=4)
    rest = web.users_list(limit=100, cursor=first["response_metadata"]["next_cursor"])
    assert len(first["members"]) == 4
    assert len({u["id"] for u in first["members"] + rest["members"]}) == 11
    assert rest["response_metadata"]["next_cursor"] == ""
    assert refusal(web.users_list, limit=4, cursor="nonsense") == "invalid_cursor"


def test_a_long_text_is_cut_at_40000(web: WebClient) -> None:
    assert len(web.chat_postMessage(channel=OAK, text="x" * 40_500)["message"]["text"]) == 40_000


def test_bad_blocks_are_refused_with_pointers(web: WebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        web.chat_postMessage(channel=OAK, text="x", blocks=[{"type": "header", "text": plain("")}])
    answer = refused.value.response
    assert answer["error"] == "invalid_blocks"
    expected = ["[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]"]
    assert answer["response_metadata"]["messages"] == expected
    broken = {"channel": OAK, "text": "x", "blocks": "[{"}
    assert refusal(web.api_call, api_method="chat.postMessage", data=broken) == "invalid_blocks_format"


def test_a_workspace_without_the_new_blocks(slack: Standin, web: WebClient) -> None:
    chart = {"type": "pie", "segments": [{"label": "Done", "value": 1}]}
    blocks = [{"type": "data_visualization", "title": "Status", "chart": chart}]
    assert refusal(web.chat_postMessage, channel=OAK, text="x", blocks=blocks) == ""
    slack.control("faults", reject_blocks=["data_visualization", "data_table"])
    assert refusal(web.chat_postMessage, channel=OAK, text="x", blocks=blocks) == "invalid_blocks"


def test_metadata_comes_back_only_when_asked_for(web: WebClient) -> None:
    metadata = {"event_type": "reminder", "event_payload": {"id": "7"}}
    web.chat_postMessage(channel="U0AMARA", text="x", metadata=metadata)
    direct = web.conversations_open(users="U0AMARA")["channel"]["id"]
    assert web.conversations_history(channel=direct)["messages"][0]["metadata"] == {"event_type": "reminder"}
    whole = web.conversations_history(channel=direct, include_all_metadata=True)["messages"][0]
    assert whole["metadata"] == metadata
    assert refusal(web.chat_postMessage, channel=OAK, text="x", metadata={"event_type": 3}) == "invalid_metadata_format"
    large = {"event_type": "x", "event_payload": {"text": "y" * 20_000}}
    assert refusal(web.chat_postMessage, channel=OAK, text="x", metadata=large) == "metadata_too_large"


def test_history_is_newest_first_without_replies_and_in_windows(web: WebClient) -> None:
    sent = [web.chat_postMessage(channel=OAK, text=f"m{i}")["ts"] for i in range(5)]
    web.chat_postMessage(channel=OAK, text="reply", thread_ts=sent[0])
    web.chat_postMessage(channel=OAK, text="loud", thread_ts=sent[0], reply_broadcast=True)

    def texts(**window: Any) -> list[str]:
        return [m["text"] for m in web.conversations_history(channel=OAK, **window)["messages"]]

    assert texts() == ["loud", "m4", "m3", "m2", "m1", "m0"]
    assert texts(oldest=sent[3]) == ["loud", "m4"]
    assert texts(oldest=sent[3], latest=sent[4], inclusive=True) == ["m4", "m3"]
    page = web.conversations_history(channel=OAK, limit=2)
    assert page["has_more"] is True
    assert texts(limit=2, cursor=page["response_metadata"]["next_cursor"]) == ["m3", "m2"]
    thread = web.conversations_replies(channel=OAK, ts=sent[0])["messages"]
    assert [m["text"] for m in thread] == ["m0", "reply", "loud"]
    assert thread[0]["reply_count"] == 2


def test_only_own_lasting_messages_can_be_changed(web: WebClient, amara: Actor) -> None:
    theirs = amara.say("hello", "oak-house")["ts"]
    mine = web.chat_postMessage(channel=OAK, text="x")["ts"]
    passing = web.chat_postEphemeral(channel=OAK, user="U0AMARA", text="psst")["message_ts"]
    assert refusal(web.chat_update, channel=OAK, ts=mine, text="y") == ""
    assert refusal(web.chat_update, channel=OAK, ts=theirs, text="y") == "cant_update_message"
    assert refusal(web.chat_delete, channel=OAK, ts=theirs) == "cant_delete_message"
    assert refusal(web.chat_update, channel=OAK, ts=passing, text="y") == "message_not_found"
    assert refusal(web.chat_update, channel=OAK, ts="1.1", text="y") == "message_not_found"
    changed = next(m for m in amara.messages("oak-house") if m["ts"] == mine)
    assert (changed["text"], "edited" in changed) == ("y", True)


def test_an_ephemeral_is_for_one_member_alone(slack: Standin, web: WebClient, amara: Actor) -> None:
    web.chat_postEphemeral(channel=OAK, user="U0AMARA", text="only you")
    assert [m["ephemeral"] for m in amara.messages("oak-house")] == [True]
    assert slack.actor("U0RUTH").messages("oak-house") == []
    assert web.conversations_history(channel=OAK)["messages"] == []
    slack.happen("leave", channel=OAK, user="U0AMARA")
    assert refusal(web.chat_postEphemeral, channel=OAK, user="U0AMARA", text="x") == "user_not_in_channel"


def test_a_json_body_is_not_read_by_methods_that_take_forms(web: WebClient) -> None:
    assert refusal(web.api_call, api_method="users.info", json={"user": "U0AMARA"}) == "invalid_arguments"
    assert refusal(web.api_call, api_method="users.info", params={"user": "U0AMARA"}) == ""


def test_user_groups(web: WebClient) -> None:
    groups = {g["handle"]: g["id"] for g in web.usergroups_list()["usergroups"]}
    assert web.usergroups_users_list(usergroup=groups["oak-team"])["users"] == ["U0AMARA", "U0BEATRIZ", "U0DEEPA"]
    assert refusal(web.usergroups_users_list, usergroup="S0NONE") == "no_such_subteam"


def test_permalinks_and_reactions(slack: Standin, web: WebClient) -> None:
    ts = web.chat_postMessage(channel=OAK, text="x")["ts"]
    assert web.chat_getPermalink(channel=OAK, message_ts=ts)["permalink"].startswith(f"{slack.url}/archives/{OAK}/p")
    assert refusal(web.reactions_add, channel=OAK, timestamp=ts, name="eyes") == ""
    assert refusal(web.reactions_add, channel=OAK, timestamp=ts, name="eyes") == "already_reacted"


def test_home_is_published_with_a_hash_check(web: WebClient, amara: Actor) -> None:
    first = web.views_publish(user_id="U0AMARA", view=HOME)["view"]
    second = web.views_publish(user_id="U0AMARA", view=HOME, hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    assert refusal(web.views_publish, user_id="U0AMARA", view=HOME, hash=first["hash"]) == "hash_conflict"
    assert refusal(web.views_publish, user_id="U0AMARA", view=modal()) == "invalid_arguments"
    home = amara.home(quiet=True)
    assert home is not None
    assert home["id"] == first["id"]


def test_without_a_home_tab_nothing_is_published() -> None:
    closed = manifest()
    closed["features"]["app_home"] = {"home_tab_enabled": False, "messages_tab_enabled": False}
    with Standin(manifest=closed, limits=False) as slack:
        web = client_of(slack)
        assert refusal(web.views_publish, user_id="U0AMARA", view=HOME) == "not_enabled"
        assert refusal(web.chat_postMessage, channel="U0AMARA", text="x") == "messages_tab_disabled"


def test_an_external_id_names_one_view(web: WebClient) -> None:
    named = HOME | {"external_id": "home-of-amara"}
    assert refusal(web.views_publish, user_id="U0AMARA", view=named) == ""
    assert refusal(web.views_publish, user_id="U0AMARA", view=named) == ""
    assert refusal(web.views_publish, user_id="U0RUTH", view=named) == "duplicate_external_id"
    assert refusal(web.views_update, external_id="home-of-amara", view=HOME) == ""
    assert refusal(web.views_update, external_id="home-of-amara", view=HOME) == "not_found"


def test_a_view_needs_a_fresh_trigger(web: WebClient) -> None:
    assert refusal(web.views_open, trigger_id="1.2.3", view=modal()) == "invalid_trigger_id"
    assert refusal(web.views_update, view_id="V0NONE", view=modal()) == "not_found"


def test_the_validator_needs_no_token(slack: Standin) -> None:
    web = WebClient(base_url=slack.api_url, retry_handlers=[])
    assert refusal(web.api_call, api_method="blocks.validate", json={"blocks": [{"type": "divider"}]}) == ""
    assert (
        refusal(web.api_call, api_method="blocks.validate", json={"blocks": [{"type": "nothing"}]}) == "invalid_blocks"
    )


def test_message_times_are_unique_and_follow_the_clock(slack: Standin, web: WebClient) -> None:
    before = float(web.chat_postMessage(channel=OAK, text="x")["ts"])
    slack.move_clock(advance_seconds=86_400)
    after = float(web.chat_postMessage(channel=OAK, text="x")["ts"])
    assert 86_400 < after - before < 86_410
    with pytest.raises(ValueError, match="forwards"):
        slack.move_clock(advance_seconds=-1)


def test_a_post_costs_a_few_milliseconds(web: WebClient) -> None:
    began = time.perf_counter()
    for _ in range(50):
        web.chat_postMessage(channel=OAK, text="x")
    assert (time.perf_counter() - began) / 50 < 0.02


def test_text_inputs_are_required_to_have_a_submit_button(web: WebClient) -> None:
    bare = modal(field("a", {"type": "plain_text_input"}))
    del bare["submit"]
    assert refusal(web.views_open, trigger_id="1.2.3", view=bare) == "invalid_arguments"


def test_own_messages_come_back_as_events_as_in_slack(slack: Standin, web: WebClient) -> None:
    web.chat_postMessage(channel="U0AMARA", text="x")
    wait_for(lambda: [i for i in slack.calls("events_api") if i.payload["event"].get("bot_id")])
