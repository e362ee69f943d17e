"""How samples look: the form that records one, what was kept and what it honestly says, and the form to correct it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.plan.access import ref
from bot.plan.actions import Milestone
from bot.plan.measures import Lens, Measure, MeasureKind, target_words
from bot.plan.people import Right, who_may
from bot.plan.priorities import Priority, PriorityStatus
from bot.plan.readings import Reading, counted
from bot.plan.samples import Sample
from handlers.desk import Answer
from handlers.views import charts
from handlers.views.parts import (
    Block,
    actions,
    button,
    clip,
    context,
    date_input,
    day,
    escape,
    field,
    modal,
    option,
    plain,
    quoted,
    section,
    select,
    text_input,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is known of a sample before its form is filled in; figures as they were typed."""

    n: str = ""
    met: str = ""
    count: str = ""
    periods: str = ""
    sampled: str = ""
    milestone_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A sample as it stands among those of its measure. `reading` is what they said on the day of this one; `judge` the
    name of whoever judges where the sampler may not; `answers` the review point that it answers."""

    sample: Sample
    measure: Measure
    priority: Priority
    reading: Reading
    may_judge: bool
    may_answer: bool
    judge: str = ""
    answers: Milestone | None = None


def number(initial: str = "", *, decimals: bool = False, least: str = "0") -> Block:
    """A figure, with the phone's number keys."""
    element: Block = {"type": "number_input", "is_decimal_allowed": decimals, "min_value": least}
    if initial:
        element["initial_value"] = initial
    return element


def people_input() -> Block:
    """Several people of the workspace."""
    return {"type": "multi_users_select", "max_selected_items": 10, "placeholder": plain("Choose people", 150)}


def measure_form(listed: Sequence[tuple[Measure, Priority]], meta: Mapping[str, Any]) -> dict[str, Any]:
    """Which measure was sampled."""
    options = [
        option(f"{ref(m)} {m.name}", m.id, f"{str(m.lens).capitalize()} lens, {ref(p)} {p.title}") for m, p in listed
    ]
    blocks = [field("measure", "What did you sample?", select(options, None, "Choose a measure"))]
    return modal("sample_measure.form", "Record a sample", blocks, submit="Next", meta=meta)


def nothing_to_sample(where: str) -> Answer:
    """There is no measure to sample."""
    words = f"No measure is defined for {where} yet, so there is nothing to compare a sample with. Define one first."
    return Answer(escape(words), [section(escape(words)), actions(button("Define a measure", "measure.new"))])


def form(
    measure: Measure,
    baseline: Sample | None,
    waiting: Sequence[Milestone],
    today: date,
    draft: Draft,
    *,
    more: bool = False,
) -> dict[str, Any]:
    """One sample; six inputs, and with `more` the rarer ones. The first sample of a measure is its baseline."""
    head = f"*{ref(measure)}* {escape(measure.name)}\nTarget: {escape(target_words(measure))}. "
    if baseline:
        head += f"Baseline: {counted(measure, baseline)} on {day(baseline.on)}."
    else:
        head += "This is its *baseline*: what a sample shows before anything changes."
    blocks = [section(head), *_figures(measure, draft), field("on", "Sampled on which day?", date_input(today))]
    counts = measure.kind is MeasureKind.COUNT
    example = "The accident book of October" if counts else "20 handover sheets picked at random, all three shifts"
    drawn = text_input(draft.sampled, lines=False, placeholder=example)
    blocks.append(field("sampled", "What was looked at?" if counts else "What was sampled?", drawn, optional=True))
    blocks.append(_their_words("") if measure.lens is Lens.EXPERIENCE else _findings("", counts=counts))
    if baseline and waiting:
        options = [option(f"{day(m.on)} {m.note}".strip(), m.id) for m in waiting]
        chosen = select(options, draft.milestone_id, "None of them")
        blocks.append(field("milestone", "Which review point does it answer?", chosen, optional=True))
    if more:
        blocks += _more_inputs(measure, baseline)
    else:
        blocks.append(actions(button("More to say about it", "sample.more")))
    meta = {"measure": measure.id, "baseline": baseline is None}
    return modal("sample.form", "Record a sample", blocks, submit="Save", meta=meta)


def _figures(measure: Measure, draft: Draft) -> list[Block]:
    if measure.kind is MeasureKind.COUNT:
        unit = measure.unit or "period"
        return [
            field("count", "How many were there?", number(draft.count)),
            field("periods", f"In how many {unit}s?", number(draft.periods or "1", decimals=True)),
        ]
    return [
        field("n", "How many were sampled?", number(draft.n, least="1"), hint="Under 10 is too few to judge."),
        field("met", "How many of them met the standard?", number(draft.met)),
    ]


def _findings(initial: str, *, counts: bool = False) -> Block:
    which = "they" if counts else "the missing ones"
    hint = f"What {which} have in common. Initials instead of names."
    return field("findings", "What did you find?", text_input(initial), optional=True, hint=hint)


def _their_words(initial: str) -> Block:
    return field("in_their_words", "In their words", text_input(initial), optional=True,
                 hint="What people or families said, as they said it. Initials instead of names.")  # fmt: skip


def _more_inputs(measure: Measure, baseline: Sample | None) -> list[Block]:
    blocks = [
        _findings("") if measure.lens is Lens.EXPERIENCE else _their_words(""),
        field("with_ids", "Who sampled with you?", people_input(), optional=True),
    ]
    if baseline:
        blocks.append(
            field("not_comparable_reason", "If it cannot be compared with the baseline: why?", text_input(lines=False,
                  placeholder="Another audit tool was used"), optional=True,
                  hint="Filled in, the plan shows the figures and gives no verdict.")
        )  # fmt: skip
    return blocks


def recorded(taken: Taken, *, corrected: bool = False) -> Answer:
    """What was kept and what it says: the movement as the statistics tell it, nothing softened."""
    sample, measure, priority = taken.sample, taken.measure, taken.priority
    kind = "baseline" if sample.baseline else "follow-up"
    done = "is corrected; what it said before stays in the journal" if corrected else "is saved"
    head = (
        f"*{ref(sample)}* {done}: {kind} of *{ref(measure)}* {escape(clip(measure.name, 150))} for {ref(priority)}.\n"
        f"{counted(measure, sample)} on {day(sample.on)}."
    )
    said = verdict_lines(taken)
    blocks: list[Block] = [section(head)]
    if said:
        blocks.append(section("\n".join(escape(line) for line in said)))
    if sample.in_their_words:
        blocks.append(quoted(clip(sample.in_their_words, 1000)))
    if taken.answers:
        blocks.append(context(f"It answers the review point of {day(taken.answers.on)}."))
    blocks += charts.of_reading(taken.reading)[0]
    blocks += [section(next_words(taken)), actions(*_next_buttons(taken, corrected=corrected))]
    text = " ".join([head, *(escape(line) for line in said), next_words(taken)])
    return Answer(clip(text.replace("*", "").replace("\n", " "), 3900), blocks)


def verdict_lines(taken: Taken) -> list[str]:
    """What moved against the baseline, how it stands to the target, and what a failed one asks for."""
    reading, lines = taken.reading, []
    if reading.movement:
        moved = reading.movement
        lines.append(f"What moved: {moved.verdict}. {moved.sentence} {moved.in_words}".strip())
        lines += [moved.advice] if moved.advice else []
    if reading.drift:
        lines.append(f"Drift: {reading.drift.sentence}")
    if reading.target:
        lines.append(f"Target: {reading.target.sentence}")
    if taken.sample.failed:
        lines.append("It misses the target, so it is a finding: open until an action answers it or somebody says why "
                     "none is needed.")  # fmt: skip
    return lines


def next_words(taken: Taken) -> str:
    """What comes after this sample."""
    priority = taken.priority
    if priority.status is PriorityStatus.CLOSED:
        again = f" It did not hold: `/sip reopen {ref(priority)}` takes it up again." if taken.sample.failed else ""
        return f"{ref(priority)} is closed; this shows whether the improvement lasts.{again}"
    if taken.sample.baseline:
        again = f"`/sip milestone add {ref(priority)}` plans the day on which to sample again."
        return again if taken.may_answer else f"A {who_may(Right.PLAN)} plans the day on which to sample again."
    if taken.may_judge:
        return "Next: judge it. Did it improve or not?"
    return f"{escape(taken.judge or 'The quality lead')} is asked to judge it."


def _next_buttons(taken: Taken, *, corrected: bool) -> list[Block]:
    sample, priority = taken.sample, taken.priority
    value = {"sample": sample.id}
    # Undo takes back the step that was just done; whatever takes back the whole sample says so, and asks why.
    whole = button(f"Take back {ref(sample)}", "sample.withdraw", value)
    row = [whole if corrected else button("Undo", "sample.undo", value), button("Open form", "sample.correct", value)]
    if sample.failed and taken.may_answer:
        row.insert(0, button("Answer it", "finding.answer", {"finding": sample.id}))
    if sample.baseline and taken.may_answer:
        row.insert(0, button("Plan a review point", "milestone.add", {"of": ref(priority)}, style="primary"))
    elif not sample.baseline and taken.may_judge and priority.status is not PriorityStatus.CLOSED:
        row.insert(0, judge_button(priority))
    row.append(button("Record another", "sample.open", {"priority": priority.id}))
    return row


def judge_button(priority: Priority) -> Block:
    """Opens the assurance review."""
    return button("Judge it", "review.open", {"priority": priority.id, "kind": "assurance"}, style="primary")


def asked_to_judge(taken: Taken, sampler: str) -> Answer:
    """To whoever judges: somebody sampled."""
    sample, measure, priority = taken.sample, taken.measure, taken.priority
    head = f"{escape(sampler)} sampled *{ref(measure)}* {escape(clip(measure.name, 150))} for *{ref(priority)}* "
    head += f"{escape(clip(priority.title, 100))}: {counted(measure, sample)} on {day(sample.on)}."
    said = [escape(line) for line in verdict_lines(taken)]
    asked = "Your judgement is next: did it improve or not?"
    drawn, _ = charts.of_reading(taken.reading)
    blocks = [section("\n".join([head, *said])), *drawn, section(asked), actions(judge_button(priority))]
    return Answer(clip(" ".join([head, *said, asked]).replace("*", ""), 3900), blocks)


def correct_form(sample: Sample, measure: Measure) -> dict[str, Any]:
    """A sample, to put right; six inputs."""
    blocks: list[Block] = [section(f"*{ref(sample)}* of {ref(measure)} {escape(measure.name)}")]
    if measure.kind is MeasureKind.COUNT:
        blocks.append(field("count", "How many were there?", number(str(sample.count))))
    else:
        blocks.append(field("n", "How many were sampled?", number(str(sample.n), least="1")))
        blocks.append(field("met", "How many of them met the standard?", number(str(sample.met))))
    blocks.append(field("on", "Sampled on which day?", date_input(sample.on)))
    blocks.append(field("sampled", "What was sampled?", text_input(sample.sampled, lines=False), optional=True))
    words = _their_words(sample.in_their_words) if measure.lens is Lens.EXPERIENCE else _findings(sample.findings)
    blocks.append(words)
    blocks.append(field("reason", "What was wrong?", text_input(lines=False, placeholder="One sheet counted twice")))
    return modal("sample_correct.form", f"Correct {ref(sample)}", blocks, submit="Save", meta={"sample": sample.id})


def withdrawn(sample: Sample, measure: Measure | None, reason: str) -> Answer:
    """After a sample was taken back."""
    words = f"{ref(sample)} was taken back. It no longer counts; the journal keeps that it was written and taken back."
    figures = f"{escape(measure.name)}: {counted(measure, sample)} on {day(sample.on)}. " if measure else ""
    blocks = [section(words), context(f"{figures}Why: {escape(clip(reason, 500))}")]
    if measure:
        blocks.append(actions(button("Record it again", "sample.open", {"measure": measure.id})))
    return Answer(words, blocks)
