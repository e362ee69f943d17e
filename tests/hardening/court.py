"""Takes each generated request to a real bot and judges what came of it: answers, logs, secrets, and what was saved."""

import hashlib
import io
import json
import logging
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bot.clock import system_clock
from playground.delivery import signed
from tests.handlers.settled import settled
from tests.handlers.town import SECRET, TEAM, Town
from tests.hardening.allowed import ADMINS, may_cause
from tests.hardening.neighbours import FAR, MAY_READ, WILLOW, neighbours
from tests.hardening.payloads import CANARY, SENDERS, Payload

# Of a failure that a person would read; what Slack never sends may be answered with a reference.
SIGNS = ("Traceback", "the reference", "went wrong")
SECRETS = {SECRET: "oak", WILLOW: "willow", FAR: "far"}
INJECTED = ("<!channel>", "<https://evil.example", "<script>")  # as generated texts have them
HOOK = "secret-url"  # of the response_url of a command
# What lines of the journal, rows of people and of the outbox may come without; and the counters that go with them.
APART = {"events", "chains", "counters", "people", "deliveries", "reminders", "alembic_version"}
CHANGES_STANDING = {"give role", "end role", "set up service", "change service"}
TELLS_OF_PEOPLE = ("event user_change", "event subteam_members_changed")
KEPT_LINES = 4000  # characters of a log that is shown with a complaint


@dataclass
class Court:
    """A town with its neighbours, and the complaints so far."""

    town: Town
    folder: Path
    far: dict[str, str]
    houses: dict[str, str]  # by the chain of the journal
    heard: io.StringIO
    complaints: list[str] = field(default_factory=list)
    marks: Counter[tuple[str, bool, str]] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    saved: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.web = self.town.house.program.web()
        self.look = sqlite3.connect(self.folder / "grip.db", isolation_level=None)
        self.first = sqlite3.connect(":memory:")
        self.look.backup(self.first)
        self._begin()
        self.hidden = [CANARY, HOOK, self.town.house.slack.bot_token, self.town.house.slack.signing_secret]

    def _begin(self) -> None:
        self.version = self._one("PRAGMA data_version")
        self.line = self._one("SELECT coalesce(max(rowid), 0) FROM events")
        self.post = self._one("SELECT coalesce(max(rowid), 0) FROM deliveries")
        self.plan = self._digest()

    def _one(self, question: str) -> Any:
        return self.look.execute(question).fetchone()[0]

    def restore(self) -> None:
        """Everything as it was at first."""
        with closing(sqlite3.connect(self.folder / "grip.db")) as now:
            self.first.backup(now)
        self._begin()

    def judge(self, payload: Payload) -> None:
        """Deliver one request and complain of whatever should not be."""
        seen = self.town.house.slack.hub.traffic.count
        status, answer = self._deliver(payload)
        traffic = self.town.house.slack.hub.traffic.after(seen, 1000)
        told = [item.payload for item in traffic]
        posts = self.look.execute("SELECT payload FROM deliveries WHERE rowid > ?", (self.post,)).fetchall()
        shown = " ".join([answer, json.dumps(told, default=str), *(row[0] for row in posts)])
        parsed = _parsed(answer, told, posts)
        self.answers[f"{'broken' if payload.broken else 'whole'} {status}"] += 1
        wrong = [
            *self._answered(payload, status, shown, parsed),
            *self._leaks(payload, shown),
            *self._log(payload, status),
            *self._kept(payload),
        ]
        if wrong and not self._known(payload, wrong):
            body = json.dumps(payload.body, default=str)[:700]
            refused = [(item.kind, item.status) for item in traffic if item.status != "ok"]
            self.complaints.append(f"{payload.name} by {payload.who}: {'; '.join(wrong)}\n    {refused} {body}")
        if payload.name in TELLS_OF_PEOPLE:
            self.restore()

    def _known(self, payload: Payload, wrong: list[str]) -> bool:
        """Whether the same was said before: hypothesis likes to dwell on things."""
        mark = (payload.name.split("#")[0], payload.broken, wrong[0][:25])
        self.marks[mark] += 1
        return self.marks[mark] > 1

    def _deliver(self, payload: Payload) -> tuple[int, str]:
        if payload.kind == "events_api":
            body, content = json.dumps(payload.body).encode(), "application/json"
        else:
            form = payload.body if payload.kind == "slash_commands" else {"payload": json.dumps(payload.body)}
            body, content = urlencode(form, errors="replace").encode(), "application/x-www-form-urlencoded"
        stamped = signed(self.town.house.slack.signing_secret, body, system_clock().timestamp())
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/slack/events",
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": content,
            "wsgi.input": io.BytesIO(body),
            **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in stamped.items()},
        }
        statuses: list[str] = []
        chunks = self.web(environ, lambda status, _headers: statuses.append(status))
        return int(statuses[0].split()[0]), b"".join(chunks).decode()

    def _answered(self, payload: Payload, status: int, shown: str, parsed: str) -> Iterator[str]:
        if status != 200 and not (payload.broken and status in (400, 404)):
            yield f"answered {status}"
        if found := sorted({each for each in INJECTED if each in parsed}):
            yield f"Slack would act on {found}"
        if found := [sign for sign in SIGNS[: 1 if payload.broken else 3] if sign in shown]:
            yield f"a person reads {found}"

    def _leaks(self, payload: Payload, shown: str) -> Iterator[str]:
        for secret, house in SECRETS.items():
            if secret in shown and house not in _houses(payload):
                at = shown.index(secret)
                yield f"shows {house}: {shown[max(0, at - 150) : at + 50]}"

    def _log(self, payload: Payload, status: int) -> Iterator[str]:
        log = self.heard.getvalue()
        self.heard.seek(0)
        self.heard.truncate()
        if found := [each for each in self.hidden if each in log]:
            yield f"the log holds {found}: {log[-KEPT_LINES:]}"
        elif "Traceback" in log and (status >= 500 or not payload.broken):
            yield f"failed: {log[-KEPT_LINES:]}"

    def _kept(self, payload: Payload) -> Iterator[str]:
        """What was saved: lines of the journal by the right person alone, and nothing beside them."""
        version = self._one("PRAGMA data_version")
        if version == self.version:
            return
        self.version = version
        self.post = self._one("SELECT coalesce(max(rowid), 0) FROM deliveries")
        lines = self.look.execute(
            "SELECT e.chain, e.verb, p.workspace_id, p.slack_id FROM events e LEFT JOIN people p ON p.id = e.person_id "
            "WHERE e.rowid > ?",
            (self.line,),
        ).fetchall()
        self.line = self._one("SELECT coalesce(max(rowid), 0) FROM events")
        for chain, verb, team, slack_id in lines:
            yield from self._line(payload, chain, verb, (team, slack_id))
        plan = self._digest()
        if plan != self.plan and not lines:
            yield "changed the plan without a line in the journal"
        self.plan = plan
        if CHANGES_STANDING & {line[1] for line in lines}:
            self.restore()

    def _owns_an_action(self, slack_id: str) -> bool:
        """Whether somebody made them the owner of an action in the course of the run."""
        owned = "SELECT count(*) FROM actions a JOIN people p ON p.id = a.owner_id WHERE p.slack_id = ?"
        return bool(self.look.execute(owned, (slack_id,)).fetchone()[0])

    def _line(self, payload: Payload, chain: str, verb: str, writer: tuple[str, str]) -> Iterator[str]:
        who = _who(payload)
        sender = SENDERS[who]
        self.saved[who, verb] += 1
        if writer != (sender.team, sender.slack_id):
            yield f"'{verb}' stands in the name of {writer}"
        house = self.houses.get(chain)
        if house is None and who in ADMINS:
            return  # a service, or a workspace, of the administrator's own making
        if house not in _houses(payload):
            yield f"'{verb}' was written into the journal of {house or chain}"
        elif not may_cause(who, verb, owner=self._owns_an_action(sender.slack_id)):
            yield f"'{verb}' is none of theirs"

    def _digest(self) -> str:
        """Everything in the plan, without what the machinery keeps for itself."""
        names = [row[0] for row in self.look.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = hashlib.sha256()
        for name in sorted(names):
            if name in APART or name.startswith(("search", "sqlite")):
                continue
            columns = [row[1] for row in self.look.execute(f"PRAGMA table_info({name})") if row[1] != "wake_at"]
            chosen = ", ".join(f'"{column}"' for column in columns)
            for row in self.look.execute(f"SELECT {chosen} FROM {name} ORDER BY rowid"):  # noqa: S608 - our own names
                found.update(repr(row).encode("utf-8", "replace"))
        return found.hexdigest()


def _parsed(answer: str, told: list[Any], posts: list[Any]) -> str:
    """All of what was said that Slack looks through for links and mentions: mrkdwn, and the text of messages."""
    said = [answer, *(post[0] for post in posts)]
    return "\n".join(_marked([json.loads(each) for each in said if each.startswith(("{", "["))] + told))


def _marked(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _marked(each)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str) and value.get("type") in (None, "mrkdwn"):
            yield value["text"]
        for each in value.values():
            yield from _marked(each)
    elif isinstance(value, str) and value.startswith(("[{", '{"')):
        try:
            packed = json.loads(value)
        except ValueError:
            return
        yield from _marked(packed)


def _who(payload: Payload) -> str:
    """Who the sender is. A visitor whose request lost the workspace that is visited is at home."""
    return "far" if payload.who == "visitor" and payload.broken else payload.who


def _houses(payload: Payload) -> set[str]:
    """Where the sender has a role."""
    return MAY_READ.get(_who(payload), set())


@contextmanager
def court(folder: Path) -> Iterator[Court]:
    """A running bot and a record of everything that it prints and logs."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    logging.getLogger().addHandler(handler)
    try:
        with redirect_stdout(heard), redirect_stderr(heard), settled(folder, signing=True) as town:
            far, houses = neighbours(town)
            found = Court(town, folder, far, {**houses, town.house.service.id: "oak", TEAM: "oak"}, heard)
            yield found
            found.look.close()
            found.first.close()
    finally:
        logging.getLogger().removeHandler(handler)
