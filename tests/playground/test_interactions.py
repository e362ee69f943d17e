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
from tests.playground.conftest import actions, button, field, hearing, keeping, modal, opening, plain, refusal

Json = dict[str, Any]
Connect = Callable[[], SocketModeHandler]
OAK = "C0OAKHOUSE"
CHOICES = [{"text": plain("Early"), "value": "early"}, {"text": plain("Night"), "value": "night"}]


@pytest.fixture
def kept() -> list[Json]:
    """The payloads that the app received."""
    return []


@pytest.fixture
def opens(app: App, connect: Connect, kept: list[Json]) -> Callable[[Json], None]:
    """Lets `/parrot` open this view, and keeps every submission, click and closing."""

    def run(view: Json) -> None:
        app.command("/parrot")(opening(view))
        app.view("form")(keeping(kept))
        app.view_closed("form")(keeping(kept))
        connect()

    return run


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


def test_a_trigger_works_once_and_for_three_seconds(slack: Standin, app: App, connect: Connect, amara: Actor) -> None:
    found: list[str] = []

    @app.command("/parrot")
    def open_twice(ack: Any, command: Json, client: WebClient) -> None:
        found.extend(refusal(client.views_open, trigger_id=command["trigger_id"], view=modal()) for _ in range(2))
        ack()

    connect()
    amara.command("/parrot")
    assert found == ["", "exchanged_trigger_id"]
    slack.hub.trigger_seconds = 0.0
    amara.command("/parrot")
    assert found[2:] == ["expired_trigger_id", "expired_trigger_id"]


FORM = modal(
    field("text", {"type": "plain_text_input", "max_length": 10, "min_length": 2}),
    field("count", {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "9"}),
    field("shift", {"type": "static_select", "options": CHOICES}),
    field("people", {"type": "multi_users_select", "max_selected_items": 2}, optional=True),
    field("day", {"type": "datepicker", "initial_date": "2026-11-23"}),
    field("proof", {"type": "file_input", "max_files": 1, "filetypes": ["png"]}, optional=True),
    callback_id="form",
    private_metadata="kept",
)
GOOD = {"text": "hello", "count": 3, "shift": "Night"}


def test_a_filled_form_arrives_with_every_state(
    opens: Callable[[Json], None], amara: Actor, kept: list[Json], web: WebClient
) -> None:
    opens(FORM)
    amara.command("/parrot")
    answer = amara.submit(GOOD | {"people": ["U0RUTH"], "proof": [("sheet.png", b"\x89PNG")]})
    assert answer["ok"], answer
    assert amara.modal() is None
    view = kept[0]["view"]
    state = {block: values["x"] for block, values in view["state"]["values"].items()}
    assert state["text"] == {"type": "plain_text_input", "value": "hello"}
    assert state["count"]["value"] == "3"
    assert state["shift"]["selected_option"] == CHOICES[1]
    assert state["people"]["selected_users"] == ["U0RUTH"]
    assert state["day"]["selected_date"] == "2026-11-23"
    file = state["proof"]["files"][0]
    assert (file["name"], file["filetype"]) == ("sheet.png", "png")
    assert web.files_info(file=file["id"])["file"]["id"] == file["id"]
    assert (view["private_metadata"], view["callback_id"], view["team_id"]) == ("kept", "form", "T0MEADOW")


WRONG: list[tuple[Json, str, str]] = [
    ({"text": None}, "text", "complete this required field"),
    ({"text": "   "}, "text", "complete this required field"),
    ({"text": "x" * 11}, "text", "at most 10"),
    ({"text": "x"}, "text", "at least 2"),
    ({"count": 0}, "count", "at least 1"),
    ({"count": 10}, "count", "at most 9"),
    ({"count": "2.5"}, "count", "whole number"),
    ({"count": "many"}, "count", "a number"),
    ({"shift": "late"}, "shift", "not among the choices"),
    ({"people": ["U0RUTH", "U0DEEPA", "U0PRIYA"]}, "people", "at most 2"),
    ({"people": ["U0NOBODY"]}, "people", "no such person"),
    ({"day": "tomorrow"}, "day", "choose a date"),
    ({"proof": [("a.exe", b"x")]}, "proof", "png"),
    ({"proof": [("a.png", b"x"), ("b.png", b"x")]}, "proof", "at most 1"),
    ({"proof": [("a.png", b"x" * 10_000_001)]}, "proof", "10 MB"),
    ({"proof": ["F0NONE"]}, "proof", "not uploaded by you"),
]


def test_a_wrong_field_is_told_under_it_and_nothing_leaves(
    opens: Callable[[Json], None], amara: Actor, kept: list[Json]
) -> None:
    opens(FORM)
    amara.command("/parrot")
    for change, block, told in WRONG:
        answer = amara.submit(GOOD | change)
        assert told in answer["errors"][block], change
    assert kept == []
    assert amara.modal() is not None


def test_what_was_typed_stays_when_the_app_changes_the_view(
    slack: Standin, app: App, connect: Connect, amara: Actor, web: WebClient
) -> None:
    app.command("/parrot")(opening(FORM))
    connect()
    amara.command("/parrot")
    top = amara.see_modal()
    amara.submit({"text": "kept"})
    changed = modal(*FORM["blocks"][:1], field("more", {"type": "plain_text_input"}))
    web.views_update(view_id=top["id"], view=changed)
    state = amara.see_modal()["state"]["values"]
    assert (state["text"]["x"]["value"], state["more"]["x"]["value"]) == ("kept", None)
    assert refusal(web.views_update, view_id=top["id"], view=changed, hash=top["hash"]) == "hash_conflict"
    amara.close()
    assert refusal(web.views_update, view_id=top["id"], view=changed) == "not_found"


def test_errors_update_push_and_clear(app: App, connect: Connect, amara: Actor) -> None:
    answers: list[Json] = [
        {"response_action": "errors", "errors": {"a": "Not that."}},
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "push", "view": modal(field("b", {"type": "plain_text_input"}), callback_id="form")},
        {"response_action": "update", "view": modal(field("c", {"type": "plain_text_input"}), callback_id="form")},
        {"response_action": "push", "view": modal(field("d", {"type": "plain_text_input"}), callback_id="form")},
        {"response_action": "push", "view": modal()},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "clear"},
    ]
    first = modal(field("a", {"type": "plain_text_input"}), callback_id="form")
    app.command("/parrot")(opening(first))
    app.view("form")(lambda ack: ack(**answers.pop(0)))
    connect()
    amara.command("/parrot")
    assert amara.submit({"a": "x"})["errors"] == {"a": "Not that."}
    assert "trouble connecting" in amara.submit({"a": "x"})["error"]
    assert amara.submit({"a": "x"})["ok"]
    assert amara.submit({"b": "x"})["ok"]
    assert amara.submit({"c": "x"})["ok"]
    assert [len(view["blocks"]) for view in amara.views()] == [1, 1, 1]
    root, middle, top = amara.views()
    assert (top["previous_view_id"], top["root_view_id"], middle["previous_view_id"]) == (
        middle["id"],
        root["id"],
        root["id"],
    )
    assert "push_limit_reached" in amara.submit({"d": "x"})["error"]
    assert "missing required field" in amara.submit({"d": "x"})["error"]
    assert amara.submit({"d": "x"})["ok"]
    assert amara.views() == []


def test_pushing_by_the_web_api_stops_at_three(app: App, connect: Connect, amara: Actor) -> None:
    found: list[str] = []
    view = modal(actions(button("more")))
    app.command("/parrot")(opening(view))

    @app.action("more")
    def more(ack: Any, body: Json, client: WebClient) -> None:
        found.append(refusal(client.views_push, trigger_id=body["trigger_id"], view=view))
        ack()

    connect()
    amara.command("/parrot")
    for _ in range(3):
        amara.click(amara.see_modal(), "more")
    assert found == ["", "", "push_limit_reached"]


def test_closing_is_told_when_asked_for(opens: Callable[[Json], None], amara: Actor, kept: list[Json]) -> None:
    opens(FORM | {"notify_on_close": True})
    amara.command("/parrot")
    amara.close(everything=True)
    assert (kept[0]["type"], kept[0]["is_cleared"]) == ("view_closed", True)
    assert amara.modal() is None


def test_a_view_without_submit_cannot_be_submitted(opens: Callable[[Json], None], amara: Actor) -> None:
    read_only = modal({"type": "divider"}, callback_id="form")
    del read_only["submit"]
    opens(read_only)
    amara.command("/parrot")
    assert amara.submit()["error"] == "This view has no submit button."


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


def test_an_external_list_is_looked_up_and_only_its_choices_count(
    app: App, connect: Connect, amara: Actor, kept: list[Json]
) -> None:
    view = modal(
        field("owner", {"type": "external_select", "action_id": "owner", "min_query_length": 2}), callback_id="form"
    )
    app.command("/parrot")(opening(view))
    app.options("owner")(lambda ack, payload: ack(options=[{"text": plain(payload["value"].title()), "value": "P7"}]))
    app.view("form")(keeping(kept))
    connect()
    amara.command("/parrot")
    form = amara.see_modal()
    assert amara.options(form, "owner", "a") == []
    assert amara.submit({"owner": "P7"})["errors"]["owner"].endswith("not among the choices.")
    assert amara.options(form, "owner", "amara")[0]["text"]["text"] == "Amara"
    assert amara.submit({"owner": "P7"})["ok"]
    assert kept[0]["view"]["state"]["values"]["owner"]["owner"]["selected_option"]["value"] == "P7"


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


def test_opening_in_a_workspace_that_rejects_charts(slack: Standin, web: WebClient) -> None:
    slack.control("faults", reject_blocks=["data_table"])
    cells = [[{"type": "raw_text", "text": "a"}]] * 2
    with pytest.raises(SlackApiError):
        web.views_publish(
            user_id="U0AMARA",
            view={"type": "home", "blocks": [{"type": "data_table", "caption": "c", "rows": cells}]},
        )
