"""The README is held to the program: every verb and setting is in it, and every command in it is one that exists."""

import re
import subprocess
import sys
from pathlib import Path

import handlers
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_every_verb_is_in_the_readme() -> None:
    missing = [verb.name for verb in handlers.verbs() if f"`/sip {verb.name}" not in README]
    assert missing == []


def test_every_setting_is_in_the_readme() -> None:
    assert [name.upper() for name in Settings.model_fields if f"`{name.upper()}`" not in README] == []


def test_every_sip_line_of_the_readme_is_understood() -> None:
    known = handlers.verbs()
    for line in re.findall(r"`/sip ([^`]+)`", README):
        assert handlers.words.find(known, line), line


def test_every_command_of_the_readme_exists() -> None:
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL))
    commands = [line for line in blocks.splitlines() if line]
    assert commands
    dev_help = subprocess.run([ROOT / "dev"], capture_output=True, text=True, timeout=120, check=False).stdout
    bot_help = subprocess.run(
        [sys.executable, "-m", "bot", "--help"], capture_output=True, text=True, timeout=60, cwd=ROOT, check=True
    ).stdout
    for command in commands:
        words = command.split()
        if words[0] == "./dev":
            assert words[1] in dev_help, command
        else:
            assert words[:3] == [".venv/bin/python", "-m", "bot"], command
            assert words[3] in bot_help, command


def test_every_path_of_the_map_exists() -> None:
    for path in ("bot", "handlers", "storage", "playground", "tests", "manifest.yml", ".env.example", "docs/grip.png"):
        assert (ROOT / path).exists(), path
