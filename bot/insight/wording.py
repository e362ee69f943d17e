"""Whether a problem, an action or a check is worded so that somebody else could tell that it happened."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

EXAMPLE_PROBLEM = "On Willow unit, 11 of 20 night handovers in May left out fluid intake (audit 14 May)."
EXAMPLE_ACTION = (
    "From Mon 7 Dec, night and day leads use the 8-line handover sheet at 08:00 and 20:00 on Willow unit; "
    "owner A. Khan."
)
EXAMPLE_CHECK = "The quality lead reads 20 sheets picked at random on 21 Dec and 18 Jan; standard 18 of 20 complete."


class Field(StrEnum):
    """Where the words stand."""

    PROBLEM = "problem"
    ACTION = "action"
    CHECK = "check"


@dataclass(frozen=True)
class Finding:
    """One remark: the field, the phrase (empty where something is missing), why it matters, and a better example."""

    field: Field
    phrase: str
    why: str
    better: str


@dataclass(frozen=True)
class Vague:
    """A family of phrases that nobody can check, with the remark they earn."""

    pattern: re.Pattern[str]
    why: str
    better: str


def _vague(phrases: str, why: str, better: str) -> Vague:
    return Vague(re.compile(rf"(?<![\w-])(?:{phrases})(?![\w-])", re.IGNORECASE), why, better)


VAGUE = (
    _vague(
        r"improv(?:e|es|ed|ing)|enhanc(?:e|es|ed|ing)|strengthen(?:s|ed|ing)?",
        "It names a wish, not what somebody will do differently.",
        "Instead of “improve handovers”: “night and day leads use the 8-line handover sheet at 08:00 and 20:00”.",
    ),
    _vague(
        r"ensur(?:e|es|ed|ing)|make sure|promot(?:e|es|ed|ing)|encourag(?:e|es|ed|ing)|support(?:ing)? staff to",
        "It leaves open who does what.",
        "Instead of “ensure fluids are recorded”: “the senior on shift initials each fluid chart at 14:00 and 20:00”.",
    ),
    _vague(
        r"rais(?:e|es|ed|ing) awareness|remind(?:s|ed|ing)?|reiterat(?:e|es|ed|ing)|re-?educat(?:e|es|ed|ing)|"
        r"refresh(?:es|ed|ing)?|(?:be|being) more (?:careful|vigilant)",
        "Being told again rarely changes what people do.",
        "Instead of “remind staff to record”: “print the 3 must-write lines on each daily note from 1 June”.",
    ),
    _vague(
        r"monitor(?:s|ed|ing)?|keep(?:ing)? (?:this |it )?under review|look(?:ing)? into|consider(?:s|ed|ing)?|"
        r"explor(?:e|es|ed|ing)|discuss(?:es|ed|ing)?|liais(?:e|es|ed|ing)",
        "It has no end, so nobody can say that it is done.",
        "Instead of “monitor weights”: “the nurse weighs all 12 people each first Monday and lists losses over 2 kg”.",
    ),
    _vague(
        r"address(?:es|ed|ing)? (?:the|this|these|any|all|issues?|concerns?|shortfalls?|gaps?)|work(?:ing)? towards|"
        r"embed(?:s|ded|ding)?|continu(?:e|es|ed|ing) to|maintain(?:s|ed|ing)?|ongoing",
        "It does not say what changes, or from when.",
        "Instead of “embed the process”: “from 1 June every admission to Oak floor has a risk sheet within 24 hours”.",
    ),
    _vague(
        r"as appropriate|where (?:possible|appropriate)|regular(?:ly)?|timely|in a timely (?:manner|way)|robust(?:ly)?|"
        r"good quality|good standard",
        "Two people would read it in two ways.",
        "Instead of “regularly”: “every Tuesday and Friday”; instead of “timely”: “within 24 hours”.",
    ),
    _vague(
        r"all staff|everyone|the team(?! lead)|management|the managers",
        "What belongs to everyone belongs to nobody.",
        "Name one person: “A. Khan briefs each of the 9 night staff by 14 June and ticks them off”.",
    ),
    _vague(
        r"asap|a\.s\.a\.p\.?|as soon as possible|tbc|tbd|in due course|when time allows|shortly",
        "It is not a date.",
        "Instead of “ASAP”: “by Friday 12 June”.",
    ),
)

CONCRETE = re.compile(
    r"\b(?:introduc|install|replac|remov|schedul|pair|sampl|audit|observ|meet|phon|print|lock|mov|us|fit|buy|order|writ|"
    r"read|check|count|weigh|sign|initial|list|record|ring|call|visit|interview|ask|shadow|brief|train|teach|label|split|"
    r"merg|stop|start|open|clos|put|plac|hang|display|walk|complet|fill|send|post|book|hire|recruit|appoint|repair|paint|"
    r"clean|test|measur|compar|rewrit|redesign|standardi[sz]|simplif|automat|add|hold|giv|swap|chang|set up|switch|"
    r"transfer|log|tick|assess)(?:[a-z]?(?:e|es|s|ed|ing|ies|ied|y))?\b",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|once|twice|daily|nightly|weekly|"
    r"fortnightly|monthly|quarterly|each|every|half|none)\b",
    re.IGNORECASE,
)
PLACE = re.compile(
    r"\b(?:unit|wing|floor|lounge|dining|kitchen|bedroom|bathroom|corridor|office|house|court|ward|garden|entrance|"
    r"clinic|room|rooms|desk|cupboard|trolley|shift|shifts|handover|handovers|night|nights|mealtime|mealtimes|round|"
    r"rounds|care files?|care plans?|charts?|records?|notes|home|service|branch)\b",
    re.IGNORECASE,
)
PERSON = re.compile(
    r"<@\w+>|@\w+|\b[A-Z]\.? ?[A-Z][a-z]+\b|\b(?i:quality lead|audit lead|team leader|shift lead|deputy|manager|"
    r"nurse|senior|night lead|day lead|leads|champion|cook|chef|supervisor|handyman|administrator|owner)\b",
)
DATE = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?[ /.-](?:\d{1,2}|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b\d{4}-\d\d-\d\d\b|"
    r"\b(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?s?\b|"
    r"\b(?:january|february|march|april|june|july|august|september|october|november|december)\b|"
    r"\b(?:daily|weekly|fortnightly|monthly|quarterly|every (?:day|night|week|fortnight|month|shift)|"
    r"(?:within|after|for|in) \w+ (?:hours|days|weeks|months))\b",
    re.IGNORECASE,
)
RECORD = re.compile(
    r"\b(?:sheets?|charts?|notes|files?|plans?|records?|logs?|registers?|forms?|rotas?|MARs?|handovers?|observ\w+|"
    r"feedback|surveys?|interviews?|ask\w*|watch\w*|walk-?rounds?|audits?|samples?|complaints?|incidents?|falls|people|"
    r"families|relatives|call bells?|photos?|minutes|certificates?|bedrooms?|rooms?)\b",
    re.IGNORECASE,
)

HOW_MANY = re.compile(r"\d|\b(?:all|every|each|both)\b", re.IGNORECASE)


def look_at_problem(text: str, places: Collection[str] = ()) -> tuple[Finding, ...]:
    """Remarks on a problem statement: vague phrases, and a missing number or place. `places` are the service's own."""
    found = _phrases(Field.PROBLEM, text)
    if not NUMBER.search(text):
        found.append(_missing(Field.PROBLEM, "It has no number, so nobody can tell later whether it got smaller."))
    if not _placed(text, places):
        found.append(_missing(Field.PROBLEM, "It does not say where: which unit, shift, round or record."))
    return tuple(found)


def look_at_action(
    text: str,
    *,
    has_owner: bool = False,
    has_due_date: bool = False,
    places: Collection[str] = (),
    people: Collection[str] = (),
) -> tuple[Finding, ...]:
    """Remarks on an action. An owner and a due date that stand in fields of their own need not stand in the text."""
    found = _phrases(Field.ACTION, text)
    if not CONCRETE.search(text):
        found.append(_missing(Field.ACTION, "It names nothing that one could see somebody do."))
    if not NUMBER.search(text):
        found.append(_missing(Field.ACTION, "It does not say how many or how often."))
    if not _placed(text, places):
        found.append(_missing(Field.ACTION, "It does not say where: which unit, shift, round or record."))
    if not has_owner and not _named(text, people):
        found.append(_missing(Field.ACTION, "It names no one person."))
    if not has_due_date and not DATE.search(text):
        found.append(_missing(Field.ACTION, "It has no date."))
    return tuple(found)


def look_at_check(text: str, people: Collection[str] = ()) -> tuple[Finding, ...]:
    """Remarks on how an action will be checked: which record or people, how many, by whom, by when. `people` are the
    names of those who may be meant."""
    found = _phrases(Field.CHECK, text)
    if not RECORD.search(text):
        found.append(_missing(Field.CHECK, "It does not say what will be looked at."))
    if not HOW_MANY.search(text):
        found.append(_missing(Field.CHECK, "It does not say how many."))
    if not _named(text, people):
        found.append(_missing(Field.CHECK, "It does not say who checks."))
    if not DATE.search(text):
        found.append(_missing(Field.CHECK, "It does not say when."))
    return tuple(found)


def vague_problem(text: str) -> str:
    """Why nobody could tell later whether the problem got smaller; empty where somebody could."""
    if NUMBER.search(text):
        return ""
    if _phrases(Field.PROBLEM, text):
        return "It names a wish and no number."
    return "" if PLACE.search(text) else "It names neither a number nor a place."


def vague_action(text: str) -> str:
    """Why nobody could see that the action happened; empty where somebody could."""
    if NUMBER.search(text):
        return ""
    if vague := _phrases(Field.ACTION, text):
        return f"It says “{vague[0].phrase}”, and not how many or how often."
    return "" if CONCRETE.search(text) else "It names nothing that one could see somebody do."


def vague_check(text: str) -> str:
    """Why nobody could check the action by these words; empty where somebody could."""
    return "" if NUMBER.search(text) or HOW_MANY.search(text) else "The check does not say how many, or how often."


def _phrases(field: Field, text: str) -> list[Finding]:
    found = []
    for vague in VAGUE:
        seen: dict[str, str] = {}
        for match in vague.pattern.finditer(text):
            seen.setdefault(match.group().casefold(), match.group())
        found += [Finding(field, phrase, vague.why, vague.better) for phrase in seen.values()]
    return found


def _missing(field: Field, why: str) -> Finding:
    example = {Field.PROBLEM: EXAMPLE_PROBLEM, Field.ACTION: EXAMPLE_ACTION, Field.CHECK: EXAMPLE_CHECK}[field]
    return Finding(field, "", why, f"For example: “{example}”")


def _named(text: str, people: Collection[str]) -> bool:
    said = set(re.findall(r"[\w’'-]+", text.casefold()))
    return bool(PERSON.search(text)) or any(said & set(name.casefold().split()) for name in people)


def _placed(text: str, places: Collection[str]) -> bool:
    lowered = text.casefold()
    return bool(PLACE.search(text)) or any(place.casefold() in lowered for place in places if place.strip())
