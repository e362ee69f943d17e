"""What `doctor` says of the workspaces that installed Grip for themselves: their tokens, scopes, clock and channels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.doctor import slack
from bot.doctor.findings import Level, Line, at_most
from bot.doctor.slack import Ask
from bot.plan.services import Service
from bot.settings import Settings

NAMED = 10  # workspaces named in one sentence


@dataclass(frozen=True, slots=True)
class Kept:
    """One installation as it is kept: the token (None where no key opens it), and for which workspaces it answers."""

    id: str
    token: str | None
    workspaces: frozenset[str]

    def __repr__(self) -> str:
        return f"Kept({self.id})"


def no_key(ids: Sequence[str]) -> str:
    """What to do where no key opens the tokens of these workspaces."""
    named = ", ".join(ids[:NAMED]) + (f" and {len(ids) - NAMED} more" if len(ids) > NAMED else "")
    return (
        f"No key in TOKEN_KEYS opens the token of {named}. Add the key that it was encrypted with at the end of "
        "TOKEN_KEYS, or have the workspace install Grip anew; until then what is due there waits."
    )


def installed(
    settings: Settings, kept: Sequence[Kept], services: Sequence[Service], ask: Ask, now: Callable[[], datetime]
) -> list[Line]:
    """Each installation's token, asked of Slack itself, and whether Grip is in the channels of its services."""
    if not kept:
        return [Line(Level.WARNING, "No workspace has installed Grip yet.")]
    sealed = [each.id for each in kept if each.token is None]
    lines = [Line(Level.MISSING, no_key(sealed))] if sealed else []
    clock: list[Line] = []
    asked: list[Line] = []
    for each in kept:
        if each.token is None:
            continue
        theirs = [service for service in services if service.workspace_id in each.workspaces]
        whose = f"the token of {each.id}"
        again = f"Have the workspace install Grip anew at {settings.public_url.rstrip('/')}/slack/install."
        answer = ask("auth.test", each.token, {})
        if answer.trouble:
            return [*lines, *at_most(asked, "findings"), slack.unreachable(settings, answer)]
        clock = clock or [slack.clock(answer.headers.get("date", ""), now())]
        said = slack.token_works(answer, whose, again)
        said += slack.channels(each.token, ask, theirs) if answer.ok and theirs else []
        asked += [line if line.level is Level.OK else Line(line.level, f"{each.id}: {line.text}") for line in said]
    return [*lines, *clock, *at_most(asked, "findings about workspaces and channels")]
