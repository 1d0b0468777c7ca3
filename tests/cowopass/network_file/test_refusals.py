"""What a network file may not say: each is listed by its path, and nothing at all is written."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from cowopass.errors import DataInvalid
from cowopass.network_file.loading import load_document
from cowopass.network_file.reading import parse_document
from cowopass.networks.models import Network
from cowopass.spaces.models import Space
from tests.cowopass.network_file.files import (
    AGREEMENT,
    NETWORK,
    PLAN,
    SPACE,
    a_file,
    with_change,
)
from tests.factories import a_network, a_space, an_agreement

COMPTOIR = "spaces.0"
PRICE, SOLD = f"{COMPTOIR}.prices.0", f"{COMPTOIR}.plans.0"
VOTED = "agreements.0"

FAULTS = {
    "a slug that is too long": (f"{COMPTOIR}.slug", "a" * 61),
    "the slug of the fund": (f"{COMPTOIR}.slug", "fund"),
    "the address of pairing": (f"{COMPTOIR}.slug", "pair"),
    "no name": (f"{COMPTOIR}.name", ""),
    "a name over two lines": (f"{COMPTOIR}.name", "Le\nComptoir"),
    "a time zone that is none": ("network.timezone", "Europe/Saint-Etienne"),
    "a currency that is none": ("network.currency", "EURO"),
    "a currency without hundredths": ("network.currency", "JPY"),
    "an unknown key of the network": ("network.colour", "red"),
    "a fund without a holder": ("network.fund.holder", None),
    "an IBAN with a wrong digit": ("network.fund.iban", "FR7630004000010000000000038"),
    "a BIC that is none": ("network.fund.bic", "BNP"),
    "a SIRET with a wrong digit": (f"{COMPTOIR}.legal.siret", "73282932000075"),
    "a SIREN with a wrong digit": (f"{COMPTOIR}.legal.siren", "732829321"),
    "a VAT number with a wrong digit": (f"{COMPTOIR}.legal.vat_number", "FR41303265045"),
    "a country that is none": (f"{COMPTOIR}.legal.address.country", "France"),
    "a VAT regime that is none": (f"{COMPTOIR}.legal.vat.0.regime", "reduced"),
    "an unknown key of an address": (f"{COMPTOIR}.legal.address.floor", "2"),
    "an unknown key of a space": (f"{COMPTOIR}.nickname", "CN"),
    "more seats at ease than at most": (f"{COMPTOIR}.capacity.comfortable", 36),
    "a visitor quota in words": (f"{COMPTOIR}.visitors_per_day", "ten"),
    "a latitude beyond the pole": (f"{COMPTOIR}.latitude", 91),
    "a latitude in words": (f"{COMPTOIR}.latitude", "45.4"),
    "a longitude that is true": (f"{COMPTOIR}.longitude", True),
    "a room with half a seat": (f"{COMPTOIR}.rooms", [{"name": "Labo", "seats": 0.5}], "[0].seats"),
    "hours past midnight": (
        f"{COMPTOIR}.opening_hours",
        {"friday": [["18:00", "02:00"]]},
        ".friday[0]",
    ),
    "hours that overlap": (
        f"{COMPTOIR}.opening_hours",
        {"friday": [["08:00", "12:00"], ["11:00", "18:00"]]},
        ".friday",
    ),
    "hours that are no times": (
        f"{COMPTOIR}.opening_hours",
        {"friday": [["8h", "12h"]]},
        ".friday[0]",
    ),
    "hours of a day that is none": (f"{COMPTOIR}.opening_hours", {"vendredi": []}, ".vendredi"),
    "a closed day that is none": (f"{COMPTOIR}.closed_days", ["2026-02-30"], "[0]"),
    "a hue off the wheel": (f"{COMPTOIR}.hue", 360),
    "a weave that is none": (f"{COMPTOIR}.weave", "tartan"),
    "a website that is none": (f"{COMPTOIR}.website", "javascript:alert(1)"),
    "an address of no mail": (f"{COMPTOIR}.email", "comptoir"),
    "a telephone number in words": (f"{COMPTOIR}.phone", "ask at the bar"),
    "a price in floats": (f"{PRICE}.amount_cents", 15.0),
    "a price with decimals": (f"{PRICE}.amount_cents", 15.5),
    "a price in words": (f"{PRICE}.amount_cents", "1500"),
    "a price that is true": (f"{PRICE}.amount_cents", True),
    "a negative price": (f"{PRICE}.amount_cents", -1),
    "a price beyond all measure": (f"{PRICE}.amount_cents", 2**31),
    "a price per week": (f"{PRICE}.unit", "week"),
    "a price from no day": (f"{PRICE}.effective_from", "soon"),
    "a price with its currency": (f"{PRICE}.currency", "EUR"),
    "an agreement that starts mid-month": (f"{VOTED}.effective_from", "2026-09-15"),
    "an agreement from no month": (f"{VOTED}.effective_from", "2026-13"),
    "a share above the whole": (f"{VOTED}.levy_bps", 10_001),
    "a share in floats": (f"{VOTED}.levy_bps", 500.0),
    "a negative share": (f"{VOTED}.golden_share_bps", -1),
    "a flag in words": (f"{VOTED}.top_up", "no"),
    "a netting that is none": (f"{VOTED}.netting", "unilateral"),
    "a negative carry": (f"{VOTED}.carry_forward_below_cents", -100),
    "an unknown key of an agreement": (f"{VOTED}.levy", 500),
    "a rule of no kind": (f"{VOTED}.rule", {"kind": "barter"}, ".kind"),
    "a rule without its share": (f"{VOTED}.rule", {"kind": "difference_share"}, ".share_bps"),
    "a flat rule without hours": (
        f"{VOTED}.rule",
        {"kind": "flat", "amounts_cents": {"day": 800, "half_day": 400}},
        ".amounts_cents.hour",
    ),
    "a plan of no kind": (f"{SOLD}.kind", "subscription"),
    "a book without units": (f"{SOLD}.units", None),
    "a book of no units": (f"{SOLD}.units", 0),
    "a book with notional units": (f"{SOLD}.notional_units", 20),
    "a plan that holds no month": (f"{SOLD}.validity_months", 0),
    "a plan that holds for ever": (f"{SOLD}.validity_months", 61),
    "a plan at a negative price": (f"{SOLD}.price_cents", -15000),
    "a plan at half a cent": (f"{SOLD}.volunteer_price_cents", 0.5),
    "fewer than no golden tickets": (f"{SOLD}.golden_tickets", -1),
    "roaming in numbers": (f"{SOLD}.roaming", 1),
    "an unknown key of a plan": (f"{SOLD}.color", "red"),
}


@pytest.fixture
def refused(session, config):
    """Return a function that loads a document and returns what it is refused for, by path."""

    def load(document):
        with pytest.raises(DataInvalid) as refusal:
            load_document(session, config, document)
        session.rollback()
        return {error["path"]: (error["code"], error["message"]) for error in refusal.value.errors}

    return load


def path_in_messages(path):
    """Return `spaces[0].prices[0].unit` for `spaces.0.prices.0.unit`."""
    return "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in path.split("."))[1:]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_fault_is_told_by_its_path(refused, fault):
    path, value, *below = FAULTS[fault]
    errors = refused(with_change(a_file(), path, value))
    assert list(errors) == [path_in_messages(path) + "".join(below)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "slug", ["Sainté", "sainté", "fund", "a b", "-a", "a--b", "a_b", "a" * 61, "a\n", "", 7, None]
)
def test_a_slug_is_lower_case_words_and_never_the_fund_s(refused, slug):
    assert list(refused({"network": {**NETWORK, "slug": slug}})) == ["network.slug"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"kind": "unlimited", "units": None, "notional_units": None}, "notional_units"),
        ({"kind": "unlimited", "units": 11, "notional_units": 20}, "units"),
        ({"kind": "quota", "units": None}, "units"),
        ({"kind": "single", "units": 2}, "units"),
        ({"kind": "single", "units": 1, "notional_units": 1}, "notional_units"),
    ],
)
def test_a_plan_has_the_units_of_its_kind(refused, change, path):
    document = a_file(spaces=[{**SPACE, "plans": [{**PLAN, **change}]}])
    assert list(refused(document)) == [f"spaces[0].plans[0].{path}"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("document", "path"),
    [
        ([], "document"),
        ({"networks": []}, "networks"),
        ({"spaces": {}}, "spaces"),
        ({"spaces": ["comptoir"]}, "spaces[0]"),
        ({"network": "sainte"}, "network"),
        ({"agreements": [7]}, "agreements[0]"),
    ],
)
def test_a_file_of_another_shape_is_told_so(refused, document, path):
    assert list(refused(document)) == [path]


def test_every_fault_is_listed_at_once_in_the_order_of_the_file(refused):
    document = a_file()
    for path, value in (
        (f"{PRICE}.amount_cents", 15.0),
        (f"{SOLD}.price_cents", -1),
        (f"{VOTED}.home", "lyon"),
        ("network.name", 1),
    ):
        document = with_change(document, path, value)
    document["spaces"] += [{"slug": f"s{number}", "name": ""} for number in range(1, 11)]
    assert list(refused(document)) == [
        "agreements[0].home",
        "network.name",
        "spaces[0].plans[0].price_cents",
        "spaces[0].prices[0].amount_cents",
        *(f"spaces[{number}].name" for number in range(1, 11)),
    ]


def test_nothing_is_written_when_one_thing_is_wrong(app, session, tmp_path):
    path = tmp_path / "network.json"
    path.write_text(json.dumps(with_change(a_file(), f"{SOLD}.units", None)))
    result = app.test_cli_runner().invoke(args=["cowopass", "load", str(path)])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "spaces[0].plans[0].units" in result.stderr
    for table in (Network, Space):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_an_unknown_key_is_named(refused):
    assert refused(with_change(a_file(), "spaces.0.colour", "red"))["spaces[0].colour"] == (
        "data_invalid",
        "Unknown field.",
    )


def test_what_a_new_network_or_space_lacks_is_named(refused):
    errors = refused({"network": {"slug": "sainte"}, "spaces": [{"slug": "comptoir"}]})
    assert sorted(errors) == [
        "network.currency",
        "network.name",
        "network.timezone",
        "spaces[0].name",
    ]


def test_two_spaces_of_a_file_have_two_slugs(refused):
    errors = refused(a_file(spaces=[SPACE, {"slug": SPACE["slug"], "name": "Other"}]))
    assert "Stands twice" in errors["spaces[1].slug"][1]


@pytest.mark.parametrize(
    ("spaces", "network", "path"),
    [
        ([{"slug": "lyon", "name": "L"}], NETWORK, "spaces[0].slug"),
        ([], {**NETWORK, "slug": "b"}, "network.slug"),
    ],
)
def test_a_slug_is_one_for_networks_and_spaces_alike(refused, session, spaces, network, path):
    a_network(session, "lyon")
    a_space(session, "B", network="lyon")
    session.commit()
    errors = refused({"network": network, "spaces": spaces})
    assert {at: code for at, (code, _) in errors.items()} == {path: "slug_taken"}


def test_a_space_never_changes_its_network(refused, session):
    a_network(session, "lyon")
    a_space(session, "Comptoir", network="lyon", slug="comptoir-numerique")
    session.commit()
    assert refused(a_file())["spaces[0].slug"][0] == "slug_taken"


def test_an_agreement_with_a_network_unknown_here_is_refused(refused):
    assert refused(a_file(agreements=[{**AGREEMENT, "host": "lyon"}])) == {
        "agreements[0].host": ("network_unknown", "There is no network `lyon`.")
    }


def test_a_new_space_needs_its_network_where_there_are_several(refused, session):
    a_network(session, "sainte")
    a_network(session, "lyon")
    session.commit()
    assert list(refused({"spaces": [SPACE]})) == ["spaces[0]"]


@pytest.mark.parametrize("iban", [None, "left out"])
def test_a_levy_needs_a_fund_to_receive_it(refused, iban):
    network = {**NETWORK, "fund": {"holder": "Association", "iban": None}}
    if iban:
        del network["fund"]
    errors = refused(a_file(network=network))
    assert errors["agreements[0].levy_bps"][0] == "levy_without_fund"


def test_the_levy_is_the_host_network_s(refused, session):
    a_network(session, "lyon", fund=None)
    session.commit()
    errors = refused(
        a_file(agreements=[{**AGREEMENT, "host": "lyon"}, {**AGREEMENT, "home": "lyon"}])
    )
    assert {path: code for path, (code, _) in errors.items()} == {
        "agreements[0].levy_bps": "levy_without_fund"
    }


def test_a_fund_keeps_an_iban_while_a_recorded_agreement_levies(refused, session):
    a_network(session)
    an_agreement(session)
    session.commit()
    errors = refused({"network": {**NETWORK, "fund": {"holder": "Association", "iban": None}}})
    assert errors["network.fund.iban"][0] == "levy_without_fund"


def test_multilateral_netting_needs_a_signed_convention(refused):
    errors = refused(a_file(agreements=[{**AGREEMENT, "convention_signed_on": None}]))
    assert errors["agreements[0].convention_signed_on"][0] == "convention_missing"


def test_networks_that_settle_count_in_one_currency(refused, session):
    a_network(session, "geneve", currency="CHF")
    session.commit()
    errors = refused(a_file(agreements=[{**AGREEMENT, "home": "geneve"}]))
    assert errors["agreements[0].host"][0] == "currencies_differ"


@pytest.mark.parametrize(
    ("part", "path"),
    [
        ({"agreements": [AGREEMENT, AGREEMENT]}, "agreements[1].effective_from"),
        (
            {"spaces": [{**SPACE, "prices": [*SPACE["prices"], *SPACE["prices"]]}]},
            "spaces[0].prices[1].effective_from",
        ),
        ({"spaces": [{**SPACE, "plans": [PLAN, PLAN]}]}, "spaces[0].plans[1].code"),
        (
            {"spaces": [{**SPACE, "legal": {"name": "O", "vat": SPACE["legal"]["vat"] * 2}}]},
            "spaces[0].legal.vat[1].effective_from",
        ),
    ],
)
def test_versions_that_overlap_in_a_file_are_refused(refused, part, path):
    errors = refused(a_file(**part))
    assert list(errors) == [path]
    assert "tands twice" in errors[path][1]


def test_a_siren_is_that_of_the_siret(refused):
    legal = {"name": "O", "siren": "443061841", "siret": "73282932000074"}
    assert list(refused(a_file(spaces=[{**SPACE, "legal": legal}]))) == ["spaces[0].legal.siren"]


def test_a_space_does_not_leave_before_it_joins(refused):
    days = {"joins_on": "2026-10-01", "leaves_on": "2026-09-30"}
    assert list(refused(a_file(spaces=[{**SPACE, **days}]))) == ["spaces[0].leaves_on"]


def test_legal_data_once_recorded_is_not_taken_away(refused, session, config):
    load_document(session, config, a_file())
    session.commit()
    errors = refused({"network": {"slug": "sainte", "fund": None}, "spaces": [EMPTIED]})
    assert {path: code for path, (code, _) in errors.items()} == {
        "network.fund": "legal_kept",
        "spaces[0].legal": "legal_kept",
    }


EMPTIED = {"slug": "comptoir-numerique", "legal": None}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"spaces": [', "line 1, column"),
        (b'{"spaces": [{"slug": "a", "slug": "b"}]}', "`slug` twice"),
        (b'{"spaces": NaN}', "NaN"),
        (b"\xff\xfe", "UTF-8"),
        (b"[" * 100_000, "too deep"),
        (b"1" * 5_000, "digits"),
        (b"", "JSON"),
    ],
)
def test_a_file_that_is_no_json_is_told_where(content, says):
    with pytest.raises(DataInvalid) as refusal:
        parse_document(content)
    assert refusal.value.errors[0]["path"] == "document"
    assert says in str(refusal.value)


def test_a_file_that_is_not_there_is_a_usage_error(app, tmp_path):
    result = app.test_cli_runner().invoke(args=["cowopass", "load", str(tmp_path / "none.json")])
    assert result.exit_code == 2
    assert "none.json" in result.stderr
