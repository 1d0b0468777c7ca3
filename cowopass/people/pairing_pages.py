"""The page on which a phone or tablet becomes a device of a desk."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from cowopass.errors import SecretExpired, SecretUsed
from cowopass.language import spoken_language
from cowopass.people.callers import DEVICE, set_cookie
from cowopass.people.devices import pair_device
from cowopass.people.holders import plain_name
from cowopass.problems import PROBLEMS, sentence
from cowopass.transaction import transaction
from cowopass.web.rates import limiter
from wallet.errors import CodeInvalid

YEAR_SECONDS = 365 * 86_400

blueprint = Blueprint("pairing", __name__)


@blueprint.get("/desk/pair")
def show_pairing() -> str:
    """Ask for a code and the device's name; a scanned code comes behind the `#` of the address."""
    return render_template("people/pair.html", wrong=None, code="", name="")


@blueprint.post("/desk/pair")
@limiter.limit("30 per hour")
def pair() -> Response:
    """Make this browser a device, and lead to the scanner."""
    code = request.form.get("code", "").strip()
    name = plain_name(request.form.get("name", ""))[:200]
    try:
        with transaction() as session:
            token, space = pair_device(session, code, name)
    except (CodeInvalid, SecretExpired, SecretUsed) as refusal:
        wrong = sentence(refusal.code, language=spoken_language())
        slip = code[:40] if isinstance(refusal, CodeInvalid) else ""
        page = render_template("people/pair.html", wrong=wrong, code=slip, name=name)
        return make_response(page, PROBLEMS[refusal.code].status)
    answer = redirect(f"/desk/{space}", 303)
    set_cookie(answer, DEVICE, token, YEAR_SECONDS)
    return answer
