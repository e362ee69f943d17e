"""What one command of the command line is, and how the words typed become the command and what it was given."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, what it does in a line, and what runs it (giving the exit code)."""

    name: str
    help: str
    run: Callable[[Settings, argparse.Namespace], int]
    arguments: Callable[[argparse.ArgumentParser], None] = lambda _parser: None


def parser_of(commands: Sequence[Command], about: str | None) -> argparse.ArgumentParser:
    """The parser of a command line with these commands; `about` stands at the head of its help."""
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description=about,
        epilog="Settings come from the environment or .env; see .env.example.",
    )
    among = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    for command in commands:
        made = among.add_parser(command.name, help=command.help, description=(command.run.__doc__ or "").strip())
        made.set_defaults(run=command.run)
        command.arguments(made)
    return parser
