"""Who stands behind our space: what invoices and transfers need, written by its host."""

from __future__ import annotations

from collections.abc import Collection

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from cowopass.host.frame import desk_of
from cowopass.host.legal import ToConfirm, confirmation_of, save_typed, typed_in, typed_of
from cowopass.host.legal_words import fault_in_words, field_hint, field_name, regime_name
from cowopass.host.together import PageChanged, PageRefused, Typed, digests_of
from cowopass.invoicing.entities import DEFAULT_CONTEST_DAYS
from cowopass.legal.lacks import gap_words, gaps_of
from cowopass.networks.legal import REGIMES, regime_on
from cowopass.running import current_config
from cowopass.transaction import transaction

blueprint = Blueprint("host_legal", __name__, url_prefix="/desk/<slug>/legal")


@blueprint.get("")
def show_legal(slug: str) -> str:
    """Show who stands behind the space, to be written anew."""
    return _render(slug, None)


@blueprint.post("")
def write_legal(slug: str) -> Response | tuple[str, int]:
    """Keep what was typed; what is wrong, or to be confirmed, is said and nothing is lost."""
    typed = typed_in(request.form)
    opened, confirmed = (request.form.get(name, "") for name in ("opened", "confirmed"))
    try:
        with transaction() as session:
            desk = desk_of(session, slug)
            save_typed(session, current_config(), desk, typed, opened, confirmed)
    except PageRefused as refused:
        return _render(slug, typed, faults=refused.faults), 422
    except PageChanged as refused:
        return _render(slug, typed, changed=refused.fields), 409
    except ToConfirm as asked:
        return _render(slug, typed, asked=asked), 409
    flash(gettext("C’est gardé."), "done")
    return redirect(url_for(".show_legal", slug=slug), 303)


def _render(
    slug: str,
    typed: Typed | None,
    *,
    faults: Collection[str] = (),
    changed: Collection[str] = (),
    asked: ToConfirm | None = None,
) -> str:
    """Show the form. Unless somebody else wrote, it keeps how the fields stood when opened."""
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        side = desk.space.legal
        recorded = typed_of(side)
        gaps, words = gaps_of(side, desk.today), gap_words()
        return render_template(
            "host/legal.html",
            desk=desk,
            tab="space",
            typed=typed or recorded,
            opened=request.form["opened"] if faults or asked else digests_of(recorded),
            errors={name: fault_in_words(name, typed or recorded) for name in faults},
            changed=[field_name(name) for name in changed],
            asked=asked,
            confirmed=confirmation_of(typed) if typed and asked else "",
            lacks=[words[gap] for gap in gaps],
            history=side.vat if side else [],
            regime_now=regime_on(side, desk.today) if side else None,
            regimes=REGIMES,
            usual_days=DEFAULT_CONTEST_DAYS,
            field_name=field_name,
            field_hint=field_hint,
            regime_name=regime_name,
        )
