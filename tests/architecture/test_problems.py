"""Every refusal has a code, a sentence in both languages, a status, and its place in the docs."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from clearing import errors as clearing_errors
from cowopass import errors as cowopass_errors
from cowopass.problems import PROBLEMS
from tests.architecture.sources import ROOT
from wallet import errors as wallet_errors

PAGE = ROOT / "docs" / "reference" / "problems.md"
ROW = re.compile(r"^\| `(\w+)` \| (\d{3}) \| (.+?) \| (.+?) \|$", re.MULTILINE)


def leaves(base):
    below = base.__subclasses__()
    return [leaf for kind in below for leaf in leaves(kind)] if below else [base]


REFUSALS = sorted(
    {
        *leaves(clearing_errors.ClearingError),
        *leaves(cowopass_errors.CowopassError),
        *leaves(wallet_errors.WalletError),
    },
    key=lambda refusal: (refusal.__module__, refusal.__name__),
)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.__name__)
def test_a_refusal_has_a_problem(refusal):
    assert refusal.code in PROBLEMS


@pytest.mark.parametrize("code", PROBLEMS)
def test_a_problem_has_a_sentence_in_both_languages(code):
    problem = PROBLEMS[code]
    assert 400 <= problem.status < 600
    assert problem.fr
    assert problem.en
    assert _facts(problem.fr) == _facts(problem.en)


def test_the_reference_lists_every_problem_as_it_is():
    listed = {code: (int(status), fr, en) for code, status, fr, en in ROW.findall(PAGE.read_text())}
    assert listed == {code: tuple(problem) for code, problem in PROBLEMS.items()}


def _facts(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}
