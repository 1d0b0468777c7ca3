"""Which version of an agreement is in force."""

from __future__ import annotations

from datetime import date

import pytest

from clearing.valuation import Rule, Terms
from cowopass.errors import AgreementMissing
from cowopass.networks.agreements import agreement_on, own_agreement, terms_of
from tests.factories import a_network, an_agreement


@pytest.fixture
def versions(session):
    """Two versions, from September and from November 2026."""
    a_network(session)
    for month, levy_bps in ((9, 500), (11, 300)):
        an_agreement(session, effective_from=date(2026, month, 1), levy_bps=levy_bps)


@pytest.mark.parametrize(
    ("day", "levy_bps"),
    [
        (date(2026, 9, 1), 500),
        (date(2026, 10, 31), 500),
        (date(2026, 11, 1), 300),
        (date(2030, 1, 1), 300),
    ],
)
def test_the_latest_version_of_a_day_is_in_force(session, versions, day, levy_bps):  # noqa: ARG001
    assert agreement_on(session, "sainte", "sainte", day).levy_bps == levy_bps


def test_before_the_first_version_there_is_none(session, versions):  # noqa: ARG001
    assert agreement_on(session, "sainte", "sainte", date(2026, 8, 31)) is None
    with pytest.raises(AgreementMissing):
        own_agreement(session, "sainte", "2026-08")


def test_a_month_has_the_version_of_its_days(session, versions):  # noqa: ARG001
    assert own_agreement(session, "sainte", "2026-10").id == "sainte>sainte@2026-09"
    assert own_agreement(session, "sainte", "2026-11").id == "sainte>sainte@2026-11"


def test_an_agreement_goes_one_way(session, versions):  # noqa: ARG001
    a_network(session, "lyon")
    an_agreement(session, home="sainte", host="lyon")
    assert agreement_on(session, "sainte", "lyon", date(2026, 9, 1))
    assert agreement_on(session, "lyon", "sainte", date(2026, 9, 1)) is None


def test_its_terms_are_what_clearing_values_by(session):
    a_network(session)
    agreement = an_agreement(session, golden_share_bps=5000, liability_cap_bps=10_000)
    assert terms_of(agreement) == Terms(
        Rule("difference_share", 10_000, cap_at_host_price=True), False, 5000, 500, 10_000, None
    )
