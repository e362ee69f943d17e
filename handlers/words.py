"""Typed words: what Slack made of them turned back, and the nearest verb for what was mistyped."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from rapidfuzz import fuzz, process

from bot.plan.access import Lettered
from bot.plan.people import Person, UserGroup
from bot.work import Work
from handlers.desk import Verb

_MENTION = re.compile(r"<([@#]|!subteam\^|!)([^>|]+)(?:\|@?([^>]*))?>")
_LINK = re.compile(r"<((?:https?|mailto):[^>|]+)(?:\|([^>]*))?>")
_NEAR = 60  # of 100: "staus" -> status (91), "lgo" -> log (67); "weather" comes near nothing


def plain(text: str, names: Mapping[str, str] | None = None) -> str:
    """What the person saw when typing: mentions as @name, channels as #name, links as addresses, no entities.

    `names`: what people and groups are called, by Slack id, where Slack sent only the id."""
    known = names or {}
    text = _MENTION.sub(lambda m: ("#" if m[1] == "#" else "@") + (m[3] or known.get(m[2]) or m[2]), text)
    text = _LINK.sub(lambda m: m[1].removeprefix("mailto:"), text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def names_in(work: Work, workspace_id: str, text: str) -> dict[str, str]:
    """What the people and user groups mentioned in a message are called, as far as they are known."""
    ids = sorted({match[2] for match in _MENTION.finditer(text)})
    if not ids:
        return {}
    people = work.all(Person, workspace_id=workspace_id, slack_id=ids)
    groups = work.all(UserGroup, workspace_id=workspace_id, slack_id=ids)
    return {p.slack_id: p.name for p in people if p.name} | {g.slack_id: g.name for g in groups}


_LEADING = re.compile(r"^[(\[]?\s*([A-Za-z])\s?-?(\d{1,9})\s*[)\]]?(?:[\s:;,.!–-]+|$)(.*)$", re.DOTALL)


def first_ref(text: str, *kinds: type[Lettered]) -> tuple[str, str]:
    """The reference to a record of one of these kinds that the words start with ("A31: told the team", "(a 31) told the
    team"), and the words after it; ("", text) where they start with none."""
    match = _LEADING.match(text.strip())
    if match and match[1].upper() in {kind.LETTER for kind in kinds}:
        return f"{match[1].upper()}{match[2]}", match[3].strip()
    return "", text.strip()


def _squeezed(name: str) -> str:
    return name.replace("-", " ")


@cache
def _by_name(verbs: tuple[Verb, ...]) -> dict[str, Verb]:
    """Each verb by all its names; where two share one, the first."""
    return {_squeezed(name): verb for verb in reversed(verbs) for name in (verb.name, *verb.also)}


def find(verbs: Sequence[Verb], text: str) -> tuple[Verb, str] | None:
    """The verb that the text starts with, the longest name first, and the words after it."""
    words, named = text.split(maxsplit=3), _by_name(tuple(verbs))
    for length in range(min(3, len(words)), 0, -1):
        verb = named.get(_squeezed(" ".join(words[:length]).lower()))
        if verb:
            return verb, text.split(maxsplit=length)[length] if len(words) > length else ""
    return None


# A verb and a reference without a space between them.
_GLUED = re.compile(r"^\s*([A-Za-z-]*[A-Za-z])([A-Za-z]\d{1,9})\b")


def nearest(verbs: Sequence[Verb], text: str) -> tuple[Verb, str] | None:
    """The verb that was probably meant, and the words after it."""
    if glued := find(verbs, _GLUED.sub(r"\1 \2", text)):
        return glued
    names = {_squeezed(name): verb for verb in verbs for name in (verb.name, *verb.also)}
    said = text.lower().split()
    best: tuple[float, Verb, int] | None = None
    for length in (2, 1):
        found = process.extractOne(_squeezed(" ".join(said[:length])), list(names), scorer=fuzz.ratio)
        if found[1] >= _NEAR and (best is None or found[1] > best[0]):
            best = (found[1], names[found[0]], length)
    if best is None:
        return None
    _, verb, length = best
    return verb, text.split(maxsplit=length)[length] if len(said) > length else ""
