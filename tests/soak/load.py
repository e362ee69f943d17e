"""The load of the soak: signed requests at a steady rate, repeated as Slack and people repeat them, and a ledger."""

import json
import random
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httpx

from playground.clock import real
from playground.delivery import signed
from tests.faults.scene import TEAM
from tests.soak.town import Home

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
SENDERS = 96
TRIES = 10
LONGEST_WAIT = 4.0  # seconds between two tries
GRACE = 5.0  # seconds after the database is back in which its absence may still be felt
SLACK_WAITS = 3.0  # seconds
AGAIN = 0.03  # share of the acknowledged that is delivered once more
SAVED = re.compile(r"Saved as E(\d+) for ")
DONE_BEFORE = "already"
WENT_WRONG = "Something went wrong"

# What people say, and how often in a hundred.
MIX = (("log", 80), ("mine", 8), ("overdue", 5), ("find sheet", 3), ("status", 1), ("register 2", 1), ("home", 2))
WORDS = ("Briefed", "Observed", "Walked round with", "Supervised", "Checked the files with", "Talked to", "Showed")
WHOM = ("the night staff", "two new starters", "the early shift", "agency staff", "the kitchen", "the seniors")


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that one person does, with everything that makes its repetition the same."""

    kind: str
    body: bytes
    content: str
    word: str = ""  # for a log: the word by which its entry is known


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that nobody should get: when (monotonic seconds), to what, and how it failed."""

    at: float
    kind: str
    how: str


@dataclass
class Ledger:
    """What was asked for and what was answered."""

    tried: set[str] = field(default_factory=set)  # words of logs that were sent at all
    acknowledged: dict[str, int] = field(default_factory=dict)  # word -> number of the entry
    changed_number: list[str] = field(default_factory=list)  # words that a repetition gave another number
    answers: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: list[Failure] = field(default_factory=list)
    unreachable: int = 0  # tries that met a replica that was just dead
    absences: list[tuple[float, float]] = field(default_factory=list)  # of the database
    held: int = 0  # requests that were not sent because every sender still waited for an answer
    slow: int = 0  # answers that Slack would not have waited for

    @property
    def unexplained(self) -> list[Failure]:
        """Failures while the database was there."""
        return [f for f in self.failures if not any(a <= f.at <= b + GRACE for a, b in self.absences)]

    @contextmanager
    def absence(self) -> Iterator[None]:
        """The database is away in this block."""
        began = time.monotonic()
        self.absences.append((began, float("inf")))
        try:
            yield
        finally:
            self.absences[-1] = (began, time.monotonic())


class Load:
    """So many requests a second to the replicas in turn, until it is stopped; every try is signed anew."""

    def __init__(self, urls: Sequence[str], secret: str, homes: Sequence[Home], rate: float, seed: int) -> None:
        self.ledger = Ledger()
        self._urls, self._secret, self._homes, self._rate = urls, secret, homes, rate
        self._dice = random.Random(seed)
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._free = threading.Semaphore(SENDERS)
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="sender")
        limits = httpx.Limits(max_connections=SENDERS * 2, max_keepalive_connections=SENDERS)
        self._client = httpx.Client(trust_env=False, timeout=60, limits=limits)
        self._thread = threading.Thread(target=self._pace, name="load", daemon=True)
        self._turn = 0
        self.hushed = threading.Event()  # while set, nobody asks for anything that is posted
        self.began = time.monotonic()

    def start(self) -> None:
        """Begin."""
        self.began = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        """Begin nothing more, and let what is under way be answered."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        self._pool.shutdown(wait=True)
        self._client.close()

    def _pace(self) -> None:
        began, number = time.monotonic(), 0
        while not self._ended.is_set():
            due = began + number / self._rate
            if (early := due - time.monotonic()) > 0:
                self._ended.wait(early)
                continue
            if self._free.acquire(blocking=False):
                self._pool.submit(self._do, self._made(number))
            else:
                self.ledger.held += 1
            number += 1

    def _made(self, number: int) -> Request:
        kind = self._dice.choices([name for name, _ in MIX], [share for _, share in MIX])[0]
        if kind == "status" and self.hushed.is_set():
            kind = "mine"
        home = self._dice.choice(self._homes)
        trigger = f"soak.{number}.{self._dice.getrandbits(64):x}"
        if kind == "home":
            return Request(kind, _home_opened(home, trigger), JSON)
        word = f"sheet{number}x" if kind == "log" else ""
        what = f"{self._dice.choice(WORDS)} {self._dice.choice(WHOM)} on {word}"
        text = f"log {home.action} {what}" if word else kind
        return Request(kind, command(home, text, trigger), FORM, word)

    def _do(self, request: Request) -> None:
        try:
            self._until_heard(request)
        finally:
            self._free.release()

    def _until_heard(self, request: Request) -> None:
        if request.word:
            self.ledger.tried.add(request.word)
        tries = TRIES if request.word else 2
        for attempt in range(tries):
            if self._try(request):
                if request.word and self._dice.random() < AGAIN:
                    self._try(request)
                return
            if self._ended.wait(min(LONGEST_WAIT, 0.3 * 2**attempt)):
                return

    def _try(self, request: Request) -> bool:
        """One try at whichever replica is next; one that is dead is passed over, as a proxy does."""
        for _ in self._urls:
            began = time.monotonic()
            try:
                answer = self._post(request)
            except httpx.ConnectError:
                self.ledger.unreachable += 1
                continue
            except httpx.TransportError as error:
                # The replica died with our request in its hands, or is too slow for us: the fault that we look for
                # is only the second.
                if isinstance(error, httpx.TimeoutException):
                    self._fail(request, type(error).__name__)
                else:
                    self.ledger.unreachable += 1
                return False
            return self._heard(request, answer, time.monotonic() - began)
        return False

    def _post(self, request: Request) -> httpx.Response:
        with self._lock:
            self._turn += 1
            url = self._urls[self._turn % len(self._urls)]
        headers = signed(self._secret, request.body, real()) | {"Content-Type": request.content}
        return self._client.post(f"{url}/slack/events", content=request.body, headers=headers)

    def _heard(self, request: Request, answer: httpx.Response, seconds: float) -> bool:
        text = _text(answer)
        self.ledger.answers[f"{request.kind} {answer.status_code}"] += 1
        if answer.status_code != 200 or WENT_WRONG in text:
            self._fail(request, str(answer.status_code) if answer.status_code != 200 else "went wrong")
            return False
        self.ledger.seconds[request.kind].append(seconds)
        self.ledger.slow += seconds > SLACK_WAITS
        return self._acknowledged(request, text) if request.word else True

    def _acknowledged(self, request: Request, text: str) -> bool:
        found = SAVED.search(text)
        if not found:
            if DONE_BEFORE in text:
                return request.word in self.ledger.acknowledged  # ask again: then it says under which number
            self._fail(request, f"not saved: {text[:80]}")
            return False
        number = int(found.group(1))
        if self.ledger.acknowledged.setdefault(request.word, number) != number:
            self.ledger.changed_number.append(request.word)
        return True

    def _fail(self, request: Request, how: str) -> None:
        self.ledger.failures.append(Failure(time.monotonic(), request.kind, how))


def _text(answer: httpx.Response) -> str:
    if not answer.content:
        return ""
    try:
        said = answer.json()
    except ValueError:
        return answer.text
    return str(said.get("text", "")) if isinstance(said, dict) else ""


def command(home: Home, text: str, trigger: str) -> bytes:
    form = {"command": "/sip", "text": text, "team_id": TEAM, "team_domain": "faults", "user_id": home.leader}
    more = {"channel_id": home.channel, "channel_name": "service", "trigger_id": trigger, "api_app_id": "A0SOAK"}
    return urlencode(form | more).encode()


def _home_opened(home: Home, trigger: str) -> bytes:
    event = {"type": "app_home_opened", "user": home.leader, "channel": "D" + home.leader[1:], "tab": "home"}
    body = {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{trigger}", "event": event}
    return json.dumps(body | {"api_app_id": "A0SOAK", "event_time": int(real())}).encode()
