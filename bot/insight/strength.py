"""How strong an action is likely to be, suggested from its words on the RCA2 and AHRQ action hierarchy."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Strength(StrEnum):
    """Tiers of the action hierarchy of the US National Center for Patient Safety, used by RCA2 and AHRQ."""

    STRONG = "strong"
    INTERMEDIATE = "intermediate"
    WEAK = "weak"


@dataclass(frozen=True)
class Suggestion:
    """A suggested tier, the words that led to it, and why; `strength` is None where the text does not say enough."""

    strength: Strength | None
    phrase: str
    why: str


def _any(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})", re.IGNORECASE)


STRONG = (
    (
        _any(
            r"mov(?:e|ed|ing) (?:the |all |both )?(?:\w+ )?(?:tables?|beds?|chairs?|trolley|station|office|cupboard)|"
            r"knock(?:ing)? through|rebuil\w+|refurbish\w*|(?:fit|install|replac)\w* (?:\S+ ){0,4}(?:rails?|handrails?|"
            r"floor\w*|light\w*|doors?|sensors?|lino|carpet|ramps?|keypads?|locks?|alarms?|windows?|basins?)|"
            r"built-in|adapt\w* (?:the )?(?:bathroom|building|layout)"
        ),
        "it changes the place itself",
    ),
    (
        _any(
            r"cannot be (?:saved|signed|closed|opened|completed|skipped)|will not (?:save|close|open)|"
            r"forc(?:e|ing) function|interlock|mandatory field|required field|lock(?:ed|s)? out|hard stop|"
            r"automat(?:ic|ically|e|ed)\b|physically prevent"
        ),
        "it makes the wrong way impossible or the right way automatic",
    ),
    (
        _any(
            r"remov\w+ (?:the |an? |\d+ |unneeded |unnecessary |duplicate )*(?:steps?|forms?|sheets?|copies)|"
            r"simplif\w+|one (?:single )?(?:form|sheet|chart|system) (?:instead of|in place of|replac\w+)|"
            r"replac\w+ (?:the )?(?:two|three|four|five|\d+) \w+ (?:with|by) one"
        ),
        "it takes steps out of the work",
    ),
    (_any(r"standardi[sz]\w+|same (?:model|make|layout|kit) (?:on|in|across|for)"), "it makes kit or process the same"),
    (
        _any(
            r"(?:registered manager|nominated individual|director|regional manager|provider)\b[^.;]{0,40}"
            r"\b(?:walks?|works? (?:a |one )?shift|joins?|leads?|attends?|chairs?)"
        ),
        "leaders take part themselves",
    ),
)
INTERMEDIATE = (
    (
        _any(r"check-?list|prompt (?:card|sheet)|aide[- ]memoire|\d+-line|template|crib|flow ?chart"),
        "it gives a memory aid",
    ),
    (
        _any(
            r"(?:add|recruit|hire|appoint|employ)\w* (?:\S+ ){0,5}"
            r"(?:staff|nurses?|carers?|hours|cook|shift|person|post)|"
            r"extra (?:\S+ ){0,3}(?:staff|carers?|hours|shift|person)|reduc\w+ (?:\S+ ){0,2}workload|protected time|"
            r"overlap(?:s|ping)?\b"
        ),
        "it adds hands or takes work away",
    ),
    (
        _any(r"software|electronic|digital|tablet|e-?mar\b|app\b|alerts?\b|reminder in the system"),
        "it changes a system",
    ),
    (
        _any(r"read[- ]?back|sbar|handover sheet|written handover|huddle|communication book"),
        "it structures communication",
    ),
    (_any(r"interruption|distraction|quiet (?:room|time)|do not disturb|red tabard"), "it takes distraction away"),
    (_any(r"look-?alike|sound-?alike|separate (?:shelf|shelves|drawer|storage|colour)"), "it keeps alike things apart"),
    (_any(r"second (?:person|nurse|trolley|set)|back-?up|spare|redundan\w+"), "it adds a reserve"),
)
WEAK = (
    (
        _any(r"train(?:ing|s|ed)?\b|workshops?|toolbox talk|e-?learning|refresher|teach\w*|supervisions?\b|coaching"),
        "training",
    ),
    (
        _any(
            r"remind\w*|brief\w*|re-?iterat\w*|rais\w+ awareness|e-?mail\w*|memo\b|poster|notice\b|tell\b|told\b|"
            r"discuss\w*|team meeting|staff meeting|communicat\w+ to (?:all )?staff"
        ),
        "telling people",
    ),
    (_any(r"polic(?:y|ies)|procedure|protocol|guidance|guideline"), "a new rule on paper"),
    (_any(r"double[- ]?check\w*|countersign\w*|warning|label\w*|signage|stickers?"), "a second look or a warning"),
    (
        _any(r"audit\w*|analys\w+|investigat\w+|stud(?:y|ies)\b|review\w*|monitor\w*|spot checks?"),
        "looking, not changing",
    ),
)
TELLING = re.compile(
    r"^\W*(?:\w+ ){0,4}?(?:train|remind|brief|tell|email|e-mail|re-?iterate|discuss|teach)", re.IGNORECASE
)


def suggest(text: str) -> Suggestion:
    """The tier that an action's words suggest. A person may choose another.

    The strongest match wins, except that an action which begins by telling or training people about a checklist or a
    system is weak: what is done is the telling.
    """
    for pattern, why in STRONG:
        if match := pattern.search(text):
            return Suggestion(Strength.STRONG, match.group(), f"Strong: {why}.")
    telling = bool(TELLING.search(text))
    if not telling:
        for pattern, why in INTERMEDIATE:
            if match := pattern.search(text):
                return Suggestion(Strength.INTERMEDIATE, match.group(), f"Intermediate: {why}.")
    for pattern, why in WEAK:
        if match := pattern.search(text):
            reason = f"Weak on its own: {why}. Pair it with a change to the place, the kit or the steps of the work."
            return Suggestion(Strength.WEAK, match.group(), reason)
    return Suggestion(None, "", "The words do not say enough to suggest a strength.")


def only_weak(strengths: Iterable[Strength]) -> bool:
    """Whether a priority has actions and every one of them is weak (RCA2 asks for one stronger action a cause)."""
    found = list(strengths)
    return bool(found) and all(s is Strength.WEAK for s in found)
