"""After the purge no table and no file names a holder: whatever somebody adds, it is walked."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import JSON, Column, LargeBinary, String, cast, func, literal, select, update

from cowopass import clock
from cowopass.bank.models import BankEntry, BankFile
from cowopass.desk.models import CheckIn
from cowopass.mail.service import queue_mail
from cowopass.passes.models import Pass
from cowopass.people.models import Holder
from cowopass.schema import metadata
from tests.cowopass.privacy.conftest import MARCH_2

NAME, EMAIL = "Zénobie Quatremère", "zenobie@quatremere.example"
PLANTED = "Zénobie"
"""A word that stands nowhere else. It is written into every column that could hold a name."""

TEXTS = {".json", ".csv", ".xml", ".txt", ".journal"}

STAFF = "who works here, or a network or space itself: no holder"
CODE = "a word of the program's own, chosen from a list, or a number, a hash or an id"

PAPERS = "papers of a month, made of its lines: they name spaces, and no holder"

OPEN = "what spaces tell each other in the open record; who is invited to work, until the count"

NAMELESS = {
    "ledger_entries": ("network period event debit credit line_id transfer_id", CODE),
    "legal_entities": (
        "name form siren siret vat_number iban bic building_number street_name postcode "
        "town country",
        STAFF,
    ),
    "people": ("email name language", STAFF),
    "settlement_lines": (
        "id network period kind debtor creditor home host on unit visit pseudonym "
        "agreement check_in reverses late_from since notes leaf_hash",
        CODE,
    ),
    "networks": ("name timezone currency payment_reminder_days", STAFF),
    "passkeys": ("public_key label", STAFF),
    "vat_regimes": ("regime", CODE),
    "web_sessions": ("secret_hash method browser", CODE),
    "agreements": ("rule netting proposal vote", CODE),
    "charters": ("proposal", CODE),
    "disputes": (
        "period check_in line_id withheld_line_id home host unit opened_by state consents "
        "decided_by",
        CODE,
    ),
    "dispute_messages": ("side space person", CODE),
    "network_keys": ("kid public_jwk private_pem", CODE),
    "periods": ("pseudonym_key root previous_root totals plan head", CODE),
    "spaces": (
        "name sold_days presentation good_at equipment transport address opening_hours "
        "closed_days rooms email phone website weave",
        STAFF,
    ),
    "transfers": ("period kind debtor creditor since", CODE),
    "acts": ("act actor_kind actor_id subject details", CODE),
    "api_tokens": ("token_hash role label", STAFF),
    "memberships": ("role", CODE),
    "one_time_secrets": ("purpose browser_hash next_path", CODE),
    "payments": ("kind reason borne_by", "kind and bearer; why a debt between spaces is given up"),
    "plans": ("code name kind unit", STAFF),
    "prices": ("unit", CODE),
    "invoices": (
        "period issuer recipient kind regime document",
        CODE,
    ),
    "bank_files": ("digest kind", CODE),
    "document_jobs": ("lacks", CODE),
    "documents": ("space edition content", PAPERS),
    "bank_entries": ("fingerprint account state", CODE),
    "proposals": (
        "body_hash kind space text details actor_kind actor_id charters electorate "
        "what_if state result records guest_email",
        OPEN,
    ),
    "passes": ("state", CODE),
    "votes": ("choice actor_kind actor_id", CODE),
    "binding_codes": ("code_hash", CODE),
    "check_ins": ("body_hash state code kind source unit bucket agreement line_id", CODE),
    "pass_events": ("kind details", CODE),
    "tickets": ("kind code kid payload_hash golden_month", CODE),
    "pass_requests": ("body_hash", CODE),
    "phones": ("secret_hash", CODE),
}
"""Columns that can't hold a holder's name, by table, and why. Any other text column is planted:
let the purge blank a new one (`cowopass/privacy/`), or say here why it needs not."""


def free_columns():
    """Yield every column in which a name could stand."""
    for table in metadata.sorted_tables:
        named, _why = NAMELESS.get(table.name, ("", ""))
        for column in table.columns:
            is_text = isinstance(column.type, String | JSON | LargeBinary)
            is_key = column.primary_key or column.foreign_keys
            if is_text and not is_key and column.name not in named.split():
                yield column


def plant(session):
    """Write the word into every free column of every row, also where nothing stands."""
    for column in free_columns():
        if isinstance(column.type, LargeBinary):
            value = PLANTED.encode()[: column.type.length]
        else:
            value = {"said": PLANTED} if isinstance(column.type, JSON) else _unique(column)
        planted = session.execute(update(column.table).values({column: value})).rowcount
        assert planted, f"{column} is in no row: let the story below fill its table"
    session.commit()


def _unique(column: Column):
    """Return the word with the row's key behind it: some columns are unique."""
    key = next(iter(column.table.primary_key))
    return func.substr(literal(f"{PLANTED} ") + cast(key, String), 1, column.type.length or 200)


@pytest.fixture
def november(client, hosts, sell, scan, sainte):
    """A pass of one month in full use: sold, bound, given, visited, contested, voided, stopped."""
    headers = hosts["comptoir"]
    sold = sell("nomade", NAME, EMAIL, reference=f"{NAME} 1")
    address = f"/api/v1/passes/{sold['id']}"
    golden = client.post(f"{address}/golden-tickets", json={"recipient": EMAIL}, headers=headers)
    assert golden.status_code == 201, golden.json
    scan({"ticket": golden.json["ticket"]}, "c")
    contested, voided = scan(sold, "b"), scan(sold, "c")
    scan(sold, "comptoir")
    said = {"reason": f"{PLANTED} was not there"}
    client.post(f"/api/v1/check-ins/{voided['id']}/void", json=said, headers=hosts["c"])
    dispute = client.post(
        f"/api/v1/check-ins/{contested['id']}/dispute", json=said, headers=headers
    ).json
    told = {"text": f"{PLANTED} was in Lyon"}
    client.post(f"/api/v1/disputes/{dispute['id']}/messages", json=told, headers=headers)
    client.post(f"/api/v1/disputes/{dispute['id']}/refuse", json=said, headers=hosts["treasurer"])
    client.post(f"{address}/binding-codes", headers=headers)
    for act in ("suspend", "resume"):
        assert client.post(f"{address}/{act}", json=said, headers=headers).status_code == 200
    _pay_by_bank(sainte)
    queue_mail(sainte, EMAIL, f"Votre pass, {NAME}", sold["ticket"]["token"])
    sainte.commit()
    return sold


def _pay_by_bank(session):
    """Import a bank statement in which she paid for her pass."""
    file = BankFile(id="bnk_1", network="sainte", digest="0", name="november.xml", kind="camt")
    file.lines, file.imported_at = 1, clock.now()
    entry = BankEntry(id="ent_1", network="sainte", file_id="bnk_1", fingerprint="0", account="")
    entry.booked_on, entry.amount_cents, entry.texts = clock.now().date(), 15_000, [NAME]
    entry.name, entry.iban, entry.reason, entry.state = NAME, "", "", "open"
    entry.is_return, entry.surplus_cents = False, 0
    session.add(file)
    session.flush()
    session.add(entry)


def everywhere(session):
    """Yield (place, text) of every value in every table."""
    for table in metadata.sorted_tables:
        for row in session.execute(select(table)).mappings():
            for name, value in row.items():
                text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                yield f"{table.name}.{name}", text


def test_no_table_and_no_file_names_her_after_the_purge(
    november, sainte, lock, travel, run, tmp_path, capfd, config
):
    token = november["ticket"]["token"]
    plant(sainte)
    lock()
    travel.move_to(MARCH_2)
    assert run("privacy", "purge").exit_code == 0
    sainte.expire_all()
    words = (PLANTED, NAME, EMAIL, token)
    found = [place for place, text in everywhere(sainte) if any(word in text for word in words)]
    assert found == []
    who = sainte.execute(select(CheckIn.pass_id, CheckIn.jti, CheckIn.token_id)).all()
    assert {tuple(row) for row in who} == {(None, None, None)}
    assert sainte.scalars(select(Holder.name)).all() == ["—"]
    sainte.rollback()
    assert run("audit").exit_code == 0

    for file in _written(run, tmp_path, config):
        content = file.read_bytes()
        assert [word for word in words if word.encode() in content] == [], file
    logged = capfd.readouterr()
    assert not any(word in logged.out + logged.err for word in words)


def _written(run, tmp_path: Path, config):
    """Return every file that the service writes: its database and log, a backup, exports."""
    for form in ("json", "csv", "hledger", "beancount"):
        out = tmp_path / form
        done = run("period", "export", "sainte", "2026-11", "--format", form, "--out", out)
        assert done.exit_code == 0, done.output
    statement = tmp_path / "comptoir.json"
    assert run("statement", "sainte", "2026-11", "comptoir", "--out", statement).exit_code == 0
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    if config.database_url.startswith("sqlite"):
        assert run("backup", tmp_path / "backup.db").exit_code == 0
        database = Path(config.database_url.removeprefix("sqlite:///"))
        files += [tmp_path / "backup.db", *database.parent.glob(f"{database.name}*")]
    assert len(files) >= 6
    return files


def test_the_papers_of_a_month_name_nobody_from_the_first_day(november, lock, run, tmp_path):
    lock()
    out = tmp_path / "papers"
    assert run("documents", "sainte", "2026-11", "--out", out).exit_code == 0
    pdfs = sorted(out.rglob("*.pdf"))
    assert {path.stem for path in pdfs} >= {"month", "comptoir", "b", "c"}
    told = [path.read_text(encoding="utf-8") for path in out.rglob("*") if path.suffix in TEXTS]
    for path in pdfs:
        paper = PdfReader(path)
        told += [page.extract_text() for page in paper.pages]
        told += [file.decode() for files in paper.attachments.values() for file in files]
    words = (PLANTED, NAME.split()[1], EMAIL, november["id"], november["ticket"]["jti"])
    assert [word for word in words if any(word in text for text in told)] == []


def test_every_table_that_is_said_to_be_nameless_is_there():
    tables = metadata.tables
    for name, (columns, why) in NAMELESS.items():
        assert why
        wrong = {*columns.split()} - {*tables[name].columns.keys()}
        assert not wrong, name


def test_a_book_that_is_still_good_keeps_its_holder_and_not_where_she_was(
    sell, scan, lock, travel, run, recorded
):
    scan(sell("voyageur", NAME, EMAIL), "b")
    lock()
    travel.move_to(MARCH_2)
    run("privacy", "purge")
    assert recorded(select(Holder.name)) == [NAME]
    assert recorded(select(CheckIn.pass_id)) == [None]
    assert recorded(select(Pass.state)) == ["active"]
