"""Evidence files fetched from Slack: kept under their digest, or refused in words that say what to do."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.ids import new_id
from bot.plan import entries
from bot.plan.entries import Evidence, EvidenceState, FileRef, LogEntry
from bot.plan.journal import first_break
from bot.plan.services import Shift
from bot.timing.outbox import DeliveryKind, DeliveryState
from handlers.carriers.evidence import Source, is_script
from playground.show import file_json
from playground.world import File
from tests.handlers.oak import TEAM, Oak

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 600


@pytest.fixture
def oak(tmp_path: Path) -> Iterator[Oak]:
    """Oak House, where files of up to 200,000 bytes are kept."""
    with Oak(tmp_path, file_limit_bytes=200_000) as oak:
        yield oak


def attached(
    oak: Oak, content: bytes, mimetype: str = "image/jpeg", *, given: bool = True, link: bool = True
) -> Evidence:
    """An entry with a file of the stand-in, waiting to be fetched."""
    world = oak.slack.hub.world
    file = File(f"F{len(world.files):04}", TEAM, "U0AMARA", "photo.jpg", mimetype, content, 0, given_to_app=given)
    world.files[file.id] = file
    told = file_json(world, file, oak.slack.url)
    ref = FileRef(
        id=file.id,
        name=file.name,
        mimetype=mimetype,
        size=len(content),
        url=told["url_private_download"] if link else "",
    )
    action = oak.action("2027-05-26")
    with oak.store.transaction() as work:
        form = LogEntry(action=action.id, what="Briefed six night staff", files=(ref,))
        _, (evidence,) = entries.log(work, oak.people["amara"], form, oak.now, (oak.now.date(), Shift.EARLY))
    oak.leave(DeliveryKind.FETCH, {"evidence_id": evidence.id}, key=f"fetch:{evidence.id}")
    return evidence


def now_of(oak: Oak, evidence: Evidence) -> Evidence:
    with oak.store.reading() as work:
        found = work.get(Evidence, evidence.id)
    assert found
    return found


@pytest.mark.parametrize("link", [True, False])
def test_a_file_is_kept_under_its_digest_and_the_journal_says_so(oak: Oak, link: bool) -> None:
    evidence = attached(oak, JPEG, link=link)
    oak.carry()
    kept = now_of(oak, evidence)
    assert (kept.state, kept.size, kept.sha256) == (EvidenceState.KEPT, len(JPEG), hashlib.sha256(JPEG).hexdigest())
    assert oak.desk.files.get(kept.sha256 or "") == JPEG
    with oak.store.reading() as work:
        events = list(work.events(oak.service.id))
    assert [event.verb for event in events if event.record_id == evidence.id] == ["attach evidence", "keep evidence"]
    assert first_break(events) is None
    assert oak.dm("amara") == []


@pytest.mark.parametrize(
    ("content", "mimetype", "given", "said"),
    [
        (JPEG, "image/jpeg", False, "did not let Grip read this file"),  # Slack answers 200 with its login page
        (JPEG * 2, "image/jpeg", True, "larger than"),
        (b"", "image/jpeg", True, "The file is empty"),
        (b"  <!DOCTYPE HTML><html><script>1</script></html>", "image/jpeg", True, "can hold programs"),
        (b'<?xml version="1.0"?>\n<!-- a --><svg onload="x()"/>', "image/png", True, "can hold programs"),
    ],
)
def test_a_file_that_cannot_be_kept_is_said_so_with_what_to_do(
    oak: Oak, content: bytes, mimetype: str, given: bool, said: str
) -> None:
    evidence = attached(oak, content, mimetype, given=given)
    oak.carry()
    failed = now_of(oak, evidence)
    assert failed.state is EvidenceState.UNREADABLE
    assert failed.sha256 is None
    (told,) = oak.dm("amara")
    assert said in told["text"]
    assert said in failed.problem
    assert "what you wrote is saved" in told["text"]
    assert not [p for p in (oak.folder / "files").rglob("*") if p.is_file()]
    oak.carry()
    assert len(oak.dm("amara")) == 1


@pytest.mark.parametrize("fault", ["http_500", "rate_limited", "drop_request"])
def test_slack_in_trouble_is_asked_again(oak: Oak, fault: str) -> None:
    evidence = attached(oak, JPEG)
    oak.slack.fault("files", fault, times=2)
    for _ in range(3):
        oak.carry()
        oak.wait(60)
    assert now_of(oak, evidence).state is EvidenceState.KEPT
    assert oak.dm("amara") == []


def test_slack_in_trouble_for_too_long_is_told(oak: Oak) -> None:
    evidence = attached(oak, JPEG)
    oak.slack.fault("files", "http_500")
    for _ in range(14):
        oak.carry()
        oak.wait(901)
    assert now_of(oak, evidence).state is EvidenceState.UNREADABLE
    (told,) = oak.dm("amara")
    assert "however often it was tried" in told["text"]


def test_a_link_to_another_host_never_sees_the_token(oak: Oak) -> None:
    other = "http://127.0.0.1:9/steal"
    with oak.store.transaction() as work:
        evidence = Evidence(
            id=new_id(oak.now),
            workspace_id=TEAM,
            service_id=oak.service.id,
            record_kind="entry",
            record_id="e",
            name="photo.jpg",
            state=EvidenceState.WAITING,
            slack_file_id="F1",
            link=other,
            person_id=oak.people["amara"].id,
            written_at=oak.now,
        )
        work.add(evidence)
    oak.leave(DeliveryKind.FETCH, {"evidence_id": evidence.id})
    oak.carry()
    assert now_of(oak, evidence).state is EvidenceState.UNREADABLE


@pytest.mark.parametrize(
    ("url", "api", "trusted"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.jpg", "https://slack.com/api/", True),
        ("https://slack-files.com/a", "https://slack.com/api/", True),
        ("http://files.slack.com/a", "https://slack.com/api/", False),
        ("https://files.slack.com.evil.example/a", "https://slack.com/api/", False),
        ("https://evilslack.com/a", "https://slack.com/api/", False),
        ("http://127.0.0.1:8080/a", "https://slack.com/api/", False),
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/api/", True),
        ("http://127.0.0.1:8081/a", "http://127.0.0.1:8080/api/", False),
        ("https://127.0.0.1:8080/a", "http://127.0.0.1:8080/api/", False),
        ("", "https://slack.com/api/", False),
    ],
)
def test_the_token_goes_to_slack_alone(url: str, api: str, trusted: bool) -> None:
    assert Source(api).trusts(url) is trusted


@pytest.mark.parametrize(
    ("head", "script"),
    [
        (b"\xef\xbb\xbf<html>", True),
        (b"<!-- x --><html>", True),
        (b"<svg xmlns=", True),
        (b"<?xml version='1.0'?><svg>", True),
        (b"<?xml version='1.0'?><w:document>", False),
        (b"%PDF-1.7", False),
        (b"PK\x03\x04", False),
        (b"Handover < 10 minutes, html mentioned", False),
    ],
)
def test_scripts_are_known_by_their_first_bytes(head: bytes, script: bool) -> None:
    assert is_script(head) is script


def test_a_file_that_was_fetched_already_is_left_alone(oak: Oak) -> None:
    evidence = attached(oak, JPEG)
    oak.carry()
    again = oak.leave(DeliveryKind.FETCH, {"evidence_id": evidence.id})
    oak.carry()
    assert oak.deliveries(id=again.id)[0].state is DeliveryState.DROPPED


def test_a_place_for_files_that_cannot_be_used_keeps_the_entry_and_says_so(oak: Oak) -> None:
    (oak.folder / "files").rename(oak.folder / "aside") if (oak.folder / "files").exists() else None
    (oak.folder / "files").write_text("a file stands where the folder should be")
    evidence = attached(oak, JPEG)
    for _ in range(3):
        oak.carry()
        oak.wait(601)
    waits = now_of(oak, evidence)
    assert waits.state is EvidenceState.WAITING
    assert waits.problem.startswith("Not kept yet: the place of the evidence files cannot be used")
    (told,) = oak.dm("amara")
    assert "What you wrote is saved. Grip tries again every ten minutes" in told["text"]
    (oak.folder / "files").unlink()
    oak.carry()
    oak.carry()
    kept = now_of(oak, evidence)
    assert (kept.state, kept.problem) == (EvidenceState.KEPT, "")
    assert oak.desk.files.check(kept.sha256 or "")
    assert [m["text"] for m in oak.dm("amara")][1:] == ["“photo.jpg” is kept as evidence now."]
    with oak.store.reading() as work:
        assert first_break(work.events(kept.service_id)) is None


def test_after_two_weeks_without_a_place_the_person_is_told_what_to_do(oak: Oak) -> None:
    (oak.folder / "files").write_text("a file stands where the folder should be")
    evidence = attached(oak, JPEG)
    oak.carry()
    oak.wait(14 * 86_400 + 601)
    oak.carry()
    oak.carry()
    assert now_of(oak, evidence).state is EvidenceState.UNREADABLE
    assert "For two weeks there was no place to keep it." in oak.dm("amara")[-1]["text"]
