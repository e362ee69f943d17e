"""Full-text search over the account: FTS5 on SQLite, tsvector on PostgreSQL, one document for each record."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, text

from bot.plan.actions import Action
from bot.plan.entries import Entry, Evidence
from bot.plan.escalations import Escalation
from bot.plan.priorities import Priority
from bot.plan.reviews import Review
from bot.plan.samples import Sample
from bot.plan.signals import Signal
from storage.later import Put
from storage.statements import insert_or, once
from storage.tables import search_documents

SEARCHED: dict[type[Any], tuple[str, ...]] = {
    Signal: ("theme", "summary", "reference", "answered_reason"),
    Priority: ("title", "problem_statement", "rationale", "evidence_base", "affected_areas", "theme"),
    Action: ("what", "check", "verification", "cancelled_reason"),
    Entry: ("what", "attended", "staff_response", "barriers"),
    Evidence: ("name", "text", "link"),
    Sample: ("sampled", "findings", "in_their_words", "answered_reason"),
    Review: (
        *("improved", "unresolved", "why", "challenge", "agreement"),
        *("next_steps", "movement", "override_reason"),
    ),
    Escalation: ("why", "outcome"),
}

# SQLite keeps every word in its index; PostgreSQL's English dictionary leaves these out, so the question does too.
STOP_WORDS = frozenset(
    """
    a about an and any are as at be been but by did do does for from had has have he her his how i if in into is it its
    me my no not of on or our she so that the their them then there these they this to was we were what when where which
    who why will with you your
    """.split()  # noqa: SIM905 - a paragraph reads better than eighty quoted words
)

_SQLITE = text("""
    SELECT d.kind, d.record_id, snippet(search_words, 0, '', '', '…', 24) AS excerpt
    FROM search_words JOIN search_documents d ON d.number = search_words.rowid
    WHERE search_words MATCH :question AND d.service_id IN :services
    ORDER BY bm25(search_words), d.number DESC LIMIT :row_limit
""").bindparams(bindparam("services", expanding=True))

_POSTGRESQL = text("""
    SELECT d.kind, d.record_id, ts_headline('english', d.text, question,
        'StartSel="", StopSel="", MaxWords=24, MinWords=12, MaxFragments=1, FragmentDelimiter=…') AS excerpt
    FROM search_documents d, plainto_tsquery('english', :question) question
    WHERE to_tsvector('english', d.text) @@ question AND d.service_id IN :services
    ORDER BY ts_rank(to_tsvector('english', d.text), question) DESC, d.number DESC LIMIT :row_limit
""").bindparams(bindparam("services", expanding=True))

_forget = delete(search_documents).where(
    search_documents.c.kind == bindparam("this_kind"), search_documents.c.record_id == bindparam("this_id")
)


def index(put: Put, dialect: str, record: Any) -> None:
    """Keep the record's words findable; a withdrawn record, or one without words, is no longer found."""
    fields = SEARCHED.get(type(record))
    if fields is None:
        return
    kind = type(record).__name__.lower()
    words = "\n".join(filter(None, (getattr(record, field) for field in fields)))
    if not words or getattr(record, "withdrawn_at", None):
        forget(put, record)
        return
    document = {"kind": kind, "record_id": record.id, "service_id": record.service_id, "text": words}
    put(_keeping(dialect), document)


def forget(put: Put, record: Any) -> None:
    """Take a record's words out of the index."""
    put(_forget, {"this_kind": type(record).__name__.lower(), "this_id": record.id})


@once
def _keeping(dialect: str) -> Any:
    table = search_documents
    statement = insert_or(dialect, table).values(
        {name: bindparam(name) for name in ("kind", "record_id", "service_id", "text")}
    )
    # Most saves change a state and not the words; those leave the index alone.
    return statement.on_conflict_do_update(
        index_elements=[table.c.kind, table.c.record_id],
        set_={"text": statement.excluded.text},
        where=table.c.text != statement.excluded.text,
    )


def question_words(words: str) -> list[str]:
    """The words of a question, with nothing left in them that a search engine could take for syntax."""
    found = re.findall(r"[^\W_]+", words)
    return [word for word in found if word.lower() not in STOP_WORDS] or found


def search(connection: Connection, service_ids: Sequence[str], words: str, limit: int) -> list[tuple[str, str, str]]:
    """Records of these services that hold all the words, however inflected: (kind, id, excerpt), best first."""
    found = question_words(words)
    if not found or not service_ids:
        return []
    sqlite = connection.dialect.name == "sqlite"
    question = " ".join(f'"{word}"' for word in found) if sqlite else " ".join(found)
    parameters = {"question": question, "services": list(service_ids), "row_limit": limit}
    rows = connection.execute(_SQLITE if sqlite else _POSTGRESQL, parameters)
    return [(row.kind, row.record_id, row.excerpt) for row in rows]
