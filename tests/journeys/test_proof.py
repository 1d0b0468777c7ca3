"""A newcomer recomputes the demonstration's months with the commands of the guide."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "how-to" / "verify-a-month.md"
BIN = Path(sys.executable).parent


def run(*command: object, cwd: Path, **environment: str) -> str:
    done = subprocess.run(  # noqa: S603 (our own commands)
        [str(word) for word in command],
        cwd=cwd,
        env={"PATH": f"{BIN}:{os.environ['PATH']}", "LANG": "C.UTF-8", **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def holders(folder: Path) -> set[str]:
    """The names and addresses of every holder of an instance."""
    (database,) = folder.glob("instance/*.db")
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT name, email FROM holders").fetchall()
    connection.close()
    return {text for row in rows for text in row if text}


@pytest.mark.slow
def test_the_open_export_without_names_gives_the_root_of_every_statement(tmp_path):
    section = GUIDE.read_text(encoding="utf-8").partition("### Try it on the demonstration")[2]
    commands = re.search(r"```sh\n(.*?)```", section, re.DOTALL)[1]
    told = run("/bin/bash", "-c", f"set -eu\n{commands}", cwd=tmp_path, HOME=str(tmp_path))
    roots = re.findall(r"\b[0-9a-f]{64}\b", told)
    assert len(roots) == 4
    assert roots[:2] == roots[2:]
    assert told.count("each month names the root of the one before") == 2

    exports = sorted(tmp_path.glob("*/month.json"))
    people = holders(tmp_path)
    assert len(people) > 100
    for file in exports:
        text = json.dumps(json.loads(file.read_text(encoding="utf-8")), ensure_ascii=False)
        assert not [one for one in people if one in text]

    # With the standard library alone: `-S` leaves out every package that was installed.
    shutil.copytree(ROOT / "clearing", tmp_path / "alone" / "clearing")
    again = run(sys.executable, "-S", "-m", "clearing", *exports, cwd=tmp_path / "alone")
    assert [root for root in roots[:2] if root not in again] == []
    assert again.count("findings: none, the month adds up") == 2
