"""A rule tried on real months, by a space: what it would have changed for itself comes first."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from cowopass.host.frame import desk_of
from cowopass.transaction import transaction
from cowopass.whatif.trial import kind_names, proposal_address, try_rule

blueprint = Blueprint("host_what_if", __name__, url_prefix="/desk/<slug>/what-if")


@blueprint.get("")
def show_trial(slug: str) -> str:
    """Show months under the rule that the address asks for. Costs are of the space's own passes."""
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        trial = try_rule(session, desk.network.slug, request.args)
        changes = trial.form.changes if trial.form else {}
        costs = trial.document["pass_kinds"] if trial.document else []
        return render_template(
            "host/what_if.html",
            desk=desk,
            trial=trial,
            own=trial.of(slug),
            costs=[cost for cost in costs if cost["home"] == slug],
            kind_names=kind_names(),
            proposal=proposal_address(f"/desk/{slug}/votes", changes),
        )
