"""What import-linter can not see: calls, clocks, and words."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import pytest

from tests.architecture.sources import PACKAGES, ROOT, calls, named, python_files, tree

CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "datetime.datetime.now",
    "date.today",
    "datetime.date.today",
    "time.time",
}
ALLOWED = {
    "clearing": set(),
    "wallet": {"jwt", "cryptography", "qrcode"},
}
OPENS_TRANSACTIONS = re.compile(
    r"(api|pages|cli|chores|cowopass/transaction"
    r"|mail/sending|voting/clerk|documents/background)\.py$"
)
OUTPUT_OF_THE_COMMAND = {"clearing/__main__.py"}


def test_nothing_commits_but_the_transaction_itself():
    found = [
        f"{named(path)}:{line} {name}()"
        for path in python_files("cowopass")
        for line, name in calls(tree(path))
        if name.rpartition(".")[2] in {"commit", "rollback"}
    ]
    assert not found, "\n".join(found)


def test_only_views_commands_and_chores_open_a_transaction():
    found = [
        f"{named(path)}:{line}"
        for path in python_files("cowopass")
        if not OPENS_TRANSACTIONS.search(named(path)) and "demo" not in path.parts
        for line, name in calls(tree(path))
        if name == "transaction"
    ]
    assert not found, "\n".join(found)


def test_nobody_asks_the_time_but_the_clock():
    found = [
        f"{named(path)}:{line} {name}()"
        for path in python_files(*PACKAGES)
        if named(path) != "cowopass/clock.py"
        for line, name in calls(tree(path))
        if name in CLOCKS
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("package", ["clearing", "wallet"])
def test_a_pure_package_imports_the_standard_library_and_little_else(package):
    allowed = {*sys.stdlib_module_names, package, *ALLOWED[package]}
    found = [
        f"{named(path)}: {name}"
        for path in python_files(package)
        for name in _imports(tree(path))
        if name.partition(".")[0] not in allowed
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("package", ["clearing", "wallet"])
def test_a_pure_package_reads_nothing_and_rolls_no_dice(package):
    impure = {"open", "input", "print"}
    modules = {"random", "secrets", "socket", "os", "subprocess", "time", "urllib", "sqlite3"}
    found = [
        f"{named(path)}: {name}"
        for path in python_files(package)
        if named(path) not in OUTPUT_OF_THE_COMMAND
        for name in [*_imports(tree(path)), *(name for _, name in calls(tree(path)))]
        if name in impure or name.partition(".")[0] in modules
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("package", ["clearing", "wallet"])
def test_a_pure_package_works_without_the_web_and_the_database(package):
    modules = [
        named(path).removesuffix(".py").replace("/", ".")
        for path in python_files(package)
        if path.stem not in {"__init__", "__main__"}
    ]
    program = f"""
import importlib, sys
for module in {modules}:
    importlib.import_module(module)
print(*sorted({{"flask", "sqlalchemy", "marshmallow", "cowopass"}} & set(sys.modules)))
"""
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


def test_no_module_has_a_name_that_says_nothing():
    found = [
        named(path)
        for path in python_files(*PACKAGES, "tests")
        if re.fullmatch(r"(utils?|helpers?|managers?|common|misc)", path.stem)
    ]
    assert not found


def test_nothing_is_left_to_be_done_later():
    words = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")
    names = "*.py *.md *.cfg *.toml *.html *.css *.js *.mako Makefile".split()
    folders = [ROOT / name for name in (*PACKAGES, "migrations", "tests", "docs", "benchmarks")]
    files = [path for folder in folders for name in names for path in folder.rglob(name)]
    files = [path for path in files if "vendor" not in path.parts]
    files += [path for name in names for path in ROOT.glob(name)]
    found = [named(path) for path in files if words.search(path.read_text(encoding="utf-8"))]
    assert not found


def _imports(module: ast.AST) -> list[str]:
    names = []
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.append(node.module)
    return names
