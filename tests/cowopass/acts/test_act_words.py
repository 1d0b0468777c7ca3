"""Every act that code notes in the log has a sentence, in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from typing import get_args

import pytest
from flask_babel import force_locale

from cowopass.ledger.disputes import Decision, Ending
from cowopass.people.act_words import act_in_words
from tests.architecture.sources import ROOT

NOTERS = {"record_act": 1, "_record": 1, "record_visit_act": 1, "record_dispute": 1}
"""What notes an act, and which of its arguments names it."""

EVENTS = {"record_event": 2, "_move": 3, "add_pass": 2}
"""What notes what became of a pass: `pass_` and the kind of event."""

COMPOSED = {
    "dispute_": (*get_args(Decision), *(one for one in get_args(Ending) if one != "treasurer")),
    "proposal_": ("passed", "failed"),
    "_recorded": ("payment", "bounce", "write_off"),
}
"""What an act's name is composed of where code composes it, by the part that is written there."""


def trees() -> Iterator[ast.Module]:
    for file in sorted((ROOT / "cowopass").rglob("*.py")):
        yield ast.parse(file.read_text(encoding="utf-8"))


def named(tree: ast.Module, noters: dict[str, int]) -> Iterator[ast.expr]:
    """Yield the arguments that name an act; those of a parameter's name are what callers give."""
    given = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = noters.get(node.func.id)
            if place is not None and len(node.args) > place:
                argument = node.args[place]
                yield (
                    given.get(argument.id, argument) if isinstance(argument, ast.Name) else argument
                )


def texts(expression: ast.expr) -> Iterator[str]:
    """Yield what an expression may say: a text, one of two, or one composed."""
    match expression:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from (*texts(one), *texts(other))
        case ast.Call(args=arguments):
            yield from (text for argument in arguments for text in texts(argument))
        case ast.JoinedStr(values=parts):
            written = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
            if written != "pass_":
                yield from (
                    f"{written}{part}" if written.endswith("_") else f"{part}{written}"
                    for part in COMPOSED[written]
                )


@cache
def acts() -> set[str]:
    found: set[str] = set()
    for tree in trees():
        imports = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        if imports & NOTERS.keys():
            found |= {text for one in named(tree, NOTERS) for text in texts(one)}
        found |= {f"pass_{text}" for one in named(tree, EVENTS) for text in texts(one)}
    return found


def test_the_acts_are_found_in_the_code():
    assert acts() >= {
        "agreement_voted",
        "bounce_recorded",
        "dispute_opened",
        "passkey_removed",
        "pass_sold",
        "pass_suspended",
        "period_locked",
        "plan_taken_off_sale",
        "proposal_failed",
        "token_made",
        "visit_let_in",
    }


@pytest.mark.parametrize("role", ["host", "treasurer"])
def test_every_act_has_a_sentence_in_french_and_another_in_english(app, role):
    told = {}
    for act in sorted(acts()):
        noted = {"act": act, "subject": "2026-11", "details": {"role": role}}
        said = []
        for language in ("fr", "en"):
            with app.test_request_context(), force_locale(language):
                said.append(act_in_words(noted))
        told[act] = said
    assert [act for act, said in told.items() if act in said or said[0] == said[1]] == []
