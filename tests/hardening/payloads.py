"""What a hostile or confused Slack could send: every verb, button, form, shortcut and event, filled with anything.

Ids come from the real registry, so that what is added later is fuzzed without a line here."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from handlers import FEATURES, pressable, verbs
from tests.handlers.conftest import PEOPLE
from tests.handlers.town import CHANNEL, OTHER, TEAM, VALUES, Json, Outsider, Town

CANARY = "kestrel"  # stands in texts that people type; no log may hold it
REFS = ("A1", "A2", "P1", "M1", "S1", "X1", "X2", "R1", "L1", "E1", "W1", "A999999999", "A31", "P2", "Q9", "3", "a 1")
NASTY = (
    *(
        "=HYPERLINK(1)",
        "+1+1",
        "-2",
        "@SUM(A1)",
        "<!channel>",
        "<@U0RUTH>",
        "<https://evil.example|x>",
        "*b* _i_ `c`",
    ),
    *(
        "\x00\x07\x1b[31m",
        "\u202egnirts",
        "a\u0300" * 50,
        "😀" * 40,
        "' OR 1=1 --",
        "{0}%s${x}",
        "../../x",
    ),
    *("&lt;&amp;", "<script>alert(1)</script>", "9" * 40, "1e400", "NaN", "-1", "12/0", "31 February", "2027-13-45"),
    *(" " * 30, "\n" * 30, "943 476 5919", "x" * 3001, "y" * 12_000),
)
TYPED = ("0", "20", "10/20", "2027-02-01", "09:00")
EVENTS = (
    *("app_home_opened", "app_mention", "message", "user_change", "member_joined_channel", "subteam_members_changed"),
    *("app_uninstalled", "tokens_revoked", "reaction_added", "team_join", "link_shared", "no_such_event"),
)
SENDERS = {
    **{name: Outsider(slack_id) for name, (slack_id, _, _) in PEOPLE.items()},
    "stranger": Outsider("U0NEWMAN"),
    "guest": Outsider("U0GUEST"),
    "gone": Outsider("U0GONE"),
    "willow": Outsider("U0WILLOW"),
    "far": Outsider("U0FARM", OTHER, OTHER),
    "visitor": Outsider("U0FARM", TEAM, OTHER),
}


@dataclass(frozen=True)
class Payload:
    """One request: how Slack would deliver it, in whose name, and whether its shape is one that Slack never sends."""

    kind: str  # slash_commands, interactive or events_api
    who: str
    name: str
    body: Any
    broken: bool


def encoded(text: str) -> str:
    """As Slack sends what was typed: nothing in it is a mention or a link, however it looks."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Generator:
    """Strategies over the ids of one town; `far` are ids of records in other services and workspaces."""

    def __init__(self, town: Town, far: Mapping[str, str]) -> None:
        self.town = town
        own = [value for value in town.ids.values() if isinstance(value, str)]
        self.ids = st.sampled_from([*own, *far.values(), *REFS, "", "01J", "0" * 26, TEAM, OTHER, CHANNEL])
        self.buttons = sorted(pressable(verbs()))
        self.forms = sorted(form.id for feature in FEATURES for form in feature.forms)
        self.shortcuts = sorted(shortcut.id for feature in FEATURES for shortcut in feature.shortcuts)
        self.fields = sorted({*VALUES, *town.ids})
        typed = st.one_of(
            st.sampled_from(NASTY),
            st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
            st.sampled_from(REFS),
        )
        self.words = st.lists(typed, max_size=4).map(" ".join).map(lambda text: f"{text} {CANARY}"[-12_000:])
        self.junk = st.one_of(
            *(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.just([]), st.just({}), st.just([None])),
            *(self.words, self.ids, st.just({"id": {"id": 1}}), st.just([[[]]]), st.just("half \ud800")),
        )
        self.filling = st.one_of(self.ids, self.words)
        self.who = st.sampled_from(sorted(SENDERS))

    def payloads(self) -> st.SearchStrategy[Payload]:
        """Anything at all."""
        makers = (self.command, self.button, self.button, self.form, self.form, self.closed, self.options)
        kinds: list[st.SearchStrategy[Payload]] = [self._made(make) for make in (*makers, self.shortcut, self.event)]
        return st.one_of(*kinds)

    def _made(self, make: Callable[[Any, str], tuple[str, str, Json]]) -> st.SearchStrategy[Payload]:
        @st.composite
        def drawn(draw: Any) -> Payload:
            who = draw(self.who)
            broken = draw(st.integers(0, 3)) == 0
            self.filling = st.one_of(self.ids, self.words, *([self.junk] if broken else []))
            kind, name, body = make(draw, who)
            if broken:
                for _ in range(draw(st.integers(1, 3))):
                    body = self._break(draw, body)
            return Payload(kind, who, name, body, broken)

        return drawn()

    def _break(self, draw: Any, body: Any) -> Any:
        """The same body with something missing, or something else in its place, wherever."""
        body = deepcopy(body)
        place = body
        while True:
            keys = [*place] if isinstance(place, dict) else [*range(len(place))]
            if not keys:
                return body
            key = draw(st.sampled_from(keys))
            if isinstance(place[key], (dict, list)) and place[key] and draw(st.integers(0, 3)):
                place = place[key]
                continue
            if draw(st.booleans()):
                del place[key]
            else:
                place[key] = draw(self.junk)
            return body

    def command(self, draw: Any, who: str) -> tuple[str, str, Json]:
        """`/sip` with any verb and anything after it."""
        verb = draw(st.sampled_from([*(verb.name for verb in verbs()), "", "lgo", "weather"]))
        rest = draw(st.lists(st.one_of(st.sampled_from(REFS), self.words, self.ids), max_size=3))
        text = " ".join([verb, *rest])
        body = self.town.command(SENDERS[who], encoded(text) if draw(st.booleans()) else text)
        flat = {name: value for name, value in body.items() if isinstance(value, str)}
        return "slash_commands", f"/sip {verb}", flat | {"response_url": "https://hooks.example.org/secret-url"}

    def _carried(self, draw: Any) -> Json:
        """What a button or a form carries: own ids, other tenants' ids in any field, or anything."""
        given = dict(self.town.ids)
        for name in draw(st.lists(st.sampled_from(self.fields), max_size=6)):
            given[name] = draw(self.filling)
        for name in draw(st.lists(st.sampled_from(sorted(given)), max_size=4)):
            given.pop(name, None)
        return given

    def button(self, draw: Any, who: str) -> tuple[str, str, Json]:
        """A press or a choice, on a message, in a form or on Home."""
        name = draw(st.sampled_from([*self.buttons, "no.such.button"]))
        body = self.town.button(SENDERS[who], name + draw(st.sampled_from(["", "", "#x", "#A1"])))
        value = json.dumps(self._carried(draw)) if draw(st.integers(0, 9)) else draw(self.words)
        action = body["actions"][0]
        if draw(st.integers(0, 3)) == 0:
            action |= {"type": "static_select", "selected_option": {"value": value[:150]}, "value": None}
        else:
            action["value"] = value
        if draw(st.integers(0, 4)) == 0:
            body |= {"view": {"id": "V2", "type": "home", "hash": "1", "callback_id": "", "blocks": []}}
            body.pop("response_url", None)
        return "interactive", f"button {name}", body

    def form(self, draw: Any, who: str) -> tuple[str, str, Json]:
        """A form with anything in its fields and its memory."""
        name = draw(st.sampled_from([*self.forms, "no.such.form"]))
        more = {}
        for field in draw(st.lists(st.sampled_from(self.fields), max_size=5)):
            more[field] = draw(st.one_of(self.ids, self.words, st.none(), st.sampled_from(TYPED)))
        body = self.town.form(SENDERS[who], name, more)
        if draw(st.booleans()):
            body["view"]["private_metadata"] = json.dumps(self._carried(draw))
        return "interactive", f"form {name}", body

    def closed(self, draw: Any, who: str) -> tuple[str, str, Json]:
        """A form that was closed."""
        _, name, body = self.form(draw, who)
        return "interactive", f"closed {name}", body | {"type": "view_closed", "is_cleared": draw(st.booleans())}

    def options(self, draw: Any, who: str) -> tuple[str, str, Json]:
        """A list that is asked for its choices; Grip has none, so nobody should be harmed by asking."""
        base = self.town.base(SENDERS[who], "block_suggestion")
        name = draw(st.sampled_from([*self.buttons, *self.fields]))
        return "interactive", f"options {name}", base | {"action_id": name, "block_id": "b", "value": draw(self.words)}

    def shortcut(self, draw: Any, who: str) -> tuple[str, str, Json]:
        """Both kinds of shortcut, on any message."""
        name = draw(st.sampled_from([*self.shortcuts, "no_such_shortcut"]))
        body = self.town.shortcut(SENDERS[who], name)
        body["message"]["text"] = draw(self.words)
        if draw(st.booleans()):
            body["message"]["files"] = [draw(self._file())]
        if draw(st.booleans()):
            body = {k: v for k, v in body.items() if k not in {"message", "channel", "message_ts"}} | {
                "type": "shortcut"
            }
        return "interactive", f"shortcut {name}", body

    def _file(self) -> st.SearchStrategy[Json]:
        sizes = st.sampled_from([0, 10, 10**12, -1])
        name = st.one_of(self.words, st.sampled_from(["bomb.zip", "evil.svg", "page.html"]))
        known: dict[str, Any] = {"id": st.sampled_from(["F1", "F0NONE"]), "name": name, "size": sizes}
        known["url_private_download"] = st.sampled_from(
            ["https://evil.example/x", "http://127.0.0.1:1/x", "file:///etc/passwd"]
        )
        return st.fixed_dictionaries(known, optional={"mimetype": st.sampled_from(["image/svg+xml", "text/html", ""])})

    def event(self, draw: Any, who: str) -> tuple[str, str, Json]:
        """An event of any type."""
        name = draw(st.sampled_from(EVENTS))
        sender = SENDERS[who]
        event: Json = {
            "type": name,
            "user": sender.slack_id,
            "channel": CHANNEL,
            "text": draw(self._said()),
            "ts": "1.1",
        }
        if name == "message":
            event |= {"channel_type": "im", "channel": "D1"} | (
                {"files": [draw(self._file())]} if draw(st.booleans()) else {}
            )
        elif name == "app_home_opened":
            event |= {"tab": draw(st.sampled_from(["home", "messages"]))}
        elif name == "user_change":
            event["user"] = {"id": sender.slack_id, "name": draw(self.words), "team_id": sender.team, "profile": {}}
        elif name == "member_joined_channel":
            event |= {"inviter": sender.slack_id}
        elif name == "subteam_members_changed":
            event |= {"subteam_id": "S0OAKTEAM", "added_users": [sender.slack_id], "removed_users": []}
        elif name == "tokens_revoked":
            event |= {"tokens": {"oauth": ["U1"], "bot": draw(st.sampled_from([[], ["U0B"]]))}}
        body = {"type": "event_callback", "team_id": sender.team, "event": event, "event_time": 1_800_000_000}
        body |= {"event_id": f"Ev{draw(st.integers(0, 2**40))}", "api_app_id": "A0GRIP", "token": "unused"}
        return "events_api", f"event {name}", body | {"authorizations": [{"team_id": sender.team, "user_id": "U0GRIP"}]}

    def _said(self) -> st.SearchStrategy[str]:
        said = st.sampled_from([*(verb.name for verb in verbs()), "what is overdue?", "A1 done", "hello"])
        return st.tuples(said, self.words).map(" ".join)
