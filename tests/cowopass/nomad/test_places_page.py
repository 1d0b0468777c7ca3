"""Where to go today: what is open, what is free, and what it takes from the pass."""

from __future__ import annotations

import re
from datetime import date

from cowopass.networks.models import Agreement
from tests.factories import a_space


def test_a_space_says_what_it_takes_from_the_pass(wallet):
    shown = wallet.get("/wallet/places").text
    assert "Rubanerie" in shown
    assert re.findall(r">\s*(1 journée)\s", shown) == ["1 journée"] * 2
    assert "Toujours ouvert" in shown


def test_a_top_up_is_told_before_anybody_sets_out(wallet, session, sold):
    session.query(Agreement).one().top_up = True
    session.query(Agreement).one().rule = {"kind": "difference_share", "share_bps": 0}
    sold.price_paid_cents = 11 * 900
    session.commit()
    assert "+ 3\N{NO-BREAK SPACE}€" in wallet.get("/wallet/places").text


def test_what_is_closed_or_does_not_take_the_pass_comes_last(wallet, session):
    a_space(session, "Atelier", opening_hours={"wednesday": [["09:00", "18:00"]]})
    a_space(session, "Absent", day_cents=None)
    a_space(session, "Gone", leaves_on=date(2026, 11, 1))
    session.commit()
    shown = wallet.get("/wallet/places").text
    order = [shown.index(f">{name}<") for name in ("Comptoir", "Rubanerie", "Atelier", "Absent")]
    assert order == sorted(order)
    assert "pas avec ce pass" in shown
    assert "Fermé, ouvre" in shown
    assert "Gone" not in shown
