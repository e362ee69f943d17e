"""Block Kit is refused where Slack refuses it, and accepted where Slack accepts it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.blockkit import Refused, check_message, check_view
from tests.playground.conftest import actions, button, field, modal, plain

Json = dict[str, Any]


def message(*blocks: Any) -> list[Json]:
    return check_message(list(blocks), lambda file: file == {"id": "F1"}, set())


def view(content: Any) -> Json:
    return check_view(content, lambda _: True, set())


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}} | more


def bars(series: int = 1, points: int = 2, name: str = "S", **more: Any) -> Json:
    labels = [f"W{i}" for i in range(points)]
    data = [{"label": label, "value": 1} for label in labels]
    chart = {
        "type": "bar",
        "series": [{"name": f"{name}{i}", "data": data} for i in range(series)],
        "axis_config": {"categories": labels},
    }
    return {"type": "data_visualization", "title": "Evidence", "chart": chart | more}


def pie(value: float) -> Json:
    return {
        "type": "data_visualization",
        "title": "Status",
        "chart": {"type": "pie", "segments": [{"label": "Done", "value": value}]},
    }


def data_table(rows: int = 2, columns: int = 2, text: str = "a", **more: Any) -> Json:
    row = [{"type": "raw_text", "text": text} for _ in range(columns)]
    return {"type": "data_table", "caption": "Actions", "rows": [row] * rows} | more


def options(count: int, value: str = "v") -> list[Json]:
    return [{"text": plain(f"Option {i}"), "value": f"{value}{i}"} for i in range(count)]


ACCEPTED: list[Json] = [
    section("x" * 3000),
    section("x", fields=[{"type": "mrkdwn", "text": "y" * 2000}] * 10),
    section("x", accessory=button("a", "t" * 75, value="v" * 2000, style="danger")),
    {"type": "header", "text": plain("h" * 150), "level": 2},
    {"type": "context", "elements": [plain("c")] * 10},
    actions(*[button(f"b{i}") for i in range(25)]),
    {"type": "image", "alt_text": "a chart that rises", "slack_file": {"id": "F1"}},
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "*"}]}]},
    {"type": "markdown", "text": "m" * 12_000},
    {"type": "container", "title": plain("Details"), "child_blocks": [{"type": "divider"}], "is_collapsible": True},
    bars(series=6, points=20),
    pie(3),
    data_table(rows=101, columns=20, text="12"),
    {"type": "table", "rows": [[{"type": "raw_text", "text": "-"}]], "column_settings": [None]},
    actions({"type": "static_select", "action_id": "s", "options": options(100)}),
    actions({"type": "radio_buttons", "action_id": "s", "options": options(10), "initial_option": options(1)[0]}),
]


@pytest.mark.parametrize("block", ACCEPTED, ids=lambda block: block["type"])
def test_the_largest_that_slack_takes_is_taken(block: Json) -> None:
    assert message(block)[0]["type"] == block["type"]


REFUSED: list[tuple[str, Json]] = [
    ("must be less than 3001 characters", section("x" * 3001)),
    ("must be more than 0 characters", section("")),
    ("must be less than 2001 characters", section("x", fields=[plain("y" * 2001)])),
    ("no more than 10 items", section("x", fields=[plain("y")] * 11)),
    ("missing required field: text", {"type": "section"}),
    ("invalid additional property: colour", section("x", colour="red")),
    ("unsupported type: mrkdwn", {"type": "header", "text": {"type": "mrkdwn", "text": "h"}}),
    ("must be less than 151 characters", {"type": "header", "text": plain("h" * 151)}),
    ("no more than 25 items", actions(*[button(f"b{i}") for i in range(26)])),
    ('`action_id` "b" already exists for this block', actions(button("b"), button("b"))),
    ("must be less than 76 characters", actions(button("b", "t" * 76))),
    ("must be less than 2001 characters", actions(button("b", value="v" * 2001))),
    ("must be less than 256 characters", actions(button("b" * 256))),
    ("value must be one of", actions(button("b", style="warning"))),
    ("unsupported type: plain_text_input", actions({"type": "plain_text_input", "action_id": "a"})),
    ("no more than 100 items", actions({"type": "static_select", "action_id": "s", "options": options(101)})),
    ("no more than 10 items", actions({"type": "checkboxes", "action_id": "s", "options": options(11)})),
    ("no more than 5 items", actions({"type": "overflow", "action_id": "s", "options": options(6)})),
    ("must be less than 151 characters", actions({"type": "overflow", "options": options(1, "v" * 150)})),
    (
        "must exactly match",
        actions({"type": "static_select", "options": options(2), "initial_option": options(3)[2]}),
    ),
    ("missing required field: alt_text", {"type": "image", "image_url": "https://example.org/a.png"}),
    ("invalid slack file", {"type": "image", "alt_text": "a", "slack_file": {"id": "F2"}}),
    ("unsupported type: alert", {"type": "alert", "text": plain("x")}),
    ("unsupported type: file_input", field("f", {"type": "file_input"})),
    ("missing required field: is_decimal_allowed", field("n", {"type": "number_input"})),
    ("must be a string", field("n", {"type": "number_input", "is_decimal_allowed": True, "min_value": 1})),
    ("must be an integer from 1 to 3000", field("n", {"type": "plain_text_input", "max_length": 3001})),
    ("unsupported type: data_table", {"type": "container", "title": plain("t"), "child_blocks": [data_table()]}),
    ("no more than 6 items", bars(series=7)),
    ("no more than 20 items", bars(points=21)),
    ("must be less than 21 characters", bars(name="n" * 20)),
    ("exactly one data point for each category", bars(axis_config={"categories": ["W0", "W1", "W2"]})),
    ("must be greater than 0", pie(0)),
    ("no more than 101 items", data_table(rows=102)),
    ("no less than 2 items", data_table(rows=1)),
    ("no more than 20 items", data_table(columns=21)),
    ("must be less than 10001 characters in all cells", data_table(rows=101, columns=20, text="123456")),
    ("missing required field: caption", {"type": "data_table", "rows": data_table()["rows"]}),
    ("must be more than 0 characters", data_table(text="")),
    ("unsupported type: None", {}),
]


@pytest.mark.parametrize(("why", "block"), REFUSED, ids=lambda value: value[:40] if isinstance(value, str) else "")
def test_what_slack_refuses_is_refused_with_a_pointer(why: str, block: Json) -> None:
    with pytest.raises(Refused) as refused:
        message(block)
    assert refused.value.error == "invalid_blocks"
    assert why in refused.value.messages[0]
    assert "[json-pointer:/blocks/0" in refused.value.messages[0]


def test_a_message_takes_fifty_blocks_and_no_more() -> None:
    assert len(message(*[{"type": "divider"} for _ in range(50)])) == 50
    with pytest.raises(Refused, match="no more than 50 items"):
        message(*[{"type": "divider"} for _ in range(51)])


def test_block_ids_are_unique_in_a_message() -> None:
    with pytest.raises(Refused, match="already exists"):
        message(section("a", block_id="one"), section("b", block_id="one"))


def test_one_table_a_message_even_inside_a_container() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "-"}]]}
    inside = {"type": "container", "title": plain("t"), "child_blocks": [table]}
    with pytest.raises(Refused) as refused:
        message(data_table(), inside)
    assert (refused.value.error, refused.value.messages) == ("invalid_attachments", ["only_one_table_allowed"])


def test_two_charts_a_message() -> None:
    assert len(message(bars(), pie(1))) == 2
    with pytest.raises(Refused, match="no more than 2 data_visualization"):
        message(bars(), pie(1), pie(1))


def test_markdown_counts_over_the_whole_message() -> None:
    with pytest.raises(Refused, match="in all markdown blocks"):
        message({"type": "markdown", "text": "m" * 7000}, {"type": "markdown", "text": "m" * 5001})


def test_a_workspace_may_not_know_a_block_yet() -> None:
    with pytest.raises(Refused, match="unsupported type: data_visualization"):
        check_message([bars()], lambda _: True, {"data_visualization"})


def test_missing_ids_are_filled_in() -> None:
    filled = message(section("x", accessory={"type": "button", "text": plain("Go")}))[0]
    assert filled["block_id"]
    assert filled["accessory"]["action_id"]


VIEWS: list[tuple[str, Json]] = [
    ("missing required field: submit", modal(field("a", {"type": "plain_text_input"}), submit=None)),
    ("must be less than 25 characters", modal(title=plain("t" * 25))),
    ("must be less than 3001 characters", modal(private_metadata="m" * 3001)),
    ("invalid additional property: submit", {"type": "home", "blocks": [], "submit": plain("Save")}),
    ("no more than 100 items", modal(*[{"type": "divider"} for _ in range(101)])),
    ("unsupported type: data_visualization", {"type": "home", "blocks": [bars()]}),
    ("unsupported type: data_table", modal(data_table())),
    ("unsupported type: markdown", modal({"type": "markdown", "text": "x"})),
    ("missing required field: type", {"type": "workflow_step"}),
    (
        "only one element may have focus_on_load",
        modal(*[field(f"f{i}", {"type": "plain_text_input", "focus_on_load": True}) for i in range(2)]),
    ),
]


@pytest.mark.parametrize(("why", "content"), VIEWS, ids=lambda value: value[:40] if isinstance(value, str) else "")
def test_views_have_rules_of_their_own(why: str, content: Json) -> None:
    with pytest.raises(Refused, match=why) as refused:
        view(content)
    assert refused.value.error == "invalid_arguments"


def test_a_view_above_250_kb_is_too_large() -> None:
    large = modal(*[section("é" * 1400) for _ in range(90)])
    with pytest.raises(Refused) as refused:
        view(large)
    assert refused.value.error == "view_too_large"


def test_home_shows_a_data_table_and_a_modal_takes_files() -> None:
    assert view({"type": "home", "blocks": [data_table()]})
    assert view(modal(field("f", {"type": "file_input", "max_files": 10, "filetypes": ["pdf"]})))


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["plain_text", "section", "button"]),
    lambda part: (
        st.lists(part, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "element", "options", "rows", "chart", "series", "accessory"]),
            part,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(
    anything, st.sampled_from(["section", "actions", "input", "data_table", "data_visualization", "container", "card"])
)
def test_nonsense_is_refused_and_never_breaks_the_check(nonsense: Any, kind: str) -> None:
    block = ({"type": kind} | nonsense) if isinstance(nonsense, dict) else nonsense
    for check in (lambda: message(block), lambda: view(modal(block))):
        try:
            check()
        except Refused as refused:
            assert refused.error in ("invalid_blocks", "invalid_arguments", "invalid_attachments")  # noqa: PT017
