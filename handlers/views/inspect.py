"""How an inspection looks: the questions answered in one message, and the golden thread of one priority."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from bot.plan.access import ref
from bot.plan.account import Account
from bot.plan.priorities import Priority
from bot.reports.inspection import Inspection, Question
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

WHOLE_SENTENCE, PART_SENTENCE = 300, 900  # characters of one sentence, for a whole service and for a part of it
WHOLE_RESPONSES, PART_RESPONSES = 2, 8  # sentences of the last answer for one priority, the unresolved ones not counted
SECTION = 2800
BLOCKS = 46
STEPS_A_PAGE = 25
TEXT = 3900
LEADERS = 5  # the number of the question about leadership


def answered(found: Inspection, said: str, *, private: bool = True) -> Answer:
    """The message: what has not improved, then each question with what is unresolved first."""
    whole = not found.asked.words
    about = f", about {found.asked.words}" if found.asked.words else ""
    head = f"{found.service.name}{about}: answers for an inspector, {day(found.today)}"
    lines = [_line(s, PART_SENTENCE) for s in found.summary]
    blocks: list[Block] = [header(clip(head, 150)), *_sections(lines)]
    texts = [escape(head), *(_plain(s, TEXT) for s in found.summary)]
    for question in found.questions:
        told, left_out = _told(question, whole=whole)
        lines = [_line(s, WHOLE_SENTENCE if whole else PART_SENTENCE) for s in told]
        lines += [f"_and {left_out} earlier; ask for one priority to see them_"] if left_out else []
        blocks += _sections([f"*{question.number}. {escape(question.title)}*", *(lines or ["Nothing is on record."])])
        texts += [f"{question.number}. {question.title}", *(_plain(s, WHOLE_SENTENCE) for s in told)]
    if len(blocks) > BLOCKS:
        blocks = [
            *blocks[:BLOCKS],
            context("There is more than fits into one message: choose one priority, or make the pack."),
        ]
    blocks.append(context(f"From the records alone, on {day(found.today)}. References in brackets are the records."))
    if private:
        blocks += _ways(found, said)
    return Answer(clip("\n".join(texts), TEXT), blocks)


def _told(question: Question, *, whole: bool) -> tuple[list[Sentence], int]:
    """The sentences to show, and how many responses were left out for length."""
    if question.number != LEADERS:
        return list(question.sentences), 0
    most, told, seen = WHOLE_RESPONSES if whole else PART_RESPONSES, [], dict[str, int]()
    for sentence in question.sentences:
        if not sentence.unresolved:
            seen[sentence.about] = seen.get(sentence.about, 0) + 1
        if sentence.unresolved or seen[sentence.about] <= most:
            told.append(sentence)
    return told, len(question.sentences) - len(told)


def _line(sentence: Sentence, limit: int) -> str:
    """One sentence with its records; what is unresolved says so in words."""
    refs = [r for r in sentence.refs if r != sentence.about]
    shown = [sentence.about] if sentence.about and not sentence.text.startswith(sentence.about) else []
    records = ", ".join(dict.fromkeys([*shown, *refs])) or ", ".join(sentence.refs)
    mark = "*Not resolved:* " if sentence.unresolved else ""
    return f"• {mark}{escape(clip(sentence.text, limit))} _[{clip(records, 200)}]_"


def _plain(sentence: Sentence, limit: int) -> str:
    mark = "Not resolved: " if sentence.unresolved else ""
    return f"{mark}{escape(clip(sentence.text, limit))} [{', '.join(sentence.refs)}]"


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
    service = {"s": found.service.id}
    elements = []
    if found.standings:
        chooser = select(_priorities(found.standings, found.service.id), placeholder="One priority")
        thread = select(_priorities(found.standings, found.service.id), placeholder="The thread behind it")
        elements = [{**chooser, "action_id": "inspect.show"}, {**thread, "action_id": "inspect.thread"}]
    share = button("Show in channel", "inspect.post", {**service, "a": clip(said, 300)})
    pack = button("Make the evidence pack", "pack.open", service)
    return [actions(*elements, share, pack)]


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
