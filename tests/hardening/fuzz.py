"""`python -m tests.hardening.fuzz --count 100000 --seed 1`: generated requests to a real bot, and what was wrong.

Exit code 1 where anything was. The same seed makes the same requests."""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings

from tests.hardening.court import Court, court
from tests.hardening.payloads import Generator, Payload

BATCH = 500  # requests between two fresh starts of the town
ENOUGH = 40  # complaints after which there is no use in going on


def fuzz(judge: Court, count: int, number: int) -> None:
    """Judge `count` generated requests; everything follows from the seed `number`."""
    generator = Generator(judge.town, judge.far)
    done = 0
    while done < count and len(judge.complaints) < ENOUGH:
        batch = min(BATCH, count - done)

        @seed(number + done)
        @settings(
            max_examples=batch,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
        )
        @given(generator.payloads())
        def each(payload: Payload) -> None:
            random.seed(payload.name)
            judge.judge(payload)

        known = len(judge.complaints)
        each()
        judge.restore()
        done += batch
        print(f"{done:,} requests", *judge.complaints[known:], sep="\n", file=sys.__stderr__, flush=True)


def main() -> int:
    """Run, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="grip-fuzz-") as folder, court(Path(folder)) as judge:
        fuzz(judge, options.count, options.seed)
    took = time.monotonic() - began
    print(f"{sum(judge.answers.values()):,} requests in {took:.0f} s, seed {options.seed}: {dict(judge.answers)}")
    by_verb = sorted({verb for _, verb in judge.saved})
    print("saved: " + "; ".join(f"{v} by {', '.join(sorted(w for w, x in judge.saved if x == v))}" for v in by_verb))
    print(f"{len(judge.complaints)} complaints" if judge.complaints else "nothing was wrong")
    return int(bool(judge.complaints))


if __name__ == "__main__":
    sys.exit(main())
