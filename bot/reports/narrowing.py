"""Which part of a plan somebody asks about: priorities by reference, a theme, or a statement of either framework."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import NotFound
from bot.frameworks.catalogue import FRAMEWORKS, framework, predecessors, successors
from bot.frameworks.shape import Topic
from bot.plan.access import parse_ref, ref
from bot.plan.account import Account
from bot.plan.priorities import Priority
from bot.plan.says import listed
from bot.reports.register_parts import WHOLE_ACCOUNT, Filter

_LINKING = re.compile(r"^(?:of|on|for|about)\s+(?:the\s+)?", re.IGNORECASE)  # "status of handovers"
_SEPARATORS = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Asked:
    """A part of a plan: the filter, and how to name it after "about"; no words mean the whole of it."""

    only: Filter = WHOLE_ACCOUNT
    words: str = ""


WHOLE = Asked()


def asked(account: Account, text: str) -> Asked:
    """What the words ask for: "P3", "P3 P4", "S2" or the name of a statement or key line, else part of a theme.

    Raises NotFound, with what there is, where nothing of the plan is meant."""
    said = _LINKING.sub("", " ".join(text.split()).strip(" .?!"))
    if not said:
        return WHOLE
    numbers = [parse_ref(word, Priority) for word in _SEPARATORS.split(said)]
    if all(number is not None for number in numbers):
        return _by_number(account, [number for number in numbers if number is not None])
    if topics := topics_named(said):
        return _by_topic(account, topics)
    return _by_theme(account, said)


def topics_named(text: str) -> tuple[Topic, ...]:
    """The quality statements and key lines of enquiry that a code, a name, or "code name" stands for, in any
    framework. Safeguarding, for example, is a topic of both."""
    plain = " ".join(text.casefold().split())
    return tuple(
        topic
        for each in FRAMEWORKS
        for topic in each.topics
        if plain in (topic.code.casefold(), topic.name.casefold(), f"{topic.code} {topic.name}".casefold())
    )


def topics_here(key: str, priorities: Sequence[Priority]) -> list[Topic]:
    """The topics of a framework that any of the priorities is about, by its own tag or through the map, in order."""
    tagged = {topic for p in priorities for topic in topics_named(p.quality_statement)}
    meant = tagged | {related for topic in tagged for related in _related(topic)}
    return [topic for topic in framework(key).topics if topic in meant]


def topic_words(account: Account, priority: Priority) -> str:
    """The statement of a priority in the words of the service's framework: what it was tagged with, and, where that
    belongs to another framework, where it goes in this one."""
    tagged = topics_named(priority.quality_statement)
    if not tagged:
        return priority.quality_statement
    own = framework(account.service.framework)
    here = [topic for topic in tagged if topic in own.topics]
    if here:
        return here[0].name
    now = [topic.name for topic in _related(tagged[0]) if topic in own.topics]
    return f"{tagged[0].name} (now {listed(now)})" if now else tagged[0].name


def _related(topic: Topic) -> tuple[Topic, ...]:
    """What a topic comes from and goes to in the other framework."""
    return (*successors(topic.code), *predecessors(topic.code))


def _by_number(account: Account, numbers: list[int]) -> Asked:
    found = [p for p in account.priorities if p.number in numbers]
    missing = [f"P{number}" for number in numbers if number not in {p.number for p in found}]
    if missing:
        there = listed([ref(p) for p in account.priorities]) or "none yet"
        raise NotFound(
            f"There is no priority {listed(missing)} in {account.service.name} that you may see. There are: {there}."
        )
    return Asked(_among(found), listed([f"{ref(p)} {p.title}" for p in found]))


def _by_topic(account: Account, topics: tuple[Topic, ...]) -> Asked:
    """Priorities tagged with the statement itself, or with what it comes from or goes to."""
    wanted = {*topics, *(related for topic in topics for related in _related(topic))}
    found = [p for p in account.priorities if wanted.intersection(topics_named(p.quality_statement))]
    name = f"{topics[0].code} {topics[0].name}"
    if not found:
        tagged = sorted({topic_words(account, p) for p in account.priorities if p.quality_statement})
        there = f" Tagged so far: {'; '.join(tagged)}." if tagged else " No priority is tagged with a statement yet."
        raise NotFound(f"No priority of {account.service.name} is about {name}.{there}")
    return Asked(_among(found), name)


def _by_theme(account: Account, said: str) -> Asked:
    only = Filter(theme=said)
    if any(only.has_theme(p.theme) for p in account.priorities):
        return Asked(only, f"the theme “{said}”")
    titled = [p for p in account.priorities if said.casefold() in p.title.casefold()]
    if titled:
        return Asked(_among(titled), listed([f"{ref(p)} {p.title}" for p in titled]))
    themes = sorted({p.theme for p in account.priorities})
    there = f"Its themes are: {'; '.join(themes)}." if themes else "It has no priority yet."
    raise NotFound(
        f"Nothing in the plan of {account.service.name} is called “{said}”. {there} A priority (P3), a theme or a "
        "quality statement (W5) can follow."
    )


def _among(found: list[Priority]) -> Filter:
    return Filter(among=frozenset(p.id for p in found))
