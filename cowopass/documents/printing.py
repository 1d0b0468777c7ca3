"""What all documents print alike: words, figures and the proof of a month, in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import get_locale, gettext

from clearing.document import LOCKED
from clearing.reading import read_head
from cowopass import clock
from cowopass.documents.parties import Party
from cowopass.settlement.steps import Month
from cowopass.web.formats import local, long_day


def made_at(found: Month) -> datetime:
    """Return the date that a month's documents bear: that of the lock; today's for drafts."""
    locked_at = found.row.locked_at if found.row else None
    return locked_at or clock.now().replace(microsecond=0)


def standing(found: Month) -> str:
    """Say in a few words where a month stands, and on which local day."""
    day = long_day(local(made_at(found), found.network.timezone).date())
    if found.state in LOCKED:
        return str(gettext("Verrouillé le %(day)s", day=day))
    return str(gettext("Brouillon du %(day)s", day=day))


def draft_notice(found: Month) -> str | None:
    """Return what stands across the top of a document of a month that is not locked."""
    if found.state in LOCKED:
        return None
    return str(
        gettext(
            "Brouillon : le mois n’est pas verrouillé. Ces sommes peuvent encore changer, "
            "il n’y a rien à payer."
        )
    )


def proof(head: str | None, sentence: str) -> dict[str, Any]:
    """Return the root of a month and how to verify it; `sentence` is about the document at hand."""
    if head is None:
        return {
            "root": None,
            "proof": [gettext("La preuve vient avec le verrouillage du mois.")],
        }
    payload = read_head(head)
    return {
        "root": payload["root"],
        "proof": [
            sentence,
            gettext(
                "Cette empreinte vaut pour toutes les lignes du mois ; elle est signée par le "
                "réseau et publiée par %(issuer)s. Une seule ligne changée en donnerait une autre.",
                issuer=payload["iss"],
            ),
            gettext(
                "Le mois d’avant avait l’empreinte %(root)s : comparez-la à votre relevé d’alors.",
                root=payload["previous_root"],
            )
            if payload["previous_root"]
            else gettext("C’est le premier mois verrouillé du réseau."),
        ],
    }


def frame(found: Month, title: str, ribbons: list[Party]) -> dict[str, Any]:
    """Return what the template `common.typ` needs of every document, but for its words."""
    return {
        "lang": str(get_locale()),
        "title": title,
        "author": found.network.name,
        "footer": title,
        "draft": draft_notice(found),
        "network": found.network.name,
        "standing": standing(found),
        "ribbons": [party.shown() for party in ribbons],
    }


def common_words() -> Mapping[str, str]:
    """Return the words that every document has."""
    return {"page": gettext("page"), "proof": gettext("La preuve du mois")}
