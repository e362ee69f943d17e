"""Faults that the stand-in commits when asked: lost replies, 429, 500, time-outs, lost and doubled deliveries."""

import random
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

KINDS = {
    "drop_reply",  # do the work, then close the connection without a reply
    "drop_request",  # close the connection without doing anything
    "rate_limited",  # 429 with Retry-After: `retry_after` seconds
    "http_500",  # 500 without doing anything
    "http_500_after",  # do the work, then answer 500
    "error",  # ok:false with `error`, without doing anything
    "error_after",  # do the work, then ok:false with `error` (internal_error: "some aspect may have succeeded")
    "timeout",  # hold the connection for `delay` seconds, do nothing, close it
    "timeout_after",  # do the work, hold the connection for `delay` seconds, close it
    "slow",  # wait `delay` seconds, then do the work and answer
    "redeliver",  # to the bot: deliver the same event a second time although it was acknowledged
    "lose_ack",  # to the bot: deliver, but treat the acknowledgement as lost
    "lose_delivery",  # to the bot: do not deliver (the person sees a time-out; events are retried)
}


@dataclass
class Fault:
    """One rule.

    `method` is a Web API method, a delivery kind (slash_commands, interactive, events_api), "files" (downloads),
    "response_url" or "*". It strikes `times` times (None for ever) after letting `after` calls pass, each with
    `probability`, and only for calls on `channel` when that is given.
    """

    method: str
    kind: str
    times: int | None = None
    after: int = 0
    probability: float = 1.0
    retry_after: int = 1
    delay: float = 30.0
    error: str = "internal_error"
    channel: str = ""
    hits: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"No fault is called {self.kind!r}; there are {', '.join(sorted(KINDS))}.")


@dataclass
class Faults:
    """The rules in force, tried in order; the first that strikes wins. Counted, or by probability from one seed."""

    rules: list[Fault] = field(default_factory=list)
    reject_blocks: set[str] = field(default_factory=set)
    bare_mentions: bool = False  # app_mention without `files`, as Slack sends it at times
    struck: list[tuple[str, str]] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(0))

    def set(self, wanted: Json) -> None:
        """Change the rules: `{clear, seed, rules: [Fault fields], reject_blocks: [block types],
        bare_mentions: bool}`, each optional.

        Raises ValueError for an unknown kind and TypeError for an unknown field.
        """
        if wanted.get("clear"):
            self.rules, self.reject_blocks, self.struck, self.bare_mentions = [], set(), [], False
        if "seed" in wanted:
            self.dice = random.Random(wanted["seed"])
        if "reject_blocks" in wanted:
            self.reject_blocks = set(wanted["reject_blocks"])
        self.bare_mentions = bool(wanted.get("bare_mentions", self.bare_mentions))
        self.rules += [Fault(**rule) for rule in wanted.get("rules", [])]

    def strike(self, method: str, channel: str = "", kinds: frozenset[str] | None = None) -> Fault | None:
        """The fault to commit on this call, if any; counting is done here."""
        for rule in self.rules:
            if rule.method not in (method, "*") or rule.times == 0 or (kinds is not None and rule.kind not in kinds):
                continue
            if rule.channel and rule.channel != channel:
                continue
            rule.hits += 1
            if rule.hits <= rule.after or (rule.probability < 1 and self.dice.random() >= rule.probability):
                continue
            if rule.times is not None:
                rule.times -= 1
            self.struck.append((method, rule.kind))
            return rule
        return None
