"""Which frameworks there are, and looking up topics in them and across them."""

from bot.frameworks.asc_2026_draft import ASC_2026_DRAFT
from bot.frameworks.saf_2023 import SAF_2023
from bot.frameworks.saf_to_asc import SAF_TO_ASC
from bot.frameworks.shape import Framework, Topic

FRAMEWORKS = (SAF_2023, ASC_2026_DRAFT)
DEFAULT = SAF_2023.key
LINKS = {(SAF_2023.key, ASC_2026_DRAFT.key): SAF_TO_ASC}


def framework(key: str) -> Framework:
    """The framework of that key. Raises KeyError where there is none."""
    for found in FRAMEWORKS:
        if found.key == key:
            return found
    raise KeyError(f"There is no framework {key!r}; there are {', '.join(f.key for f in FRAMEWORKS)}.")


def topic(code: str) -> Topic | None:
    """The topic of that code in whichever framework has it (codes do not repeat), or None."""
    return next((t for f in FRAMEWORKS for t in f.topics if t.code == code), None)


def successors(code: str, old: str = SAF_2023.key, new: str = ASC_2026_DRAFT.key) -> tuple[Topic, ...]:
    """Where a topic of one framework goes in another; empty where nothing takes it up or the two are not mapped."""
    newer = {t.code: t for t in framework(new).topics}
    return tuple(newer[link.new] for link in LINKS.get((old, new), ()) if link.old == code)


def predecessors(code: str, old: str = SAF_2023.key, new: str = ASC_2026_DRAFT.key) -> tuple[Topic, ...]:
    """Which topics of an older framework lead to this one."""
    older = {t.code: t for t in framework(old).topics}
    return tuple(older[link.old] for link in LINKS.get((old, new), ()) if link.new == code)
