"""The commands of the README, run as a newcomer would, end in a settled month."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.slow
def test_the_ten_commands_of_the_readme_settle_a_month(tmp_path):
    section = README.read_text(encoding="utf-8").partition("## The main job in ten commands")[2]
    commands = re.search(r"```sh\n(.*?)```", section, re.DOTALL)[1].strip().splitlines()
    assert len(commands) == 10
    script = "\n".join(
        [
            "set -eux",
            'MONTH=$(date -d "$(date +%Y-%m-01) -1 day" +%Y-%m)',
            *commands,
            "cowopass period show trois-lieux $MONTH",
            "cowopass audit",
        ]
    )
    bin_folder = Path(sys.executable).parent
    environment = {
        "PATH": f"{bin_folder}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
    }
    done = subprocess.run(  # noqa: S603 (the commands are our own README's)
        ["/bin/bash", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert ": settled" in done.stdout
    roots = set(re.findall(r"\b[0-9a-f]{64}\b", done.stdout))
    assert len(roots) == 1
