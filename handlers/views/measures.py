"""How measures look: the form that defines one, what its samples say so far, another target, limits computed anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.plan.access import ref
from bot.plan.measures import Better, Lens, Measure, MeasureKind, target_words
from bot.plan.priorities import Priority
from bot.plan.readings import Reading, counted, told
from bot.plan.samples import Sample
from bot.plan.says import refs
from handlers.desk import Answer, chosen
from handlers.views import charts
from handlers.views.parts import (
    Block,
    actions,
    button,
    clip,
    context,
    date_input,
    day,
    divider,
    escape,
    field,
    header,
    modal,
    option,
    section,
    select,
    text_input,
)
from handlers.views.signals import priority_options

LISTED = 12
LENSES = {
    Lens.RECORD: "What the file says",
    Lens.PRACTICE: "What staff do",
    Lens.EXPERIENCE: "What people and families say",
}
HOW = {
    (MeasureKind.PROPORTION, Better.UP): "How many of a sample meet the standard; more is better",
    (MeasureKind.PROPORTION, Better.DOWN): "How many of a sample show the problem; fewer is better",
    (MeasureKind.COUNT, Better.DOWN): "How many in a period, such as falls a month; fewer is better",
    (MeasureKind.COUNT, Better.UP): "How many in a period; more is better",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One measure with what its samples say, and the priority that it belongs to."""

    reading: Reading
    priority: Priority


def how_value(kind: MeasureKind, better: Better) -> str:
    """A kind and a direction as one value."""
    return f"{kind.name}/{better.name}"


def how_of(value: str | None) -> dict[str, Any]:
    """The kind and direction of a choice, as fields of a form. Raises Refusal for what is no choice."""
    if not value:
        return {}
    kind, _, better = value.partition("/")
    return {"kind": chosen(MeasureKind, kind), "better": chosen(Better, better)}


def _lens_input(chosen: Lens | None) -> Block:
    options = [option(str(lens).capitalize(), str(lens), words) for lens, words in LENSES.items()]
    return select(options, str(chosen) if chosen else None)


def _how_input(chosen: tuple[MeasureKind, Better]) -> Block:
    return select([option(words, how_value(*key)) for key, words in HOW.items()], how_value(*chosen))


def _unit_input(unit: str) -> Block:
    return field("unit", "What is one of them?", text_input(unit, lines=False, placeholder="handover sheet"),
                 optional=True, hint="One sampled record; for a count the period: week, month.")  # fmt: skip


def define_form(priorities: Sequence[Priority], chosen: Priority | None, name: str = "") -> dict[str, Any]:
    """What is measured; six inputs at most."""
    blocks: list[Block] = []
    if chosen is None:
        first = priorities[0].id if len(priorities) == 1 else None
        blocks.append(field("priority", "For which priority?", select(priority_options(priorities), first)))
    else:
        blocks.append(section(f"For *{ref(chosen)}* {escape(clip(chosen.title, 150))}"))
    blocks += [
        field("name", "What is measured?", text_input(name, lines=False, placeholder="Handover sheets complete"),
              hint="So that two people who read the same records would count the same."),
        field("lens", "Through which lens?", _lens_input(None)),
        field("how", "How is it counted?", _how_input((MeasureKind.PROPORTION, Better.UP))),
        field("target", "Target", text_input(lines=False, placeholder="90 %"), optional=True,
              hint="A per cent of the sample, or a number for each period."),
        _unit_input(""),
    ]  # fmt: skip
    meta = {"priority": chosen.id} if chosen else {}
    return modal("measure.form", "New measure", blocks, submit="Save", meta=meta)


def defined(measure: Measure, priority: Priority | None) -> Answer:
    """After a measure was defined."""
    of = f" for *{ref(priority)}* {escape(clip(priority.title, 100))}" if priority else ""
    words = f"*{ref(measure)}* {escape(measure.name)} is defined{of}: {measure.lens} lens, target {_target(measure)}."
    next_step = "Its baseline comes first: what a sample shows now, before anything changes."
    more = [
        button("Record the baseline", "sample.open", {"measure": measure.id}, style="primary"),
        button("Another measure", "measure.new", {"priority": measure.priority_id}),
        button("Change it", "measure.change", {"measure": measure.id}),
    ]
    return Answer(f"{words} {next_step}".replace("*", ""), [section(f"{words}\n{next_step}"), actions(*more)])


def _target(measure: Measure) -> str:
    return escape(target_words(measure))


def listing(shown: Sequence[Shown], where: str) -> Answer:
    """Measures with what their samples say; nothing is rounded away."""
    if not shown:
        words = f"No measure is defined in {where} yet. Without one nobody can tell whether anything improves."
        return Answer(escape(words), [section(escape(words)), actions(button("Define a measure", "measure.new"))])
    blocks: list[Block] = [header(f"Measures ({len(shown)})")]
    lines = []
    for item in shown[:LISTED]:
        measure = item.reading.measure
        line = told(item.reading)
        value = {"measure": measure.id}
        name = ref(measure)
        more = [button("Sample", f"sample.open#{name}", value, label=f"Record a sample of {name}")]
        more.append(button("Open", f"measure.show#{name}", value, label=f"Open {name}"))
        blocks += [section(f"{escape(line)}\n_{ref(item.priority)} {escape(clip(item.priority.title, 100))}_")]
        blocks.append(actions(*more))
        lines.append(line)
    if len(shown) > LISTED:
        rest = ", ".join(ref(item.reading.measure) for item in shown[LISTED : LISTED + 60])
        blocks.append(context(f"And {len(shown) - LISTED} more: {rest}. `/sip measure M4` shows one."))
        lines.append(f"and {len(shown) - LISTED} more: {rest}")
    return Answer(escape(clip("; ".join(lines), 3900)), blocks)


def page(item: Shown) -> Answer:
    """One measure: every sample, what moved, and what can be done."""
    reading, measure = item.reading, item.reading.measure
    taken = [*([reading.baseline] if reading.baseline else []), *reading.follow_ups]
    samples = "\n".join(f"• {_sample_line(measure, s)}" for s in taken[-12:])
    thread = f"{ref(item.priority)} {escape(item.priority.title)}"
    facts = [f"{measure.lens} lens", f"target {_target(measure)}", thread]
    changed = [f"target changed {day(r.on)}: {escape(clip(r.reason, 150))}" for r in measure.retargeted[-3:]]
    anew = [f"limits computed anew from {r.on}: {escape(clip(r.reason, 150))}" for r in measure.rebased[-3:]]
    value = {"measure": measure.id}
    blocks = [section(escape(told(reading))), context(" · ".join(facts))]
    blocks += charts.of_reading(reading)[0]
    if samples:
        blocks.append(section(samples))
    if changed or anew:
        blocks.append(context(*changed, *anew))
    more = [
        button("Record a sample", "sample.open", value, style="primary"),
        button("New target", "measure.retarget", value),
        button("Change it", "measure.change", value),
        button("New limits", "measure.rebase", value),
    ]
    return Answer(escape(clip(told(reading), 3900)), [*blocks, divider(), actions(*more)])


def _sample_line(measure: Measure, sample: Sample) -> str:
    kind = "baseline" if sample.baseline else "missed its target" if sample.failed else "follow-up"
    apart = "" if sample.comparable else ", not comparable"
    changed = ", corrected" if sample.corrected_at else ""
    what = f": {escape(clip(sample.sampled, 120))}" if sample.sampled else ""
    return f"*{ref(sample)}* {day(sample.on)}, {counted(measure, sample)}, {kind}{apart}{changed}{what}"


def retarget_form(measure: Measure, typed: str = "") -> dict[str, Any]:
    """Another target, and why."""
    blocks = [
        section(f"*{ref(measure)}* {escape(measure.name)}\nTarget now: {_target(measure)}"),
        field("target", "New target", text_input(typed, lines=False, placeholder="90 %")),
        field("reason", "Why?", text_input(), hint="The old target stays on record, and samples are judged by the one "
              "of their day."),
    ]  # fmt: skip
    return modal("measure_target.form", "New target", blocks, submit="Save", meta={"measure": measure.id})


def retargeted(measure: Measure) -> Answer:
    """After a target was changed."""
    change = measure.retargeted[-1]
    words = f"The target of *{ref(measure)}* {escape(measure.name)} is {_target(measure)} from now on."
    more = actions(button("Open the measure", "measure.show", {"measure": measure.id}))
    text = f"{words} {escape(change.reason)}".replace("*", "")
    return Answer(text, [section(words), context(f"Why: {escape(clip(change.reason, 500))}"), more])


def rebase_form(measure: Measure, today: date) -> dict[str, Any]:
    """From which day the limits of the chart are computed anew, and why."""
    blocks = [
        section(f"*{ref(measure)}* {escape(measure.name)}"),
        field("on", "From which day?", date_input(today)),
        field("reason", "What changed for good?", text_input(placeholder="The new handover sheet is in use everywhere"),
              hint="The earlier samples and the baseline stay as they are."),
    ]  # fmt: skip
    return modal("measure_rebase.form", "New limits", blocks, submit="Save", meta={"measure": measure.id})


def rebased(measure: Measure, on: date) -> Answer:
    """After limits were computed anew."""
    words = f"The chart of *{ref(measure)}* {escape(measure.name)} computes its limits anew from {day(on)}."
    stays = "Movement is still told against the first baseline."
    return Answer(f"{words} {stays}".replace("*", ""), [section(f"{words}\n{stays}")])


def change_form(measure: Measure, taken: Sequence[Sample]) -> dict[str, Any]:
    """A measure, to change; once it was sampled its name alone."""
    blocks: list[Block] = []
    if taken:
        blocks.append(section(f"{refs(taken)} measured it so, and another lens or way of counting would change what "
                              "they mean. Its name can change; for anything else define a new measure."))  # fmt: skip
    blocks.append(field("name", "What is measured?", text_input(measure.name, lines=False)))
    if not taken:
        blocks.append(field("lens", "Through which lens?", _lens_input(measure.lens)))
        blocks.append(field("how", "How is it counted?", _how_input((measure.kind, measure.better))))
        blocks.append(_unit_input(measure.unit))
    blocks.append(field("reason", "Why?", text_input(lines=False)))
    meta = {"measure": measure.id, "v": measure.version}
    return modal("measure_change.form", f"Change {ref(measure)}", blocks, submit="Save", meta=meta)


def changed(measure: Measure) -> Answer:
    """After a measure was changed."""
    words = f"*{ref(measure)}* is {escape(measure.name)} now: {measure.lens} lens, target {_target(measure)}."
    more = actions(button("Open the measure", "measure.show", {"measure": measure.id}))
    return Answer(words.replace("*", ""), [section(words), more])
