"""What people write is kept once, whatever Slack delivers twice, loses on the way back, or cuts off."""

from collections import Counter
from functools import partial

from bot.plan.entries import Entry
from playground.actor import wait_for
from playground.server import Standin
from tests.handlers.conftest import House

SEED = 20270119


def connected_anew(slack: Standin, before: int) -> bool:
    """Whether the bot has come back since it had connected so many times."""
    now = slack.control("connection")
    return bool(now["opened"] > before and now["connections"] == 1)


def test_deliveries_repeated_lost_and_cut_off_keep_each_entry_once(house: House) -> None:
    house.action(house.priority())
    slack, amara = house.slack, house.actor("amara")
    slack.hub.ack_seconds = 0.6
    slack.clear_faults(seed=SEED)
    slack.fault("slash_commands", "redeliver", probability=0.3)
    slack.fault("slash_commands", "lose_ack", probability=0.25)
    slack.fault("slash_commands", "lose_delivery", probability=0.25)
    slack.fault("events_api", "redeliver", probability=0.7)
    saved: set[str] = set()
    failed: set[str] = set()
    for number in range(16):
        words = f"Briefed the shift, sheet{number:02}"
        (saved if amara.command(f"/sip log A1 {words}")["ok"] else failed).add(words)
        if number in (5, 11):
            opened = slack.control("connection")["opened"]
            slack.control("faults", disconnect=True)
            wait_for(partial(connected_anew, slack, opened))
    for number in range(4):
        words = f"Told by word, sheet9{number}"
        amara.say(f"log A1 {words}")
        saved.add(words)
    wait_for(lambda: saved <= {entry.what for entry in house.all(Entry)})
    wait_for(lambda: len(slack.hub.faults.struck) >= 8)
    stored = Counter(entry.what for entry in house.all(Entry))
    kinds = {kind for _, kind in slack.hub.faults.struck}
    assert kinds == {"redeliver", "lose_ack", "lose_delivery"}, f"seed {SEED} tries too little"
    assert failed, f"seed {SEED} lets everything pass"
    assert set(stored) <= saved | failed
    assert set(stored.values()) == {1}
