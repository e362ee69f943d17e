"""The evidence pack as it is asked for in Slack: from the words to the file that can be checked."""

import zipfile
from pathlib import Path
from typing import Any

import httpx

from bot.plan.journal import Event
from bot.reports.pack.verify_pack import faults, manifest_of
from playground.actor import Actor, wait_for, words
from tests.handlers.conftest import House


def received(house: House, actor: Actor, folder: Path, place: str | None = None, thread_ts: str | None = None) -> Path:
    """The pack that arrived, saved to a folder."""

    def with_file() -> list[dict[str, Any]]:
        messages = actor.messages(place, thread_ts) if place else actor.dm()
        return [m for m in messages if m.get("files")]

    (file,) = wait_for(with_file, 30)[-1]["files"]
    headers = {"Authorization": f"Bearer {house.slack.bot_token}"}
    content = httpx.get(file["url_private_download"], headers=headers).content
    path = folder / "pack.zip"
    path.write_bytes(content)
    return path


def test_the_pack_is_announced_at_once_and_arrives_as_a_file_that_holds(house: House, tmp_path: Path) -> None:
    house.action(house.priority("Handovers"), due_in=1)
    ruth = house.actor("ruth")
    ruth.command("/sip pack")
    said = words(ruth.told("oak-house"))
    assert "Making the pack of Oak House, about" in said
    assert "direct message" in said
    path = received(house, ruth, tmp_path)
    assert faults(path) == []
    names = zipfile.ZipFile(path).namelist()
    assert {"Service improvement plan.pdf", "Registers.xlsx", "journal.jsonl", "verify.py", "manifest.json"} <= {*names}
    seal = manifest_of(path)["seal"]
    events = [e for e in house.all(Event) if e.verb == "export pack"]
    assert [e.reason.endswith(f"seal {seal}") for e in events] == [True]
    assert events[0].person_id == house.people["ruth"].id


def test_options_are_chosen_in_a_form(house: House, tmp_path: Path) -> None:
    house.action(house.priority("Handovers"), due_in=1)
    house.priority("Falls")
    ruth = house.actor("ruth")
    ruth.command("/sip inspect")
    ruth.click(ruth.told("oak-house"), "pack.open")
    view = ruth.see_modal("Evidence pack")
    wrong = ruth.submit({"since": "2027-01-12", "until": "2027-01-01"}, view)
    assert "Swap the two days" in wrong["errors"]["until"]
    ruth.submit({"priorities": ["P2"], "names": "without", "since": None, "until": None}, view)
    said = words(ruth.see_modal("Pack on its way"))
    assert "Staff are called by their roles; evidence files are left out" in said
    assert "the evidence files, and" not in said
    path = received(house, ruth, tmp_path)
    (message,) = [m for m in ruth.dm() if m.get("files")]
    assert message["text"].startswith("Evidence pack of Oak House about P2 Falls, without the names of staff: ")
    assert "evidence pack P2 Falls " in message["files"][0]["name"]
    assert message["files"][0]["name"].endswith(" without names.zip")
    manifest = manifest_of(path)
    assert (manifest["part"], manifest["names"]) == ("P2 Falls", False)
    assert manifest["made_by"] == "Registered Manager"
    note = zipfile.ZipFile(path).read("READ ME.txt").decode().replace("\n", " ")
    assert "12 of the fifteen registers" in note
    assert "manifest.json: the SHA-256 of each file." in note
    assert "evidence: the files" not in note, "there are none in it"
    everything = zipfile.ZipFile(path).read("journal.jsonl").decode()
    assert "8-line sheet" not in everything, "what belongs to P1 is sealed"


def test_asked_for_in_a_thread_of_the_channel_it_arrives_there(house: House, tmp_path: Path) -> None:
    house.priority()
    ruth = house.actor("ruth")
    first = ruth.say("Visit tomorrow", "oak-house")
    ruth.say("@grip pack", "oak-house", thread_ts=first["ts"])
    path = received(house, ruth, tmp_path, "oak-house", first["ts"])
    assert faults(path) == []


def test_what_cannot_be_packed_is_said_before_anything_is_made(house: House) -> None:
    ruth, amara = house.actor("ruth"), house.actor("amara")
    ruth.command("/sip pack")
    assert "There is nothing to pack: Oak House had no priority" in words(ruth.told("oak-house"))
    house.priority()
    refusals = {
        "from 31/12/2026 to 01/12/2026": "Swap the two days",
        "from 31/02/2026": "is no day",
        "P9": "There is no priority P9",
        "to 01/12/2020": "Choose a later day",
        "from 01/01/2029": "has not come yet",
    }
    for typed, sentence in refusals.items():
        ruth.command(f"/sip pack {typed}")
        assert sentence in words(ruth.told("oak-house")), typed
    amara.command("/sip pack")
    assert "Only a Deputy manager" in words(amara.told("oak-house"))
    assert not [e for e in house.all(Event) if e.verb == "export pack"]
