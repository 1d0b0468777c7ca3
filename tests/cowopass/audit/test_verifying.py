"""Whatever is changed in a file must be found, with the keys alone."""

from __future__ import annotations

import base64
import json
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.orm import Session

from cowopass.config import Config
from cowopass.documents.month import network_jwks
from cowopass.networks.keys import make_key, published_keys, rotate_key, signing_key
from cowopass.settlement.lock import lock_period
from cowopass.settlement.service import show_head
from tests.cowopass.audit.changes import CHANGES, with_header
from tests.cowopass.documents.conftest import JANUARY_2, Run, Visit
from tests.factories import a_network
from wallet.keys import SigningKey, key_id, public_jwk, thumbprint
from wallet.ticket import sign_ticket


@pytest.fixture
def documents(paid: Session, run: Run, tmp_path: Path) -> dict[str, dict[str, Any]]:  # noqa: ARG001 (the records)
    """November and the statement of B, as their files say them."""
    assert run("period", "export", "sainte", "2026-11", "--out", tmp_path).exit_code == 0
    out = tmp_path / "b.json"
    assert run("statement", "sainte", "2026-11", "b", "--out", out).exit_code == 0
    return {"month": read(tmp_path / "month.json"), "statement": read(out)}


@pytest.fixture
def keys(paid: Session, config: Config, tmp_path: Path) -> Path:
    """The published keys, in a file of their own."""
    return write(tmp_path / "jwks.json", network_jwks(paid, config, "sainte"))


def read(file: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


def write(file: Path, document: object) -> Path:
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def codes(run: Run, file: Path, *options: object) -> set[str]:
    result = run("verify", file, "--json", *options)
    findings = json.loads(result.stdout)["findings"]
    assert result.exit_code == (1 if findings else 0)
    return {finding["code"] for finding in findings}


@pytest.mark.parametrize("kind", ["month", "statement"])
def test_a_file_holds_by_the_published_keys_and_by_its_own(
    documents: dict[str, Any], keys: Path, run: Run, tmp_path: Path, kind: str
):
    file = write(tmp_path / "x.json", documents[kind])
    result = run("verify", file)
    published = thumbprint(read(keys)["keys"][0])
    assert result.exit_code == 0
    assert f"signed by the key {published} of https://pass.example" in result.stdout
    assert "only shows that the file agrees with itself" in " ".join(result.stdout.split())
    result = run("verify", file, "--keys", keys)
    assert result.exit_code == 0
    assert "agrees with itself" not in result.stdout
    assert result.stdout.endswith("findings: none, everything holds\n")


@pytest.mark.parametrize("kind", CHANGES)
def test_what_is_changed_is_found(
    documents: dict[str, Any], keys: Path, run: Run, tmp_path: Path, kind: str
):
    for change, expected in CHANGES[kind]:
        document = deepcopy(documents[kind])
        change(document)
        file = write(tmp_path / "x.json", document)
        found = codes(run, file, "--keys", keys)
        assert found, change
        assert found >= expected, change
        assert codes(run, file) == found, change


def test_a_head_of_another_month_is_found(
    documents: dict[str, Any],
    paid: Session,
    config: Config,
    visit: Visit,
    run: Run,
    tmp_path: Path,
    travel: Any,
):
    visit("comptoir", "b", "12-01")
    travel.move_to(JANUARY_2)
    lock_period(paid, config, "sainte", "2026-12")
    paid.commit()
    december = show_head(paid, "sainte", "2026-12")["head"]
    for kind in ("month", "statement"):
        file = write(tmp_path / "x.json", {**documents[kind], "head": december})
        assert "head_differs" in codes(run, file)


@pytest.fixture
def successive(documents: dict[str, Any], paid: Session, config: Config, visit: Visit, run: Run,
               tmp_path: Path, travel: Any) -> list[Path]:  # fmt: skip
    """The statements of B that it kept: of November, and of December that was locked after it."""
    visit("comptoir", "b", "12-01")
    travel.move_to(JANUARY_2)
    lock_period(paid, config, "sainte", "2026-12")
    paid.commit()
    december = tmp_path / "december.json"
    assert run("statement", "sainte", "2026-12", "b", "--out", december).exit_code == 0
    return [write(tmp_path / "november.json", documents["statement"]), december]


def test_a_statement_that_was_kept_is_verified_years_later_by_the_published_keys(
    documents: dict[str, Any],
    paid: Session,
    config: Config,
    run: Run,
    tmp_path: Path,
    travel: Any,
):
    statement = write(tmp_path / "kept.json", documents["statement"])
    travel.move_to(JANUARY_2)
    rotate_key(paid, config, "sainte", at_once=True)
    paid.commit()
    travel.move_to(datetime(2033, 6, 1, tzinfo=UTC))
    keys = write(tmp_path / "jwks.json", published_keys(paid, config))
    assert codes(run, statement, "--keys", keys) == set()


def test_statements_of_successive_months_are_a_chain(successive: list[Path], run: Run):
    result = run("verify", *successive)
    assert result.exit_code == 0
    assert result.stdout.count("findings: none, everything holds") == 2
    assert result.stdout.endswith(
        "chain:\nfindings: none, each month names the root of the one before\n"
    )
    shown = json.loads(run("verify", *successive, "--json").stdout)
    assert [row["file"] for row in shown["files"]] == [str(file) for file in successive]
    assert shown["chain"] == {"findings": []}


def test_a_rewritten_past_shows_by_the_statement_that_was_kept(
    successive: list[Path], paid: Session, config: Config, run: Run, tmp_path: Path
):
    """The network signs another November: alone it holds, beside what B kept it does not."""
    november, december = successive
    document = read(november)
    head = jwt.decode(document["head"], options={"verify_signature": False})
    key = signing_key(paid, config, "sainte")
    anew = jwt.encode(
        {**head, "agreements": [], "previous_root": "0" * 64},
        key.private_key,
        algorithm="ES256",
        headers={"typ": "cowopass-head+jwt", "kid": key.kid},
    )
    rewritten = write(tmp_path / "rewritten.json", {**document, "head": anew})
    assert codes(run, rewritten) == set()
    result = run("verify", november, rewritten, december)
    assert result.exit_code == 1
    assert "month_rewritten 2026-11: 2 heads of 2026-11 differ" in result.stdout
    another = {**head, "root": "0" * 64}
    forged = with_payload(document["head"], another)
    write(rewritten, {**document, "head": forged})
    shown = json.loads(run("verify", rewritten, december, "--json").stdout)
    assert [one["code"] for one in shown["chain"]["findings"]] == ["chain_broken"]


def with_payload(token: str, payload: dict[str, Any]) -> str:
    """The same token with another payload, so that its signature no longer fits."""
    header, _, signature = token.split(".")
    text = base64.urlsafe_b64encode(json.dumps(payload).encode()).rstrip(b"=").decode()
    return f"{header}.{text}.{signature}"


def test_a_head_signed_by_somebody_else_is_found(
    documents: dict[str, Any], keys: Path, run: Run, tmp_path: Path
):
    forger = ec.generate_private_key(ec.SECP256R1())
    jwk = public_jwk(forger.public_key())
    head = documents["month"]["head"]
    forged = jwt.encode(
        jwt.decode(head, options={"verify_signature": False}),
        forger,
        algorithm="ES256",
        headers={"typ": "cowopass-head+jwt", "kid": key_id(jwk)},
    )
    document = {**documents["month"], "head": forged, "jwks": {"keys": [{**jwk, "net": "sainte"}]}}
    file = write(tmp_path / "x.json", document)
    # Its own keys can not tell: that is why the command says what to compare.
    assert codes(run, file) == set()
    assert thumbprint(jwk) in run("verify", file).stdout
    assert codes(run, file, "--keys", keys) == {"key_unknown"}
    true_kid = jwt.get_unverified_header(head)["kid"]
    file = write(tmp_path / "x.json", {**document, "head": with_header(forged, kid=true_kid)})
    assert codes(run, file, "--keys", keys) == {"bad_signature"}


def test_a_key_signs_for_its_own_network_alone(documents: dict[str, Any], run: Run, tmp_path: Path):
    (member,) = documents["month"]["jwks"]["keys"]
    file = write(tmp_path / "x.json", documents["month"])
    lyon = write(tmp_path / "lyon.json", {"keys": [{**member, "net": "lyon"}]})
    assert codes(run, file, "--keys", lyon) == {"key_unknown"}


def test_a_ticket_is_no_head(documents: dict[str, Any], run: Run, tmp_path: Path):
    private = ec.generate_private_key(ec.SECP256R1())
    key = SigningKey("kid", "https://pass.example", "sainte", private)
    ticket = sign_ticket(
        key,
        sub="pas_1",
        jti="tik_1",
        iat=1_800_000_000,
        nbf=1_800_000_000,
        exp=1_800_000_001,
        home="b",
        plan="p",
    )
    file = write(tmp_path / "x.json", {**documents["statement"], "head": ticket})
    result = run("verify", file)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "head.period: is missing" in result.stderr


@pytest.mark.usefixtures("documents")
def test_an_old_key_still_vouches_for_its_months(
    paid: Session, config: Config, run: Run, tmp_path: Path
):
    rotate_key(paid, config, "sainte", at_once=True)
    make_key(paid, config, a_network(paid, "lyon").slug)
    paid.commit()
    assert run("period", "export", "sainte", "2026-11", "--out", tmp_path).exit_code == 0
    assert len(read(tmp_path / "month.json")["jwks"]["keys"]) == 2
    assert codes(run, tmp_path / "month.json") == set()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '{"format": "other/1"}',
        '{"format": "cowopass-month/1"}',
        "{" * 5_000,
        "[" * 200_000,
    ],
)
@pytest.mark.usefixtures("sainte")
def test_what_is_no_document_is_said_to_be_none(run: Run, tmp_path: Path, text: str):
    file = tmp_path / "x.json"
    file.write_text(text)
    result = run("verify", file)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{file} can not be read" in result.stderr


@pytest.mark.parametrize("kind", ["month", "statement"])
def test_a_file_cut_short_is_found(documents: dict[str, Any], run: Run, tmp_path: Path, kind: str):
    file = write(tmp_path / "x.json", documents[kind])
    file.write_bytes(file.read_bytes()[:-200])
    result = run("verify", file)
    assert result.exit_code == 1
    assert "no whole JSON file" in result.stderr


@pytest.mark.parametrize(
    "jwks", [[], {"keys": {}}, {"keys": [1]}, {"keys": [{"net": "sainte", "kty": "RSA"}]}]
)
def test_keys_that_can_not_be_read_are_an_error(
    documents: dict[str, Any], run: Run, tmp_path: Path, jwks: object
):
    file = write(tmp_path / "x.json", documents["month"])
    bad = write(tmp_path / "bad.json", jwks)
    result = run("verify", file, "--keys", bad)
    assert result.exit_code == 1
    assert f"{bad} can not be read: jwks" in result.stderr
