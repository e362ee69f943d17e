"""A pack is shared once, whatever happens between handing it to Slack and writing that down."""

import itertools
from dataclasses import replace
from datetime import timedelta

from bot.plan.entries import EvidenceState, FileRef, LogEntry
from bot.plan.entries import log as log_entry
from bot.plan.people import RoleHolding
from bot.plan.services import Shift
from bot.reports.pack.making import Stage
from bot.timing.outbox import Delivery, DeliveryKind, DeliveryState
from handlers.carriers import uploads
from handlers.carriers.outcome import Sent, Trip
from handlers.carriers.progress import BETWEEN, Progress
from playground.actor import wait_for
from tests.handlers.oak import Oak


def asked(oak: Oak, who: str = "ruth") -> Delivery:
    """A pack that somebody asked for."""
    payload = {"person_id": oak.people[who].id, "service_id": oak.service.id, "part": "", "names": True}
    return oak.leave(DeliveryKind.UPLOAD, payload, service_id=oak.service.id)


def files_for(oak: Oak, who: str) -> list[str]:
    """The files in a person's conversation with the bot."""
    return [file["name"] for message in oak.dm(who) for file in message.get("files", [])]


def as_it_stands(oak: Oak, delivery: Delivery) -> Delivery:
    with oak.store.reading() as work:
        found = work.get(Delivery, delivery.id)
    assert found
    return found


def test_a_pack_that_was_shared_before_the_crash_is_not_shared_again(oak: Oak) -> None:
    delivery = asked(oak)
    # The process dies after Slack has shared the file and before the outbox writes that down: its result is lost.
    outcome = uploads.upload(Trip(oak.desk, oak.desk.client_of(""), delivery, oak.now))
    assert isinstance(outcome, Sent)
    wait_for(lambda: files_for(oak, "ruth"))
    oak.carry()
    assert as_it_stands(oak, delivery).state is DeliveryState.SENT
    assert len(files_for(oak, "ruth")) == 1


def test_a_pack_that_was_handed_over_but_not_shared_is_shared_by_the_next_try(oak: Oak) -> None:
    delivery = asked(oak)
    trip = Trip(oak.desk, oak.desk.client_of(""), delivery, oak.now)
    path = oak.folder / "pack.zip"
    progress = Progress.begin(trip, oak.slack.actor("U0RUTH").channel())
    name, _, file_id = uploads.handed_over(trip, oak.people["ruth"], path, progress)
    assert as_it_stands(oak, delivery).payload["file_id"] == file_id
    oak.carry()
    wait_for(lambda: files_for(oak, "ruth"))
    assert files_for(oak, "ruth") == [name]


def test_a_pack_whose_file_is_gone_from_slack_is_made_anew(oak: Oak) -> None:
    delivery = asked(oak)
    with oak.store.transaction() as work:
        work.save(replace(delivery, payload={**delivery.payload, "file_id": "F0GONE", "name": "x", "words": "y"}))
    oak.carry()
    wait_for(lambda: files_for(oak, "ruth"))
    assert files_for(oak, "ruth") == ["Oak House evidence pack 2027-05-18.zip"]


def test_somebody_whose_role_ended_meanwhile_is_told_that_no_pack_comes(oak: Oak) -> None:
    delivery = asked(oak)
    with oak.store.transaction() as work:
        (held,) = work.all(RoleHolding, person_id=oak.people["ruth"].id)
        work.save(replace(held, ended_at=oak.now))
    oak.carry()
    oak.carry()
    assert as_it_stands(oak, delivery).state is DeliveryState.DROPPED
    assert files_for(oak, "ruth") == []
    assert any("The evidence pack was not made. Only a Deputy" in m["text"] for m in oak.dm("ruth"))


def test_an_upload_that_slack_refuses_is_told_in_words(oak: Oak) -> None:
    asked(oak)
    refusal = {"method": "files.getUploadURLExternal", "kind": "error", "error": "file_uploads_disabled"}
    oak.slack.hub.faults.set({"rules": [refusal]})
    oak.carry()
    oak.carry()
    assert any("could not be made or shared" in m["text"] for m in oak.dm("ruth"))


def test_one_message_shows_how_far_it_is_and_how_it_ended(oak: Oak) -> None:
    delivery = asked(oak)
    oak.carry()
    wait_for(lambda: files_for(oak, "ruth"))
    oak.now += timedelta(seconds=BETWEEN)
    oak.carry()
    first, pack = oak.dm("ruth")
    assert pack["files"]
    assert first["text"].startswith("Ready, made and checked in")
    assert "Seal " in pack["text"]
    posted = [str(call.payload) for call in oak.slack.calls("chat.postMessage")]
    assert len(posted) == 1
    assert "collecting the records and evidence files (step 1 of 5)" in posted[0]
    assert as_it_stands(oak, delivery).payload["progress"]["ts"] == first["ts"]


def test_the_message_is_changed_at_most_every_three_seconds_and_not_at_all_where_slack_refuses(oak: Oak) -> None:
    delivery = asked(oak)
    trip = Trip(oak.desk, oak.desk.client_of(""), delivery, oak.now)
    place = oak.slack.actor("U0RUTH").channel()
    progress = Progress.begin(trip, place)
    for stage in Stage:
        progress.at(stage)
    assert oak.slack.calls("chat.update") == []
    again = Trip(oak.desk, oak.desk.client_of(""), replace(as_it_stands(oak, delivery), attempts=2), oak.now)
    clock = itertools.count(step=BETWEEN)  # each look is three seconds after the last
    slow = Progress.begin(again, place, lambda: next(clock))
    slow.at(Stage.DRAW)
    (message,) = oak.dm("ruth")
    assert message["text"] == "Evidence pack of Oak House: drawing the document and its charts, try 2 (step 2 of 5)"
    oak.slack.fault("chat.update", "error", error="internal_error", times=1)
    slow.at(Stage.CHECK)
    assert oak.dm("ruth")[0]["text"] == message["text"]


def test_a_pack_that_fails_says_so_in_its_message_with_the_way_on(oak: Oak) -> None:
    asked(oak)
    oak.slack.fault("files.getUploadURLExternal", "error", error="file_uploads_disabled")
    oak.carry()
    oak.now += timedelta(seconds=BETWEEN)
    oak.carry()
    first = oak.dm("ruth")[0]
    assert "The evidence pack could not be made or shared." in first["text"]
    assert "pack.open" in str(first["blocks"])


def test_a_vanished_evidence_file_is_named_in_the_message(oak: Oak) -> None:
    action = oak.action("2027-06-01")
    with oak.store.transaction() as work:
        form = LogEntry(action=action.id, what="Briefed six.", files=(FileRef(id="F1", name="sheet.pdf"),))
        _, (evidence,) = log_entry(work, oak.people["amara"], form, oak.now, (oak.now.date(), Shift.EARLY))
        work.save(replace(evidence, state=EvidenceState.KEPT, sha256="a" * 64, size=10))
    asked(oak)
    oak.now += timedelta(minutes=1)
    oak.carry()
    wait_for(lambda: files_for(oak, "ruth"))
    (said,) = [m["text"] for m in oak.dm("ruth") if m.get("files")]
    assert "1 evidence file is not in it" in said
