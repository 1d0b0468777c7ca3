"""The project's own files, read as text or as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("clearing", "wallet", "cowopass")
CODE = (*PACKAGES, "migrations", "benchmarks", "tests")


def python_files(*folders: str) -> Iterator[Path]:
    """Yield the Python files below the folders, in order."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def named(path: Path) -> str:
    """Return a file's name as it is written in the project: `cowopass/app.py`."""
    return path.relative_to(ROOT).as_posix()


def calls(module: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the dotted name of every call: `session.commit`, `datetime.now`."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)
