"""Plain words to the bot: `@Grip` in a channel, a line or a photo in its conversation; they speak the same verbs."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from slack_sdk.errors import SlackClientError

from bot.errors import NotAllowed
from bot.plan.access import ref
from bot.plan.actions import Action, is_open
from handlers import entries, failures, slash, words
from handlers.callers import call_from, request_id
from handlers.desk import Answer, Button, Call, Desk, Feature, NeedsClick, Verb
from handlers.forms import files_of
from handlers.jobs import post
from handlers.origins import organisation_of_event, workspace_of_event
from handlers.views import menu, parts
from handlers.views.actions import late_words

_MENTION = re.compile(r"^\s*<@[A-Z0-9]+(?:\|[^>]*)?>[:,]?\s*")
_REF_FIRST = re.compile(r"^([A-Za-z]\d{1,9})[:,]?\s+(.*)$", re.DOTALL)
_LOG_OF = re.compile(r"^\s*(?:log\s+)?[A-Za-z]\d{1,9}\b[\s:,.-]*", re.IGNORECASE)
# What people say around the verb: "can you show me what is overdue please?"
_FILLER = frozenset(
    re.findall(
        r"\S+",
        "what whats what's which is are was the a an show me please can could you tell give list all of for on about "
        "how do we i us hi hello hey grip",
    )
)
ASKED_ACTIONS = 10
ASKED_FILES = 5
ROOM = 60  # of a button's value, for the id of its action
UNSEEN = "If a file came with this, I could not see it. Choose Save as evidence in the menu of your message."
log = structlog.get_logger(__name__)


def meant(verbs: Sequence[Verb], text: str) -> str:
    """The words as a verb would be typed: "what is overdue" -> "overdue", "A12 done" -> "done A12",
    "A12 briefed six staff" -> "log A12 briefed six staff"."""
    said = words.plain(_MENTION.sub("", text)).strip()
    if words.find(verbs, said):
        return said
    if swapped := _REF_FIRST.match(said):
        found = words.find(verbs, swapped[2].rstrip(".!"))
        return f"{found[0].name} {swapped[1]} {found[1]}".strip() if found else f"log {swapped[1]} {swapped[2]}"
    kept = said.rstrip("?!. ").split()
    while kept and kept[0].lower().strip(",") in _FILLER:
        kept.pop(0)
    shorter = " ".join(kept)
    return shorter if words.find(verbs, shorter) else said


def run(verbs: Sequence[Verb], call: Call) -> Answer | None:
    """Answer words that came without a slash. What needs a form is offered as a button: only a click may open one."""
    text = meant(verbs, call.text)
    try:
        return slash.answer(verbs, call.saying(text))
    except NeedsClick:
        sentence, value = "I need a few more words for that.", {"say": text}
        if not parts.carried(value):
            return menu.too_long(text)
        button = parts.button("Open the form", "words.run", value, style="primary")
        return Answer(sentence, [parts.section(sentence), parts.actions(button)])


def mentioned(desk: Desk, verbs: Sequence[Verb], body: Mapping[str, Any]) -> None:
    """`@Grip ...` in a channel or thread: answered there, for that person's eyes."""
    event = body["event"]
    call = _call(desk, body)
    if call is None:
        return
    files = _files_of_mention(call, event)
    answer = _answer(verbs, call, files or [], where="mention")
    if answer is not None:
        blocks = answer.blocks if files is not None else [*answer.blocks, parts.context(UNSEEN)]
        call.client.chat_postEphemeral(
            channel=event["channel"],
            user=event["user"],
            thread_ts=event.get("thread_ts"),
            text=answer.text if files is not None else f"{answer.text} {UNSEEN}",
            blocks=blocks,
        )


def written(desk: Desk, verbs: Sequence[Verb], body: Mapping[str, Any]) -> None:
    """A line or a photo in the bot's own conversation; answered there, once, however often Slack tells of it."""
    call = _call(desk, body)
    if call is None:
        return
    answer = _answer(verbs, call, files_of(body["event"].get("files")), where="conversation")
    if answer is not None:
        answer = Answer(answer.text, parts.in_conversation(answer.blocks))
        with desk.store.transaction() as work:
            post(work, call, body["event"]["channel"], answer, thread_ts=body["event"].get("thread_ts"))


def _answer(verbs: Sequence[Verb], call: Call, files: list[dict[str, Any]], *, where: str) -> Answer | None:
    """The answer to words; to files, whatever words came with them, the question what they are evidence for."""
    if files:
        return failures.guarded(lambda: _which_action(verbs, call, files), where=f"{where} files", typed=call.text)
    return failures.guarded(lambda: run(verbs, call), where=where, typed=call.text)


def _files_of_mention(call: Call, event: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The files that came with a mention; None where that cannot be seen.

    Slack's `app_mention` often leaves `files` out, so that the message itself is looked up."""
    if "files" in event:
        return files_of(event["files"])
    ts, thread_ts = event.get("ts"), event.get("thread_ts")
    asked = {"channel": event["channel"], "oldest": ts, "latest": ts, "inclusive": True}
    try:
        if thread_ts:
            page = call.client.conversations_replies(ts=thread_ts, limit=10, **asked)  # the thread's first comes along
        else:
            page = call.client.conversations_history(limit=1, **asked)
    except (SlackClientError, OSError) as error:
        log.warning("mention not looked up", error=type(error).__name__)
        return None
    return next((files_of(found.get("files")) for found in page["messages"] if found.get("ts") == ts), None)


def _call(desk: Desk, body: Mapping[str, Any]) -> Call | None:
    """Whoever spoke, as a call; people of another organisation are told that nobody hears them."""
    event, workspace_id = body["event"], workspace_of_event(body)
    who = {
        "user": {"id": event["user"], "team_id": event.get("user_team") or event.get("team") or workspace_id},
        "team_id": workspace_id,
        "enterprise_id": organisation_of_event(body),
        "channel_id": event["channel"],
    }
    key = request_id("event", body.get("event_id"))
    try:
        return call_from(desk, who, request_id=key, text=event.get("text") or "", thread_ts=event.get("thread_ts"))
    except NotAllowed as refusal:
        client, place = desk.client_of(workspace_id), {"channel": event["channel"], "user": event["user"]}
        client.chat_postEphemeral(**place, thread_ts=event.get("thread_ts"), text=refusal.sentence)
        return None


def _which_action(verbs: Sequence[Verb], call: Call, files: list[dict[str, Any]]) -> Answer:
    said = meant(verbs, call.text)
    also = _also_meant(verbs, said)
    with call.desk.store.reading() as work:
        listed = [a for a in entries.loggable(work, call) if is_open(a)]
    named = [a for a in listed if re.search(rf"\b{ref(a)}\b", said, re.IGNORECASE)]
    own = (named or [a for a in listed if a.owner_id == call.person.id] or listed)[:ASKED_ACTIONS]
    if not own:
        words_ = "You own no open action, so I cannot tell what this is evidence for. Use /sip log and attach it there."
        return _with(also, Answer(words_, [parts.section(words_)]))
    what = "" if also and not _after_ref(verbs, said) else _LOG_OF.sub("", said) if len(named) == 1 else said
    kept = files[:ASKED_FILES]
    while len(kept) > 1 and not parts.carried({"action": own[0].id, "files": kept, "what": ""}):
        kept.pop()
    value = parts.fitting({"files": kept, "what": what}, "what", parts.VALUE_LIMIT - ROOM)
    today = call.now.date()
    rows: list[parts.Block] = []
    for action in own:
        choose = parts.button(
            f"Evidence for {ref(action)}", f"talk.evidence#{ref(action)}", {"action": action.id, **value}
        )
        line = f"*{ref(action)}* {parts.escape(parts.clip(action.what, 150))}\n_{late_words(action, today)}_"
        rows.append(parts.section(line, choose))
    question = f"Evidence for which action {'is this file' if len(files) == 1 else f'are these {len(files)} files'}?"
    if len(files) > len(kept):
        many = "1 file" if len(kept) == 1 else f"{len(kept)} files"
        rows.append(parts.context(f"I take {many} at a time; send the others again afterwards."))
    if value["what"] != what:
        rows.append(parts.context("Your words are too long to come along whole: copy their end from your message."))
    listed_words = "; ".join(f"{ref(a)} {a.what}" for a in own)
    return _with(also, Answer(parts.escape(f"{question} {listed_words}"), [parts.section(question), *rows]))


def _also_meant(verbs: Sequence[Verb], said: str) -> str:
    """The words that came with a file where they ask for something else than an entry; "" where they do not."""
    found = words.find(verbs, said)
    return said if found and found[0].name != "log" else ""


def _after_ref(verbs: Sequence[Verb], said: str) -> str:
    """What the words say beyond their verb and its reference."""
    found = words.find(verbs, said)
    return words.first_ref(found[1], Action)[1] if found else said


def _with(also: str, answer: Answer) -> Answer:
    """The answer to a file, and that its words are not carried out by it, with the button that does."""
    if not also:
        return answer
    shown = parts.clip(also, 300)
    sentence = f"You also wrote “{shown}”. Sending a file does not do that; it is still to be done."
    value = {"say": also}
    press = [parts.actions(parts.button(f"Do it: {also}", "words.run", value))] if parts.carried(value) else []
    more = [parts.section(parts.escape(sentence)), *press]
    return Answer(f"{answer.text} {parts.escape(sentence)}", [*answer.blocks, *more])


def evidence_chosen(call: Call) -> Answer | None:
    """The form of that action, with the files on it."""
    meta: dict[str, Any] = {"files": call.value.get("files", [])}
    if (call.channel or "").startswith("D"):  # elsewhere the question is a private one, which nothing can settle later
        meta["asked"] = {"channel": call.channel, "ts": call.message.get("ts")}
    return entries.open_form(
        call, chosen=call.value["action"], what=call.value.get("what", ""), meta=meta, from_message=True
    )


def again(verbs: Sequence[Verb]) -> Button:
    """The button that runs words which needed a form."""
    return Button("words.run", lambda call: slash.answer(verbs, call.saying(str(call.value.get("say", "")))))


FEATURE = Feature(name="talk", buttons=(Button("talk.evidence", evidence_chosen),))
