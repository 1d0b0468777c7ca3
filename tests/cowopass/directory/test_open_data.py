"""The open data: whole, free of anybody's name, and of counts that point at somebody."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from clearing.valuation import Valuation
from cowopass.clock import now
from cowopass.directory.suppression import SMALLEST, hide_small
from cowopass.ledger.models import Period
from cowopass.ledger.service import Charge, post_charges, reverse_charges
from tests.factories import a_network, a_price, a_space, an_agreement

MONTH = date(2026, 10, 12)


def visits(session, counts, on=MONTH, host_network="sainte"):
    """Charge visits: {(home, host): number}; home and host are of `host_network`'s ledger."""
    post_charges(
        session,
        [
            Charge(
                check_in=f"{home}-{host}-{number}-{on}",
                on=on,
                unit="day",
                golden=False,
                home=home,
                home_network="lyon" if home == "canut" else "sainte",
                host=host,
                host_network=host_network,
                pass_id=f"pas_{number}",
                valuation=Valuation(1200, 1364, 1200, 60, 0, capped=False),
                monthly_price_cents=None,
                agreement="sainte>sainte@2026-09",
            )
            for (home, host), count in counts.items()
            for number in range(count)
        ],
    )


def lock(session, *networks, month="2026-10"):
    for network in networks:
        session.get_one(Period, (network, month)).locked_at = now()
    session.commit()


@pytest.fixture
def sainte(session):
    with time_machine.travel("2026-11-24T11:00:00+00:00", tick=False):
        a_network(session)
        a_network(session, "lyon", name="Lyon")
        for name in ("Comptoir", "Rubanerie", "Cret"):
            a_space(session, name)
        a_space(session, "Canut", "lyon")
        an_agreement(session)
        session.commit()
        yield session


def flows(client):
    rows = client.get("/open-data/flows.json").json["flows"]
    return {(row["month"], row["home"], row["host"]): row["visits"] for row in rows}


def table(client, name):
    return list(csv.DictReader(StringIO(client.get(f"/open-data/{name}.csv").text)))


def test_flows_count_the_visits_of_locked_months(client, sainte):
    visits(sainte, {("comptoir", "rubanerie"): 7, ("rubanerie", "comptoir"): 5})
    visits(sainte, {("comptoir", "rubanerie"): 9}, on=date(2026, 11, 3))
    lock(sainte, "sainte")
    assert flows(client) == {
        ("2026-10", "comptoir", "rubanerie"): 7,
        ("2026-10", "rubanerie", "comptoir"): 5,
    }


def test_a_visit_between_networks_is_counted_once(client, sainte):
    visits(sainte, {("canut", "comptoir"): 6})
    lock(sainte, "sainte", "lyon")
    assert flows(client) == {("2026-10", "canut", "comptoir"): 6}


def test_a_visit_taken_back_in_its_month_is_none(client, sainte):
    with time_machine.travel("2026-10-20T11:00:00+00:00", tick=False):
        visits(sainte, {("comptoir", "rubanerie"): 6})
        reverse_charges(sainte, f"comptoir-rubanerie-0-{MONTH}")
    lock(sainte, "sainte")
    assert flows(client) == {("2026-10", "comptoir", "rubanerie"): 5}


def test_a_small_count_stays_out_of_both_files(client, sainte):
    visits(sainte, {("comptoir", "rubanerie"): 4})
    lock(sainte, "sainte")
    assert flows(client) == {("2026-10", "comptoir", "rubanerie"): None}
    assert table(client, "flows")[0]["visits"] == ""


def test_a_month_with_nothing_in_it_has_no_line(client, sainte):
    sainte.add(Period(network="sainte", month="2026-10", locked_at=now()))
    sainte.commit()
    assert flows(client) == {}
    assert client.get("/open-data/flows.csv").text == "month,home,host,visits\r\n"


def test_a_hidden_count_can_not_be_found_from_the_total_of_its_host():
    shown = hide_small({("a", "x"): 2, ("b", "x"): 9, ("b", "y"): 7, ("a", "y"): 8, ("b", "z"): 9})
    hidden = {pair for pair, count in shown.items() if count is None}
    assert hidden == {("a", "x"), ("b", "x"), ("a", "y"), ("b", "y")}


names = st.sampled_from("abcde")


@given(st.dictionaries(st.tuples(names, names), st.integers(1, 30), max_size=20))
def test_totals_of_homes_and_hosts_give_no_hidden_count_away(counts):
    """Every published sum stays the same for some other set of hidden counts."""
    shown = hide_small(counts)
    hidden = {pair for pair, count in shown.items() if count is None}
    assert all(counts[pair] >= SMALLEST for pair in shown if pair not in hidden)
    for pair in hidden:
        others = hidden - {pair}
        reached = joined(("home", pair[0]), others)
        if ("host", pair[1]) in reached:
            continue  # there is a cycle, along which counts can move without changing a sum
        # It is alone between two groups of spaces, and nothing published joins them either.
        assert not [
            other
            for other in shown
            if other not in hidden
            and (("home", other[0]) in reached) != (("host", other[1]) in reached)
        ]


def joined(start, pairs):
    reached, waiting = {start}, [start]
    while waiting:
        kind, name = waiting.pop()
        for home, host in pairs:
            end = ("host", host) if (kind, name) == ("home", home) else None
            end = ("home", home) if (kind, name) == ("host", host) else end
            if end and end not in reached:
                reached.add(end)
                waiting.append(end)
    return reached


@pytest.mark.usefixtures("sainte")
def test_the_open_data_has_no_legal_data(client):
    for name in ("spaces", "prices", "agreements", "flows"):
        text = client.get(f"/open-data/{name}.json").text
        assert "iban" not in text
        assert "siret" not in text


def test_spaces_prices_and_agreements_are_there_whole(client, sainte):
    a_price(sainte, "comptoir", "day", 1600, date(2027, 1, 1))
    sainte.commit()
    assert [row["slug"] for row in table(client, "spaces")] == [
        "canut",
        "comptoir",
        "cret",
        "rubanerie",
    ]
    comptoir = [row for row in table(client, "prices") if row["space"] == "comptoir"]
    assert [(row["amount_cents"], row["effective_from"]) for row in comptoir] == [
        ("1500", "2025-01-01"),
        ("1600", "2027-01-01"),
    ]
    agreement = client.get("/open-data/agreements.json").json["agreements"][0]
    assert agreement["id"] == "sainte>sainte@2025-01"
    assert agreement["rule"]["share_bps"] == 10_000


def test_a_name_can_not_act_as_a_formula(client, sainte):
    a_space(sainte, "=1+1", slug="formule")
    sainte.commit()
    row = next(row for row in table(client, "spaces") if row["slug"] == "formule")
    assert row["name"] == "'=1+1"


@pytest.mark.usefixtures("sainte")
def test_every_file_tells_its_licence(client):
    answer = client.get("/open-data/prices.json")
    assert answer.json["licence"]["name"] == "Licence Ouverte 2.0"
    assert 'rel="license"' in answer.headers["Link"]
    assert "Licence Ouverte 2.0" in client.get("/open-data").text


@pytest.mark.parametrize("address", ["/open-data/people.csv", "/open-data/spaces.xml"])
def test_there_is_no_other_file(client, address):
    assert client.get(address).status_code == 404
