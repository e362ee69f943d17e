"""The kinds of record that belong to a service's account, parents first, and how people call one of them."""

from typing import Any

from bot.plan.access import ref
from bot.plan.actions import Action, Milestone, Revision, Slip
from bot.plan.entries import Entry, Evidence
from bot.plan.escalations import Escalation
from bot.plan.journal import kind_of
from bot.plan.measures import Measure
from bot.plan.priorities import Priority
from bot.plan.reviews import Review
from bot.plan.samples import Sample
from bot.plan.signals import Signal
from bot.plan.warnings import EarlyWarning

# A kind stands after those on which it hangs, so that rows can be deleted from the end.
ACCOUNT: tuple[type[Any], ...] = (
    *(Priority, Signal, Measure, Action, Slip, Revision, Milestone, Entry, Evidence, Sample, Review),
    *(Escalation, EarlyWarning),
)


def called(record: Any) -> str:
    """A record as people call it: "E7"; "evidence" and the like for what has no number."""
    return ref(record) if hasattr(record, "LETTER") else kind_of(record)
