"""Fetching evidence files from Slack and keeping them under their SHA-256."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import httpx
import structlog
from slack_sdk.errors import SlackApiError

from bot.errors import StorageTrouble, TooLarge
from bot.plan.entries import Evidence, EvidenceState
from bot.plan.journal import note
from bot.work import Work
from handlers.carriers.outcome import Dropped, Later, Outcome, Sent, Trip, tell
from handlers.slack_errors import Fate, Verdict, judge

log = structlog.get_logger(__name__)

SLACK_HOSTS = ("slack.com", "slack-files.com")
REDIRECTS = 5
TIMEOUT = httpx.Timeout(20.0, connect=5.0)
CHUNK = 65_536
SNIFFED = 1024  # bytes looked at to tell what a file is

FORM = (
    "Attach it to the form of /sip log instead, or invite Grip to that conversation with /invite @Grip and try again."
)
NOT_READABLE = f"Slack did not let Grip read this file. {FORM}"
GONE = f"This file is no longer in Slack. {FORM}"
NO_SCRIPTS = (
    "Web pages and SVG drawings are not kept, because they can hold programs. "
    "Save it as a PDF or a photo and attach that."
)
EMPTY = "The file is empty. Attach it again."
NO_STORAGE = f"For two weeks there was no place to keep it. Tell whoever runs Grip. {FORM}"
STORAGE_WAIT, STORAGE_PATIENCE = timedelta(minutes=10), timedelta(days=14)
TOO_MANY_TRIES = f"Slack did not hand over this file, however often it was tried. {FORM}"


class Unreadable(Exception):
    """The file cannot be kept; the sentence says why and what to do."""


class Passing(Exception):
    """Slack did not answer as it should; a later try may work."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where files may be fetched from: Slack itself, and the host of another Web API address when one is set."""

    api_url: str

    def trusts(self, url: str) -> bool:
        """Whether the bot's token may be shown to this address."""
        asked, ours = urlsplit(url), urlsplit(self.api_url)
        host = asked.hostname or ""
        if asked.scheme == "https" and any(host == known or host.endswith(f".{known}") for known in SLACK_HOSTS):
            return True
        other = not any((ours.hostname or "").endswith(known) for known in SLACK_HOSTS)
        return other and (asked.scheme, asked.netloc) == (ours.scheme, ours.netloc)


def fetch(trip: Trip) -> Outcome:
    """FETCH: {evidence_id}. Doing it twice does no harm: what was fetched is kept under its own digest."""
    with trip.desk.store.reading() as work:
        evidence = work.get(Evidence, trip.delivery.payload["evidence_id"])
    if evidence is None or evidence.state is not EvidenceState.WAITING:
        return Dropped("it needs no fetching any more")
    limit = trip.desk.settings.file_limit_bytes
    try:
        sha256, size = _kept(trip, evidence, limit)
    except TooLarge:
        megabytes = limit // 1_000_000
        problem = f"The file is larger than the {megabytes} MB that Grip keeps. Attach a smaller one, such as a photo."
        return Sent(then=lambda work: _unreadable(work, trip, evidence.id, problem))
    except Unreadable as error:
        sentence = str(error)
        return Sent(then=lambda work: _unreadable(work, trip, evidence.id, sentence))
    except StorageTrouble as trouble:
        log.error("evidence not kept", evidence=evidence.id, trouble=str(trouble))
        if trip.now - evidence.written_at > STORAGE_PATIENCE:
            return Sent(then=lambda work: _unreadable(work, trip, evidence.id, NO_STORAGE))
        why = str(trouble)
        return Later(trip.now + STORAGE_WAIT, why, then=lambda work: _held_up(work, trip, evidence.id, why))

    def keep(work: Work) -> None:
        now = work.get(Evidence, evidence.id)
        if now is None or now.state is not EvidenceState.WAITING:
            return
        kept = work.save(replace(now, state=EvidenceState.KEPT, sha256=sha256, size=size, problem=""))
        note(work, None, trip.now, "keep evidence", before=now, after=kept)
        if now.problem:
            tell(work, trip, kept.person_id, f"“{_escaped(kept.name)}” is kept as evidence now.", f"kept:{kept.id}")

    return Sent(then=keep)


def _held_up(work: Work, trip: Trip, evidence_id: str, why: str) -> None:
    """The place of the files is at fault, not Slack or the file: the person hears once that it waits."""
    evidence = work.get(Evidence, evidence_id)
    if evidence is None or evidence.state is not EvidenceState.WAITING or evidence.problem:
        return
    waits = work.save(replace(evidence, problem=f"Not kept yet: {why}."))
    note(work, None, trip.now, "evidence held up", before=evidence, after=waits)
    text = (
        f"“{_escaped(evidence.name)}” is not kept as evidence yet: {why}. What you wrote is saved. Grip tries again "
        "every ten minutes and says here when it is kept; leave the file in Slack until then."
    )
    tell(work, trip, evidence.person_id, text, f"held-up:{evidence.id}")


def fetch_refused(work: Work, trip: Trip, verdict: Verdict) -> None:
    """It was tried often enough, or Slack refuses for good: the person is told what to do instead."""
    sentence = TOO_MANY_TRIES if verdict.error == "too_many_tries" else NOT_READABLE
    _unreadable(work, trip, trip.delivery.payload["evidence_id"], sentence)


def _unreadable(work: Work, trip: Trip, evidence_id: str, problem: str) -> None:
    evidence = work.get(Evidence, evidence_id)
    if evidence is None or evidence.state is not EvidenceState.WAITING:
        return
    failed = work.save(replace(evidence, state=EvidenceState.UNREADABLE, problem=problem))
    note(work, None, trip.now, "evidence unreadable", before=evidence, after=failed, reason=problem)
    text = f"“{_escaped(evidence.name)}” was not kept as evidence; what you wrote is saved. {problem}"
    tell(work, trip, evidence.person_id, text, f"unreadable:{evidence.id}")


def _escaped(name: str) -> str:
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _kept(trip: Trip, evidence: Evidence, limit: int) -> tuple[str, int]:
    return downloaded(trip, evidence.link or _link_of(trip, evidence), limit)


def downloaded(trip: Trip, url: str, limit: int) -> tuple[str, int]:
    """Keep a file that lies with Slack; its SHA-256 and size. Raises TooLarge, Unreadable (a sentence) and Passing."""
    source = Source(trip.desk.settings.slack_api_url)
    try:
        with _open(source, url, trip.client.token or "") as response:
            return trip.desk.files.put(_sound(response), limit=limit)
    except httpx.HTTPError as error:
        raise Passing(type(error).__name__) from error


def _link_of(trip: Trip, evidence: Evidence) -> str:
    """Where Slack keeps a file that came without its address. Raises Unreadable where Slack does not show it."""
    try:
        file = trip.client.files_info(file=evidence.slack_file_id or "")["file"]
    except SlackApiError as error:
        verdict = judge(error)
        if verdict and verdict.fate is Fate.PERMANENT:
            raise Unreadable(GONE if verdict.error == "file_deleted" else NOT_READABLE) from error
        raise
    return str(file.get("url_private_download") or file.get("url_private") or "")


@contextmanager
def _open(source: Source, url: str, token: str) -> Iterator[httpx.Response]:
    """The answer to a download, redirects followed by hand: the token goes to Slack's hosts and nowhere else."""
    with httpx.Client(follow_redirects=False, timeout=TIMEOUT) as client:
        for _ in range(REDIRECTS):
            if not source.trusts(url):
                log.warning("not fetched", host=urlsplit(url).hostname)
                raise Unreadable(NOT_READABLE)
            with client.stream("GET", url, headers={"Authorization": f"Bearer {token}"}) as response:
                if response.is_redirect:
                    url = urljoin(url, response.headers["location"])
                    continue
                _check(response)
                yield response
                return
    raise Unreadable(NOT_READABLE)


def _check(response: httpx.Response) -> None:
    status = response.status_code
    if status == 429 or status >= 500:
        raise Passing(f"http_{status}")
    if status in (404, 410):
        raise Unreadable(GONE)
    if status != 200:
        raise Unreadable(NOT_READABLE)


def _sound(response: httpx.Response) -> Iterator[bytes]:
    """The bytes of the file. Raises Unreadable for Slack's login page, which comes with status 200, and for scripts."""
    html = response.headers.get("content-type", "").startswith("text/html")
    head = b""
    chunks = response.iter_bytes(CHUNK)
    for chunk in chunks:
        head += chunk
        if len(head) >= SNIFFED:
            break
    if not head:
        raise Unreadable(EMPTY)
    if html:
        raise Unreadable(NOT_READABLE)
    if is_script(head):
        raise Unreadable(NO_SCRIPTS)
    yield head
    yield from chunks


def is_script(head: bytes) -> bool:
    """Whether a file's first bytes are those of a web page or an SVG drawing, whatever its name says."""
    start = head[:SNIFFED].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<!doctype svg")):
        return True
    # An SVG or XHTML file may begin with an XML declaration and comments.
    return start.startswith((b"<?xml", b"<!--")) and (b"<svg" in start or b"<html" in start)
