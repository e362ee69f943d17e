"""A small share of the generated requests; `python -m tests.hardening.fuzz` makes as many as one likes."""

from pathlib import Path

from tests.hardening.court import court
from tests.hardening.fuzz import fuzz
from tests.hardening.payloads import CANARY, SENDERS, Payload, encoded

COUNT, SEED = 300, 20


def test_generated_requests_break_nothing_leak_nothing_and_save_nothing_that_they_should_not(tmp_path: Path) -> None:
    with court(tmp_path) as judge:
        for who in ("amara", "stranger"):
            body = judge.town.command(SENDERS[who], encoded(f"log A1 Briefed <!channel> <script> {CANARY}"))
            body = {name: value for name, value in body.items() if isinstance(value, str)}
            judge.judge(Payload("slash_commands", who, "/sip log", body, broken=False))
        assert set(judge.saved) == {("amara", "log")}, "the court sees what is saved"
        fuzz(judge, COUNT, SEED)
    assert judge.complaints == []
    assert judge.answers["whole 200"] > COUNT // 4
