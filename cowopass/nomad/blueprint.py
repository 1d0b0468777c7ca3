"""What all pages of the wallet have in common: where they are, and who may not see them."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from cowopass.errors import WalletUnknown
from cowopass.nomad.words import counted, plan_line, units

blueprint = Blueprint("wallet", __name__, url_prefix="/wallet")
for _filter in (counted, plan_line, units):
    blueprint.add_app_template_filter(_filter)


@blueprint.errorhandler(WalletUnknown)
def ask_for_link(_refusal: WalletUnknown) -> tuple[str, int]:
    """Say how to open a wallet, to whom has opened none here."""
    return render_template("nomad/closed.html"), 200 if request.method == "GET" else 401


@blueprint.after_request
def keep_private(answer: Response) -> Response:
    """Let no cache on the way keep a page of somebody's wallet."""
    answer.headers.setdefault("Cache-Control", "private, no-cache")
    return answer
