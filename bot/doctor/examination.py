"""Everything that the doctor looks at, in the order in which it is told."""

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.clock import system_clock
from bot.doctor import http, machine, slack, tokens
from bot.doctor.findings import Line, exit_code
from bot.doctor.installed import Kept, installed
from bot.doctor.machine import Database
from bot.doctor.slack import Ask
from bot.plan.services import Service
from bot.settings import Settings


def examine(
    settings: Settings,
    ask_slack: Callable[[Settings], Ask],
    look_at_database: Callable[[str], tuple[Database, Sequence[Service]]],
    look_at_bucket: Callable[[str], str],
    look_at_tokens: Callable[[Settings], Sequence[Kept]],
) -> list[Line]:
    """What is right and what is missing. What is asked of Slack and of memory is asked through the given callables:
    of the database by its address, of a bucket by its own
    (answered with what is wrong, or nothing), of the stored tokens by the settings."""
    found, services = look_at_database(settings.database_url)
    by_http = http.is_http(settings)
    lines = http.secrets(settings) if by_http else tokens.tokens(settings)
    if settings.many_workspaces and not exit_code(lines):
        if found.readable:
            lines += installed(settings, look_at_tokens(settings), services, ask_slack(settings), system_clock)
    elif not exit_code(lines):
        ask = ask_slack(settings)
        lines += slack.slack(settings, ask, system_clock)
        lines += [] if by_http else [slack.socket_mode(settings, ask)]
        lines += slack.channels(settings.slack_bot_token.get_secret_value(), ask, services)
    lines += machine.database(found)
    lines += machine.managers(found)
    if settings.files.startswith("s3://"):
        lines.append(machine.bucket(settings.files, look_at_bucket(settings.files)))
    else:
        lines += machine.folder(Path(settings.files.removeprefix("file://")))
    lines.append(machine.zones(services))
    if settings.clock_file:
        lines.append(machine.moved_clock(settings.clock_file))
    return lines
