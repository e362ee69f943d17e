"""Errors become words here and nowhere else: a refusal as it was said, anything else with a reference code."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from pydantic import ValidationError
from slack_bolt import BoltResponse
from slack_bolt.error import BoltUnhandledRequestError

from bot.errors import Refusal
from handlers.desk import Answer, NeedsClick
from handlers.through import said_through
from handlers.views import parts
from handlers.words import plain

log = structlog.get_logger(__name__)


def explain(error: Exception, *, where: str) -> tuple[str, dict[str, str]]:
    """What to tell the person: a sentence, and sentences by form field. Unknown errors are logged under a code."""
    if isinstance(error, Refusal):
        return error.sentence, {error.field: error.sentence} if error.field else {}
    if isinstance(error, ValidationError):
        notes = {str(e["loc"][0]): _plain(e) for e in error.errors() if e["loc"]}
        return " ".join(dict.fromkeys(notes.values())) or "Something in this form is not right.", notes
    code = secrets.token_hex(3).upper()
    log.error("failed", where=where, reference=code, error=type(error).__name__, exc_info=error)
    words = "Something went wrong on our side and nothing was saved. Try again; if it happens twice, tell whoever runs"
    return f"{words} Grip the reference {code}.", {}


def _plain(error: Any) -> str:
    """One sentence for one field; the libraries' own words never reach a person."""
    if error["type"] == "sentence":
        return str(error["ctx"]["words"])
    if error["type"] in {"missing", "string_type", "none_required"} or error.get("input") in (None, ""):
        return "Please fill this in."
    return "This does not fit here. Choose or type something else."


def answer(error: Exception, *, where: str, typed: str = "") -> Answer:
    """A private answer to words or a button that failed, with what was typed given back."""
    sentence, _ = explain(error, where=where)
    blocks = [parts.section(parts.escape(sentence))]
    text = sentence
    if typed.strip():
        blocks += [parts.context("You typed:"), *parts.returned(typed)]
        text = f"{sentence}\nYou typed: {typed}"
    return Answer(parts.escape(text), blocks)


def notes_for(error: Exception, *, where: str, inputs: Sequence[str]) -> dict[str, str]:
    """What a form shows under its fields; what belongs to no field of it goes under the first one."""
    sentence, notes = explain(error, where=where)
    kept = {name: words for name, words in notes.items() if name in inputs}
    lost = [words for name, words in notes.items() if name not in inputs]
    if (lost or not kept) and inputs:
        kept.setdefault(inputs[0], " ".join(dict.fromkeys(lost)) or sentence)
    return kept


def guarded(run: Callable[[], Answer | None], *, where: str, typed: str = "") -> Answer | None:
    """Run something that answers a person; a failure is answered too."""
    try:
        return run()
    except NeedsClick:
        raise  # no failure: whoever heard the words offers a button
    except Exception as error:  # noqa: BLE001 - the edge of the program: whatever happened, the person is told
        return answer(error, where=where, typed=typed)


def unanswered(error: Exception, body: Mapping[str, Any]) -> BoltResponse:
    """What no listener took (404), and what failed before a listener heard of it: whoever waits for words has them; of
    anything else (500) Slack tells again, or shows that it failed."""
    if isinstance(error, BoltUnhandledRequestError):
        log.warning("nobody listens to this kind of request")
        return BoltResponse(status=404)
    where = "listener"
    if body.get("command"):
        told = answer(error, where=where, typed=plain(str(body.get("text") or "")))
        return BoltResponse(status=200, body={"text": told.text, "blocks": told.blocks})
    if body.get("type") == "view_submission":
        inputs = [block["block_id"] for block in body["view"]["blocks"] if block["type"] == "input"]
        if notes := notes_for(error, where=where, inputs=inputs):
            return BoltResponse(status=200, body={"response_action": "errors", "errors": notes})
    if body.get("type") == "block_actions" and (url := body.get("response_url")):
        told = answer(error, where=where)
        said_through(url, told.text, told.blocks, seconds=2)
        return BoltResponse(status=200)
    log.error("failed", where=where, error=type(error).__name__, exc_info=error)
    return BoltResponse(status=500)
