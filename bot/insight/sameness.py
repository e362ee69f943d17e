"""Whether two updates say much the same."""

import re
from collections.abc import Sequence
from itertools import pairwise

from rapidfuzz import fuzz

MUCH_THE_SAME = 80.0  # of 100; justified on pairs of real updates in tests/bot/insight/test_sameness.py

MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
DATES = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?[ /.-](?:\d{{1,2}}|{MONTH})(?:[ /.-]\d{{2,4}})?\b|"
    rf"\b\d{{4}}-\d\d-\d\d\b|\b{MONTH} \d{{4}}\b",
    re.IGNORECASE,
)
DENIALS = re.compile(r"\b(?:no|not|never|none|nobody|nothing|without|cannot)\b|n[’']t\b", re.IGNORECASE)
# Words that carry no news in an update: only the substance of the rest counts.
FILLERS = (
    "a an and are as at be been being by for from had has have in is it of on or our still that the their them there "
    "this to was we were will with again now also further update so all"
)


def likeness(one: str, other: str) -> float:
    """How alike two updates are, 0 to 100, by rapidfuzz's ratio of their sorted words.

    Dates and filler words do not count, so that "still being monitored, 3 May" equals "being monitored, 7 June".
    """
    a, b = _substance(one), _substance(other)
    if not a or not b:
        return 100.0 if a == b else 0.0
    return fuzz.token_sort_ratio(a, b)


def much_the_same(one: str, other: str) -> bool:
    """Whether two updates tell nothing new: alike enough, with the same figures and as many denials.

    One figure or one "not" turns an update round while most of its words stay: 12 of 20 is not 17 of 20.
    """
    if _figures(one) != _figures(other) or len(DENIALS.findall(one)) != len(DENIALS.findall(other)):
        return False
    return likeness(one, other) >= MUCH_THE_SAME


def unchanged(updates: Sequence[str], least: int = 3) -> bool:
    """Whether the newest `least` updates (oldest first) say much the same, each as the one before."""
    newest = updates[-least:]
    return len(newest) == least >= 2 and all(much_the_same(a, b) for a, b in pairwise(newest))


def stems(text: str) -> frozenset[str]:
    """The words of substance in a text, cut to a crude stem each."""
    return frozenset(_substance(text).split())


def _substance(text: str) -> str:
    words = re.findall(r"[\w%]+", DATES.sub(" ", text).casefold())
    return " ".join(_stem(w) for w in words if w not in FILLERS.split())


def _stem(word: str) -> str:
    """A crude stem, enough that reminded and reminders, monitor and monitoring meet."""
    return re.sub(r"(?:ings?|ed|ers?|es|s)$", "", word) if len(word) > 4 else word


def _figures(text: str) -> list[str]:
    return sorted(re.findall(r"\d+(?:\.\d+)?", DATES.sub(" ", text)))
