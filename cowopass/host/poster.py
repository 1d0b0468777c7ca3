"""The poster of a desk: a phone that reads it shows a pass that counts at this space alone."""

from __future__ import annotations

from pathlib import Path

from flask_babel import gettext

from cowopass import clock
from cowopass.language import spoken_language
from cowopass.spaces.colours import derive_palette
from cowopass.spaces.models import Space
from cowopass.spaces.ribbons import hue_of
from cowopass.typesetting import Sheet, typeset
from wallet.qr import qr_svg

TEMPLATE = Path(__file__).parent / "poster.typ"


def poster_address(base_url: str, space: Space) -> str:
    """Return what the poster's code says: the wallet, which takes the space from it."""
    return f"{base_url}/wallet?at={space.slug}"


def poster_pdf(space: Space, base_url: str) -> bytes:
    """Return the poster of a space as an A4 page in PDF, in the language that is spoken now."""
    palette = derive_palette(hue_of(space.slug, space.hue))
    address = poster_address(base_url, space)
    data = {
        "lang": spoken_language(),
        "title": gettext("L’affiche du comptoir, %(space)s", space=space.name),
        "space": space.name,
        "sentence": gettext("Visez ce code avec votre téléphone : votre pass s’ouvre ici."),
        "address": address.partition("://")[2],
        "qr_svg": qr_svg(address),
        "fill": palette.fill,
        "thread": palette.thread,
        "on": palette.on,
    }
    return typeset(Sheet(TEMPLATE, data, (), clock.now().replace(microsecond=0)))
