"""How an inspection looks: the questions answered in one message, and the golden thread of one priority."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.frameworks.catalogue import framework
from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.priorities import Priority
from bot.reports.inspection import Inspection, Question
from bot.reports.narrowing import topics_here
from bot.reports.sentences import Sentence
from bot.reports.standing import Standing
from bot.reports.thread import Step
from handlers.desk import Answer
from handlers.views.parts import (
    OPTIONS_LIMIT,
    Block,
    actions,
    button,
    clip,
    context,
    day,
    escape,
    header,
    option,
    section,
    select,
)

BRIEF_SENTENCE, SENTENCE = 170, 900  # characters of one sentence, in short and in full
BRIEF_UNRESOLVED, BRIEF_LEADS = 2, 8  # sentences of one answer in short; a phone shows about ten
BRIEF_JOINED = 210  # characters of a sentence with those that follow it
BRIEF_RECORDS = 4
IN_FULL_ONLY = ("The true ", "With ")  # the interval, and what a next sample would have to show
PART_RESPONSES = 8  # sentences of the last answer for one priority, the unresolved ones not counted
SECTION = 2800
BLOCKS = 44
MESSAGE = 11_000  # characters; Slack takes about 13,000 in one message
STEPS_A_PAGE = 25
TEXT = 3900
LEADERS = 5  # the number of the question about leadership
_ENDS = re.compile(r"(?<=[a-z0-9%)][.!?])\s+(?=[A-Z“])")  # between two sentences, and not after an initial


def answered(found: Inspection, said: str, *, private: bool = True) -> Answer:
    """The message: what has not improved, then each question with what is unresolved first; of a whole service in
    short, with a button to each answer in full."""
    brief = not found.asked.words
    lines = [_line(s, SENTENCE) for s in found.summary]
    blocks: list[Block] = [header(clip(_head(found), 150)), *_sections(lines)]
    texts = [escape(_head(found)), *(_plain(s, TEXT) for s in found.summary)]
    for question in found.questions:
        told = _brief(question) if brief else _told(question)
        left_out = len(question.sentences) - len(told)
        lines = [_short(s) if brief else _line(s, SENTENCE) for s in told] or ["Nothing is on record."]
        more = f"All {len(question.sentences)}" if left_out and private else ""
        blocks.append(_title(question, more, _value(found, said) | {"q": question.number}))
        lines += [f"_and {left_out} more_"] if left_out and not private else []
        blocks += _sections(lines)
        texts += [f"{question.number}. {question.title}", *(_plain(s, BRIEF_SENTENCE) for s in told)]
    blocks = [*_fitting(blocks), context(_foot(found, private=private))]
    return Answer(clip("\n".join(texts), TEXT), [*blocks, *_ways(found, said)] if private else blocks)


def one_answer(found: Inspection, number: int, said: str) -> Answer:
    """One question answered in full, for whoever pressed."""
    question = next((q for q in found.questions if q.number == number), found.questions[0])
    lines = [_line(s, SENTENCE) for s in question.sentences] or ["Nothing is on record."]
    title = f"{question.number}. {question.title}"
    back = button("All five answers", "inspect.show", _value(found, said))
    blocks = [header(clip(title, 150)), context(escape(_head(found))), *_sections(lines)]
    texts = [title, *(_plain(s, SENTENCE) for s in question.sentences)]
    return Answer(clip("\n".join(texts), TEXT), [*_fitting(blocks), context(_foot(found)), actions(back)])


def _head(found: Inspection) -> str:
    about = f", about {found.asked.words}" if found.asked.words else ""
    return f"{found.service.name}{about}: answers for an inspector, {day(found.today)}"


def _foot(found: Inspection, *, private: bool = True) -> str:
    where = "" if private else " `/sip inspect P3` tells all of one priority."
    return f"From the records alone, on {day(found.today)}. References in brackets are the records.{where}"


def _value(found: Inspection, said: str) -> dict[str, Any]:
    return {"s": found.service.id, "a": clip(said, 300)}


def _title(question: Question, more: str, value: dict[str, Any]) -> Block:
    words = f"*{question.number}. {escape(question.title)}*"
    if not more:
        return section(words)
    label = f"{more} sentences of answer {question.number}"
    return section(words, button(more, f"inspect.answer#{question.number}", value, label=label))


def _fitting(blocks: list[Block]) -> list[Block]:
    """As many of the blocks as one message holds, and a word where that is not all of them."""
    length, kept = 0, list[Block]()
    for block in blocks:
        length += len(block.get("text", {}).get("text", ""))
        if length > MESSAGE or len(kept) >= BLOCKS:
            return [*kept, context("There is more than fits into one message: choose one priority, or make the pack.")]
        kept.append(block)
    return kept


def _brief(question: Question) -> list[Sentence]:
    """What answers a question in short: the first unresolved ones, then one sentence for each priority."""
    leads = list(question.leads[:BRIEF_LEADS])
    first = [s for s in question.sentences if s.unresolved and s not in leads][:BRIEF_UNRESOLVED]
    told = [*first, *leads] or list(question.sentences[:BRIEF_LEADS])
    return sorted(told, key=lambda s: not s.unresolved)


def _told(question: Question) -> list[Sentence]:
    """All sentences; of what leadership did, all that is unresolved and the newest of the rest for each priority."""
    if question.number != LEADERS:
        return list(question.sentences)
    told, seen = [], dict[str, int]()
    for sentence in question.sentences:
        if not sentence.unresolved:
            seen[sentence.about] = seen.get(sentence.about, 0) + 1
        if sentence.unresolved or seen[sentence.about] <= PART_RESPONSES:
            told.append(sentence)
    return told


def _short(sentence: Sentence) -> str:
    """One sentence in short: as much of it as reads well on a phone, cut where a sentence ends if one does."""
    first, *others = _ENDS.split(sentence.text)
    words = clip(first, BRIEF_SENTENCE)
    for each in (other for other in others if not other.startswith(IN_FULL_ONLY)):
        if len(words) + 1 + len(each) > BRIEF_JOINED:
            break
        words = f"{words} {each}"
    records = [r for r in sentence.refs if r != sentence.about]
    more = len(records) - BRIEF_RECORDS
    refs = (*records[:BRIEF_RECORDS], f"and {more} more") if more > 1 else sentence.refs
    return _line(replace(sentence, text=words, refs=refs), BRIEF_JOINED)


def _line(sentence: Sentence, limit: int) -> str:
    """One sentence under its priority, with its records; what is unresolved says so in words."""
    about, text = sentence.about, sentence.text
    whose = "" if not about or text.startswith(about) else f"*{about}* "
    records = ", ".join(r for r in sentence.refs if r != about) or ", ".join(sentence.refs)
    mark = "*Not resolved:* " if sentence.unresolved else ""
    return f"• {mark}{whose}{escape(clip(text, limit))}" + (f" _[{clip(records, 200)}]_" if records else "")


def _plain(sentence: Sentence, limit: int) -> str:
    mark = "Not resolved: " if sentence.unresolved else ""
    return f"{mark}{escape(clip(sentence.text, limit))}" + (f" [{', '.join(sentence.refs)}]" if sentence.refs else "")


def _sections(lines: Iterable[str]) -> Iterator[Block]:
    """The lines in as few sections as hold them; no line is broken."""
    held: list[str] = []
    for line in lines:
        if held and len("\n".join([*held, line])) > SECTION:
            yield section("\n".join(held))
            held = []
        held.append(clip(line, SECTION))
    if held:
        yield section("\n".join(held))


def _ways(found: Inspection, said: str) -> list[Block]:
    elements = []
    if found.standings:
        chooser = select(_priorities(found.standings, found.service.id), placeholder="One priority")
        thread = select(_priorities(found.standings, found.service.id), placeholder="The thread behind it")
        elements = [{**chooser, "action_id": "inspect.show"}, {**thread, "action_id": "inspect.thread"}]
    if topics := _topics(found):
        one = framework(found.service.framework).topic_word
        elements.append({**select(topics, placeholder=f"One {one}"), "action_id": "inspect.show#topic"})
    share = button("Show in channel", "inspect.post", _value(found, said))
    pack = button("Make the evidence pack", "pack.open", {"s": found.service.id})
    return [actions(*elements, share, pack)]


def _topics(found: Inspection) -> list[Block]:
    """The statements or key lines of the service's framework that priorities of the whole plan are about."""
    if found.asked.words:
        return []
    known = topics_here(found.service.framework, [s.priority for s in found.standings])
    named = [(f"{t.code} {t.name}", t.code) for t in known]
    return [option(clip(name, 75), f'{{"s":"{found.service.id}","a":"{code}"}}') for name, code in named]


def _priorities(standings: Sequence[Standing], service_id: str) -> list[Block]:
    listed = [s.priority for s in standings][:OPTIONS_LIMIT]
    return [option(f"{ref(p)} {p.title}", f'{{"s":"{service_id}","a":"{ref(p)}"}}') for p in listed]


def thread(account: Account, priority: Priority, steps: Sequence[Step], start: int = 0) -> Answer:
    """A page of the golden thread of one priority, in order of time."""
    shown = steps[start : start + STEPS_A_PAGE]
    head = f"The thread of {ref(priority)} {priority.title}, {account.service.name}"
    lines = [_step(s) for s in shown]
    place = f"Steps {start + 1} to {start + len(shown)} of {len(steps)}, in order of time."
    value = {"s": account.service.id, "a": ref(priority)}
    ways = []
    if start:
        ways.append(button("Earlier", "inspect.thread#earlier", {**value, "r": max(0, start - STEPS_A_PAGE)}))
    if start + len(shown) < len(steps):
        ways.append(button("Later", "inspect.thread#later", {**value, "r": start + len(shown)}))
    ways.append(button("The answers about it", "inspect.show", value))
    blocks = [header(clip(head, 150)), *_sections(lines), context(place), actions(*ways)]
    plain = "\n".join(f"{_day(s.on)} {s.strand}: {escape(s.text)} [{', '.join(s.refs)}]" for s in shown)
    return Answer(clip(f"{escape(head)}\n{plain}\n{place}", TEXT), blocks[:50])


def _step(step: Step) -> str:
    return f"• *{_day(step.on)}* {step.strand}: {escape(clip(step.text, 400))} _[{', '.join(step.refs)}]_"


def _day(on: date) -> str:
    return f"{on.day} {on:%b %Y}"
