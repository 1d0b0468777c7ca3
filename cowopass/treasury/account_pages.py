"""A month in the books of each space, of the fund and of the network: files for accountants."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, render_template

from clearing.line import FUND
from cowopass.settlement.service import show_month
from cowopass.transaction import transaction
from cowopass.treasury.frame import Treasury, treasury_of

blueprint = Blueprint("treasury_accounts", __name__, url_prefix="/treasury/<network>")


class Account(NamedTuple):
    """Whose books there are: the name by which they are asked for, and the one to read."""

    slug: str
    name: str


@blueprint.get("/<month>/accounting")
def show_accounts(network: str, month: str) -> str:
    """Show the files of entries of a locked month."""
    with transaction(read_only=True) as session:
        treasury = treasury_of(session, network)
        return render_template(
            "treasury/accounts.html",
            treasury=treasury,
            month=month,
            facts=show_month(session, network, month),
            accounts=accounts_of(treasury),
        )


def accounts_of(treasury: Treasury) -> list[Account]:
    """Return whose books a locked month is in: the spaces, the fund if it has a holder, itself."""
    accounts = [Account(space.slug, space.name) for space in treasury.spaces]
    if treasury.network.fund is not None:
        accounts.append(Account(FUND, treasury.participants[FUND].name))
    return [*accounts, Account(treasury.network.slug, treasury.network.name)]
