"""Loading the passes that a space's own software sold."""

from __future__ import annotations

import csv
import json

import pytest
from sqlalchemy import func, select

from cowopass import clock
from cowopass.passes.models import Pass, Ticket
from tests.factories import a_network, a_space

HEADER = "reference,home,plan,holder_name,holder_email,starts_on,price_paid_cents"
CAMILLE = "C-1,comptoir,voyageur,Camille Durand,camille@example.org,2026-11-02,15000"
ZOE = "C-2,comptoir,nomade,Zoé,,2026-11-01,9000"


@pytest.fixture
def load(app, host, tmp_path):  # noqa: ARG001 (its plans are what is loaded)
    """Return a function that loads the text of a file and returns what the command said."""

    def run(*lines, encoding="utf-8", network="sainte", options=()):
        path = tmp_path / "passes.csv"
        path.write_bytes("\n".join(lines).encode(encoding))
        args = ["cowopass", "load-passes", str(path), "--network", network, *options]
        return app.test_cli_runner().invoke(args=args)

    return run


def counts(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def as_counts(accepted=0, refused=0, repeated=0):
    return {"accepted": accepted, "refused": refused, "repeated": repeated}


def passes_in(session):
    found = session.scalar(select(func.count()).select_from(Pass))
    session.rollback()
    return found


def test_good_rows_become_passes(load, session):
    assert counts(load(HEADER, CAMILLE, ZOE, options=["--json"])) == as_counts(accepted=2)
    sold = session.scalar(select(Pass).where(Pass.reference == "C-2"))
    assert (sold.plan.code, sold.holder.name, sold.holder.email) == ("nomade", "Zoé", None)
    assert (str(sold.starts_on), str(sold.ends_on)) == ("2026-11-01", "2027-01-31")
    assert sold.price_paid_cents == 9_000


def test_the_same_file_twice_changes_nothing(load, session):
    load(HEADER, CAMILLE, ZOE)
    assert counts(load(HEADER, CAMILLE, ZOE, options=["--json"])) == as_counts(repeated=2)
    assert passes_in(session) == 2


def test_the_same_row_twice_in_a_file_is_one_pass(load, session):
    assert counts(load(HEADER, ZOE, ZOE, options=["--json"])) == as_counts(accepted=1, repeated=1)
    assert passes_in(session) == 1


@pytest.mark.parametrize(
    "other",
    [
        CAMILLE.replace("15000", "14000"),
        CAMILLE.replace("2026-11-02", "2026-11-03"),
        CAMILLE.replace("Durand", "Dupont"),
        CAMILLE.replace("camille@", "c@"),
        CAMILLE.replace("voyageur", "campeur"),
    ],
)
def test_the_same_reference_with_other_data_is_a_conflict(load, session, other):
    load(HEADER, CAMILLE)
    result = load(HEADER, other, ZOE)
    assert "line 2: reference_taken" in result.stderr
    assert result.stdout.strip() == "1 accepted, 1 refused, 0 repeated"
    assert passes_in(session) == 2


def test_what_a_row_leaves_open_is_filled_in_and_does_not_differ_later(load, session):
    bare = "C-3,comptoir,voyageur,Ana,,,"
    assert counts(load(HEADER, bare, options=["--json"])) == as_counts(accepted=1)
    assert counts(load(HEADER, bare, options=["--json"])) == as_counts(repeated=1)
    sold = session.scalar(select(Pass))
    assert (str(sold.starts_on), sold.price_paid_cents) == ("2026-11-24", 15_000)


def test_a_forgotten_holder_is_no_conflict(load, session):
    load(HEADER, CAMILLE)
    holder = session.scalar(select(Pass)).holder
    holder.name, holder.email, holder.erased_at = "", None, clock.now()
    session.commit()
    assert counts(load(HEADER, CAMILLE, options=["--json"])) == as_counts(repeated=1)


def test_a_loaded_pass_has_no_ticket_until_somebody_asks(load, session, post):
    load(HEADER, CAMILLE)
    assert session.scalar(select(func.count()).select_from(Ticket)) == 0
    pass_id = session.scalar(select(Pass.id))
    session.rollback()
    assert post(f"passes/{pass_id}/tickets").status_code == 201


def test_a_pass_that_is_over_can_be_loaded_for_its_visits(load):
    over = "C-4,comptoir,resident,Ana,,2026-02-01,28000"
    assert counts(load(HEADER, over, options=["--json"])) == as_counts(accepted=1)


@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_files_of_french_spreadsheets_are_read(load, mark, delimiter):
    lines = [mark + HEADER, CAMILLE, ZOE]
    lines = [line.replace(",", delimiter) + "\r" for line in lines]
    assert counts(load(*lines, options=["--json"])) == as_counts(accepted=2)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("C-9,comptoir,voyageur,Ana,,2026-11-01,150.00", "row_invalid"),
        ("C-9,comptoir,voyageur,Ana,,2026-11-01,-1", "row_invalid"),
        ("C-9,comptoir,voyageur,Ana,,2026-11-01,99999999999999999999999", "row_invalid"),
        ("C-9,comptoir,voyageur,Ana,,01/11/2026,15000", "row_invalid"),
        ("C-9,comptoir,voyageur,Ana,not an address,2026-11-01,15000", "row_invalid"),
        ("C-9,comptoir,voyageur,,,2026-11-01,15000", "row_invalid"),
        (",comptoir,voyageur,Ana,,2026-11-01,15000", "row_invalid"),
        ("C-9,comptoir,voyageur,Ana", "row_invalid"),
        ("C-9,comptoir,voyageur,Ana,,2026-11-01,15000,more", "row_invalid"),
        ("C-9,nowhere,voyageur,Ana,,2026-11-01,15000", "space_unknown"),
        ("C-9,lyonnais,voyageur,Ana,,2026-11-01,15000", "space_unknown"),
        ("C-9,comptoir,nothing,Ana,,2026-11-01,15000", "plan_unknown"),
        ("C-9,comptoir,voyageur,Ana,,2024-11-01,15000", "start_out_of_range"),
    ],
)
def test_a_bad_row_is_refused_by_line_and_the_good_ones_are_taken(load, session, row, code):
    a_network(session, "lyon")
    a_space(session, "Lyonnais", network="lyon")
    session.commit()
    result = load(HEADER, CAMILLE, row, ZOE)
    assert result.stdout.strip() == "2 accepted, 1 refused, 0 repeated"
    assert result.stderr.startswith(f"line 3: {code}: ")


def test_a_wrong_header_takes_nothing(load, session):
    result = load(HEADER.replace("home", "space"), CAMILLE)
    assert result.exit_code != 0
    assert passes_in(session) == 0


def test_a_quote_left_open_keeps_the_rows_before_it(load, session):
    result = load(HEADER, CAMILLE, 'C-8,comptoir,voyageur,"Ana,,2026-11-01,15000', ZOE)
    assert result.exit_code == 1
    assert "line 3: csv_unreadable" in result.stderr
    assert passes_in(session) == 1


def test_an_unknown_network_takes_nothing(load, session):
    assert load(HEADER, CAMILLE, network="nowhere").exit_code != 0
    assert passes_in(session) == 0


def test_the_report_keeps_the_refusals(load, tmp_path):
    report = tmp_path / "refused.csv"
    load(HEADER, CAMILLE, CAMILLE.replace("15000", "1"), options=["--report", str(report)])
    [row] = csv.DictReader(report.read_text(encoding="utf-8").splitlines())
    assert (row["line"], row["reference"], row["code"]) == ("3", "C-1", "reference_taken")


def test_no_reference_in_the_report_acts_as_a_formula(load, tmp_path):
    report = tmp_path / "refused.csv"
    row = CAMILLE.replace("C-1", "=1+1").replace("voyageur", "nowhere")
    load(HEADER, row, options=["--report", str(report)])
    [refused] = csv.DictReader(report.read_text(encoding="utf-8").splitlines())
    assert refused["reference"] == "'=1+1"


def test_a_report_that_can_not_be_written_takes_nothing(load, session, tmp_path):
    result = load(HEADER, CAMILLE, options=["--report", str(tmp_path / "none" / "refused.csv")])
    assert result.exit_code == 1
    assert passes_in(session) == 0
