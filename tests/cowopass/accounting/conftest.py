"""The month of the worked example in the books of its spaces."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from cowopass.cli import root
from tests.cowopass.invoicing.conftest import (
    host_of,
    issue,
    legal,
    november,
    sainte,
    travel,
    treasurer,
    visit,
)

__all__ = ["host_of", "issue", "legal", "november", "sainte", "travel", "treasurer", "visit"]

PARTIES = ("comptoir", "b", "c", "fund", "sainte")


@pytest.fixture
def run(app):
    """Run a command of `cowopass`; its result comes back."""

    def invoke(*arguments):
        with app.app_context():
            return CliRunner().invoke(root, [str(argument) for argument in arguments])

    return invoke


def rows(content):
    """Return a FEC's lines by the names of their fields."""
    header, *lines = content.decode().splitlines()
    names = header.split("\t")
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines]


def balance(content, *accounts):
    """Return debit less credit of some accounts, in cents, by account and auxiliary account."""
    sums = {}
    for row in rows(content):
        if row["CompteNum"].startswith(accounts):
            key = (row["CompteNum"], row["CompAuxNum"])
            cents = int(row["Debit"].replace(",", "")) - int(row["Credit"].replace(",", ""))
            sums[key] = sums.get(key, 0) + cents
    return sums
