"""The visits that a space's own software recorded, loaded from a file by command and over HTTP."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cowopass.desk import visits_file
from cowopass.desk.models import CheckIn
from cowopass.ledger.models import LedgerEntry, SettlementLine
from cowopass.ledger.service import ensure_period
from cowopass.passes.golden import hand_over
from cowopass.passes.models import Pass, PassUsage
from cowopass.passes.tickets import issue_ticket
from cowopass.spaces.models import Space
from tests.factories import a_network, a_pass, a_plan, a_space, a_token, an_agreement, bearer

HEADER = "id,pass_reference,home,space,at,unit,kind"
IMPORT = "/api/v1/check-ins/import"


def key(number):
    return str(UUID(int=number))


def row(number, reference="C-1", at="2026-11-20T09:00:00+01:00", **over):
    """Return a line of the file: a visit of C-1 to the Rubanerie, unless it is told otherwise."""
    fields = {"id": key(number), "reference": reference, "home": "comptoir", "space": "rubanerie"}
    fields |= {"at": at, "unit": "day", "kind": "normal"} | over
    return ",".join(fields.values())


@pytest.fixture
def book(session, network, agreement):
    """Return a book of 11 days, known as C-1 at the Comptoir."""
    assert (network.slug, agreement.home) == ("sainte", "sainte")
    sold = a_pass(session, a_plan(session, "comptoir"), reference="C-1")
    session.commit()
    return sold


@pytest.fixture
def path(tmp_path):
    return tmp_path / "visits.csv"


@pytest.fixture
def load(app, book, path):
    """Return a function that loads lines, or bytes, and returns what the command said."""
    assert book.reference == "C-1"

    def run(*lines, options=("--json",), network="sainte"):
        path.write_bytes(
            lines[0] if isinstance(lines[0], bytes) else "\n".join([*lines, ""]).encode()
        )
        args = ["cowopass", "load-check-ins", str(path), "--network", network, *options]
        return app.test_cli_runner().invoke(args=args)

    return run


@pytest.fixture
def report(load, tmp_path):
    """Return a function that loads lines and returns the refusals, (line, code), of its report."""

    def run(*lines, **options):
        kept = tmp_path / "report.csv"
        load(*lines, options=["--report", str(kept)], **options)
        with kept.open(newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert all(refused["message"] for refused in rows)
        return [(int(refused["line"]), refused["code"]) for refused in rows]

    return run


@pytest.fixture
def send(client, book, desk):
    """Return a function that posts a file for the Rubanerie."""
    assert book.reference == "C-1"

    def post(*lines, headers=None):
        body = lines[0] if isinstance(lines[0], bytes) else "\n".join(lines).encode()
        headers = {**(headers or desk("rubanerie")), "Content-Type": "text/csv"}
        return client.post(IMPORT, data=body, headers=headers)

    return post


def counts(result):
    assert result.exit_code == 0, result.output
    return tuple(json.loads(result.stdout)[name] for name in ("accepted", "refused", "repeated"))


@pytest.fixture
def stored(engine):
    """Return a function that counts what is recorded: check-ins, lines, entries."""

    def read():
        with Session(engine) as reader:
            return tuple(
                reader.scalar(select(func.count()).select_from(model))
                for model in (CheckIn, SettlementLine, LedgerEntry)
            )

    return read


def test_a_visit_takes_a_unit_and_makes_a_charge(load, rows):
    assert counts(load(HEADER, row(1))) == (1, 0, 0)
    assert rows(CheckIn.state, CheckIn.source, CheckIn.units_left, CheckIn.charge_cents) == [
        ("accepted", "import", 10, 1200)
    ]
    assert rows(SettlementLine.debtor, SettlementLine.creditor, SettlementLine.notes) == [
        ("comptoir", "rubanerie", "imported")
    ]
    assert rows(PassUsage.units_used, PassUsage.value_given_cents) == [(1, 1363)]


def test_the_line_is_that_of_the_check_in(load, rows):
    load(HEADER, row(1), row(2, space="cret"), row(3, space="comptoir"))
    lines = dict(rows(SettlementLine.check_in, SettlementLine.id))
    assert dict(rows(CheckIn.id, CheckIn.line_id)) == {**lines, key(3): None}


def test_the_same_file_twice_changes_nothing(load, stored):
    lines = (HEADER, row(1), row(2, at="2026-11-21T09:00:00Z"), row(3, reference="X"))
    assert counts(load(*lines)) == (2, 1, 0)
    before = stored()
    assert counts(load(*lines)) == (0, 1, 2)
    assert stored() == before == (2, 2, 4)


def test_a_refusal_is_recorded_and_repeated(load, report, session, book):
    book.state = "suspended"
    session.commit()
    assert counts(load(HEADER, row(1))) == (0, 1, 0)
    session.get(Pass, book.id).state = "active"
    session.commit()
    assert report(HEADER, row(1)) == [(2, "suspended")]


def test_what_is_unknown_is_not_recorded_so_that_it_may_come_again(load, report, session, stored):
    lines = (HEADER, row(1, reference="C-2"), row(2, space="nowhere"), row(3, home="nowhere"))
    assert report(*lines) == [(2, "pass_unknown"), (3, "space_unknown"), (4, "pass_unknown")]
    assert stored() == (0, 0, 0)
    a_pass(session, a_plan(session, "comptoir", code="other"), reference="C-2")
    session.commit()
    assert counts(load(*lines)) == (1, 2, 0)


def test_no_id_in_the_report_acts_as_a_formula(load, tmp_path):
    kept = tmp_path / "report.csv"
    load(HEADER, row(1).replace(row(1).split(",")[0], "=1+1"), options=["--report", str(kept)])
    with kept.open(newline="") as stream:
        [refused] = csv.DictReader(stream)
    assert refused["id"] == "'=1+1"


def test_an_id_with_another_row_is_a_conflict(load, report, rows):
    load(HEADER, row(1))
    assert report(HEADER, row(1, unit="hour"), row(2)) == [(2, "idempotency_conflict")]
    assert len(rows(SettlementLine.id)) == 1
    assert sorted(rows(CheckIn.id, CheckIn.reentry)) == [(key(1), False), (key(2), True)]


def test_an_id_twice_in_one_file(load, report):
    assert counts(load(HEADER, row(1), row(1))) == (1, 0, 1)
    assert report(HEADER, row(2, at="2026-11-19T09:00:00Z"), row(2)) == [
        (3, "idempotency_conflict")
    ]


def test_an_id_in_capitals_is_the_same_id(load):
    load(HEADER, row(0xABCDEF))
    assert counts(load(HEADER, row(0xABCDEF, id=key(0xABCDEF).upper()))) == (0, 0, 1)


def test_rows_are_taken_in_the_order_of_the_file(load, rows):
    early, late = "2026-11-18T09:00:00Z", "2026-11-19T09:00:00Z"
    load(HEADER, row(1, at=late), row(2, at=early))
    values = dict(rows(CheckIn.id, CheckIn.pass_value_cents))
    assert values == {key(1): 1363, key(2): 1364}


def test_coming_again_the_same_local_day_is_free(load, rows):
    load(
        HEADER,
        row(1, at="2026-11-19T23:30:00Z"),
        row(2, at="2026-11-20T22:30:00Z"),
        row(3, at="2026-11-20T23:30:00Z"),
    )
    assert sorted(rows(CheckIn.id, CheckIn.on, CheckIn.reentry)) == [
        (key(1), date(2026, 11, 20), False),
        (key(2), date(2026, 11, 20), True),
        (key(3), date(2026, 11, 21), False),
    ]


def test_an_imported_visit_is_never_overused(report, session, book):
    book.plan.units = 1
    session.commit()
    lines = (HEADER, row(1), row(2, at="2026-11-21T09:00:00Z"))
    assert report(*lines) == [(3, "no_units_left")]
    session.expire_all()
    assert session.scalars(select(CheckIn.overused)).all() == [False, False]


def test_golden_rows_use_golden_tickets(report, rows):
    lines = (HEADER, row(1, kind="golden"), row(2, at="2026-11-21T09:00:00Z", kind="golden"))
    assert report(*lines) == [(3, "no_units_left")]
    assert rows(PassUsage.units_used, PassUsage.golden_used) == [(0, 1)]
    assert rows(SettlementLine.visit, SettlementLine.amount_cents) == [("golden", 0)]


def test_a_golden_row_takes_the_ticket_that_was_handed_over(session, config, load, sell, scan):
    sold, _ = sell(reference="G-1")
    _, ticket = hand_over(session, config, sold.id)
    session.commit()
    assert counts(load(HEADER, row(1, reference="G-1", kind="golden"))) == (1, 0, 0)
    assert scan(ticket).json["code"] == "no_units_left"


def test_a_space_never_refuses_what_has_happened(load, session):
    rubanerie = session.get(Space, "rubanerie")
    rubanerie.opening_hours = {"monday": [["08:00", "09:00"]]}
    rubanerie.capacity_maximum = rubanerie.visitors_per_day = 0
    session.commit()
    assert counts(load(HEADER, row(1))) == (1, 0, 0)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"at": "2026-11-25T09:00:00Z"}, "in_future"),
        ({"at": "2023-11-20T09:00:00Z"}, "too_old"),
        ({"at": "2026-10-31T09:00:00Z"}, "not_yet_valid"),
        ({"unit": "hour"}, None),
        ({"unit": ""}, None),
        ({"kind": ""}, None),
        ({"space": "comptoir"}, None),
    ],
)
def test_a_row_is_decided_as_at_the_desk(report, change, code):
    assert report(HEADER, row(1, **change)) == ([(2, code)] if code else [])


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"suspended_on": date(2026, 11, 20)}, "roaming_not_included"),
        ({"suspended_on": date(2026, 11, 21)}, None),
        ({"leaves_on": date(2026, 11, 19)}, "roaming_not_included"),
        ({"leaves_on": date(2026, 11, 20)}, None),
        ({"joins_on": date(2026, 11, 21)}, "roaming_not_included"),
    ],
)
def test_the_passes_of_a_home_that_takes_no_part_stay_at_home(report, session, columns, code):
    for name, value in columns.items():
        setattr(session.get(Space, "comptoir"), name, value)
    session.commit()
    assert report(HEADER, row(1)) == ([(2, code)] if code else [])


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"leaves_on": date(2026, 11, 19)}, "space_unknown"),
        ({"leaves_on": date(2026, 11, 20)}, None),
    ],
)
def test_a_host_takes_part_until_its_last_day(report, session, columns, code):
    for name, value in columns.items():
        setattr(session.get(Space, "rubanerie"), name, value)
    session.commit()
    assert report(HEADER, row(1)) == ([(2, code)] if code else [])


@pytest.mark.parametrize(
    "line",
    [
        row(1, id="7"),
        row(1, unit="week"),
        row(1, kind="silver"),
        row(1, at="2026-11-20T09:00:00"),
        row(1, at="yesterday"),
        row(1, at="9999-12-31T23:59:59-14:00"),
        row(1, at="0001-01-01T00:00:00+14:00"),
        row(1) + ",more",
        "only,three,fields",
    ],
)
def test_a_malformed_row_is_told_by_its_line_and_the_others_stand(report, stored, line):
    assert report(HEADER, row(8), line, row(9, space="cret")) == [(3, "row_invalid")]
    assert stored() == (2, 2, 4)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_ends_of_time_are_refused_like_any_other_instant(report, at):
    assert report(HEADER, row(1, at=at), row(2))[0][0] == 2


def test_a_text_of_any_script_is_only_unknown(report):
    lines = (HEADER, row(1, reference="C-1 ’; DROP TABLE"), row(2, space="Crêt"), row(3))
    assert report(*lines) == [(2, "pass_unknown"), (3, "space_unknown")]


@pytest.mark.parametrize(
    "header",
    ["id,pass,home,space,at,unit,kind", "", HEADER + ",note", row(1), "\ufeff\ufeff" + HEADER],
)
def test_a_wrong_header_is_refused_whole(load, stored, header):
    result = load(header, row(1))
    assert result.exit_code == 1
    assert HEADER in result.stderr
    assert result.stdout == ""
    assert stored() == (0, 0, 0)


@pytest.mark.parametrize(
    "dress",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.replace(",", ";").replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\n\n").encode(),
        lambda text: text.replace("rubanerie", '" rubanerie "').encode(),
        lambda text: text.rstrip().encode(),
    ],
    ids=["mark", "semicolons", "windows", "french spreadsheet", "blank lines", "quotes", "no end"],
)
def test_the_habits_of_spreadsheets_are_taken(load, dress):
    text = "\n".join([HEADER, row(1), row(2, space="cret"), ""])
    load_plain = counts(load(dress(text)))
    assert load_plain == (2, 0, 0)
    assert counts(load(text.encode())) == (0, 0, 2)


@pytest.mark.parametrize(
    ("end", "line"),
    [
        (f'"{key(9)},C-1,comptoir\n'.encode() + b"x" * 5000, 4),
        (row(9).replace("C-1", '"C-1').encode(), 4),
        (row(9).replace("C-1", "C-é").encode("latin-1"), 4),
        (row(9).replace("C-1", "C\0").encode(), 4),
    ],
    ids=["swallowed", "left open", "latin", "zero byte"],
)
def test_what_can_not_be_read_on_keeps_what_came_before(load, stored, end, line):
    start = "\n".join([HEADER, row(1), row(2, space="cret"), ""]).encode()
    result = load(start + end)
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"accepted": 2, "refused": 1, "repeated": 0}
    assert f"line {line}: csv_unreadable" in result.stderr
    assert stored() == (2, 2, 4)


def test_a_file_that_dies_in_the_middle_of_a_row_goes_on_in_a_rerun(load, stored):
    whole = "\n".join([HEADER, *(row(n, at=f"2026-11-{n:02}T09:00:00Z") for n in range(1, 8)), ""])
    cut = whole.encode()[: len(whole) * 2 // 3]
    first = json.loads(load(cut).stdout)
    assert 0 < first["accepted"] < 7
    assert counts(load(whole.encode())) == (7 - first["accepted"], 0, first["accepted"])
    assert stored() == (7, 7, 14)


def test_batches_end_where_they_like(load, monkeypatch, rows):
    lines = [row(n, at=f"2026-11-{n:02}T09:00:00Z") for n in range(1, 14)]
    monkeypatch.setattr(visits_file.batches, "__defaults__", (3,))
    assert counts(load(HEADER, *lines)) == (11, 2, 0)
    assert rows(PassUsage.units_used, PassUsage.value_given_cents) == [(11, 15_000)]


def test_a_batch_that_fails_leaves_those_before_it(load, monkeypatch, session, stored, app):
    lines = [row(n, at=f"2026-11-{n:02}T09:00:00Z") for n in range(1, 8)]
    monkeypatch.setattr(visits_file.batches, "__defaults__", (3,))
    assert app.extensions["cowopass.engine"] is session.get_bind()
    broken = "\n".join([HEADER, *lines[:5], '"', ""]).encode()
    assert load(broken).exit_code == 1
    assert stored() == (5, 5, 10)
    assert counts(load(HEADER, *lines)) == (2, 0, 5)


def test_the_first_refusals_are_told_and_a_report_keeps_them_all(load, tmp_path):
    lines = [row(n, reference="X") for n in range(1, 31)]
    result = load(HEADER, *lines)
    assert result.stderr.count("pass_unknown") == 20
    assert "--report" in result.stderr
    kept = tmp_path / "kept.csv"
    load(HEADER, *lines, options=["--report", str(kept)])
    with kept.open(newline="") as stream:
        told = list(csv.reader(stream))
    assert told[0] == ["line", "id", "code", "message"]
    assert [int(one[0]) for one in told[1:]] == list(range(2, 32))
    assert told[1][1:3] == [key(1), "pass_unknown"]


def test_a_report_that_can_not_be_written_stops_before_anything_is(load, tmp_path, stored):
    result = load(HEADER, row(1), options=["--report", str(tmp_path / "no" / "report.csv")])
    assert result.exit_code != 0
    assert stored() == (0, 0, 0)


def test_the_counts_are_told_in_words(load):
    assert load(HEADER, row(1), options=()).stdout == "1 accepted, 0 refused, 0 repeated\n"


def test_an_unknown_network(load, stored):
    assert load(HEADER, row(1), network="nowhere").exit_code == 1
    assert stored() == (0, 0, 0)


def test_a_space_of_another_network_is_unknown_here(load, report, session):
    a_network(session, "lyon", name="Lyon")
    a_space(session, "Part-Dieu", network="lyon")
    an_agreement(session, home="sainte", host="lyon")
    session.commit()
    lines = (HEADER, row(1, space="part-dieu"))
    assert report(*lines) == [(2, "space_unknown")]
    assert counts(load(*lines, network="lyon")) == (1, 0, 0)


def test_a_pass_of_another_network_is_in_both_ledgers(load, session, rows):
    a_network(session, "lyon", name="Lyon")
    part_dieu = a_space(session, "Part-Dieu", network="lyon", day_cents=1800)
    a_pass(session, a_plan(session, part_dieu), reference="L-1")
    session.commit()
    line = row(1, reference="L-1", home="part-dieu")
    assert counts(load(HEADER, line)) == (0, 1, 0)
    an_agreement(session, home="lyon", host="sainte", levy_bps=1000)
    session.commit()
    assert counts(load(HEADER, line.replace(key(1), key(2)))) == (1, 0, 0)
    columns = (SettlementLine.network, SettlementLine.debtor, SettlementLine.creditor)
    assert sorted(rows(*columns, SettlementLine.levy_cents)) == [
        ("lyon", "part-dieu", "sainte", 0),
        ("sainte", "lyon", "rubanerie", 120),
    ]
    of_line = {line: network for network, line in rows(SettlementLine.network, SettlementLine.id)}
    told = dict(rows(CheckIn.id, CheckIn.line_id))
    assert (told[key(1)], of_line[told[key(2)]]) == (None, "sainte")


def test_a_visit_of_a_locked_month_is_late(load, session, rows, noon):
    ensure_period(session, "sainte", "2026-11").locked_at = datetime.fromisoformat(
        "2026-12-02T00:00:00+00:00"
    )
    session.commit()
    noon.move_to("2026-12-03T11:00:00+00:00")
    load(HEADER, row(1), row(2, at="2026-12-02T09:00:00Z"))
    columns = (SettlementLine.check_in, SettlementLine.period, SettlementLine.late_from)
    assert sorted(rows(*columns)) == [(key(1), "2026-12", "2026-11"), (key(2), "2026-12", None)]


def test_the_desk_goes_on_where_the_import_ended(load, session, config, book, scan, rows):
    ticket = issue_ticket(session, config, book)
    session.commit()
    load(HEADER, row(1), row(2, at="2026-11-24T08:00:00Z"))
    assert scan(ticket).json["reentry"] is True
    told = scan(ticket, "cret").json
    assert (told["units_left"], told["charge"]["pass_value_cents"]) == (8, 1363)
    assert rows(PassUsage.value_given_cents) == [(15_000 * 3 // 11,)]


def test_a_voided_import_gives_back_and_stays_recorded(load, act, rows):
    load(HEADER, row(1), row(2, kind="golden"))
    for number in (1, 2):
        assert act(key(number), "void", reason="Wrong day").status_code == 200
    assert rows(PassUsage.units_used, PassUsage.golden_used, PassUsage.value_given_cents) == [
        (0, 0, 0)
    ]
    assert counts(load(HEADER, row(1))) == (0, 0, 1)


def test_over_http_the_answer_tells_every_refused_row(send, stored):
    answer = send(HEADER, row(1), row(2, reference="X"), row(3, space="cret"), "a,b")
    assert answer.status_code == 200
    told = answer.json
    assert (told["accepted"], told["refused"], told["repeated"]) == (1, 3, 0)
    assert [(refused["line"], refused["code"]) for refused in told["refusals"]] == [
        (3, "pass_unknown"),
        (4, "role_forbidden"),
        (5, "row_invalid"),
    ]
    assert stored() == (1, 1, 2)
    again = send(HEADER, row(1)).json
    assert (again["accepted"], again["repeated"]) == (0, 1)


@pytest.mark.parametrize("body", [b"", b"id,at\n", b"\xff\xfe", "bonjour".encode("utf-16")])
def test_over_http_a_body_that_is_no_such_file(send, stored, body):
    answer = send(body)
    assert answer.status_code in {200, 422}
    told = answer.json
    if answer.status_code == 200:
        assert [refused["code"] for refused in told["refusals"]] == ["csv_unreadable"]
    else:
        assert told["code"] in {"csv_header_wrong", "csv_unreadable"}
    assert stored() == (0, 0, 0)


def test_over_http_only_a_host_imports_and_only_its_own(send, session, desk, stored):
    treasurer = bearer(a_token(session, "treasurer", network="sainte"))
    session.commit()
    for headers, status in (
        (treasurer, 403),
        (desk("rubanerie", "device"), 403),
        ({"Authorization": "Bearer nonsense"}, 401),
    ):
        assert send(HEADER, row(1), headers=headers).status_code == status
    assert send(HEADER, row(1), headers=desk("cret")).json["accepted"] == 0
    assert stored() == (0, 0, 0)


def test_over_http_seventeen_megabytes_are_too_many(send, stored):
    answer = send(b"x" * (17 * 1024 * 1024))
    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")
    assert stored() == (0, 0, 0)


def test_over_http_more_than_a_small_body_is_read(send):
    start = datetime.fromisoformat("2026-11-20T09:00:00+01:00")
    lines = [row(n, at=(start + timedelta(seconds=n)).isoformat()) for n in range(1, 1200)]
    told = send(HEADER, *lines).json
    assert (told["accepted"], told["refused"]) == (1199, 0)
