"""How actions change hands and words: assign, revise, cancel, check, take up again, and what their owners are told."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.plan.access import ref
from bot.plan.actions import Action, Revision, Strength
from bot.plan.entries import Entry
from bot.plan.people import Person
from handlers.desk import Answer
from handlers.views.actions import owner_buttons
from handlers.views.parts import (
    Block,
    actions,
    button,
    choices,
    clip,
    context,
    day,
    escape,
    field,
    header,
    modal,
    option,
    person_input,
    quoted,
    section,
    select,
    text_input,
)

LISTED = 10
ACCEPT, RETURN = "accept", "return"


def _head(action: Action, owner: str = "") -> Block:
    of = f"{escape(owner)}, due" if owner else "Due"
    return section(f"*{ref(action)}* {escape(clip(action.what, 500))}\n_{of} {day(action.due_on)}_")


def _said(words: str, *more: Block) -> Answer:
    return Answer(words.replace("*", ""), [section(words), *more])


def assign_form(action: Action, owner: Person | None) -> dict[str, Any]:
    """Who takes an action."""
    blocks = [
        _head(action, owner.name if owner else ""),
        field("owner_id", "Who takes it?", person_input(), hint="One named person, not a team. They are told."),
        field("reason", "Why does it change hands?", text_input(), optional=True),
    ]
    return modal("assign.form", f"Assign {ref(action)}", blocks, submit="Assign", meta={"action": action.id})


def assigned(action: Action, owner: Person) -> Answer:
    """After an action changed hands."""
    words = f"*{ref(action)}* {escape(clip(action.what, 200))} belongs to {escape(owner.name)} now, due "
    words += f"{day(action.due_on)}. They are told."
    change = button("Revise it", "action.revise", {"action": action.id})
    return _said(words, actions(button("Choose somebody else", "action.assign", {"action": action.id}), change))


def yours_now(action: Action, giver: Person, reason: str) -> Answer:
    """To the new owner."""
    head = f"{escape(giver.name)} gave you *{ref(action)}* {escape(clip(action.what, 500))}\n"
    head += f"Due {day(action.due_on)}. How we will check: {escape(clip(action.check, 500))}"
    buttons = [*owner_buttons(action), button("Not mine", "action.not_mine", {"action": action.id})]
    why = [section("Why it is yours now:"), quoted(reason)] if reason else []
    text = f"{head}\nWhy it is yours now: {escape(reason)}" if reason else head
    return Answer(text.replace("*", ""), [section(head), *why, actions(*buttons)])


def not_yours(action: Action, owner: Person, giver: Person) -> Answer:
    """To the owner it was taken from."""
    words = f"{escape(giver.name)} gave *{ref(action)}* {escape(clip(action.what, 200))} to {escape(owner.name)}. "
    return _said(f"{words}You need do nothing more about it.")


def revise_form(action: Action) -> dict[str, Any]:
    """Other words for an action, and why."""
    blocks = [
        field("what", "What will be done?", text_input(action.what), hint="What changes, where, how often."),
        field("check", "How will we check that it happened?", text_input(action.check),
              hint="Which record, how many, by whom, by when."),
        field("strength", "How strong is it?", choices(Strength, action.strength), optional=True,
              hint="Strong changes the place or the process; weak relies on people remembering."),
        field("reason", "Why is it revised?", text_input(lines=False, placeholder="The sheet alone did not change it"),
              hint="What it said before and the reason stay in the plan."),
    ]  # fmt: skip
    meta = {"action": action.id, "v": action.version}
    return modal("revise.form", f"Revise {ref(action)}", blocks, submit="Save", meta=meta)


def _from_to(revision: Revision) -> list[str]:
    pairs = [("Was", revision.from_what, revision.to_what), ("Check was", revision.from_check, revision.to_check)]
    return [f"{word}: {escape(clip(was, 300))}" for word, was, now in pairs if was != now]


def revised(action: Action, revision: Revision) -> Answer:
    """After an action was revised."""
    words = f"*{ref(action)}* is revised: {escape(clip(action.what, 500))}\n"
    words += f"How we will check: {escape(clip(action.check, 500))}"
    notes = [*_from_to(revision), f"Why: {escape(clip(revision.reason, 300))}"]
    more = [
        button("Plan a review point", "milestone.add", {"of": ref(action)}),
        button("Assign it", "action.assign", {"action": action.id}),
    ]
    return _said(words, context(*notes), actions(*more))


def revised_for_you(action: Action, revision: Revision, who: Person) -> Answer:
    """To the owner, whose action says something else now."""
    words = f"{escape(who.name)} revised your *{ref(action)}*: {escape(clip(action.what, 500))}\n"
    words += f"How we will check: {escape(clip(action.check, 500))}"
    notes = [*_from_to(revision), f"Why: {escape(clip(revision.reason, 300))}"]
    return _said(words, context(*notes), actions(*owner_buttons(action)))


def reason_form(kind: str, action: Action, *, owner: str = "") -> dict[str, Any]:
    """Why an action is given up, or taken up again (`kind`: "cancel" or "resume")."""
    asked = {"cancel": "Why will it not be done?", "resume": "Why is it taken up again?"}[kind]
    title = {"cancel": f"Cancel {ref(action)}", "resume": f"Take up {ref(action)}"}[kind]
    hint = {
        "cancel": "Its review points are cancelled with it; the reason stays in the plan.",
        "resume": "It is in progress again, with its owner and due date.",
    }[kind]
    blocks = [_head(action, owner), field("reason", asked, text_input(), hint=hint)]
    submit = {"cancel": "Cancel it", "resume": "Take it up"}[kind]
    return modal(f"{kind}.form", title, blocks, submit=submit, close="Go back", meta={"action": action.id})


def cancelled(action: Action) -> Answer:
    """After an action was given up."""
    words = f"*{ref(action)}* {escape(clip(action.what, 200))} is cancelled."
    more = [
        button("Add another action", "action.new", {"priority": action.priority_id}, style="primary"),
        button("Take it up again", "action.resume", {"action": action.id}),
    ]
    return _said(words, quoted(action.cancelled_reason), actions(*more))


def cancelled_for_you(action: Action, who: Person) -> Answer:
    """To the owner, who need not do it."""
    words = (
        f"{escape(who.name)} cancelled your *{ref(action)}* {escape(clip(action.what, 200))}. Nothing is left to do."
    )
    return _said(f"{words}\nWhy: {escape(clip(action.cancelled_reason, 500))}")


def resumed(action: Action, owner: str) -> Answer:
    """After an action was taken up again."""
    words = f"*{ref(action)}* {escape(clip(action.what, 200))} is in progress again: {escape(owner)}, due "
    return _said(f"{words}{day(action.due_on)}.", actions(button("Assign it", "action.assign", {"action": action.id})))


def resumed_for_you(action: Action, who: Person, reason: str) -> Answer:
    """To the owner, who has it to do again."""
    words = f"{escape(who.name)} took *{ref(action)}* {escape(clip(action.what, 200))} up again; it is yours, due "
    words += f"{day(action.due_on)}.\nWhy: {escape(clip(reason, 500))}"
    return _said(words, actions(*owner_buttons(action)))


def verify_form(
    action: Action, owner: str, entries: Sequence[Entry], evidence: Mapping[str, int], found: str = ""
) -> dict[str, Any]:
    """What a done action promised, what was logged, and what the check found."""
    lines = []
    for entry in entries[-5:]:
        files = evidence.get(entry.id, 0)
        kept = f", {files} piece{'' if files == 1 else 's'} of evidence" if files else ""
        lines.append(f"• {ref(entry)} {day(entry.on)}, {entry.shift}{kept}: {escape(clip(entry.what, 250))}")
    logged = "\n".join(lines) or "Nothing was logged for it, and there is no evidence."
    answers = [
        option("Accept: it happened as stated", ACCEPT),
        option("Return it to its owner", RETURN),
    ]
    blocks = [
        _head(action, owner),
        section(f"*How we will check:* {escape(clip(action.check, 1000))}"),
        section(f"*Logged:*\n{logged}"),
        field("verdict", "What did the check show?", select(answers)),
        field("found", "What did you find?", text_input(found, placeholder="Read 20 sheets: 19 complete, one unsigned"),
              hint="What you looked at and how many. If you return it: what is missing."),
    ]  # fmt: skip
    meta = {"action": action.id, "v": action.version}
    return modal("verify.form", f"Check {ref(action)}", blocks, submit="Save", meta=meta)


def checked(action: Action, owner: str, *, accepted: bool, found: str, left: int) -> Answer:
    """After a check; `left` is how many actions of the priority are neither verified nor cancelled."""
    if not accepted:
        words = f"*{ref(action)}* goes back to {escape(owner)}, with what you found. It is in progress again."
        return _said(words, quoted(found))
    words = f"*{ref(action)}* {escape(clip(action.what, 200))} is verified."
    if left:
        after = f"{left} action{'' if left == 1 else 's'} of this priority {'is' if left == 1 else 'are'} still to do."
    else:
        after = "It was the last one of this priority: a sample taken from now on shows whether it worked."
    sample = button("Record a sample", "sample.open", {"priority": action.priority_id}, style="" if left else "primary")
    return _said(
        f"{words} {after}",
        quoted(found),
        actions(sample, button("Take it back", "action.resume", {"action": action.id})),
    )


def checked_for_you(action: Action, who: Person, *, accepted: bool, found: str) -> Answer:
    """To the owner: what somebody found."""
    if accepted:
        words = f"{escape(who.name)} checked your *{ref(action)}*: it is verified. {escape(clip(action.what, 200))}"
        return Answer(f"{words} {escape(found)}".replace("*", ""), [section(words), quoted(found)])
    words = f"{escape(who.name)} checked your *{ref(action)}* and returned it: {escape(clip(action.what, 200))}\n"
    words += "What is missing:"
    blocks = [section(words), quoted(found), actions(*owner_buttons(action))]
    return Answer(f"{words} {escape(found)}".replace("*", ""), blocks)


def to_check(action: Action, owner: str) -> Answer:
    """To whoever checks: an action was marked done."""
    words = f"{escape(owner)} marked *{ref(action)}* {escape(clip(action.what, 300))} done. It waits for your check: "
    words += escape(clip(action.check, 500))
    return _said(words, actions(check_button(action)))


def check_button(action: Action) -> Block:
    """Opens the check of a done action."""
    name = ref(action)
    value = {"action": action.id, "v": action.version}
    return button("Check it", f"action.verify#{name}", value, style="primary", label=f"Check {name}")


def waiting(listed: Sequence[Action], names: Mapping[str, str], mine: str) -> Answer:
    """Done actions that wait for a check; one's own are shown without the button."""
    if not listed:
        words = "No action waits for a check."
        return Answer(words, [section(words)])
    blocks: list[Block] = [header(f"Waiting for a check ({len(listed)})")]
    lines = []
    for action in listed[:LISTED]:
        own = mine in (action.owner_id, action.done_by)
        since = f", done {day(action.done_at.date())}" if action.done_at else ""
        who = names.get(action.owner_id, "")
        said = f"*{ref(action)}* {escape(clip(action.what, 200))}\n_{escape(who)}{since}_"
        if own:
            blocks.append(section(f"{said}\nYours: somebody else checks it."))
        else:
            blocks.append(section(said, check_button(action)))
        lines.append(f"{ref(action)} {action.what} ({who}{since})")
    if len(listed) > LISTED:
        blocks.append(context(f"And {len(listed) - LISTED} more, the oldest first."))
    return Answer(escape(clip("Waiting for a check: " + "; ".join(lines), 3900)), blocks)
