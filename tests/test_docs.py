"""The documents for whoever runs Grip are held to it: each command, setting, figure, page and path in them exists."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.__main__ import COMMANDS
from bot.commands.line import parser_of
from bot.settings import Settings
from handlers.installing import SCOPES

ROOT = Path(__file__).parents[1]
DOCS = {file.name: file.read_text() for file in sorted((ROOT / "docs").glob("*.md"))}
UNIT = (ROOT / "docs" / "grip.service").read_text()
BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
PYTHON = ".venv/bin/python"
# What belongs to the machine and not to Grip.
SYSTEM = {
    "apt-get",
    "useradd",
    "cd",
    "/usr/bin/python3",
    ".venv/bin/pip",
    "install",
    "cp",
    "systemctl",
    "journalctl",
    "curl",
}
OTHER_VARIABLES = {"POSTGRES_PASSWORD", "AWS_", "YOUR", "HOST"}


def lines() -> Iterator[tuple[str, str]]:
    """Each command line of the documents, with its document."""
    for name, text in DOCS.items():
        for block in BLOCK.findall(text):
            yield from ((name, line.strip()) for line in block.splitlines() if line.strip())


def words_of(line: str) -> list[str]:
    """A command without who runs it and with what in the environment."""
    words = shlex.split(line)
    if words[:2] == ["runuser", "-u"]:
        words = words[4:]
    while re.match(r"[A-Z_]+=", words[0]):
        assert words[0].split("=")[0].lower() in Settings.model_fields, line
        words = words[1:]
    return words


@pytest.mark.parametrize(("document", "line"), lines())
def test_every_command_is_one_that_the_program_or_the_machine_has(document: str, line: str) -> None:
    words = words_of(line)
    if words[:3] == [PYTHON, "-m", "bot"]:
        parser_of(COMMANDS, None).parse_args(words[3:])
    elif words[:2] == ["docker", "compose"]:
        assert words[2] in {"build", "run", "up", "logs"}, line
        if words[2] == "run":
            parser_of(COMMANDS, None).parse_args(words[words.index("grip") + 1 :])
    elif words[0] == "./dev":
        assert f"./dev {words[1]}" in (ROOT / "dev").read_text(), line
    elif words[0] == PYTHON:
        assert words[1:3] == ["-m", "compileall"] or words[1] == "-c", line
    else:
        assert words[0] in SYSTEM, line


@pytest.mark.parametrize("document", DOCS)
def test_every_command_in_a_sentence_exists(document: str) -> None:
    known = {command.name for command in COMMANDS}
    assert set(re.findall(r"`python -m bot (\w+)", DOCS[document])) <= known


def test_every_command_is_told_of_somewhere() -> None:
    told = "\n".join(DOCS.values()) + (ROOT / "README.md").read_text()
    missing = [command.name for command in COMMANDS if f"-m bot {command.name}" not in told]
    assert missing == ["seed"]  # the demonstration's own


@pytest.mark.parametrize("document", DOCS)
def test_every_setting_is_one(document: str) -> None:
    named = set(re.findall(r"`([A-Z][A-Z_]*[A-Z_])(?:=[^`]*)?`", DOCS[document]))
    named = {name for name in named if "_" in name or name in {"FILES", "WORKERS"}}
    assert {name for name in named - OTHER_VARIABLES if name.lower() not in Settings.model_fields} == set()


@pytest.mark.parametrize("document", DOCS)
def test_every_figure_is_told_by_the_program(document: str) -> None:
    source = (ROOT / "handlers" / "figures.py").read_text()
    assert {name for name in re.findall(r"`(grip_\w+)", DOCS[document]) if f'"{name}"' not in source} == set()


@pytest.mark.parametrize("document", DOCS)
def test_every_path_and_section_exists(document: str) -> None:
    for path in re.findall(r"\b((?:docs|tests|handlers|bot)/[\w./-]+\.\w+)\b", DOCS[document]):
        assert (ROOT / path).exists(), path


def test_the_proxy_lets_slack_in_and_nobody_else() -> None:
    assert "reverse_proxy /slack/* 127.0.0.1:3000" in DOCS["running.md"]
    assert Settings.model_fields["http_address"].default == "127.0.0.1:3000"


def test_every_scope_is_explained_in_the_security_document() -> None:
    table = dict(re.findall(r"^\| `([\w:]+)` \| (.+?) \|$", DOCS["security.md"], re.MULTILINE))
    assert set(table) == set(SCOPES)
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text())
    optional = set(manifest["oauth_config"]["scopes"]["bot_optional"])
    assert {scope for scope, words in table.items() if "may be declined" in words} == optional


def test_the_unit_starts_the_program_without_root_and_lets_it_write_its_data_alone() -> None:
    unit = dict(line.split("=", 1) for line in UNIT.splitlines() if re.match(r"[A-Z]\w*=", line))
    assert unit["ExecStart"] == f"{unit['WorkingDirectory']}/.venv/bin/python -m bot serve"
    assert unit["User"] == "grip"
    assert unit["ProtectSystem"] == "strict"
    assert unit["ReadWritePaths"] == f"{unit['WorkingDirectory']}/data"
    assert int(unit["TimeoutStopSec"]) >= 30


def test_systemd_reads_the_unit(tmp_path: Path) -> None:
    sections = re.findall(r"^\[(\w+)\]$", UNIT, re.MULTILINE)
    assert sections == ["Unit", "Service", "Install"]
    unit = tmp_path / "grip.service"
    unit.write_text(UNIT.replace("/srv/grip/.venv/bin/python", shutil.which("python3") or "/usr/bin/python3"))
    if systemd := shutil.which("systemd-analyze"):  # where there is one to ask
        command = [systemd, "verify", "--man=no", str(unit)]
        told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert "grip.service" not in told.stderr, told.stderr
