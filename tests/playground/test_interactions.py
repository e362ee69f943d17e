"""What people do reaches a stock Bolt app in Slack's shapes, and what they may not do is refused before it leaves."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.actor import Actor, wait_for, words
from playground.server import Standin
from tests.playground.conftest import actions, button, field, hearing, keeping, modal, opening, plain

Json = dict[str, Any]
Connect = Callable[[], SocketModeHandler]
OAK = "C0OAKHOUSE"
CHOICES = [{"text": plain("Early"), "value": "early"}, {"text": plain("Night"), "value": "night"}]


def test_a_command_arrives_as_slack_sends_it(app: App, connect: Connect, amara: Actor, kept: list[Json]) -> None:
    app.command("/parrot")(keeping(kept))
    connect()
    typed = "tell @ruth & #oak-house <b> of https://example.org/a and @oak-team, not me@example.org"
    assert amara.command(f"/parrot {typed}")["response"] is None
    sent = kept[0]
    assert sent["text"] == (
        "tell <@U0RUTH|ruth> &amp; <#C0OAKHOUSE|oak-house> &lt;b&gt; of <https://example.org/a> "
        "and <!subteam^S0OAKTEAM|@oak-team>, not me@example.org"
    )
    assert (sent["channel_id"], sent["channel_name"], sent["user_id"]) == (OAK, "oak-house", "U0AMARA")
    amara.command("/parrot", channel=None)
    assert kept[1]["channel_name"] == "directmessage"
    assert amara.command("/unknown x")["error"] == "/unknown is not a valid command."


def test_an_answer_in_the_channel_shows_the_command_too(
    slack: Standin, app: App, connect: Connect, amara: Actor
) -> None:
    app.command("/parrot")(lambda ack: ack(text="loud", response_type="in_channel"))
    connect()
    amara.command("/parrot shout")
    assert [m["text"] for m in slack.actor("U0RUTH").messages("oak-house")] == ["/parrot shout", "loud"]


def test_bad_blocks_in_an_answer_are_told_to_the_person(app: App, connect: Connect, amara: Actor) -> None:
    app.command("/parrot")(lambda ack: ack(text="x", blocks=[{"type": "header", "text": plain("h" * 151)}]))
    connect()
    assert "must be less than 151 characters" in amara.command("/parrot")["error"]


def test_a_click_carries_the_message_and_answers_by_its_url(
    slack: Standin, app: App, connect: Connect, web: WebClient, amara: Actor, kept: list[Json]
) -> None:
    blocks = [
        actions(button("done", "Done", value="A12"), {"type": "overflow", "action_id": "more", "options": CHOICES}),
        field("when", {"type": "datepicker", "action_id": "when", "initial_date": "2026-11-23"}, dispatch_action=True),
    ]

    @app.action("done")
    def done(ack: Any, body: Json, respond: Any) -> None:
        kept.append(body)
        ack()
        respond(text="Done by Amara", replace_original=True)

    app.action("more")(keeping(kept))
    app.action("when")(keeping(kept))
    connect()
    ts = web.chat_postMessage(channel=OAK, text="Do it", blocks=blocks)["ts"]
    message = amara.last("oak-house")
    assert amara.choose(message, "more", "Night")["ok"]
    assert kept[0]["actions"][0]["selected_option"] == CHOICES[1]
    assert amara.choose(message, "when", "2026-12-24")["ok"]
    assert kept[1]["actions"][0]["selected_date"] == "2026-12-24"
    assert amara.click(message, text="Done", value="A12")["ok"]
    body = kept[2]
    assert (body["actions"][0]["value"], body["message"]["ts"], body["channel"]["id"]) == ("A12", ts, OAK)
    assert body["state"]["values"]["when"]["when"]["selected_date"] == "2026-12-24"
    assert (amara.last("oak-house")["text"], amara.last("oak-house").get("blocks")) == ("Done by Amara", None)
    assert amara.click(message, "done")["error"] == "This message has changed; there is no such button any more."


def test_a_response_url_works_five_times_within_half_an_hour(
    slack: Standin, app: App, connect: Connect, amara: Actor
) -> None:
    ways: list[Any] = []

    @app.command("/parrot")
    def keep(ack: Any, respond: Any) -> None:
        ways.append(respond)
        ack()

    connect()
    amara.command("/parrot")
    assert [ways[0](text=f"{i}").status_code for i in range(6)] == [200, 200, 200, 200, 200, 404]
    assert [m["ephemeral"] for m in amara.messages("oak-house")] == [True] * 5
    amara.command("/parrot")
    slack.move_clock(advance_seconds=1801)
    assert ways[1](text="late").status_code == 404


def test_an_ephemeral_answer_can_be_replaced_and_deleted(app: App, connect: Connect, amara: Actor) -> None:
    app.command("/parrot")(lambda ack: ack(text="?", blocks=[actions(button("yes"), button("no"))]))
    app.action("yes")(
        lambda ack, respond: (ack(), respond(text="Yes", blocks=[actions(button("no"))], replace_original=True))
    )
    app.action("no")(lambda ack, respond: (ack(), respond(delete_original=True)))
    connect()
    amara.command("/parrot")
    amara.click(amara.last("oak-house"), "yes")
    changed = amara.last("oak-house")
    assert (changed["text"], changed["ephemeral"]) == ("Yes", True)
    amara.click(changed, "no")
    assert amara.messages("oak-house") == []


def test_shortcuts_global_and_on_messages(
    slack: Standin, app: App, connect: Connect, amara: Actor, kept: list[Json]
) -> None:
    app.shortcut("write")(opening(modal()))
    app.shortcut("keep")(keeping(kept))
    connect()
    assert amara.shortcut("write")["ok"]
    assert amara.modal() is not None
    assert "response_url" not in slack.calls("interactive")[0].payload
    amara.say("a note", "general")
    picture = amara.upload("photo.png", b"\x89PNG", channel="general")
    note, photo = amara.messages("general")
    assert amara.message_shortcut("keep", note)["ok"]
    assert (kept[0]["message"]["text"], kept[0]["channel"]["name"]) == ("a note", "general")
    amara.message_shortcut("keep", photo)
    assert kept[1]["message"]["files"][0]["id"] == picture
    assert amara.shortcut("keep")["error"] == "There is no shortcut keep."


def test_words_to_the_app_mentions_and_home_are_events(
    slack: Standin, app: App, connect: Connect, amara: Actor, kept: list[Json]
) -> None:
    for name in ("message", "app_mention", "app_home_opened"):
        app.event(name)(hearing(kept))
    connect()
    amara.say("help")
    picture = amara.upload("photo.png", b"\x89PNG")
    amara.say("look", files=[picture])
    amara.say("@parrot status please", "oak-house")
    amara.say("@parrot is not here", "general")
    amara.home()
    wait_for(lambda: len(kept) == 4)
    help_, look, mention, home = kept
    assert (help_["channel_type"], help_["text"]) == ("im", "help")
    assert (look["subtype"], look["files"][0]["id"]) == ("file_share", picture)
    assert (mention["type"], mention["text"]) == ("app_mention", f"<@{slack.bot_user}> status please")
    assert (home["tab"], home["user"]) == ("home", "U0AMARA")


def test_changes_of_the_workspace_are_events(slack: Standin, app: App, connect: Connect, kept: list[Json]) -> None:
    for name in ("user_change", "team_join", "member_left_channel", "member_joined_channel", "subteam_members_changed"):
        app.event(name)(hearing(kept))
    connect()
    slack.happen("deactivate_user", user="U0NEWMAN")
    slack.happen("change_user", user="U0RUTH", tz="Europe/Paris")
    slack.happen("add_user", real_name="Nora New")
    slack.happen("leave", channel=OAK, user="U0AMARA")
    slack.happen("join", channel=OAK, user="U0AMARA")
    slack.happen("change_group", group="S0OAKTEAM", users=["U0AMARA"])
    wait_for(lambda: len(kept) == 6)
    assert [e["type"] for e in kept[:3]] == ["user_change", "user_change", "team_join"]
    assert kept[0]["user"]["deleted"] is True
    assert kept[1]["user"]["tz"] == "Europe/Paris"
    assert kept[5]["removed_users"] == ["U0BEATRIZ", "U0DEEPA"]


def test_uninstalling_is_told_without_a_valid_token(
    slack: Standin, app: App, connect: Connect, kept: list[Json]
) -> None:
    app.event("app_uninstalled")(hearing(kept))
    app.event("tokens_revoked")(hearing(kept))
    connect()
    slack.happen("uninstall")
    wait_for(lambda: {item.summary for item in slack.calls("events_api")} == {"tokens_revoked", "app_uninstalled"})


def test_a_click_on_home_carries_its_view(
    app: App, connect: Connect, web: WebClient, amara: Actor, kept: list[Json]
) -> None:
    web.views_publish(user_id="U0AMARA", view={"type": "home", "blocks": [actions(button("go", value="1"))]})
    app.action("go")(keeping(kept))
    connect()
    home = amara.home(quiet=True)
    assert home is not None
    assert amara.click(home, "go")["ok"]
    assert (kept[0]["container"]["type"], kept[0]["view"]["type"]) == ("view", "home")
    assert "response_url" not in kept[0]


def test_people_act_only_where_they_are(slack: Standin, amara: Actor, web: WebClient) -> None:
    web.chat_postEphemeral(channel=OAK, user="U0AMARA", text="x", blocks=[actions(button("go"))])
    mine = amara.last("oak-house")
    assert slack.actor("U0RUTH").click(mine, "go")["error"] == "This message is gone."
    slack.happen("archive_channel", channel="C0WILLOW")
    assert amara.say("x", "willow-court")["error"] == "This channel is archived."
    slack.happen("deactivate_user", user="U0AMARA")
    assert amara.command("/parrot")["error"] == "This account has been deactivated."
    with pytest.raises(LookupError):
        slack.actor("U0NOBODY").state()


def test_the_traffic_shows_both_ways_and_no_tokens(slack: Standin, app: App, connect: Connect, amara: Actor) -> None:
    app.command("/parrot")(lambda ack, client: (client.chat_postMessage(channel=OAK, text="hello"), ack()))
    connect()
    amara.command("/parrot")
    items = amara.http.get("/play/traffic").json()["items"]
    assert {(i["direction"], i["kind"]) for i in items} >= {
        ("to_bot", "slash_commands"),
        ("from_bot", "chat.postMessage"),
    }
    shown = str(items)
    assert slack.bot_token not in shown
    assert slack.hub.app.verification_token not in shown
    assert amara.http.get("/play/traffic", params={"after": items[-1]["n"]}).json()["items"] == []


def test_words_finds_what_a_message_says(web: WebClient, amara: Actor) -> None:
    cells = [[{"type": "raw_text", "text": "Owner"}], [{"type": "raw_text", "text": "Amara"}]]
    web.chat_postMessage(channel=OAK, text="top", blocks=[{"type": "data_table", "caption": "Actions", "rows": cells}])
    assert words(amara.last("oak-house")).split("\n") == ["top", "Actions", "Owner", "Amara"]
    web.chat_postMessage(channel=OAK, text="top", blocks=[actions(button("go", "Go", value="hidden"))])
    assert words(amara.last("oak-house")).split("\n") == ["top", "Go"]


def test_opening_in_a_workspace_that_rejects_charts(slack: Standin, web: WebClient) -> None:
    slack.control("faults", reject_blocks=["data_table"])
    cells = [[{"type": "raw_text", "text": "a"}]] * 2
    with pytest.raises(SlackApiError):
        web.views_publish(
            user_id="U0AMARA",
            view={"type": "home", "blocks": [{"type": "data_table", "caption": "c", "rows": cells}]},
        )
