"""The wallet's first page: the pass itself; and the link that opens it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from cowopass.nomad.blueprint import blueprint
from cowopass.nomad.cards import card_of
from cowopass.nomad.frame import PHONE, wallet_of
from cowopass.nomad.words import script_words
from cowopass.passes.wallet import forget_wallet, holder_of_link, remember_wallet
from cowopass.people.callers import read_cookie
from cowopass.running import current_config
from cowopass.spaces.service import get_space
from cowopass.transaction import transaction


@blueprint.get("")
def show() -> str:
    """Show one pass, the first if none is asked for; `at` is the space whose poster was read."""
    with transaction(read_only=True) as session:
        wallet = wallet_of(session)
        asked = request.args.get("pass")
        standing = wallet.find(asked) if asked else wallet.first
        at = request.args.get("at")
        place = get_space(session, at) if at else None
        if standing is None:
            return render_template("nomad/none.html", wallet=wallet)
        card = card_of(session, current_config(), wallet, standing)
        others = [other for other in wallet.standings if other is not standing]
        return render_template(
            "nomad/pass.html",
            wallet=wallet,
            card=card,
            others=others,
            place=place,
            base_url=current_config().base_url,
            words=script_words(),
            is_known=bool(read_cookie(PHONE)),
        )


@blueprint.get("/open/<link>")
def open_link(link: str) -> AnyResponse:
    """Open a wallet in this browser, by the link that its holder was given."""
    with transaction(read_only=True) as session:
        holder_of_link(session, current_config(), link)
    answer = redirect(url_for("wallet.show"), 303)
    remember_wallet(answer, link)
    return answer


@blueprint.post("/close")
def close() -> AnyResponse:
    """Close the wallet in this browser; the pass itself stays what it is."""
    flash(gettext("Votre pass n’est plus ouvert dans ce navigateur."), "done")
    answer = redirect(url_for("wallet.show"), 303)
    forget_wallet(answer)
    return answer
