"""Splitting a priority in three steps: the names, what goes where, what each part is about."""

from collections.abc import Sequence

from bot.errors import BadInput
from bot.plan import splitting
from bot.plan.access import open_record
from bot.plan.account import load
from bot.plan.actions import Action
from bot.plan.fields import TITLE_LIMIT
from bot.plan.people import Person, Right
from bot.plan.priorities import Priority, open_live
from bot.plan.says import listed as spoken
from bot.plan.splitting import SplitPriority
from bot.timing.workdays import local_date
from handlers import jobs, reminders
from handlers.desk import Answer, Button, Call, Feature, Form, Show, Verb, several
from handlers.places import priorities_here, services_here
from handlers.views import parts
from handlers.views import splitting as views
from handlers.views.reviews import choose_priority
from handlers.views.splitting import NAMES, Share
from handlers.words import first_ref

KINDS = {"A": "actions", "M": "measures", "S": "signals"}


def split(call: Call) -> Answer | None:
    """`/sip split P3` or the button: the first step."""
    typed = str(call.value.get("priority") or "") or first_ref(call.text, Priority)[0]
    if not typed:
        with call.desk.store.reading() as work:
            listed = priorities_here(work, services_here(work, call, Right.PRIORITY))
        return choose_priority(listed, "priority.split", "Which priority is split?", "No priority is open.")
    with call.desk.store.reading() as work:
        priority, _ = open_live(work, call.person, typed, Right.PRIORITY)
    call.open(views.names_form(priority))
    return None


def submit_names(call: Call) -> Show:
    """The names were given: what goes where? Where there is nothing to share out, straight to the words."""
    titles = titles_in([call.values.get(name) for name in NAMES])
    with call.desk.store.reading() as work:
        priority, service = open_live(work, call.person, str(call.meta["priority"]), Right.PRIORITY)
        found = views.shares(load(work, service), priority)
    if not found:
        return Show(views.words_form(priority, titles, [[] for _ in titles]))
    return Show(views.shares_form(priority, titles, found))


def titles_in(typed: Sequence[str | None]) -> list[str]:
    """The names of two to four new priorities. Raises BadInput where one is twice, too long, or alone."""
    titles: list[str] = []
    for name, words in zip(NAMES, typed, strict=True):
        if not (words or "").strip():
            continue
        title = " ".join(str(words).split())
        if len(title) > TITLE_LIMIT:
            raise BadInput(f"This name is too long. Use at most {TITLE_LIMIT} characters.", field=name)
        if title.casefold() in {earlier.casefold() for earlier in titles}:
            raise BadInput("Give each new priority a name of its own.", field=name)
        titles.append(title)
    if len(titles) < 2:
        raise BadInput("A split makes at least two priorities of one. Name the second.", field=NAMES[1])
    return titles


def submit_shares(call: Call) -> Show:
    """It was said what goes where; an open action that nobody takes, or something that two take, is noted here."""
    titles = [str(title) for title in several(call.meta["titles"])]
    taken = [list(call.values.get(name) or []) for name in NAMES[: len(titles)]]
    with call.desk.store.reading() as work:
        priority, service = open_live(work, call.person, str(call.meta["priority"]), Right.PRIORITY)
        found = views.shares(load(work, service), priority)
    _check(found, taken)
    return Show(views.words_form(priority, titles, taken))


def _check(found: Sequence[Share], taken: Sequence[Sequence[str]]) -> None:
    """Raise BadInput under the choice to change; the split itself asks again."""
    seen: set[str] = set()
    for name, refs in zip(NAMES, taken, strict=False):
        if twice := [each for each in refs if each in seen]:
            raise BadInput(f"{spoken(twice)} can go to one of the new priorities only.", field=name)
        seen.update(refs)
    left = [share.ref for share in found if share.must and share.ref not in seen]
    if left:
        be = "is" if len(left) == 1 else "are"
        raise BadInput(f"{spoken(left)} {be} still open. Choose where each goes, or cancel first.", field=NAMES[0])


def submit_split(call: Call) -> Show:
    """The last step: the priority becomes two or more."""
    children = [
        {
            "title": title,
            "problem_statement": call.values.get(name),
            **{
                kind: [ref for ref in map(str, several(refs)) if ref.startswith(letter)]
                for letter, kind in KINDS.items()
            },
        }
        for name, title, refs in zip(NAMES, several(call.meta["titles"]), several(call.meta["taken"]), strict=False)
    ]
    form = SplitPriority.model_validate(
        {
            "priority": call.meta["priority"],
            "reason": call.values.get("reason"),
            "children": children,
            "request_id": call.request_id,
        }
    )
    with call.transaction() as work:
        _, service = open_record(work, call.person, Priority, form.priority, Right.PRIORITY)
        today = local_date(call.now, service.zone)
        parent, made = splitting.split(work, call.person, form, call.now, today)
        for action in work.all(Action, priority_id=[child.id for child in made]):
            jobs.changed(work, call, action)
        reminders.touch(work, parent, call.now)
        for lead_id in dict.fromkeys([parent.lead_id, *(child.lead_id for child in made)]):
            if lead := work.get(Person, lead_id):
                jobs.tell(work, call, lead, service, views.was_split(parent, made, form.reason, call.person.name))
    answer = views.split(parent, made, form.reason)
    return Show(parts.said("Saved", answer.text, answer.blocks))


FEATURE = Feature(
    name="splitting",
    verbs=(Verb("split", "Split a priority that proved too broad", split, usage="P3", reads=True),),
    buttons=(Button("priority.split", split),),
    forms=(
        Form("split_names.form", submit_names),
        Form("split_shares.form", submit_shares),
        Form("split.form", submit_split),
    ),
)
