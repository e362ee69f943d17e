"""Reads the syntax trees of the project and holds the house rules: who imports whom, sizes, docstrings, the clock."""

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "handlers", "storage", "playground")
# Who may import whom; the two files where all parts meet see everything but the playground.
MAY_IMPORT = {
    "bot": {"bot"},
    "handlers": {"handlers", "bot"},
    "storage": {"storage", "bot"},
    "playground": {"playground"},
    "tests": {*PACKAGES, "tests"},
}
MEETING_PLACES = {"bot/app.py", "bot/__main__.py"}
# The rules know no Slack, no SQL and no scheduler; memory knows no Slack; handlers know no SQL.
FOREIGN = {
    "bot": {
        "slack_bolt",
        "slack_sdk",
        "sqlalchemy",
        "alembic",
        "psycopg",
        "sqlite3",
        "apscheduler",
        "httpx",
        "requests",
    },
    "storage": {"slack_bolt", "slack_sdk", "apscheduler"},
    "handlers": {"sqlalchemy", "alembic", "psycopg", "sqlite3"},
    "playground": {"sqlalchemy"},
    "tests": {"mock", "unittest.mock", "freezegun", "time_machine"},
}
CLOCKS = {"bot/clock.py", "playground/clock.py"}  # the second is a program of its own with a clock of its own
LONGEST_FILE = 330  # "about 300"
LONGEST_FUNCTION = 48  # "about 40", its docstring not counted
NO_ROOMS = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}

Rule = Callable[[str, ast.Module], Iterator[str]]


def sources() -> list[str]:
    """Every Python file of the project as a path from its root; migrations are histories, not prose, and stay out."""
    files = [path for top in (*PACKAGES, "tests") for path in (ROOT / top).rglob("*.py")]
    names = sorted(str(path.relative_to(ROOT)) for path in files)
    return ["dev", *(name for name in names if "/migrations/versions/" not in name)]


SOURCES = sources()


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of each import, wherever in the file it stands; `from a import b` gives a and a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            yield node.lineno, base
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def dotted(node: ast.expr) -> str:
    """`a.b.c` for that expression; an empty string for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def wrong_direction(name: str, tree: ast.Module) -> Iterator[str]:
    """Imports against handlers -> bot <- storage."""
    top = name.split("/", maxsplit=1)[0]
    allowed = {"bot", "handlers", "storage"} if name in MEETING_PLACES else MAY_IMPORT.get(top, set())
    for line, module in imported(tree):
        first = module.split(".")[0]
        if first in {*PACKAGES, "tests"} and first not in allowed:
            yield f"{name}:{line} imports {module}"
        if module in {"bot.app", "bot.__main__"} and top != "tests" and name not in MEETING_PLACES:
            yield f"{name}:{line} imports {module}, where all parts meet"


def foreign_parts(name: str, tree: ast.Module) -> Iterator[str]:
    """Libraries in a room where they do not belong."""
    if name in MEETING_PLACES:
        return
    barred = FOREIGN.get(name.split("/", maxsplit=1)[0], set())
    for line, module in imported(tree):
        if any(module == other or module.startswith(f"{other}.") for other in barred):
            yield f"{name}:{line} imports {module}"


def clock_reads(name: str, tree: ast.Module) -> Iterator[str]:
    """Reading the time anywhere but in the clock, in SQL too."""
    if name in CLOCKS:
        return
    pattern = (
        r"(datetime|date|dt|func|DateTime)\.(now|utcnow|today|current_timestamp|localtimestamp)|time\.(time|time_ns)"
    )
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and re.search(rf"(^|\.)({pattern})$", dotted(node)):
            yield f"{name}:{node.lineno} reads {dotted(node)}"
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (f"{name}:{node.lineno} reads {a.name}" for a in node.names if a.name in {"time", "time_ns"})


def pretending(name: str, tree: ast.Module) -> Iterator[str]:
    """Patches, skips and expected failures."""
    banned = r"monkeypatch\.(setattr|setitem|delattr)|pytest\.(skip|xfail|importorskip)|mark\.(skip|skipif|xfail)"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and re.search(rf"(^|\.)({banned})$", dotted(node)):
            yield f"{name}:{node.lineno} {dotted(node)}"


def no_opening_sentence(name: str, tree: ast.Module) -> Iterator[str]:
    """Modules that do not open with one sentence that says what they know. An empty file has nothing to say."""
    if not tree.body:
        return
    opening = (ast.get_docstring(tree) or "").split("\n\n")[0]
    if not opening.endswith("."):
        yield f"{name} does not open with a sentence"
    elif re.search(r"[.!?]\s+[A-Z]", opening):
        yield f"{name} opens with more than one sentence"


def long_functions(name: str, tree: ast.Module) -> Iterator[str]:
    """Functions of the product that are longer than one can read at a glance."""
    if name.startswith("tests/"):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            spoken = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(node) else 0
            length = (node.end_lineno or 0) - node.lineno + 1 - spoken
            if length > LONGEST_FUNCTION:
                yield f"{name}:{node.lineno} {node.name} has {length} lines"


RULES: tuple[Rule, ...] = (
    wrong_direction,
    foreign_parts,
    clock_reads,
    pretending,
    no_opening_sentence,
    long_functions,
)


@pytest.mark.parametrize("name", SOURCES)
def test_the_house_rules(name: str) -> None:
    text = (ROOT / name).read_text()
    tree = ast.parse(text)
    found = [line for rule in RULES for line in rule(name, tree)]
    if len(text.splitlines()) > LONGEST_FILE:
        found.append(f"{name} has {len(text.splitlines())} lines")
    if Path(name).stem in NO_ROOMS:
        found.append(f"{name}: a name that says nothing")
    assert found == []


BROKEN = (
    (wrong_direction, "bot/plan/a.py", "import handlers.slash"),
    (wrong_direction, "bot/plan/a.py", "def f():\n    from storage import store"),
    (wrong_direction, "storage/a.py", "from handlers.views import home"),
    (wrong_direction, "handlers/a.py", "from storage.store import Store"),
    (wrong_direction, "handlers/a.py", "from bot import app"),
    (wrong_direction, "playground/a.py", "from bot.plan import people"),
    (wrong_direction, "bot/app.py", "import playground"),
    (foreign_parts, "bot/plan/a.py", "from slack_sdk.web import WebClient"),
    (foreign_parts, "handlers/a.py", "import sqlalchemy as sa"),
    (foreign_parts, "tests/a.py", "from unittest import mock"),
    (clock_reads, "bot/plan/a.py", "import datetime\nx = datetime.datetime.now(datetime.UTC)"),
    (clock_reads, "handlers/a.py", "from time import time"),
    (clock_reads, "storage/a.py", "x = sa.func.now()"),
    (pretending, "tests/a.py", "@pytest.mark.skipif(True)\ndef test(): pass"),
    (pretending, "tests/a.py", "def test(monkeypatch): monkeypatch.setattr(a, 'b', 1)"),
    (no_opening_sentence, "bot/a.py", "import os"),
    (no_opening_sentence, "bot/a.py", '"""Knows this. Knows that."""'),
    (long_functions, "bot/a.py", "def f():\n" + "    x = 1\n" * 60),
)


@pytest.mark.parametrize(("rule", "name", "text"), BROKEN)
def test_each_rule_sees_it_broken(rule: Rule, name: str, text: str) -> None:
    assert list(rule(name, ast.parse(text)))


def test_what_the_product_imports_is_installed_with_it() -> None:
    """A library that only the tools bring would be missing where somebody only runs the bot or the demo."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {re.split(r"[\[<>=~!; ]", line)[0].lower().replace("_", "-") for line in project["dependencies"]}
    owners = packages_distributions()
    for name in SOURCES:
        if name.split("/")[0] not in PACKAGES:
            continue
        for line, module in imported(ast.parse((ROOT / name).read_text())):
            first = module.split(".")[0]
            if first in sys.stdlib_module_names or first in PACKAGES:
                continue
            owner = {found.lower().replace("_", "-") for found in owners.get(first, [])}
            assert owner & declared, f"{name}:{line} imports {first}, which pyproject.toml does not name"


def test_nothing_names_a_package_registry() -> None:
    # Written so that this line is not itself a find.
    hosts = re.compile(r"[p]ypi\.org|[p]ythonhosted\.org|[n]pmjs\.(org|com)|[d]eb\.debian\.org|registry\.[y]arnpkg")
    left_out = {".git", ".venv", ".hypothesis", ".mypy_cache", ".ruff_cache", "__pycache__", "node_modules"}
    for path in ROOT.rglob("*"):
        inside = path.relative_to(ROOT)
        if path.is_file() and not left_out & set(inside.parts) and inside.parts[0] != "data":
            found = hosts.search(path.read_bytes().decode(errors="replace"))
            assert found is None, f"{inside} names a registry: {found}"
