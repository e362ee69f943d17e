"""What one command of the command line is, and how the words typed become the command and what it was given."""

import argparse
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BadInput
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, what it does in a line, and what runs it (giving the exit code)."""

    name: str
    help: str
    run: Callable[[Settings, argparse.Namespace], int]
    arguments: Callable[[argparse.ArgumentParser], None] = lambda _parser: None


def check_place(path: Path, *, over: bool) -> None:
    """Whether a file can be written there, before the long work begins; `over`: in the place of one of that name.

    Raises BadInput."""
    folder = path.parent
    if not folder.is_dir():
        raise BadInput(f"{path} cannot be written: there is no folder {folder}.")
    if path.is_dir():
        raise BadInput(f"{path} is a folder. Name a file in it.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadInput(f"{path} cannot be written: this user may not write in {folder}. Choose another folder.")
    if path.exists() and not over:
        raise BadInput(f"{path} is there already. Give another name, or add --force to write over it.")


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
