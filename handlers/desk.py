"""What every listener works with: the desk of the whole program, and the one call it is answering."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol, TypeVar

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.clock import Clock
from bot.errors import Refusal
from bot.plan.people import Person
from bot.settings import Settings
from bot.work import Store, Work
from handlers.views.parts import SAID

log = structlog.get_logger(__name__)


class Files(Protocol):
    """Where evidence files are kept, by their SHA-256 in hexadecimal."""

    def put(self, chunks: Any, *, limit: int) -> tuple[str, int]:
        """Keep a stream of byte chunks; gives (sha256, size in bytes). Raises TooLarge beyond `limit` bytes."""
        ...

    def get(self, sha256: str) -> bytes:
        """The bytes kept under a digest. Raises FileNotFoundError where there are none."""
        ...

    def blocks(self, sha256: str) -> Iterator[bytes]:
        """The same a block at a time. Raises FileNotFoundError where there are none."""
        ...

    def check(self, sha256: str) -> bool:
        """Whether they still have that digest. Raises FileNotFoundError where they are gone."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of the program that listeners use."""

    store: Store
    settings: Settings
    clock: Clock
    files: Files
    client_of: Callable[[str], WebClient]  # a workspace's client, never retrying by itself
    removed: Callable[[str, datetime], None] = lambda _workspace_id, _at: None  # the app was removed there
    rest: Callable[[datetime], None] = lambda _now: None  # leaves alone what came where it was removed
    away: Callable[[BaseException], bool] = lambda _error: False  # whether it says that the database is lost


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person is shown: full text for screen readers and blocks for eyes."""

    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Show:
    """A form's answer: put this view in the place of the present one, or (`push`) on top of it."""

    view: dict[str, Any]
    push: bool = False


STALE = "This belongs to an older message or form and does nothing any more. Start again with /sip."
E = TypeVar("E", bound=Enum)


class Carried(dict[str, Any]):
    """What a button or form brings along. What is not there is answered in words: only something that is older than
    this version of the program, or was not made by it, comes without."""

    def __missing__(self, key: str) -> Any:
        raise Refusal(STALE)


def chosen(kinds: type[E], named: object) -> E:
    """The one of some kinds that a button or form names, by its value or its name. Raises Refusal for none of them."""
    found = next((kind for kind in kinds if str(named) in (str(kind.value), kind.name)), None)
    if found is None:
        raise Refusal(STALE)
    return found


def several(found: object) -> list[Any]:
    """The list that a form carries. Raises Refusal for anything else."""
    if not isinstance(found, list):
        raise Refusal(STALE)
    return found


def whole(value: object) -> int:
    """A number that a button or a choice carries. Raises Refusal where it carries something else."""
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Refusal(STALE)
    return int(text)


def chosen_day(text: str) -> date:
    """The day that a button or a form's choice names. Raises Refusal for what names none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(STALE) from None


class NeedsClick(Exception):
    """A form is needed where words came without a click; Slack opens forms for clicks alone."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request of one person. Which fields are filled depends on what they used: words, a button or a form."""

    desk: Desk
    person: Person
    now: datetime
    request_id: str
    client: WebClient
    channel: str | None = None
    thread_ts: str | None = None
    trigger_id: str = ""
    text: str = ""  # words after the verb
    value: Mapping[str, Any] = field(default_factory=dict)  # what a button carries
    values: Mapping[str, Any] = field(default_factory=dict)  # what a form holds, by field
    meta: Mapping[str, Any] = field(default_factory=dict)  # what a form was opened with
    message: Mapping[str, Any] = field(default_factory=dict)  # the message a shortcut or button belongs to
    view: Mapping[str, Any] = field(default_factory=dict)  # the view a button belongs to

    def saying(self, text: str) -> "Call":
        """The same call with other words."""
        return replace(self, text=text)

    def transaction(self) -> AbstractContextManager[Work]:
        """A unit of work over the plan of the person's workspace."""
        return self.desk.store.transaction(self.person.workspace_id)

    def change(self, view: dict[str, Any]) -> None:
        """Put this in the place of the form that the person looks at. Where that is gone meanwhile, nothing changes and
        what is missing then is asked for when it is sent."""
        try:
            self.client.views_update(view_id=self.view["id"], view=view)
        except (SlackClientError, OSError) as error:
            log.warning("form not changed", error=type(error).__name__)

    def open(self, view: dict[str, Any]) -> None:
        """Show a form to the person: on top of the one they look at, or as the first. Raises NeedsClick.

        A page that only says something gives its place to the form: Slack stacks three windows at most, and people who
        add one thing after another would come to the fourth."""
        if not self.trigger_id:
            raise NeedsClick
        if self.view.get("type") != "modal":
            self.client.views_open(trigger_id=self.trigger_id, view=view)
        elif self.view.get("callback_id") == SAID:
            self.client.views_update(view_id=self.view["id"], view=view)
        else:
            self.client.views_push(trigger_id=self.trigger_id, view=view)


Run = Callable[[Call], Answer | None]
Submit = Callable[[Call], Answer | Show | None]


@dataclass(frozen=True, slots=True)
class Verb:
    """A sub-command: `/sip name`. `usage` shows what may follow it.

    `reads`: its words are looked for and not kept. `form` opens its form with the words in it."""

    name: str
    help: str
    run: Run
    usage: str = ""
    also: tuple[str, ...] = ()
    reads: bool = False
    form: Run | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press or choose, by its action id (what follows a `#` in the id is not part of it)."""

    id: str
    run: Run


@dataclass(frozen=True, slots=True)
class Advice:
    """What could be said better in a form: remarks by field, and suggestions for fields that were left empty, with the
    reason for each (`hints`), which are made together with a remark alone.

    `urgent`: it is not held for its wording; that it was saved as worded goes into the journal all the same."""

    remarks: Mapping[str, Sequence[str]] = field(default_factory=dict)
    hints: Mapping[str, Sequence[str]] = field(default_factory=dict)
    prefill: Mapping[str, str] = field(default_factory=dict)
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """What happens when the form of this callback id is submitted; `coach` looks at the wording before."""

    id: str
    submit: Submit
    coach: Callable[[Call], Advice] | None = None


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A global or message shortcut, by its callback id."""

    id: str
    run: Run


@dataclass(frozen=True, slots=True)
class Feature:
    """All the ways the outside reaches one noun."""

    name: str
    verbs: tuple[Verb, ...] = ()
    buttons: tuple[Button, ...] = ()
    forms: tuple[Form, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
