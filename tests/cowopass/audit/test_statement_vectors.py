"""What browsers must find in a statement is what `cowopass verify` finds, and nothing is missed."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from clearing.chain import verify_chain
from cowopass.audit.verify_cli import verify
from cowopass.errors import DocumentUnreadable
from tests.vectors.make import HERE, verdict_of
from tests.vectors.statement_cases import HELD_BY_NOTHING, changed


def vectors(name: str) -> Any:
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


VECTORS: dict[str, Any] = vectors("statements")
(DOCUMENT,) = [one["document"] for one in VECTORS["genuine"] if one["name"] == VECTORS["changed"]]


def test_what_is_genuine_holds_and_what_is_not_locked_is_a_draft():
    for one in VECTORS["genuine"]:
        findings = [] if one["document"]["head"] else [["draft", "head"]]
        assert verdict_of(one["document"]) == {"findings": findings}, one["name"]


def test_what_is_found_in_a_changed_statement_is_what_the_vectors_say():
    for case in VECTORS["changes"]:
        expected = {name: case[name] for name in ("findings", "unreadable") if name in case}
        assert verdict_of(changed(DOCUMENT, case)) == expected, case["path"]


def test_every_field_is_changed_and_whatever_a_statement_proves_is_found():
    missed = [case["path"] for case in VECTORS["changes"] if case.get("findings") == []]
    assert missed == HELD_BY_NOTHING
    named = {path[-1] for path in (case["path"] for case in VECTORS["changes"])}
    line = DOCUMENT["lines"][0]
    assert named >= (DOCUMENT.keys() | line.keys() | DOCUMENT["network"].keys()) - {"jwks"}


@pytest.mark.parametrize("case", vectors("files"), ids=lambda case: case["name"])
def test_a_file_has_the_verdict_that_the_page_gives(
    app: Flask, tmp_path: Path, case: dict[str, str]
):
    keys, file = tmp_path / "jwks.json", tmp_path / "statement"
    keys.write_text(json.dumps(VECTORS["keys"]), encoding="utf-8")
    file.write_bytes(b64decode(case["base64"]))
    told = app.test_cli_runner().invoke(verify, [str(file), "--keys", str(keys), "--json"])
    if isinstance(told.exception, DocumentUnreadable):
        verdict = "unreadable"
    else:
        codes = {finding["code"] for finding in json.loads(told.stdout)["findings"]}
        verdict = "holds" if not codes else "draft" if codes == {"draft"} else "broken"
    assert verdict == case["verdict"]


@pytest.mark.parametrize("case", VECTORS["chains"], ids=lambda case: case["name"])
def test_heads_are_a_chain_or_break_where_the_vectors_say(case: dict[str, Any]):
    findings = verify_chain(case["heads"])
    assert [[finding.code, finding.where] for finding in findings] == case["findings"]
