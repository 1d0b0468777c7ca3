"""House limits: a function fits on a screen, a file is read in one go."""

from __future__ import annotations

import ast

from tests.architecture.sources import PACKAGES, named, python_files, tree

CODE = (*PACKAGES, "migrations", "benchmarks")
"""Tests are lists of cases and worlds for them: they may be longer."""

FUNCTION_LINES = 40
FILE_LINES = 300
TABLES = {
    "cowopass/errors.py",
    "cowopass/problems.py",
}
"""Files that are a list of facts, one after the other."""


def test_no_function_is_longer_than_a_screen():
    too_long = [
        f"{named(path)}:{node.lineno} {node.name}: {length} lines"
        for path in python_files(*CODE)
        if path.parent.name != "versions"  # a migration is a list of columns
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert not too_long, "\n".join(too_long)


def test_no_file_is_longer_than_one_reading():
    too_long = [
        f"{named(path)}: {length} lines"
        for path in python_files(*CODE)
        if named(path) not in TABLES
        and (length := len(path.read_text(encoding="utf-8").splitlines())) > FILE_LINES
    ]
    assert not too_long, "\n".join(too_long)
