"""The second look before words are saved: personal data and vague wording are pointed out, never forbidden."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, TypeVar

from bot.insight.privacy import Hit, Kind, look, look_at_file_name
from bot.plan.overrides import KEPT_PERSONAL_DATA, SAVED_AS_WORDED, Override, note_overrides, note_without_record
from bot.work import Store, Work
from handlers.desk import Advice, Answer, Button, Call, Form, Show, Verb
from handlers.views import guard as views

MARK = "second_look"  # under which a form that was held remembers in its metadata what its person was shown
TYPED = frozenset({"plain_text_input", "email_text_input", "url_text_input"})
# Names of staff belong here; those of people who use the service never do.
STAFF_FIELDS = frozenset({"attended", "present"})
LONGEST = 3000  # longer texts are refused by the rules, with the words kept; they are looked at once they fit
VALUE_LIMIT = 2000  # of a button's value in Slack
MARKS = 60

R = TypeVar("R")
T = TypeVar("T")
File = dict[str, Any]


@dataclass(frozen=True)
class Second:
    """What a second look found: personal data by field, advice on wording, and what the person had been shown before
    (`seen`: marks of personal data; `coached`: whether the wording was pointed out)."""

    hits: Mapping[str, Sequence[Hit]]
    advice: Advice
    seen: frozenset[str]
    coached: bool

    @property
    def marks(self) -> frozenset[str]:
        """One mark for each piece of personal data, from which nothing can be read back."""
        found = [(field, hit) for field, hits in self.hits.items() for hit in hits]
        return frozenset(sha256(f"{f}|{h.kind}|{h.excerpt}".encode()).hexdigest()[:10] for f, h in found)

    @property
    def remarks(self) -> Mapping[str, Sequence[str]]:
        """The remarks on wording that are still to be made: once, and never where an action is urgent."""
        return {} if self.coached or self.advice.urgent else self.advice.remarks

    @property
    def asks(self) -> bool:
        """Whether the person is to look again before anything is saved."""
        return bool(self.marks - self.seen or self.remarks)

    @property
    def overrides(self) -> tuple[Override, ...]:
        """What goes into the journal where it is saved all the same."""
        kept = [f"{hit.kind} ({hit.excerpt}) in {field}" for field, hits in self.hits.items() for hit in hits]
        said = [f"{field}: {words}" for field, remarks in self.advice.remarks.items() for words in remarks]
        found = [_personal("; ".join(kept))] if kept else []
        return (*found, *([Override(SAVED_AS_WORDED, f"Saved as worded. {' '.join(said)}")] if said else []))


def _personal(what: str) -> Override:
    return Override(KEPT_PERSONAL_DATA, f"Saved anyway, with what looks like {what}.")


def submit(form: Form, call: Call) -> Answer | Show | None:
    """Submit a form; where there is something to look at first, show it again with notes under its fields."""
    call = _with_held_files(call)
    second = look_again(form, call)
    if second.asks:
        return Show(_again(call, second))
    if not second.overrides:
        return form.submit(call)
    return noted(call, second.overrides, form.id, form.submit)


def look_again(form: Form, call: Call) -> Second:
    """What should be pointed out in what was typed into a form."""
    texts = _texts(call)
    fits = max(map(len, texts.values()), default=0) <= LONGEST
    mark = call.meta.get(MARK, {})
    return Second(
        hits=_hits(call, texts) if fits else {},
        advice=form.coach(call) if form.coach and fits else Advice(),
        seen=frozenset(mark.get("seen", ())),
        coached=bool(mark.get("coached")),
    )


def _texts(call: Call) -> dict[str, str]:
    state = call.view.get("state", {}).get("values", {})
    typed = [(block, e) for block, elements in state.items() for e in elements.values() if e.get("type") in TYPED]
    return {block: element["value"] for block, element in typed if element.get("value")}


def _hits(call: Call, texts: Mapping[str, str]) -> dict[str, list[Hit]]:
    found = {field: _in_text(field, text) for field, text in texts.items()}
    # A message that is saved as evidence stands in no field; what its field shows already is not said twice.
    shown = {hit for hits in found.values() for hit in hits}
    found[views.MESSAGE] = [hit for hit in look(str(call.meta.get("message", ""))) if hit not in shown]
    for field, files in _files(call).items():
        for file in files:
            found.setdefault(field, []).extend(look_at_file_name(str(file.get("name", ""))))
    for file in call.meta.get("files", ()):
        found[views.MESSAGE].extend(look_at_file_name(str(file.get("name", ""))))
    return {field: hits for field, hits in found.items() if hits}


def _in_text(field: str, text: str) -> list[Hit]:
    return [hit for hit in look(text) if not (field in STAFF_FIELDS and hit.kind is Kind.TITLED_NAME)]


def _files(call: Call) -> dict[str, list[File]]:
    """The files in a form, by field."""
    lists = {field: value for field, value in call.values.items() if isinstance(value, list)}
    found = {field: [v for v in value if isinstance(v, dict)] for field, value in lists.items()}
    return {field: files for field, files in found.items() if files}


def _again(call: Call, second: Second) -> dict[str, Any]:
    mark = {
        "seen": sorted(second.marks | second.seen)[:MARKS],
        "coached": second.coached or bool(second.remarks),
        # Kept in case Slack's window comes back without them; what was asked about is there to be taken out.
        "files": {field: files for field, files in _files(call).items() if field not in second.hits},
    }
    advice = second.advice if second.remarks else Advice()
    notes = {**advice.hints, **second.remarks}
    return views.held(call.view, {**call.meta, MARK: mark}, second.hits, notes, advice.prefill)


def _with_held_files(call: Call) -> Call:
    held = call.meta.get(MARK, {}).get("files", {})
    missing = {field: files for field, files in held.items() if not call.values.get(field)}
    return replace(call, values={**call.values, **missing}) if missing else call


def words(verb: Verb, call: Call, said: str) -> tuple[bool, Answer | None]:
    """Whether typed words with personal data in them are held, and what the person is asked. `said`: verb and words.

    Nothing typed is lost: the buttons carry the words; what is too long for a button stands in the form at once."""
    hits = () if verb.reads else look(call.text)
    if not hits:
        return False, None
    if len(views.packed(said)) <= VALUE_LIMIT:
        return True, views.question(said, hits, form=verb.form is not None)
    if verb.form is not None and call.trigger_id:
        return True, verb.form(call)
    return True, views.too_long(call.text, hits)


def buttons(find: Callable[[str], tuple[Verb, str] | None]) -> tuple[Button, Button]:
    """Under such a question: save the words anyway, or open the form with them in it."""

    def keep(call: Call) -> Answer | None:
        found = find(str(call.value.get("say", "")))
        if found is None:
            return None
        verb, rest = found
        seen = ", ".join(f"{hit.kind} ({hit.excerpt})" for hit in look(rest))
        return noted(call.saying(rest), (_personal(seen),), f"/sip {verb.name}", verb.run)

    def open_form(call: Call) -> Answer | None:
        found = find(str(call.value.get("say", "")))
        return found[0].form(call.saying(found[1])) if found and found[0].form else None

    return Button("guard.keep", keep), Button("guard.form", open_form)


class Witness:
    """A store that, in the very transaction in which a request is saved, also writes down what its person overrode."""

    def __init__(self, call: Call, overrides: Sequence[Override]) -> None:
        self._store: Store = call.desk.store
        self._call = call
        self._overrides = overrides
        self.saved = self.noted = False

    @contextmanager
    def transaction(self, workspace_id: str | None = None) -> Iterator[Work]:
        call = self._call
        with self._store.transaction(workspace_id) as work:
            yield work
            noted = note_overrides(work, call.person, call.request_id, self._overrides, call.now)
        self.saved, self.noted = True, self.noted or noted

    def reading(self) -> AbstractContextManager[Work]:
        return self._store.reading()

    def find(self, kind: type[R], /, **equal: Any) -> R | None:
        return self._store.find(kind, **equal)

    def close(self) -> None:
        self._store.close()


def noted(call: Call, overrides: Sequence[Override], where: str, run: Callable[[Call], T]) -> T:
    """Run something that saves, and have the overrides in the journal with it."""
    witness = Witness(call, overrides)
    result = run(replace(call, desk=replace(call.desk, store=witness)))
    if witness.saved and not witness.noted:
        with call.transaction() as work:
            note_without_record(work, call.person, call.request_id, where, overrides, call.now)
    return result
