"""The link to a holder's wallet: hers alone, and out as soon as another replaces it."""

from __future__ import annotations

import pytest

from cowopass.errors import WalletLinkInvalid
from cowopass.passes.wallet import holder_of_link, replace_link, wallet_link, wallet_url
from tests.factories import a_network, a_pass, a_plan, a_space, a_token, bearer


@pytest.fixture
def sold(session):
    a_network(session)
    sold = a_pass(session, a_plan(session, a_space(session, "Comptoir")))
    session.commit()
    return sold


@pytest.fixture
def holder(sold):
    return sold.holder


def test_a_link_tells_whose_wallet_it_opens(session, config, holder):
    assert holder_of_link(session, config, wallet_link(config, holder)) is holder
    assert wallet_url(config, holder).startswith("https://pass.example/wallet/open/hol_")


@pytest.mark.parametrize("spoil", [str.upper, lambda link: link[:-1], "hol_1.0.".__add__])
def test_a_link_that_was_cut_or_changed_opens_nothing(session, config, holder, spoil):
    with pytest.raises(WalletLinkInvalid):
        holder_of_link(session, config, spoil(wallet_link(config, holder)))


def test_a_link_that_was_replaced_opens_nothing(session, config, sold, holder):
    before = wallet_link(config, holder)
    replace_link(session, sold)
    with pytest.raises(WalletLinkInvalid):
        holder_of_link(session, config, before)
    assert holder_of_link(session, config, wallet_link(config, holder)) is holder


def test_the_link_to_somebody_else_is_not_made_from_ones_own(session, config, holder):
    link = wallet_link(config, holder)
    other = a_pass(session, a_plan(session, "comptoir", code="other")).holder
    with pytest.raises(WalletLinkInvalid):
        holder_of_link(session, config, link.replace(holder.id, other.id))


def test_the_host_of_the_home_replaces_a_link_and_no_other(client, session, sold, config):
    before = wallet_url(config, sold.holder)
    a_space(session, "Rubanerie")
    hosts = [bearer(a_token(session, "host", space=slug)) for slug in ("comptoir", "rubanerie")]
    session.commit()
    path = f"/api/v1/passes/{sold.id}/wallet-link"
    assert client.post(path, headers=hosts[1]).status_code == 403
    url = client.post(path, headers=hosts[0]).json["url"]
    assert url != before
    assert client.get(url.removeprefix("https://pass.example")).status_code == 303
    assert client.get(before.removeprefix("https://pass.example")).status_code == 403
