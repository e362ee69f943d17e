"""How a priority whose review is due looks beneath its reminder: what moved, slipped, warns, and the way into it."""

from bot.plan.access import ref
from bot.plan.reviews import period_words
from bot.reports.due_reviews import DueReview
from handlers.views.parts import Block, button, clip, escape, section


def block(due: DueReview, *, may: bool) -> Block:
    """A priority with what moved, slipped and warns, and the button into its review, which knows its month."""
    name = ref(due.priority)
    head = f"*{name} {escape(clip(due.priority.title, 150))}* ({due.priority.risk} risk)"
    said = "\n".join(f"• {escape(line)}" for line in lines(due))
    if due.recorded or not may:
        return section(clip(f"{head}\n{said}", 2900))
    value = {"priority": due.priority.id, "kind": due.kind.value, "period": due.period}
    press = button("Review", f"review.open#{name}-{due.kind.name.lower()}", value, style="primary",
                   label=f"Review {name}, {period_words(due.period)}")  # fmt: skip
    return section(clip(f"{head}\n{said}", 2900), press)


def lines(due: DueReview) -> list[str]:
    """What a reviewer should know before opening the form; silence about movement would sound like progress."""
    if due.recorded:
        return [f"Reviewed: the {due.kind} review of {period_words(due.period)} is recorded."]
    found = [clip(line, 300) for line in due.moved[:3]] or ["Nothing is measured yet."]
    found += [f"Slipped: {clip(line, 250)}" for line in due.slipped[:3]] or ["No date slipped."]
    found += [f"Warning: {clip(line, 250)}" for line in due.warns[:3]]
    more = max(0, len(due.moved) - 3) + max(0, len(due.slipped) - 3) + max(0, len(due.warns) - 3)
    return [*found, f"And {more} more; the form of the review shows them."] if more else found
