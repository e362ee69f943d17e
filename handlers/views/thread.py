"""How the golden thread of a priority looks: where it stands, its steps from the signals on, one step in full."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.plan.access import Lettered, ref
from bot.plan.account import Account
from bot.plan.clocks import running
from bot.plan.priorities import Priority
from bot.plan.readings import told
from bot.reports.thread import Step
from handlers.desk import Answer
from handlers.views.parts import (
    Block,
    actions,
    button,
    clip,
    context,
    day,
    divider,
    escape,
    header,
    moment,
    option,
    section,
    select,
)
from handlers.views.thread_records import Page, Record, author, by_ref, came_from

STEPS = 8  # on one page
TEXT = 3900
LINKS = 5  # buttons in a row of links


@dataclass(frozen=True, slots=True)
class Way:
    """A next step that fits this person."""

    words: str
    press: str
    value: dict[str, str]


def page(account: Account, priority: Priority, steps: Sequence[Step], start: int, ways: Sequence[Way]) -> Answer:
    """A page of the thread: where it stands, its steps in order of time, and what this person can do next."""
    start = max(0, min(start, len(steps) - 1))
    shown = steps[start : start + STEPS]
    known = by_ref(account)
    head = f"{ref(priority)} {priority.title}"
    stands = standing(account, priority)
    blocks: list[Block] = [header(clip(head, 150)), section(clip("\n".join(map(escape, stands)), 2900)), divider()]
    lines = []
    for step in shown:
        record = known.get(step.refs[0])
        by = "" if step.named else author(account, record)
        origin = _origins(account, record, step)
        blocks.append(section(_step(step, by, origin)))
        lines.append(f"{day(step.on)} {step.strand} {', '.join(step.refs)}: {step.text}{f' ({by})' if by else ''}")
    place = f"Steps {start + 1} to {start + len(shown)} of {len(steps)}, in order of time."
    blocks.append(context(place))
    blocks.append(actions(_open(shown, priority, start), *_paging(priority, start, len(steps))))
    if ways:
        blocks.append(actions(*(_way(way, n == 0) for n, way in enumerate(ways))))
    text = "\n".join([f"{head}.", *stands, *lines, place])
    return Answer(escape(clip(text, TEXT)), blocks)


def standing(account: Account, priority: Priority) -> list[str]:
    """Where a priority stands now, in a few lines of plain text."""
    facts = [str(priority.status), f"{priority.risk} risk", f"led by {account.name(priority.lead_id)}"]
    facts.append(f"opened {day(priority.opened_on)}")
    if priority.closed_on:
        facts.append(f"closed {day(priority.closed_on)}")
    elif priority.target_on:
        facts.append(f"target {day(priority.target_on)}")
    lines = [f"Now: {', '.join(facts)}."]
    lines += [clip(told(reading), 350) for reading in account.readings_of(priority)[:4]]
    lines += [f"Clock: {clock.kind.value}, due {day(clock.due_on)}." for clock in running(priority)[:3]]
    origin, children = account.origin_of(priority), account.children_of(priority)
    if origin:
        lines.append(f"Comes from {ref(origin)} {origin.title}.")
    if children:
        lines.append(f"Carried on by {', '.join(f'{ref(c)} {c.title}' for c in children)}.")
    return lines


def _step(step: Step, by: str, origin: str) -> str:
    head = f"*{day(step.on)}* · {step.strand} · *{step.refs[0]}*"
    small = " · ".join(part for part in (escape(by), origin) if part)
    tail = f"\n_{small}_" if small else ""
    return f"{head}\n{escape(clip(step.text, 500))}{tail}"


def _origins(account: Account, record: Record | None, step: Step) -> str:
    """What a step rests on, as references."""
    if record is None:
        return ""
    found = [ref(r) for r in came_from(account, record) if r is not None]
    return f"from {', '.join(found[:8])}" if found and ref(record) == step.refs[0] else ""


def _open(shown: Sequence[Step], priority: Priority, start: int) -> Block:
    """Any step of the page, to be opened in full."""
    found = {step.refs[0]: step for step in shown}
    options = [
        option(f"{name} {step.strand}, {day(step.on)}", f'{{"priority":"{priority.id}","ref":"{name}","r":"{start}"}}')
        for name, step in found.items()
    ]
    return {**select(options, placeholder="Open a step in full"), "action_id": "thread.step"}


def _paging(priority: Priority, start: int, total: int) -> list[Block]:
    def turn(words: str, name: str, to: int) -> Block:
        return button(words, f"priority.show#{name}", {"priority": priority.id, "r": str(to)})

    last = max(0, total - STEPS)
    row = []
    if start > 0:
        row.append(turn("To the signals", "first", 0))
        row.append(turn("Earlier", "earlier", max(0, start - STEPS)))
    if start + STEPS < total:
        row.append(turn("Later", "later", start + STEPS))
        row.append(turn("To now", "last", last))
    return row


def _way(way: Way, first: bool) -> Block:
    return button(way.words, f"{way.press}#way", way.value, style="primary" if first else "")


def record(page_: Page, name: str, priority: Priority | None, back: int, *, own_entry: bool = False) -> Answer:
    """One record in full, with the records around it as buttons; `priority`: that from whose thread one looks, none for
    a signal that is not linked yet; `own_entry`: whoever looks wrote this entry."""
    head = f"*{name}* {escape(page_.title)}"
    lines = [f"*{escape(h)}*\n{escape(clip(words, 900))}" if h else escape(words) for h, words in page_.said]
    facts = [f"written by {escape(page_.by)}" if page_.by else ""]
    facts += [moment(page_.written_at) if page_.written_at else ""]
    facts += [f"corrected {moment(page_.corrected_at)}" if page_.corrected_at else ""]
    small = " · ".join(fact for fact in facts if fact)
    blocks = [section(head), *([context(small)] if small else [])]
    blocks += [section(line) for line in lines[:20]]
    for title, around in (("Came from", page_.came_from), ("Led to", page_.led_to)):
        blocks += _around(title, around, priority, back)
    more = _own(name, page_, own_entry)
    if priority:
        way_back = {"priority": priority.id, "r": str(back)}
        more.insert(0, button("Back to the thread", "priority.show#back", way_back))
    blocks += [actions(*more)] if more else []
    text = "; ".join(f"{h}: {words}" if h else words for h, words in page_.said)
    links = [
        f"{title}: {', '.join(ref(r) for r in around)}."
        for title, around in (("Came from", page_.came_from), ("Led to", page_.led_to))
        if around
    ]
    by = f"Written by {page_.by}." if page_.by else ""
    return Answer(escape(clip(f"{name} {page_.title}. {text}. {by} {' '.join(links)}", TEXT)), blocks)


def _around(title: str, around: Sequence[Lettered], priority: Priority | None, back: int) -> list[Block]:
    if not around:
        return []
    if priority is None:
        return [section(f"*{title}* {', '.join(ref(r) for r in around[:LINKS])}")]
    row = [
        button(
            ref(r),
            f"thread.step#{title.split(' ', maxsplit=1)[0].lower()}-{ref(r)}",
            {"priority": priority.id, "ref": ref(r), "r": str(back)},
            label=f"{title} {ref(r)}",
        )
        for r in around[:LINKS]
    ]
    more = [ref(r) for r in around[LINKS:]]
    words = f"*{title}*" + (f" (also {', '.join(more[:40])})" if more else "")
    return [section(words), actions(*row)]


def _own(name: str, page_: Page, own_entry: bool) -> list[Block]:
    """Where a record has a page of its own with more to do on it."""
    kinds = {"R": ("review.show", "review"), "L": ("escalation.show", "escalation")}
    kinds |= {"E": ("log.show", "entry")} if own_entry else {}
    if name[0] not in kinds or not page_.said:
        return []
    press, key = kinds[name[0]]
    return [button("What to do with it", f"{press}#own", {key: name})]
