"""What `/sip`, `/sip help` and a mistyped verb are answered with."""

from collections.abc import Sequence

from bot.plan.access import ref
from bot.plan.actions import Action
from bot.plan.services import Service
from handlers.desk import Answer, Verb
from handlers.views import setup
from handlers.views.parts import (
    actions,
    button,
    carried,
    clip,
    context,
    day,
    escape,
    for_you,
    header,
    returned,
    section,
)

EXAMPLES = (
    "/sip log A12 Briefed 6 night staff on the new sheet",
    "/sip done A12",
    "/sip mine",
    "/sip status",
)


def menu(
    services: Sequence[Service], mine: Sequence[Action], unmanaged: Sequence[Service], *, settable: bool
) -> Answer:
    """What this person can do next; `unmanaged`: the services that wait for them to name a Registered Manager;
    `settable`: they may set up the service of this place."""
    first, warned = setup.unmanaged(unmanaged), setup.unmanaged_words(unmanaged)
    if not services and not mine:
        words = (
            "You have no role in a service yet, so there is nothing to show you. Ask your Registered Manager to give "
            "you one with /sip setup"
        )
        words += ", or set up this channel's service yourself." if settable else "."
        ways = [button("Set up a service", "setup.open")] if settable else [button("All commands", "help.show")]
        return Answer(warned + words, [*first, section(words), actions(*ways)])
    names = ", ".join(s.name for s in services) or "the plan"
    lines = [f"• *{ref(a)}* {escape(clip(a.what, 120))} (due {day(a.due_on)})" for a in mine[:5]]
    head = (
        f"You have {len(mine)} open action{'' if len(mine) == 1 else 's'} in {names}."
        if mine
        else (f"You have no open action. You can read the plan of {names}.")
    )
    buttons = [
        button("Log implementation", "log.open", style="primary"),
        button("My actions", "mine.show"),
        button("Status", "status.show"),
        button("All commands", "help.show"),
    ]
    blocks = [section(escape(head) + ("\n" + "\n".join(lines) if lines else "")), actions(*buttons)]
    example = EXAMPLES[0].replace("A12", ref(mine[0])) if mine else EXAMPLES[0]
    text = "\n".join([head, *[f"{ref(a)} {a.what} (due {day(a.due_on)})" for a in mine[:5]]])
    return Answer(warned + escape(text), [*first, *blocks, for_you(f"Try `{example}`")])


def help_on(verbs: Sequence[Verb]) -> Answer:
    """A verb and those that begin like it, with what may follow each and what else they are called."""
    lines = []
    for verb in verbs:
        also = f" Also: {', '.join(f'/sip {name}' for name in verb.also)}." if verb.also else ""
        lines.append(f"{_line(verb)}.{also}")
    examples = [e for e in EXAMPLES if any(e.startswith(f"/sip {verb.name}") for verb in verbs)]
    lines += [f"For example: `{each}`" for each in examples]
    words = "\n".join(lines)
    return Answer(words.replace("*", ""), [section(words), actions(button("All commands", "help.show"))])


def _line(verb: Verb) -> str:
    return f"*/sip {verb.name}*{' ' + escape(verb.usage) if verb.usage else ''}: {escape(verb.help)}"


def help_page(verbs: Sequence[Verb], unknown: str = "") -> Answer:
    """Every verb with what may follow it, and a few examples; `unknown` was asked for and is no verb."""
    lines = [_line(verb) for verb in verbs]
    blocks = [header("What you can say to Grip")]
    if unknown:
        blocks.insert(0, section(f"There is no `/sip {escape(clip(unknown, 100))}`. This is what there is."))
    while lines:
        blocks.append(section("\n".join(lines[:12])))
        lines = lines[12:]
    blocks.append(context("Examples: " + " · ".join(f"`{e}`" for e in EXAMPLES)))
    blocks.append(actions(button("Log implementation", "log.open", style="primary"), button("My actions", "mine.show")))
    text = "\n".join(f"/sip {v.name} {v.usage}: {v.help}" for v in verbs)
    return Answer(escape(f"What you can say to Grip\n{text}\nFor example: {EXAMPLES[0]}"), blocks)


def unknown(text: str, nearest: tuple[Verb, str] | None) -> Answer:
    """The answer to words that are no verb: all of them back, the nearest verb with a button that says them again with
    it, and the way to all verbs."""
    if not carried({"words": text}):
        return too_long(text)
    said = escape(clip(text, 1500))
    if nearest is None:
        words = f"I do not know “{said}”. `/sip help` lists what you can say."
        buttons = [button("All commands", "help.show"), button("Log implementation", "log.open", {"words": text})]
        return Answer(words, [section(words), actions(*buttons)])
    verb, rest = nearest
    words = f"I do not know “{said}”. Did you mean `/sip {verb.name}`? {escape(verb.help)}."
    meant = {"say": f"{verb.name} {rest}".strip()}
    if not carried(meant):
        return too_long(text)
    yes = button(f"Yes: {meant['say']}", "words.run", meant, style="primary")
    return Answer(words, [section(words), actions(yes, button("All commands", "help.show"))])


def too_long(text: str) -> Answer:
    """The answer to words that need another step and are more than a button can carry: all of them back."""
    words = (
        "Nothing is saved yet: no button can carry so many words. Here they are to copy; for what was done on shift, "
        "press Log implementation and paste them."
    )
    row = actions(button("Log implementation", "log.open", style="primary"), button("All commands", "help.show"))
    return Answer(f"{words}\n{escape(text)}", [section(words), *returned(text), row])


def here(service: Service | None) -> Answer:
    """To whoever invited the bot to a channel: what comes next."""
    if service:
        words = f"Grip is here now. The status and digest of {escape(service.name)} will be posted in this channel."
        return Answer(words, [section(words), actions(button("Status", "status.show"))])
    words = (
        "Grip is here now. Say which service this channel belongs to, and who does what in it; it takes two minutes."
    )
    return Answer(words, [section(words), actions(button("Set up this service", "setup.open", style="primary"))])
