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
UNITS = {file.name: file.read_text() for file in sorted((ROOT / "docs").glob("grip*.[st]*"))}
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
    "ln",
    "createuser",
    "createdb",
    "psql",
    "journalctl",
    "curl",
}
OTHER_VARIABLES = {"POSTGRES_PASSWORD", "PASSWORD", "AWS_", "YOUR", "HOST"}


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
    if words[0] == "env":
        words = words[1:]
    while re.match(r"[A-Z_]+=", words[0]):
        assert words[0].split("=")[0].lower() in Settings.model_fields, line
        words = words[1:]
    return words


@pytest.mark.parametrize(("document", "line"), [*lines()])
def test_every_command_is_one_that_the_program_or_the_machine_has(document: str, line: str) -> None:
    words = words_of(line)
    if words[:3] == [PYTHON, "-m", "bot"]:
        parser_of(COMMANDS, None).parse_args(words[3:])
    elif words[:2] == ["docker", "compose"]:
        assert words[2] in {"build", "run", "up", "logs", "exec"}, line
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
    assert missing == []


def test_every_path_that_a_command_names_in_the_project_exists() -> None:
    for document, line in lines():
        for word in shlex.split(line):
            if re.match(r"(docs|playground)/", word):
                assert (ROOT / word).exists(), (document, line)


def test_upgrading_says_which_releases_work_beside_the_newest_schema() -> None:
    modules = sorted((ROOT / "storage" / "migrations" / "versions").glob("[0-9]*.py"))
    schema = modules[-1].name.split("_")[0]
    beside = re.search(r'^oldest_beside = "(\d+)"', modules[-1].read_text(), re.MULTILINE)
    row = re.search(rf"^\| {schema} \(this release\) \| (.+) \|$", DOCS["upgrading.md"], re.MULTILINE)
    assert row, schema
    assert (beside.group(1) if beside else "none") in row.group(1)


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


@pytest.mark.parametrize("name", ["grip.service", "grip@.service"])
def test_the_unit_starts_the_program_without_root_and_lets_it_write_its_data_alone(name: str) -> None:
    unit = dict(line.split("=", 1) for line in UNITS[name].splitlines() if re.match(r"[A-Z]\w*=", line))
    assert unit["ExecStart"] == f"/bin/sh -c 'exec {PYTHON} -m bot serve'"
    assert unit["WorkingDirectory"] == "/srv/grip/current"
    assert unit["User"] == "grip"
    assert unit["ProtectSystem"] == "strict"
    assert unit["ReadWritePaths"] == "/srv/grip/data"
    assert int(unit["TimeoutStopSec"]) >= 30


def test_several_processes_differ_from_one_by_their_port_alone() -> None:
    one, several = (set(UNITS[name].splitlines()) for name in ("grip.service", "grip@.service"))
    assert {line for line in several - one if not line.startswith(("#", "Description="))} == {
        "Environment=HTTP_ADDRESS=127.0.0.1:%i"
    }
    ports = re.findall(r"reverse_proxy /slack/\* 127.0.0.1:(\d+) 127.0.0.1:(\d+) ", DOCS["running.md"])
    assert ports == [tuple(re.findall(r"grip@(\d+)", DOCS["running.md"])[:2])]


def test_systemd_reads_the_units(tmp_path: Path) -> None:
    assert sorted(UNITS) == ["grip-backup.service", "grip-backup.timer", "grip.service", "grip@.service"]
    for name, text in UNITS.items():
        (tmp_path / name).write_text(text)
    if systemd := shutil.which("systemd-analyze"):  # where there is one to ask
        names = [str(tmp_path / name.replace("@", "@3001")) for name in UNITS]
        shutil.copy(tmp_path / "grip@.service", tmp_path / "grip@3001.service")
        command = [systemd, "verify", "--man=no", *names]
        told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert "grip" not in told.stderr, told.stderr
