"""A small share of the generated requests; `python -m tests.hardening.fuzz` makes as many as one likes."""

from pathlib import Path

from tests.hardening.court import court
from tests.hardening.fuzz import fuzz

COUNT, SEED = 400, 20


def test_generated_requests_break_nothing_leak_nothing_and_save_nothing_that_they_should_not(tmp_path: Path) -> None:
    with court(tmp_path) as judge:
        fuzz(judge, COUNT, SEED)
    assert judge.complaints == []
    assert sum(judge.answers.values()) >= COUNT // 2
    assert judge.answers["whole 200"] > COUNT // 4
    assert judge.saved, "a share of them is allowed, and saved"
