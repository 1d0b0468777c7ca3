"""The wallet's third tab: where to go today with this pass."""

from __future__ import annotations

from flask import render_template

from cowopass.nomad.blueprint import blueprint
from cowopass.nomad.frame import wallet_of
from cowopass.nomad.places import places_to_go
from cowopass.transaction import transaction


@blueprint.get("/places")
def places() -> str:
    """Show where there is room now, and what it takes from the pass that is spent first."""
    with transaction(read_only=True) as session:
        wallet = wallet_of(session)
        sold = wallet.first.sold if wallet.first else None
        found = places_to_go(session, sold)
        return render_template("nomad/places.html", wallet=wallet, sold=sold, places=found)
