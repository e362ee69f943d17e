"""Forms: triggers, the stack of three, what arrives, and what is refused before it leaves."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from playground.actor import Actor
from playground.server import Standin
from tests.playground.conftest import actions, button, field, keeping, modal, opening, plain, refusal

Json = dict[str, Any]
Connect = Callable[[], SocketModeHandler]
OAK = "C0OAKHOUSE"
CHOICES = [{"text": plain("Early"), "value": "early"}, {"text": plain("Night"), "value": "night"}]


@pytest.fixture
def opens(app: App, connect: Connect, kept: list[Json]) -> Callable[[Json], None]:
    """Lets `/parrot` open this view, and keeps every submission, click and closing."""

    def run(view: Json) -> None:
        app.command("/parrot")(opening(view))
        app.view("form")(keeping(kept))
        app.view_closed("form")(keeping(kept))
        connect()

    return run


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
