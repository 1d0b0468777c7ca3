"""Loading a network file: what it writes, and that writing it again changes nothing."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import func, select

from cowopass.acts.models import Act
from cowopass.networks.models import Agreement, LegalEntity, Network, NetworkKey, VatRegime
from cowopass.passes.models import Plan
from cowopass.spaces.models import Price, Space
from tests.cowopass.network_file.files import (
    AGREEMENT,
    IDENTITY,
    NETWORK,
    PLAN,
    SPACE,
    a_file,
    with_change,
)
from tests.factories import a_network, a_pass

TABLES = (Network, LegalEntity, VatRegime, NetworkKey, Agreement, Space, Price, Plan)


@pytest.fixture
def load(app, tmp_path):
    """Return a function that loads a document by command and returns the result."""

    def run(document, *options):
        path = tmp_path / "network.json"
        path.write_text(json.dumps(document))
        return app.test_cli_runner().invoke(args=["cowopass", "load", str(path), *options])

    return run


@pytest.fixture
def loaded(load):
    """Return a function that loads a document, which succeeds, and returns the counts."""

    def run(document):
        result = load(document, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return run


def test_a_whole_file_is_written(loaded, session):
    counts = loaded(a_file())
    assert counts["changed"]
    assert all(
        counts[kind] == {"added": 1, "changed": 0, "unchanged": 0}
        for kind in ("networks", "agreements", "spaces", "prices", "plans")
    )
    network = session.get_one(Network, "sainte")
    assert (network.name, network.timezone, network.currency) == (
        "Coworking Sainté",
        "Europe/Paris",
        "EUR",
    )
    assert (network.fund.name, network.fund.iban) == (
        "Association Coworking Sainté",
        "FR7630004000010000000000039",
    )
    agreement = session.get_one(Agreement, "sainte>sainte@2026-09")
    assert agreement.effective_from == date(2026, 9, 1)
    assert (agreement.levy_bps, agreement.convention_signed_on) == (500, date(2026, 8, 28))
    space = session.get_one(Space, "comptoir-numerique")
    assert (space.capacity_comfortable, space.capacity_maximum) == (25, 35)
    assert (space.legal.name, space.legal.form, space.legal.town) == (
        "Openscop",
        "SCOP",
        "Saint-Étienne",
    )
    assert [(row.regime, row.effective_from) for row in space.legal.vat] == [
        ("standard", date(2026, 1, 1))
    ]
    assert [(row.unit, row.amount_cents) for row in space.prices] == [("day", 1500)]
    plan = session.scalars(select(Plan)).one()
    assert (plan.code, plan.version, plan.units, plan.is_offered) == (
        "voyageur-jours",
        1,
        11,
        True,
    )


def test_the_same_file_again_changes_nothing_and_says_so(load, loaded, session):
    document = a_file(spaces=[{**SPACE, **IDENTITY}])
    loaded(document)
    before = [rows_of(session, table) for table in TABLES]
    session.rollback()
    result = load(document)
    assert result.exit_code == 0
    assert result.stdout == "Nothing changed: all of it is recorded already.\n"
    assert [rows_of(session, table) for table in TABLES] == before


def rows_of(session, table):
    statement = select(table.__table__).order_by(*table.__table__.primary_key)
    return [tuple(row) for row in session.execute(statement)]


def test_what_changed_is_summed_up_on_standard_output(load):
    assert load(a_file()).stdout.splitlines() == [
        "networks    1 added",
        "agreements  1 added",
        "spaces      1 added",
        "prices      1 added",
        "plans       1 added",
    ]
    renamed = load(with_change(a_file(), "spaces.0.name", "Le Comptoir"))
    assert "spaces      1 changed" in renamed.stdout.splitlines()


def test_a_space_s_identity_is_kept_in_its_own_words(loaded, session):
    loaded(a_file(spaces=[{**SPACE, **IDENTITY}]))
    space = session.get_one(Space, "comptoir-numerique")
    assert {name: getattr(space, name) for name in IDENTITY} == {
        **IDENTITY,
        "closed_days": ["2026-11-11", "2026-12-25"],
    }


def test_a_network_gets_its_first_signing_key_once(loaded, session):
    loaded(a_file())
    loaded(with_change(a_file(), "network.name", "Sainté"))
    assert session.scalars(select(NetworkKey.network)).all() == ["sainte"]


def test_a_key_left_out_keeps_what_is_recorded_and_null_empties_it(loaded, session):
    loaded(a_file(spaces=[{**SPACE, **IDENTITY}]))
    loaded({"spaces": [{"slug": "comptoir-numerique", "phone": None, "hue": 12}]})
    space = session.get_one(Space, "comptoir-numerique")
    assert (space.phone, space.hue) == (None, 12)
    assert (space.name, space.email, space.visitors_per_day) == (
        "Le Comptoir Numérique",
        "bonjour@comptoir.example",
        10,
    )


def test_a_file_of_spaces_alone_belongs_to_the_only_network(loaded, session):
    loaded({"network": NETWORK})
    loaded({"spaces": [SPACE]})
    assert session.get_one(Space, "comptoir-numerique").network == "sainte"


def test_a_file_of_agreements_alone_is_enough_for_networks_that_exist(loaded, session):
    loaded(a_file(agreements=None))
    loaded({"agreements": [AGREEMENT]})
    assert session.get(Agreement, "sainte>sainte@2026-09")


def test_a_network_that_exists_is_named_by_its_slug_alone(loaded, session):
    a_network(session, "sainte")
    a_network(session, "lyon")
    session.commit()
    loaded({"network": {"slug": "lyon"}, "spaces": [SPACE]})
    assert session.get_one(Space, "comptoir-numerique").network == "lyon"


def test_networks_agree_with_each_other(loaded, session):
    a_network(session, "lyon")
    session.commit()
    loaded(a_file(agreements=[{**AGREEMENT, "host": "lyon"}, {**AGREEMENT, "home": "lyon"}]))
    assert session.scalar(select(func.count()).select_from(Agreement)) == 2


def test_an_agreement_takes_the_defaults_that_the_reference_tells(loaded, session):
    loaded(a_file(agreements=[{name: AGREEMENT[name] for name in FEW}]))
    agreement = session.get_one(Agreement, "sainte>sainte@2026-09")
    assert agreement.rule == {
        "kind": "difference_share",
        "share_bps": 10000,
        "cap_at_host_price": True,
    }
    assert (agreement.netting, agreement.levy_bps, agreement.roaming_days_per_month) == (
        "bilateral",
        0,
        None,
    )


FEW = ("home", "host", "effective_from", "rule")


def test_versions_of_prices_stand_side_by_side(loaded, session):
    document = with_change(
        a_file(),
        "spaces.0.prices.1",
        {"unit": "day", "amount_cents": 1700, "effective_from": "2027-01-01"},
    )
    assert loaded(document)["prices"]["added"] == 2
    assert loaded(a_file())["changed"] is False
    prices = session.get_one(Space, "comptoir-numerique").prices
    assert [(row.amount_cents, row.effective_from) for row in prices] == [
        (1500, date(2026, 1, 1)),
        (1700, date(2027, 1, 1)),
    ]


def test_a_price_nobody_was_charged_at_can_be_corrected(loaded, session):
    loaded(a_file())
    assert loaded(with_change(a_file(), PRICE, 1400))["prices"]["changed"] == 1
    assert session.scalars(select(Price.amount_cents)).all() == [1400]


PRICE = "spaces.0.prices.0.amount_cents"


def test_a_plan_that_nobody_bought_is_changed_in_place(loaded, session):
    loaded(a_file())
    assert loaded(with_change(a_file(), PLAN_PRICE, 16000))["plans"]["changed"] == 1
    assert [(row.version, row.price_cents) for row in session.scalars(select(Plan))] == [(1, 16000)]


PLAN_PRICE = "spaces.0.plans.0.price_cents"


def test_a_change_of_a_sold_plan_is_its_next_version(loaded, session):
    loaded(a_file())
    a_pass(session, session.scalars(select(Plan)).one())
    session.commit()
    loaded(with_change(a_file(), PLAN_PRICE, 16000))
    session.expire_all()
    plans = session.scalars(select(Plan).order_by(Plan.version))
    assert [(row.version, row.price_cents, row.is_offered) for row in plans] == [
        (1, 15000, False),
        (2, 16000, True),
    ]


def test_a_plan_is_taken_off_sale_and_put_back(loaded, session):
    loaded(a_file())
    a_pass(session, session.scalars(select(Plan)).one())
    session.commit()
    for offered in (False, True):
        document = a_file(spaces=[{**SPACE, "plans": [{**PLAN, "offered": offered}]}])
        assert loaded(document)["plans"]["changed"] == 1
        assert loaded(document)["changed"] is False
        plan = session.execute(select(Plan.version, Plan.is_offered)).one()
        assert tuple(plan) == (1, offered)
        session.rollback()


@pytest.mark.parametrize("units", [None, 1])
def test_a_single_has_one_unit(loaded, session, units):
    single = {**PLAN, "kind": "single", "unit": "hour", "units": units, "golden_tickets": 0}
    loaded(a_file(spaces=[{**SPACE, "plans": [single]}]))
    assert session.scalars(select(Plan.units)).one() == 1


def test_legal_numbers_are_brought_into_their_usual_form(loaded, session):
    legal = {
        **SPACE["legal"],
        "siret": "732 829 320 00074",
        "vat_number": "fr 40 303 265 045",
        "iban": "fr76 3000 4000 0100 0000 0000 136",
        "bic": "BNPAFRPP",
    }
    loaded(a_file(spaces=[{**SPACE, "legal": legal}]))
    entity = session.get_one(Space, "comptoir-numerique").legal
    assert (entity.siren, entity.siret) == ("732829320", "73282932000074")
    assert (entity.vat_number, entity.bic) == ("FR40303265045", "BNPAFRPP")
    assert entity.iban == "FR7630004000010000000000136"


def test_another_vat_regime_is_another_version(loaded, session):
    loaded(a_file())
    later = {"regime": "franchise", "effective_from": "2027-01-01"}
    changed = with_change(a_file(), "spaces.0.legal.vat.0", later)
    assert loaded(changed)["spaces"]["changed"] == 1
    assert loaded(changed)["changed"] is False
    entity = session.get_one(Space, "comptoir-numerique").legal
    assert [row.regime for row in entity.vat] == ["standard", "franchise"]


def test_a_file_with_a_byte_order_mark_is_read(app, tmp_path):
    path = tmp_path / "network.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(a_file()).encode())
    result = app.test_cli_runner().invoke(args=["cowopass", "load", str(path)])
    assert result.exit_code == 0, result.output


def test_a_file_comes_from_standard_input(app, session):
    result = app.test_cli_runner().invoke(
        args=["cowopass", "load", "-"], input=json.dumps(a_file())
    )
    assert result.exit_code == 0, result.output
    assert session.get(Network, "sainte")


def test_who_is_paid_and_who_takes_part_is_in_the_log_when_a_file_changes_it(loaded, session):
    loaded(a_file())
    iban = "FR7630004000010000000000136"
    for path, value in (
        ("spaces.0.legal.iban", iban),
        ("network.fund.iban", iban),
        ("spaces.0.suspended_on", "2027-01-04"),
        ("spaces.0.phone", "+33 4 77 00 00 00"),
    ):
        loaded(with_change(a_file(), path, value))
    acts = select(Act.act, Act.space).where(Act.act.in_(["legal_saved", "membership_saved"]))
    told = [tuple(row) for row in session.execute(acts.order_by(Act.number))]
    comptoir = "comptoir-numerique"
    assert told == [
        ("legal_saved", None),
        ("legal_saved", comptoir),
        ("legal_saved", comptoir),
        ("legal_saved", None),
        ("legal_saved", comptoir),
        ("legal_saved", None),
        ("membership_saved", comptoir),
    ]
