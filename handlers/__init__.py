"""Every way the outside reaches the plan: words, buttons, forms, events and time; the whole list in plain sight."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from slack_bolt import Ack, App

from handlers import (
    actions,
    amending,
    clocks,
    closing,
    entries,
    escalations,
    events,
    failures,
    finding,
    findings,
    forms,
    frameworks,
    groups,
    guard,
    home,
    imports,
    inspect,
    measures,
    milestones,
    minutes,
    packs,
    press,
    priorities,
    registers,
    reminders,
    reviews,
    revisions,
    rhythm,
    sample_corrections,
    samples,
    setup,
    signals,
    slash,
    splitting,
    status,
    takeovers,
    talk,
    thread,
    warnings,
    words,
)
from handlers.callers import call_from, request_id
from handlers.desk import Button, Desk, Feature, Verb

FEATURES: tuple[Feature, ...] = (
    entries.FEATURE,
    amending.FEATURE,
    actions.FEATURE,
    priorities.FEATURE,
    status.FEATURE,
    inspect.FEATURE,
    frameworks.FEATURE,
    packs.FEATURE,
    imports.FEATURE,
    signals.FEATURE,
    findings.FEATURE,
    measures.FEATURE,
    milestones.FEATURE,
    samples.FEATURE,
    sample_corrections.FEATURE,
    revisions.FEATURE,
    reviews.FEATURE,
    minutes.FEATURE,
    escalations.FEATURE,
    closing.FEATURE,
    splitting.FEATURE,
    clocks.FEATURE,
    thread.FEATURE,
    setup.FEATURE,
    groups.FEATURE,
    registers.FEATURE,
    finding.FEATURE,
    warnings.FEATURE,
    takeovers.FEATURE,
    reminders.FEATURE,
    rhythm.FEATURE,
    home.FEATURE,
    talk.FEATURE,
)
ANY = re.compile(".*", re.DOTALL)


def verbs() -> list[Verb]:
    """Every sub-command, `help` last."""
    said = [verb for feature in FEATURES for verb in feature.verbs]
    return [*said, slash.help_verb(said)]


def pressable(said: Sequence[Verb]) -> dict[str, Button]:
    """Everything that can be pressed, by its id."""
    asked = guard.buttons(lambda text: words.find(said, text))
    own = (button for feature in FEATURES for button in feature.buttons)
    return {button.id: button for button in (*own, talk.again(said), slash.help_button(said), *asked)}


def register(app: App, desk: Desk) -> None:
    """Give the Bolt app one listener a kind; each looks its matter up in a table made from FEATURES."""
    said = verbs()
    buttons = pressable(said)
    views = {form.id: form for feature in FEATURES for form in feature.forms}
    shortcuts = {shortcut.id: shortcut for feature in FEATURES for shortcut in feature.shortcuts}

    @app.command("/sip")
    def on_command(ack: Ack, body: Mapping[str, Any]) -> None:
        key = request_id("words", body.get("trigger_id"))
        typed = words.plain(str(body.get("text") or ""))
        answer = failures.guarded(
            lambda: slash.answer(said, call_from(desk, body, request_id=key, text=typed)),
            where="/sip",
            typed=typed,
        )
        if answer is None:
            ack()
        else:
            ack(text=answer.text, blocks=answer.blocks)

    @app.action(ANY)
    def on_action(ack: Ack, body: Mapping[str, Any]) -> None:
        press.pressed(desk, buttons, body)
        ack()

    @app.view(ANY)
    def on_view(ack: Ack, body: Mapping[str, Any]) -> None:
        result = forms.submitted(desk, views, body)
        ack(**result)

    @app.shortcut(ANY)
    def on_shortcut(ack: Ack, body: Mapping[str, Any]) -> None:
        press.shortcut_used(desk, shortcuts, body)
        ack()

    events.register(app, desk, said)
    # Nothing is kept of a form that was not sent, and no list of ours asks for its choices.
    app.view_closed(ANY)(lambda ack: ack())
    app.options(ANY)(lambda ack: ack(options=[]))
    app.error(failures.unanswered)
