"""What an early-warning rule hands over: the rule, its priority, the records that fired it, and a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256


class Rule(StrEnum):
    """The names of the rules, as people read them."""

    REPEATED_SIGNALS = "repeated signals"
    WEAK_EVIDENCE = "weak completion evidence"
    NO_CHANGE = "no measurable change"
    DRIFT = "drift"
    RECURRENCE = "recurrence"
    MISMATCH = "paperwork-practice mismatch"
    SLIPPAGE = "repeated slippage"
    UNCHANGED = "unchanged evidence"
    EFFORT = "effort, not outcome"
    STALE = "stale plan"
    VAGUE = "vague wording"
    OVERLOADED = "overloaded owner"
    UNOWNED = "unowned"


class Step(StrEnum):
    """A fitting response that is no escalation: a form of the plan itself."""

    ACTION = "add an action"
    REVISE = "reword the action"
    PRIORITY = "reword the priority"
    ASSIGN = "name another owner"
    EVIDENCE = "log evidence"
    VERIFY = "check the action"
    SAMPLE = "take a sample"
    ASSURE = "judge the samples"
    REVIEW = "review the priority"
    REOPEN = "reopen the priority"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """One finding of one rule. `records` are the ids of what fired it: only something new among them makes a warning
    come back. `action_id`, `measure_id` and `owner_id` say which of them it is about, where it is about one."""

    rule: Rule
    priority_id: str
    records: frozenset[str]
    sentence: str
    action_id: str | None = None
    measure_id: str | None = None
    owner_id: str | None = None

    @property
    def fingerprint(self) -> str:
        """One name for the rule, the priority and the set of records, in 40 hexadecimal characters."""
        return fingerprint(self.rule, self.priority_id, sorted(self.records))


def fingerprint(rule: Rule, priority_id: str, records: Sequence[str]) -> str:
    """See `Fired.fingerprint`; `records` sorted."""
    return sha256("|".join((rule, priority_id, *records)).encode()).hexdigest()[:40]
