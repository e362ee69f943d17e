"""What `/sip find` found."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.desk import Answer
from handlers.views.parts import Block, actions, button, clip, divider, escape, for_you, section


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that holds the words: what it is called, its kind, where and when, and the words around them."""

    name: str
    kind: str
    where: str
    excerpt: str
    priority_id: str | None


def found(words: str, hits: Sequence[Hit], more: bool) -> Answer:
    """The records that hold the words, best first."""
    if not hits:
        text = f"Nothing in the plan holds “{words}”. Try fewer words, or another form of them."
        return Answer(escape(text), [section(escape(text))])
    blocks: list[Block] = [section(f"*{len(hits)}{' or more' if more else ''} found for “{escape(words)}”*"), divider()]
    for hit in hits:
        line = f"*{escape(hit.name)}* {escape(hit.kind)}, {escape(hit.where)}\n{escape(clip(hit.excerpt, 400))}"
        thread = button("Thread", "priority.show", {"priority": hit.priority_id}, label=f"Golden thread of {hit.name}")
        blocks.append(section(line, thread if hit.priority_id else None))
    blocks += [for_you("Only services whose plan you may read are searched.")]
    lines = "; ".join(f"{h.name} {h.kind}: {clip(h.excerpt, 120)}" for h in hits)
    return Answer(escape(clip(f"Found for “{words}”: {lines}", 3900)), blocks)


def ask() -> Answer:
    """No words were given."""
    text = "Say which words to look for, for example /sip find handover sheet."
    return Answer(text, [section(text), actions(button("All commands", "help.show"))])
