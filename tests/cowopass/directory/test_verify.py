"""The page that verifies statements says every finding in words, whoever opens it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from cowopass.directory.verify_pages import words

ROOT = Path(__file__).parents[3]
VECTORS = json.loads((ROOT / "tests" / "vectors" / "statements.json").read_text("utf-8"))
VERDICT = (ROOT / "cowopass" / "static" / "proof" / "verdict.js").read_text("utf-8")


def test_anyone_sees_the_page_and_the_command_that_does_the_same(client):
    page = client.get("/verify")
    assert page.status_code == 200
    assert "Vérifier un relevé" in page.text
    assert "cowopass verify" in page.text
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]


def test_every_finding_has_a_sentence_and_a_question_it_answers(app):
    questions = VERDICT.partition("export const QUESTIONS")[2].partition("};")[0]
    asked = set(re.findall(r'"(\w+)"', questions))
    found = {code for case in VECTORS["changes"] for code, _ in case.get("findings", [])}
    with app.test_request_context():
        said = words()
    assert found - {"draft"} <= asked
    assert set(said["findings"]) == asked
    assert {code for case in VECTORS["chains"] for code, _ in case["findings"]} < set(said["chain"])
