"""Every form of the faces, sent twice as by a double click, does one thing and answers the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import MetaData, select

from cowopass.passes.wallet import WALLET as COOKIE
from tests.browser.pages import DESK, OUR_SPACE, TREASURER, TREASURY, WALLET, Seen
from tests.site import Site

MORE_ACTS = [
    Seen("/treasury/sainte/{a_month_to_close}", *TREASURER),
    Seen("/treasury/sainte/{a_month_to_close}/lock", *TREASURER),
    Seen("/treasury/sainte/{a_locked_month}", *TREASURER),
    Seen("/treasury/sainte/{a_locked_month}/documents", *TREASURER),
    Seen("/treasury/sainte/votes/new?kind=charter", *TREASURER),
    Seen("/treasury/sainte/votes/new?kind=join", *TREASURER),
    Seen("/desk/canut/passes/{a_mailed_pass}", "host", {"space": "canut"}),
    Seen("/desk/canut/passes/{a_mailed_pass}/data", "host", {"space": "canut"}),
    Seen("/desk/rubanerie/passes/{a_book}/suspend", "host", {"space": "rubanerie"}),
    Seen("/desk/rubanerie/passes/{a_book}/revoke", "host", {"space": "rubanerie"}),
    Seen("/desk/rubanerie/passes/{a_book}/reissue", "host", {"space": "rubanerie"}),
]
"""Pages of acts that need no look of their own, or not in every language and light."""

ONLY_SHOWN = {"binding_codes", "one_time_secrets", "rate_counts"}
"""Codes that are shown anew, and tries that are counted: nothing was done twice."""

OPEN_ALREADY = "/votes/new"
"""The vote that is proposed first: the demonstration votes on the same."""

FAREWELL = "/wallet/data/erase"
"""Who has erased her data has no wallet any more, and is told so."""

EACH_TIME = "/data/file"
"""Who takes away a file with a holder's data is noted each time that she does."""

TYPED = {
    "amount": "12,50",
    "email": "nadia@example.org",
    "levy_bps": "4",
    "name": "Nadia Berger",
    "price": "150",
    "quorum_bps": "60",
    "reason": "Une erreur de saisie.",
    "recipient": "Nadia",
    "space": "le-nouveau",
    "starts_on": f"{datetime.now(UTC) + timedelta(days=300):%Y-%m-%d}",  # as a pass may
    "text": "Voici pourquoi.",
    "units": "11",
    "validity_months": "12",
}
"""What is typed into a field, by its name; the others stay as they are, days as late as may be."""

TICKED = ("sure", "plan", "unit")
"""Boxes and choices that a form does not make by itself and waits for."""


def filled(form: Any) -> dict[str, str]:
    """Return the fields of a form as somebody fills them in who wants it to be taken."""
    fields: dict[str, str] = {}
    for field in form.inputs:
        name, kind = field.get("name"), field.get("type")
        if field.tag == "select":
            first = next(filter(None, field.value_options))
            fields[name] = field.value or (first if name in {"space", "unit"} else "")
        elif kind in {"radio", "checkbox"}:
            if field.checked or (name in TICKED and name not in fields):
                fields[name] = field.get("value", "on")
        elif kind == "hidden":
            fields[name] = field.value
        elif name and kind != "file":
            fields[name] = TYPED.get(name) or field.value or field.get("max") or ""
    return fields


def client_of(site: Site, seen: Seen) -> FlaskClient:
    client = site.app.test_client()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    if seen.role:
        token = site.headers(seen.role, **seen.scope)["Authorization"]
        client.environ_base["HTTP_AUTHORIZATION"] = token
    if seen.wallet:
        client.set_cookie(COOKIE, site.wallet_link())
    return client


def rows(site: Site) -> dict[str, list[str]]:
    """Return all that a site keeps, but for what is only shown."""
    engine = site.app.extensions["cowopass.engine"]
    kept = MetaData()
    kept.reflect(engine)
    with engine.connect() as connection:
        return {
            name: sorted(map(repr, connection.execute(select(table)).all()))
            for name, table in kept.tables.items()
            if name not in ONLY_SHOWN
        }


@pytest.mark.parametrize(
    "seen", [*DESK, *OUR_SPACE, *TREASURY, *WALLET, *MORE_ACTS], ids=lambda seen: seen.address
)
def test_a_form_that_is_sent_twice_does_one_thing(site: Site, seen: Seen) -> None:
    address = seen.address_at(site)
    page = html.fromstring(client_of(site, seen).get(address).text)
    for form in page.xpath("//form[@method='post']"):
        client = client_of(site, seen)  # a form before this one may have signed out
        action = form.get("action") or address
        if action.endswith(EACH_TIME):
            continue
        fields = filled(form)
        first = client.post(action, data=fields)
        once = rows(site)
        second = client.post(action, data=fields)
        twice = rows(site)
        assert (first.status_code < 400) != address.endswith(OPEN_ALREADY), (action, fields)
        if action != FAREWELL:
            assert second.status_code == first.status_code, action
            assert second.location == first.location, action
        assert [name for name in once if once[name] != twice[name]] == [], action
