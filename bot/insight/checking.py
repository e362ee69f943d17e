"""Whether what was kept as evidence has anything to do with what an action's check asks for."""

import re
from collections.abc import Iterable

from bot.insight.sameness import stems

# Words of a check that say who looks, how and when, but not at what.
ABOUT_LOOKING = (
    "quality audit lead leads deputy manager registered team leader senior staff owner nurse nurses person people "
    "read reads look looks looked check checks checked count counts counted sees watch watches watched pick picked "
    "random randomly sample samples sampled standard complete completed least most every each both happened done "
    "after before within until than more less then when which whether what from into over under against next last "
    "first second third week weeks month months days date dates hour hours monday tuesday wednesday thursday friday "
    "saturday sunday january february march april june july august september october november december"
)
SHORTEST = 3


def asked_for(check: str, names: Iterable[str] = ()) -> frozenset[str]:
    """The stems of the words of a check that name what will be looked at; `names` of people are none of them."""
    left_out = stems(ABOUT_LOOKING) | stems(" ".join(names))
    return frozenset(s for s in stems(check) if len(s) >= SHORTEST and not re.search(r"\d", s) and s not in left_out)


def answers_check(check: str, said: Iterable[str], names: Iterable[str] = ()) -> bool:
    """Whether anything in the evidence (file names, texts, the entries they hang on) mentions what the check asks for.

    One word in common suffices: this tells evidence that is about something else, not good evidence from bad. A check
    that names nothing to look at cannot be missed; the rule on vague wording speaks of it."""
    wanted = asked_for(check, names)
    apart = re.compile(r"[_./-]+|(?<=[a-z])(?=[A-Z\d])")
    return not wanted or bool(wanted & stems(" ".join(apart.sub(" ", text) for text in said)))
