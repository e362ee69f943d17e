"""Whether practice really moved between a baseline and a follow-up, told from counts alone."""

import math
from dataclasses import dataclass
from enum import StrEnum

from bot.insight.counts import (
    SIGNIFICANT,
    SMALLEST_SAMPLE,
    Better,
    Count,
    Interval,
    Tally,
    fisher,
    newcombe,
    rate_ratio_interval,
    rate_test,
    tally_interval,
    wilson,
)
from bot.insight.planning import advice, enough_events

SAMPLE_RULE = f"Newcombe 95 % interval and Fisher's exact test (p < 0.05), at least {SMALLEST_SAMPLE} records each time"
RATE_RULE = "exact conditional test for two Poisson rates (p < 0.05) and its 95 % interval"
TARGET_RULE = "Wilson 95 % interval"
TARGET_RATE_RULE = "exact Poisson 95 % interval (Garwood)"


class Verdict(StrEnum):
    """What a comparison may honestly say."""

    TOO_FEW = "too few to judge"
    NOT_COMPARABLE = "not comparable"
    IMPROVED = "improved"
    WORSE = "worse"
    NO_CHANGE = "no measurable change"

    @property
    def mirrored(self) -> "Verdict":
        """The verdict of the same comparison read backwards."""
        return {Verdict.IMPROVED: Verdict.WORSE, Verdict.WORSE: Verdict.IMPROVED}.get(self, self)


class Standing(StrEnum):
    """Where a sample stands against its target."""

    WITH_CONFIDENCE = "met with confidence"
    ON_THE_DAY = "met on the day"
    NOT_MET = "not met"


@dataclass(frozen=True)
class Movement:
    """A comparison: both counts, the interval of the change, the rule that judged, and a sentence for people.

    `interval` is the change in share (later minus earlier, -1 to 1) for samples, the ratio of rates (later over
    earlier) for tallies, and None where the two are not comparable. `p` is the exact test's, None likewise. `advice`
    says how many records would tell next time; it is empty where there is nothing to add.
    """

    verdict: Verdict
    then: Count | Tally
    now: Count | Tally
    interval: Interval | None
    p: float | None
    rule: str
    sentence: str
    in_words: str
    advice: str = ""


@dataclass(frozen=True)
class AgainstTarget:
    """A sample against its target: the standing, the 95 % interval, the rule and a sentence."""

    standing: Standing
    interval: Interval
    rule: str
    sentence: str


def compare(then: Count, now: Count, better: Better = Better.UP, why_not: str = "") -> Movement:
    """Judge a follow-up sample against an earlier one.

    *Improved* (or *worse*) needs both: the Newcombe interval wholly on that side of zero and Fisher p < 0.05. Either
    sample under 10 records gives no verdict but keeps the interval. `why_not` is a person's reason not to compare:
    another tool, something else sampled, the same records again.
    """
    if why_not:
        return _apart(then, now, why_not, SAMPLE_RULE)
    interval, p = newcombe(then, now), fisher(then, now)
    good = interval if better is Better.UP else interval.mirrored()
    if min(then.n, now.n) < SMALLEST_SAMPLE:
        verdict = Verdict.TOO_FEW
    elif p < SIGNIFICANT and good.low > 0:
        verdict = Verdict.IMPROVED
    elif p < SIGNIFICANT and good.high < 0:
        verdict = Verdict.WORSE
    else:
        verdict = Verdict.NO_CHANGE
    hint = "" if verdict in (Verdict.IMPROVED, Verdict.WORSE) else advice(then, now, better)
    words = _points(good)
    return Movement(verdict, then, now, interval, p, SAMPLE_RULE, _sentence(verdict, then, now), words, hint)


def compare_rates(then: Tally, now: Tally, better: Better = Better.DOWN, why_not: str = "") -> Movement:
    """Judge a count per period against an earlier one (falls a month, complaints a quarter).

    Too few to judge means that no split of so few events over these periods could have reached p < 0.05.
    """
    if why_not:
        return _apart(then, now, why_not, RATE_RULE)
    ratio, p = rate_ratio_interval(then, now), rate_test(then, now)
    if not enough_events(then, now):
        verdict = Verdict.TOO_FEW
    elif p < SIGNIFICANT and (ratio.low > 1 or ratio.high < 1):
        risen = ratio.low > 1
        verdict = Verdict.IMPROVED if risen == (better is Better.UP) else Verdict.WORSE
    else:
        verdict = Verdict.NO_CHANGE
    hint = "" if verdict in (Verdict.IMPROVED, Verdict.WORSE) else "Count for longer before judging."
    return Movement(verdict, then, now, ratio, p, RATE_RULE, _sentence(verdict, then, now), _times(ratio), hint)


def against_target(sample: Count | Tally, target: float, better: Better = Better.UP) -> AgainstTarget:
    """Where a sample stands against its target (a share 0 to 1 for a Count, events per period for a Tally)."""
    if isinstance(sample, Count):
        value, interval, rule, aim = sample.share, wilson(sample), TARGET_RULE, f"{100 * target:g} %"
    else:
        value, interval, rule = sample.rate, tally_interval(sample), TARGET_RATE_RULE
        aim = f"{target:g} a {sample.unit}"
    sure, met = (
        (interval.low >= target, value >= target) if better is Better.UP else (interval.high <= target, value <= target)
    )
    standing = Standing.WITH_CONFIDENCE if sure else Standing.ON_THE_DAY if met else Standing.NOT_MET
    bound = "at least" if better is Better.UP else "at most"
    tail = " A small sample can meet it by luck." if standing is Standing.ON_THE_DAY else ""
    return AgainstTarget(standing, interval, rule, f"{sample} against {bound} {aim}: {standing.value}.{tail}")


def _apart(then: Count | Tally, now: Count | Tally, why: str, rule: str) -> Movement:
    sentence = f"{then} then, {now} now: not comparable, because {why.strip().rstrip('.')}."
    todo = "Take a fresh sample in the same way as the first."
    return Movement(Verdict.NOT_COMPARABLE, then, now, None, None, rule, sentence, "", todo)


def _sentence(verdict: Verdict, then: Count | Tally, now: Count | Tally) -> str:
    said = {
        Verdict.IMPROVED: "more than chance",
        Verdict.WORSE: "worse, and more than chance",
        Verdict.NO_CHANGE: "this could be chance",
        Verdict.TOO_FEW: "too few to judge",
        Verdict.NOT_COMPARABLE: "not comparable",
    }
    return f"{then} then, {now} now: {said[verdict]}."


def _points(good: Interval) -> str:
    """The interval of a change in share, turned so that up is good, in words."""

    def side(value: float) -> str:
        points = round(100 * value)
        if points == 0:
            return "no change"
        return f"{abs(points)} point{'' if abs(points) == 1 else 's'} {'better' if points > 0 else 'worse'}"

    low, high = side(good.low), side(good.high)
    return f"The true change probably lies between {low} and {high}."


def _times(ratio: Interval) -> str:
    if math.isinf(ratio.high):
        return f"The true rate now is probably at least {ratio.low:.2g} times what it was."
    return f"The true rate now is probably between {ratio.low:.2g} and {ratio.high:.2g} times what it was."
