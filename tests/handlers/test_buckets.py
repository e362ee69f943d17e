"""The token buckets, on a clock that the test moves."""

from itertools import pairwise

from handlers.buckets import CHANNEL, RATES, Buckets

POST = ("chat.postMessage",)


class Hand:
    """A clock moved by hand, in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def all_out(buckets: Buckets, hand: Hand, jobs: dict[str, tuple[str, str]], until: float = 600) -> dict[str, float]:
    """When each job may call, the clock running in steps of a hundredth second. A job is (workspace, channel)."""
    began = hand.now
    out: dict[str, float] = {}
    while len(out) < len(jobs) and hand.now - began < until:
        for job, (workspace, channel) in jobs.items():
            if job not in out and buckets.wait(job, workspace, POST, channel) == 0:
                out[job] = hand.now - began
        hand.now += 0.01
    return out


def test_a_channel_takes_one_post_a_second() -> None:
    hand = Hand()
    out = sorted(all_out(Buckets(hand), hand, {f"j{n}": ("T", "C") for n in range(5)}).values())
    gaps = [late - early for early, late in pairwise(out)]
    assert min(gaps) >= 1 / CHANNEL.per_second - 0.02
    assert max(gaps) <= 1 / CHANNEL.per_second + 0.02


def test_a_workspace_keeps_its_rate_over_many_channels_and_wastes_little_of_it() -> None:
    hand = Hand()
    jobs = {f"j{n}": ("T", f"C{n}") for n in range(200)}
    took = max(all_out(Buckets(hand), hand, jobs).values())
    rate = RATES["chat.postMessage"]
    least = (200 - rate.burst) / rate.per_second
    assert least <= took + 0.02
    assert took < least * 1.05


def test_workspaces_do_not_wait_for_one_another() -> None:
    hand = Hand()
    jobs = {f"a{n}": ("A", f"C{n}") for n in range(100)} | {"b": ("B", "C")}
    buckets = Buckets(hand)
    for job, (workspace, channel) in jobs.items():
        buckets.wait(job, workspace, POST, channel)
    assert buckets.wait("c", "B", POST, "D") == 0
    buckets.pause("A", "chat.postMessage", 60)
    assert buckets.wait("d", "B", POST, "E") == 0
    assert buckets.wait("e", "A", POST, "E") >= 60


def test_a_full_channel_does_not_hold_up_the_rest_of_its_workspace() -> None:
    hand = Hand()
    buckets = Buckets(hand)
    waits = [buckets.wait(f"j{n}", "T", POST, "C") for n in range(10)]
    assert waits[-1] > 8
    assert buckets.wait("other", "T", POST, "D") == 0


def test_after_a_pause_calls_do_not_come_in_a_rush() -> None:
    hand = Hand()
    buckets = Buckets(hand)
    jobs = {f"j{n}": ("T", f"C{n}") for n in range(30)}
    for job, (workspace, channel) in jobs.items():
        buckets.wait(job, workspace, POST, channel)
    buckets.pause("T", "chat.postMessage", 10)
    waiting = {job: place for job, place in jobs.items() if int(job[1:]) >= 15}
    out = sorted(all_out(buckets, hand, waiting).values())
    assert out[0] >= 10 - 0.02
    assert out[5] - out[0] >= 5 / RATES["chat.postMessage"].per_second - 0.05


def test_what_has_no_bucket_never_waits() -> None:
    assert Buckets().wait("j", "T", ("",), "") == 0.0
