"""Typed words: what Slack made of them turned back, and the nearest verb for what was mistyped."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from handlers.desk import Verb

_MENTION = re.compile(r"<([@#!])([^>|]+)(?:\|([^>]*))?>")
_LINK = re.compile(r"<((?:https?|mailto):[^>|]+)(?:\|([^>]*))?>")
_NEAR = 60  # of 100: "staus" -> status (91), "lgo" -> log (67); "weather" comes near nothing


def plain(text: str) -> str:
    """What the person saw when typing: mentions as @name, channels as #name, links as addresses, no entities."""
    text = _MENTION.sub(lambda m: ("#" if m[1] == "#" else "@") + (m[3] or m[2]), text)
    text = _LINK.sub(lambda m: m[1].removeprefix("mailto:"), text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _squeezed(name: str) -> str:
    return name.replace("-", " ")


def find(verbs: Sequence[Verb], text: str) -> tuple[Verb, str] | None:
    """The verb that the text starts with, the longest name first, and the words after it."""
    words = text.split()
    for length in (3, 2, 1):
        said = _squeezed(" ".join(words[:length]).lower())
        taken = len(words[:length])
        if taken < length:
            continue
        for verb in verbs:
            if said in {_squeezed(name) for name in (verb.name, *verb.also)}:
                return verb, text.split(maxsplit=taken)[taken] if len(words) > taken else ""
    return None


def nearest(verbs: Sequence[Verb], text: str) -> Verb | None:
    """The verb that was probably meant."""
    names = {_squeezed(name): verb for verb in verbs for name in (verb.name, *verb.also)}
    said = text.lower().split()
    best: tuple[float, Verb] | None = None
    for length in (2, 1):
        found = process.extractOne(_squeezed(" ".join(said[:length])), list(names), scorer=fuzz.ratio)
        if found[1] >= _NEAR and (best is None or found[1] > best[0]):
            best = (found[1], names[found[0]])
    return best[1] if best else None
