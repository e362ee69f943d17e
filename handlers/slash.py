"""`/sip`: words in, one verb run, a private answer out."""

from collections.abc import Sequence

from bot.plan.access import service_of_channel, services_of
from bot.plan.actions import Action, is_open
from bot.plan.roster import may_set_up, to_be_staffed
from handlers import failures, guard, thread, words
from handlers.desk import Answer, Button, Call, Verb
from handlers.views import menu


def answer(verbs: Sequence[Verb], call: Call) -> Answer | None:
    """Run what was said. Unknown words are answered with the nearest verb, never with silence."""
    text = call.text.strip()
    if not text:
        return _menu(call)
    found = words.find(verbs, text)
    if found is None:
        return failures.guarded(lambda: thread.by_reference(call, text), where="/sip reference") or menu.unknown(
            text, words.nearest(verbs, text)
        )
    verb, rest = found

    def run() -> Answer | None:
        asked, answer = guard.words(verb, call.saying(rest), text)
        return answer if asked else verb.run(call.saying(rest))

    return failures.guarded(run, where=f"/sip {verb.name}", typed=rest)


def help_verb(verbs: Sequence[Verb]) -> Verb:
    """The verb that lists all verbs; it is made from them."""

    def said(call: Call) -> Answer:
        text = call.text.strip()
        found = words.find(verbs, text) if text else None
        if found is None:
            return menu.help_page(verbs, unknown=text)
        return menu.help_on([verb for verb in verbs if f"{verb.name} ".startswith(f"{found[0].name} ")])

    return Verb("help", "What you can say to Grip", said, usage="[log]", also=("?",), reads=True)


def help_button(verbs: Sequence[Verb]) -> Button:
    """The same list for those who press."""
    return Button("help.show", lambda _: menu.help_page(verbs))


def _menu(call: Call) -> Answer:
    with call.desk.store.reading() as work:
        services = services_of(work, call.person)
        mine = [a for a in work.all(Action, order="due_on", owner_id=call.person.id) if is_open(a)]
        waiting = to_be_staffed(work, call.person)
        settable = may_set_up(work, call.person, service_of_channel(work, call.person, call.channel))
    return menu.menu(services, mine, waiting, settable=settable)
