"""What a review asks: the questions of each kind, what a decision asks besides, and their words."""

from collections.abc import Mapping
from typing import Any

from bot.plan.reviewing import MUST_SAY
from bot.plan.reviews import DECIDING, Decision, ReviewKind
from handlers.desk import chosen

MOST = 6  # inputs in one form

TITLES: dict[ReviewKind, str] = {
    ReviewKind.ASSURANCE: "Assurance review",
    ReviewKind.MONTHLY: "Monthly review",
    ReviewKind.LONG_RUNNING: "Long-running review",
    ReviewKind.GOVERNANCE: "Governance review",
    ReviewKind.QUARTERLY: "Provider review",
    ReviewKind.REASSESSMENT: "Reassessment",
    ReviewKind.PACK: "Review pack",
    ReviewKind.PREPARATION: "Governance preparation",
}

# What each kind asks, in the order in which it is shown.
ASKED: dict[ReviewKind, tuple[str, ...]] = {
    ReviewKind.ASSURANCE: ("judgement", "improved", "unresolved", "why", "next_steps", "next_review_on"),
    ReviewKind.MONTHLY: ("decision", "improved", "unresolved", "remaining", "next_steps", "next_review_on"),
    ReviewKind.LONG_RUNNING: ("decision", "improved", "unresolved", "why", "next_steps", "next_review_on"),
    ReviewKind.GOVERNANCE: ("decision", "present", "challenge", "agreement", "next_steps", "next_review_on"),
    ReviewKind.QUARTERLY: ("challenge", "agreement", "decision", "present", "next_steps", "next_review_on"),
    ReviewKind.REASSESSMENT: ("sample", "judgement", "improved", "unresolved", "next_steps", "next_review_on"),
    ReviewKind.PACK: ("remaining", "improved", "unresolved", "why", "next_steps", "next_review_on"),
    ReviewKind.PREPARATION: ("specific", "monitoring", "unresolved", "next_steps", "next_review_on"),
}
# What a decision asks besides; it stands right under the decision.
WANTED: dict[Decision, tuple[str, ...]] = {
    Decision.EXTEND: ("target_on", "why"),
    Decision.REVISE_TARGET: ("measure", "target", "why"),
    Decision.ESCALATE: ("escalate_to", "why"),
    Decision.SPLIT: ("why",),
    Decision.CLOSE: ("sample",),
}
# What makes room for the questions of a decision, the first one first; what was typed already stays.
GIVES_WAY = ("next_review_on", "remaining", "unresolved", "next_steps", "improved", "challenge", "present")

LABELS: dict[str, str] = {
    "decision": "What was decided?",
    "judgement": "What do you make of the samples?",
    "present": "Who was present?",
    "improved": "What has improved?",
    "unresolved": "What is still unresolved?",
    "why": "Why?",
    "remaining": "The remaining problem, compared with last time",
    "challenge": "What was challenged?",
    "agreement": "What was agreed?",
    "next_steps": "Next steps",
    "next_review_on": "Next review",
    "specific": "Are the revised actions more specific and measurable?",
    "monitoring": "How will they be monitored now?",
    "sample": "Which sample shows it?",
    "target_on": "New target date",
    "measure": "Which measure?",
    "target": "New target",
    "escalate_to": "Escalate to whom?",
    "override_reason": "Why does it close all the same?",
}
KIND_LABELS: dict[tuple[ReviewKind, str], str] = {
    (ReviewKind.MONTHLY, "improved"): "Is the change visible in daily care? What shows it?",
    (ReviewKind.LONG_RUNNING, "why"): "Why is it still unresolved?",
    (ReviewKind.QUARTERLY, "challenge"): "What does the provider challenge?",
    (ReviewKind.REASSESSMENT, "sample"): "Which sample is compared with the baseline?",
    (ReviewKind.ASSURANCE, "why"): "Why is it still unresolved?",
    (ReviewKind.PACK, "why"): "What does the evidence say about why?",
}
DECISION_WHY: dict[Decision, str] = {
    Decision.EXTEND: "Why is more time needed?",
    Decision.REVISE_TARGET: "Why does the target change?",
    Decision.ESCALATE: "Why is it escalated?",
    Decision.SPLIT: "Why is it split?",
}
PLACEHOLDERS: dict[str, str] = {
    "next_steps": "Deepa observes 5 handovers on nights by 18 Dec; Hannah resamples on 21 Dec",
    "target": "90 for 90 per cent, or a number per period",
    "present": "R Callaghan, D Nair, H Whitfield",
    "specific": "A7 now names the unit, the hour and the sheet; A8 still says regularly",
    "monitoring": "10 sheets a week, picked at random, two of them from nights",
}


def asked(kind: ReviewKind, decision: Decision | None, typed: Mapping[str, Any], over: bool) -> list[str]:
    """The questions of a form: at most six, unless more was answered already. `over`: closing now wants a reason."""
    names = list(ASKED[kind])
    if decision is None:
        return names
    extra = [*WANTED.get(decision, ()), *(["override_reason"] if over and decision is Decision.CLOSE else [])]
    at = names.index("decision") + 1
    names[at:at] = [name for name in extra if name not in names]
    needed = {*MUST_SAY[kind], *extra}
    for name in GIVES_WAY:
        if len(names) > MOST and name in names and name not in needed and not typed.get(name):
            names.remove(name)
    return names


def missing(kind: ReviewKind, typed: Mapping[str, Any], over: bool) -> list[str]:
    """Questions that the decision wants and the form did not yet show."""
    return [name for name in asked(kind, decision_in(kind, typed), typed, over) if name not in typed]


def decision_in(kind: ReviewKind, typed: Mapping[str, Any]) -> Decision | None:
    """The decision chosen in a form of a kind that decides. Raises Refusal for one that there is not."""
    return chosen(Decision, typed["decision"]) if kind in DECIDING and typed.get("decision") else None


def label_of(kind: ReviewKind, decision: Decision | None, name: str) -> str:
    """How a question is put in a review of that kind, once that was decided."""
    if name == "why" and decision in DECISION_WHY:
        return DECISION_WHY[decision]
    return KIND_LABELS.get((kind, name), LABELS[name])
