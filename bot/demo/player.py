"""Plays the stories: each step is a real verb, done by a person who may do it, at the instant at which it happened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from bot.demo.days import Days
from bot.demo.papers import paper
from bot.demo.script import Step
from bot.demo.verbs import VERBS, Verb
from bot.errors import Refusal
from bot.plan import entries
from bot.plan.access import ref
from bot.plan.actions import Action
from bot.plan.entries import Evidence, EvidenceState, FileRef, LogEntry, headcount_in
from bot.plan.fields import Form
from bot.plan.journal import note
from bot.plan.people import Person
from bot.plan.services import Service
from bot.timing.shifts import shift_at
from bot.work import Work


class Files(Protocol):
    """Where evidence files are kept."""

    def put(self, chunks: Iterable[bytes], limit: int) -> tuple[str, int]:
        """Keep a file; its SHA-256 and its size in bytes."""
        ...


class Misplayed(Exception):
    """A story asks for something that the rules refuse; it says which step and why."""


@dataclass
class Stage:
    """Where the stories are played: the people and services by name, and what came of earlier steps."""

    work: Work
    files: Files
    days: Days
    people: Mapping[str, Person]
    services: Mapping[str, Service]
    made: dict[tuple[str, str], Any] = field(default_factory=dict)
    papers: int = 0

    def play(self, step: Step) -> None:
        """Do one step. Raises Misplayed where a rule refuses it."""
        try:
            made = self._log(step) if step.do == "log" else self._do(step, VERBS[step.do])
        except (Refusal, KeyError, ValueError) as error:
            raise Misplayed(f"{step.story}, {step.at:%Y-%m-%d}, {step.who} {step.do}: {error}") from error
        records = made if isinstance(made, list | tuple) else [made]
        for name, record in zip(step.names, records, strict=False):
            self.made[step.story, name] = record

    def _do(self, step: Step, verb: Verb) -> Any:
        service, person = self.services[step.service], self.people[step.who]
        facts = self._resolved(verb.form, step)
        if "service_id" in verb.form.model_fields:
            facts["service_id"] = service.id
        today = shift_at(step.at, service).on
        return verb.run(self.work, person, verb.form.model_validate(facts), step.at, today)

    def _log(self, step: Step) -> Any:
        service, person = self.services[step.service], self.people[step.who]
        facts = self._resolved(LogEntry, step)
        facts["attended_count"] = headcount_in(facts["attended"], facts["what"])
        files = tuple(self._file(name) for name in step.papers)
        form = LogEntry.model_validate(facts | {"files": files})
        span = shift_at(step.at, service)
        entry, evidence = entries.log(self.work, person, form, step.at, (span.on, span.shift))
        action = self.work.get(Action, entry.action_id)
        title = f"{service.name}, {action and ref(action)}, {entry.on:%d %B %Y}, {entry.shift} shift"
        for each in evidence:
            self._keep(each, title, entry.what, step.at)
        return entry

    def _file(self, name: str) -> FileRef:
        self.papers += 1
        return FileRef(id=f"F0DEMO{self.papers:04}", name=name)

    def _keep(self, evidence: Evidence, title: str, words: str, now: datetime) -> None:
        content, mimetype = paper(evidence.name, title, words)
        sha256, size = self.files.put([content], limit=len(content))
        kept = replace(evidence, state=EvidenceState.KEPT, mimetype=mimetype, sha256=sha256, size=size)
        saved = self.work.save(kept)
        note(self.work, None, now, "keep evidence", before=evidence, after=saved)

    def _resolved(self, form: type[Form], step: Step) -> dict[str, Any]:
        """The facts with their names of people and records turned into ids, and their days into dates."""
        unknown = sorted(set(step.facts) - set(form.model_fields))
        if unknown:
            raise ValueError(f"{form.__name__} has no {', '.join(unknown)}")
        return {name: self._value(step, name, value) for name, value in step.facts.items()}

    def _value(self, step: Step, name: str, value: Any) -> Any:
        if name == "on" or name.endswith("_on"):
            return self.days.on(value)
        if isinstance(value, list):
            return [self._value(step, "", each) for each in value]
        if isinstance(value, dict):
            return {inner: self._value(step, inner, each) for inner, each in value.items()}
        return self._named(step, value)

    def _named(self, step: Step, value: Any) -> Any:
        """What a form would hold for "@ruth" or "@name of an earlier step": a person's id, a record's reference."""
        if not isinstance(value, str) or not value.startswith("@"):
            return value
        name = value[1:]
        if name in self.people:
            return self.people[name].id
        record = self.made[step.story, name]
        return ref(record) if hasattr(record, "LETTER") else record.id
