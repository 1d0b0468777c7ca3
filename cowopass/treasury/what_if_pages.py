"""A rule tried on real months, by the treasurer."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from cowopass.transaction import transaction
from cowopass.treasury.frame import treasury_of
from cowopass.whatif.trial import kind_names, proposal_address, try_rule

blueprint = Blueprint("treasury_what_if", __name__, url_prefix="/treasury/<network>/what-if")


@blueprint.get("")
def show_trial(network: str) -> str:
    """Show months under the rule that the address asks for, and who wins and loses."""
    with transaction(read_only=True) as session:
        treasury = treasury_of(session, network)
        trial = try_rule(session, network, request.args)
        changes = trial.form.changes if trial.form else {}
        return render_template(
            "treasury/what_if.html",
            treasury=treasury,
            trial=trial,
            own=None,
            costs=trial.document["pass_kinds"] if trial.document else [],
            names={space.slug: space.name for space in treasury.spaces},
            kind_names=kind_names(),
            proposal=proposal_address(f"/treasury/{network}/votes", changes),
        )
