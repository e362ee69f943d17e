"""A person in the stand-in for tests and checks: everything that the page lets one do, over the play API."""

import ssl
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, TypeVar

import httpx

from playground.filling import element_of, field_of, given, option_of
from playground.modals import FIELD

Json = dict[str, Any]
Found = TypeVar("Found")
NO_HTTPS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""The stand-in speaks plain HTTP; an empty context spares loading certificates for every client."""


SHOWN = frozenset(
    ["text", "name", "label", "title", "caption", "placeholder", "hint", "x_label", "y_label", "alt_text"]
)
"""Fields of blocks that hold words for people."""


def wait_for(look: Callable[[], Found], seconds: float = 20.0, every: float = 0.005) -> Found:
    """Ask `look` until it answers something true (returned), at most `seconds`; then AssertionError.

    An AssertionError, LookupError or TypeError in `look` counts as "not yet"; the last one is shown at the end.
    """
    deadline = time.monotonic() + seconds
    last: object = None
    while time.monotonic() < deadline:
        try:
            last = look()
        except (AssertionError, LookupError, TypeError) as not_yet:
            last = not_yet
        else:
            if last:
                return last
        time.sleep(every)
        every = min(every * 1.3, 0.1)
    raise AssertionError(f"Waited {seconds} seconds in vain; the last look gave {last!r}")


def words(thing: Json | list[Any] | None) -> str:
    """Every word that a message or view shows (its blocks, and a message's text), for `assert "..." in words(m)`."""
    return "\n".join(_words(thing))


def _words(thing: Any) -> Iterator[str]:
    if isinstance(thing, list):
        for each in thing:
            yield from _words(each)
    elif isinstance(thing, dict):
        typed = thing.get("type") in FIELD  # a button's value is not shown, what somebody typed is
        for key, value in thing.items():
            if key in SHOWN:
                yield from [value] if isinstance(value, str) else _words(value)
            elif key in ("value", "initial_value") and (typed or not isinstance(value, str)):
                yield from [str(value)] if isinstance(value, str | int | float) else _words(value)
            elif isinstance(value, dict | list) and key not in ("files", "metadata", "bot_profile", "edited"):
                yield from _words(value)


class Actor:
    """One person. `base_url` is the stand-in's (`slack.url`), `user` a user id.

    What is done (`command`, `click`, `submit`, ...) answers `{ok, error?, ack_ms, response}` (`submit` with `errors` by
    block_id) and does not raise on a refusal. What is looked at (`messages`, `modal`, ...) are Slack's own values.
    Channels may be given by id or name; without one, the conversation with the app is meant.
    """

    def __init__(self, base_url: str, user: str) -> None:
        self.user = user
        self.http = httpx.Client(base_url=base_url, trust_env=False, verify=NO_HTTPS, timeout=30)
        self._ids: dict[str, str] = {}

    def close_line(self) -> None:
        """Let go of the connection to the stand-in."""
        self.http.close()

    def _get(self, path: str, **params: Any) -> Json:
        answer = self.http.get(f"/play/{path}", params={"user": self.user} | params)
        found: Json = answer.json()
        if answer.status_code != 200:
            raise LookupError(found.get("error", answer.text))
        return found

    def _post(self, path: str, **body: Any) -> Json:
        found: Json = self.http.post(f"/play/{path}", json={"user": self.user} | body).json()
        return found

    # looking

    def state(self) -> Json:
        """Workspace, people, channels, the app and the clock, as the page sees them."""
        return self._get("state")

    def channel(self, name: str | None = None) -> str:
        """A channel's id by id or name ("oak-house"); None is that with the app, a user id that with them."""
        wanted = (name or "").lstrip("#")
        if wanted not in self._ids:
            state = self.state()
            self._ids |= {c["name"]: c["id"] for c in state["channels"]} | {c["id"]: c["id"] for c in state["channels"]}
            self._ids |= {im["user"]: im["id"] for im in state["ims"]} | {im["id"]: im["id"] for im in state["ims"]}
            self._ids[""] = self._ids[state["app"]["bot_user_id"]]
        return self._ids.get(wanted, wanted)

    def messages(self, channel: str | None = None, thread_ts: str | None = None) -> list[Json]:
        """What this person sees there, oldest first, ephemerals included; each message with its `channel`."""
        where = self.channel(channel)
        more = {"thread_ts": thread_ts} if thread_ts else {}
        found: list[Json] = self._get("messages", channel=where, **more)["messages"]
        return found

    def dm(self) -> list[Json]:
        """The conversation with the app."""
        return self.messages()

    def last(self, channel: str | None = None, thread_ts: str | None = None) -> Json:
        """The newest message there; IndexError when there is none."""
        return self.messages(channel, thread_ts)[-1]

    def told(self, channel: str | None = None) -> Json:
        """The newest answer there that only this person sees, posts since then apart; IndexError: there is none."""
        return [message for message in self.messages(channel) if message["ephemeral"]][-1]

    def views(self) -> list[Json]:
        """This person's stack of modals, root first."""
        found: list[Json] = self._get("views")["stack"]
        return found

    def modal(self) -> Json | None:
        """The modal on top, if one is open."""
        stack = self.views()
        return stack[-1] if stack else None

    def home(self, quiet: bool = False) -> Json | None:
        """Home as last published; unless `quiet`, opening it is told to the app (wait for what it publishes)."""
        found: Json | None = self._get("home", **({"quiet": 1} if quiet else {}))["view"]
        return found

    def file(self, file_id: str) -> bytes:
        """A file's content as this person may download it."""
        return self.http.get(f"/play/file/{file_id}", params={"user": self.user}).content

    def see(self, text: str, channel: str | None = None, thread_ts: str | None = None, seconds: float = 20.0) -> Json:
        """Wait for a message that shows `text`, and give the newest such one."""

        def look() -> Json:
            return [m for m in self.messages(channel, thread_ts) if text in words(m)][-1]

        return wait_for(look, seconds)

    def see_modal(self, text: str = "", seconds: float = 20.0) -> Json:
        """Wait for a modal (that shows `text`) on top."""

        def look() -> Json:
            return [top for top in self.views()[-1:] if text in words(top)][-1]

        return wait_for(look, seconds)

    # doing

    def command(self, text: str, channel: str | None = "oak-house") -> Json:
        """Type a slash command, e.g. `command("/sip status")`."""
        return self._post("command", channel=self.channel(channel), text=text)

    def say(
        self, text: str, channel: str | None = None, thread_ts: str | None = None, files: list[str] | None = None
    ) -> Json:
        """Write a message (`@grip` mentions the app), with uploaded files by id: `{ok, ts, channel}`."""
        return self._post(
            "message", channel=self.channel(channel), text=text, thread_ts=thread_ts, file_ids=files or []
        )

    def upload(self, name: str, content: bytes, channel: str | None = None, text: str = "", mimetype: str = "") -> str:
        """Upload a file and give its id; with a channel it is shared there at once."""
        params = {"user": self.user, "name": name} | (
            {"channel": self.channel(channel), "text": text} if channel else {}
        )
        headers = {"Content-Type": mimetype} if mimetype else {}
        answer = self.http.post("/play/upload", params=params, content=content, headers=headers).json()
        if not answer["ok"]:
            raise LookupError(answer["error"])
        ident: str = answer["file"]["id"]
        return ident

    def click(self, where: Json, action_id: str = "", *, text: str = "", value: str = "", **choice: Any) -> Json:
        """Press a button (or act on another element) of a message or view, found by action_id, shown text or value.

        A select, picker or typed field with `dispatch_action` takes its choice as keyword: `selected_option="id"`,
        `selected_date="2026-01-31"`, `value="..."`, ...; `state={block_id: {action_id: {...}}}` gives typed inputs.
        LookupError (naming what is there) when no element fits.
        """
        block, element = element_of(where, action_id, text, value)
        if element["type"] in FIELD and value:
            choice.setdefault(FIELD[element["type"]], value)
        ids = {"block_id": block["block_id"], "action_id": element["action_id"], "type": element["type"]}
        return self._post("action", container=_place(where), **ids, **choice)

    def choose(self, where: Json, action_id: str, choice: Any) -> Json:
        """Choose in a select, picker, overflow or set of boxes: an option's value or text, a date, an id, or a list."""
        block, element = element_of(where, action_id)
        field = FIELD.get(element["type"], "selected_option")
        chosen = given(element, choice, self.upload)[field] if element["type"] in FIELD else option_of(element, choice)
        ids = {"block_id": block["block_id"], "action_id": action_id, "type": element["type"]}
        return self._post("action", container=_place(where), **ids, **{field: chosen})

    def fill(self, view: Json, answers: dict[str, Any]) -> Json:
        """The `values` of a form for answers by block_id, action_id or label.

        Texts and numbers as such, options by value or text, lists where several may be chosen, dates and times as
        `date`/`datetime` or text, people and channels by id, files as ids or `(name, content)` pairs to upload.
        LookupError when a form has no such field.
        """
        values: Json = {}
        for name, answer in answers.items():
            block, element = field_of(view, name)
            values.setdefault(block["block_id"], {})[element["action_id"]] = given(element, answer, self.upload)
        return values

    def submit(self, answers: dict[str, Any] | None = None, view: Json | None = None) -> Json:
        """Fill the modal on top (or `view`) and press its submit button; `errors` by block_id when it is refused."""
        form = view or self.modal()
        if form is None:
            raise LookupError("No modal is open.")
        return self._post("submit", view_id=form["id"], values=self.fill(form, answers or {}))

    def close(self, view: Json | None = None, everything: bool = False) -> Json:
        """Press Cancel on the modal on top (or `view`); with `everything` the cross, which closes the whole stack."""
        form = view or self.modal()
        if form is None:
            raise LookupError("No modal is open.")
        return self._post("close", view_id=form["id"], all=everything)

    def shortcut(self, callback_id: str) -> Json:
        """Start a global shortcut."""
        return self._post("shortcut", callback_id=callback_id)

    def message_shortcut(self, callback_id: str, message: Json) -> Json:
        """Start a message shortcut on a message."""
        return self._post("message_shortcut", callback_id=callback_id, channel=message["channel"], ts=message["ts"])

    def options(self, where: Json, action_id: str, typed: str = "") -> list[Json]:
        """What an external select offers for the typed text."""
        block, _ = element_of(where, action_id)
        ids = {"block_id": block["block_id"], "action_id": action_id, "value": typed}
        found: list[Json] = self._post("options", **_place(where), **ids)["options"]
        return found

    def move_clock(self, to: datetime | str | None = None, advance_seconds: float = 0.0) -> Json:
        """Move the stand-in's clock (and the bot's, which follows the clock file) forwards."""
        if to is not None:
            return self._post("clock", to=to if isinstance(to, str) else to.isoformat())
        return self._post("clock", advance_seconds=advance_seconds)


def _place(where: Json) -> Json:
    """Which view or message this is, as the play API wants it named."""
    return {"view_id": where["id"]} if "hash" in where else {"channel": where["channel"], "ts": where["ts"]}
