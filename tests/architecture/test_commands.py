"""Every command and option has its place in the reference."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from cowopass.cli import root
from tests.architecture.sources import ROOT

PAGE = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
SECTIONS = {
    section.partition("`")[2].partition("`")[0]: section
    for section in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]
}


def commands(group: click.Group, name: str = "cowopass") -> Iterator[tuple[str, click.Command]]:
    for below, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield f"{name} {below}", command
            yield from commands(command, f"{name} {below}")
        else:
            yield f"{name} {below}", command


COMMANDS = dict(commands(root))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_documented_with_all_its_options(name):
    section = SECTIONS[name]
    for parameter in COMMANDS[name].params:
        if isinstance(parameter, click.Option):
            assert f"`{max(parameter.opts, key=len)}" in section
        else:
            assert parameter.make_metavar(click.Context(COMMANDS[name])) in section


def test_no_command_is_documented_that_is_not_there():
    assert set(SECTIONS) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_explains_itself(name):
    command = COMMANDS[name]
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"
