"""Pictures of a ticket: its QR code, and the paper ticket as a printable A6 page."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from functools import cache
from importlib.resources import as_file, files
from typing import Any, NamedTuple

import typst
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.config import Config
from cowopass.networks.models import Network
from cowopass.passes.models import Pass, Plan, Ticket
from cowopass.passes.standing import find_pass
from cowopass.passes.tickets import Picture, ticket_url
from cowopass.spaces.models import Space
from cowopass.web.formats import say_date
from wallet.code import show_code
from wallet.qr import qr_png, qr_svg

MIMETYPES: dict[Picture, str] = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
}

MOST_RINGS = 31
"""Above so many units there is no room for a ring each, so there is none."""

LONGEST_IN_NOTE = 32
"""A longer name of a space would not fit beside the code."""

# Pictographs and what joins or varies them. No black and white font has them all, and boxes in
# their place would be worse than nothing.
_PICTOGRAPHS = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u20e3\ufe0f\U000e0020-\U000e007f]\u200d?"
)

UNITS = {
    "fr": {
        "hour": ("heure", "heures"),
        "half_day": ("demi-journée", "demi-journées"),
        "day": ("journée", "journées"),
    },
    "en": {
        "hour": ("hour", "hours"),
        "half_day": ("half-day", "half-days"),
        "day": ("day", "days"),
    },
}

WORDS = {
    "fr": {
        "name": "Prénom",
        "golden": "Ticket d’or, bon une fois",
        "unlimited": "{plan}, sans limite",
        "quota": "{plan}, {count} {unit} par mois",
        "valid": "Valable du {first} au {last}.",
        "valid_once": "Valable le {first}.",
        "roaming": "Bon dans tous les lieux de {network}.",
        "home_only": "Bon dans ce lieu seulement.",
        "ring": "Un rond par {unit}, mais c’est le scan qui compte.",
        "lost": "Perdu ? {space} le refait.",
        "here": "Ce lieu",
    },
    "en": {
        "name": "First name",
        "golden": "Golden ticket, good once",
        "unlimited": "{plan}, no limit",
        "quota": "{plan}, {count} {unit} a month",
        "valid": "Valid from {first} to {last}.",
        "valid_once": "Valid on {first}.",
        "roaming": "Good in all places of {network}.",
        "home_only": "Good in this place only.",
        "ring": "One ring per {unit}, but it is the scan that counts.",
        "lost": "Lost? {space} makes a new one.",
        "here": "This place",
    },
}


class PaperTicket(NamedTuple):
    """What a paper ticket says. It names nobody: the holder writes her first name on it herself.

    `golden` tickets are good once, so they have no rings. Days are local, both counted.
    """

    space: str
    network: str
    plan: Plan
    first_on: date
    last_on: date
    golden: bool
    qr_text: str
    code: str


def draw(
    session: Session, config: Config, ticket: Ticket, form: Picture, language: str = "fr"
) -> bytes:
    """Return a ticket's QR code as SVG or PNG, or its paper as PDF, in French or English."""
    if form == "pdf":
        return render_pdf(paper_ticket(session, config, ticket), language)
    text = ticket_url(config, ticket)
    return qr_svg(text).encode() if form == "svg" else qr_png(text)


def paper_ticket(session: Session, config: Config, ticket: Ticket) -> PaperTicket:
    """Return what the paper of a ticket says."""
    sold: Pass = find_pass(session, ticket.pass_id)
    network = session.get_one(Network, sold.network)
    last_instant = ticket.expires_at - timedelta(seconds=1)
    return PaperTicket(
        space=session.get_one(Space, sold.home).name,
        network=network.name,
        plan=sold.plan,
        first_on=sold.starts_on,
        last_on=clock.local_day(last_instant, network.timezone),
        golden=ticket.kind == "golden",
        qr_text=ticket_url(config, ticket),
        code=show_code(ticket.code),
    )


def render_pdf(paper: PaperTicket, language: str = "fr") -> bytes:
    """Return a paper ticket as a one-page A6 PDF, in French or English (`fr`, `en`)."""
    inputs = {"ticket": json.dumps(_texts(paper, language))}
    with as_file(files("cowopass.passes") / "paper.typ") as template:
        return typst.compile(template, sys_inputs=inputs, font_paths=_fonts())


@cache
def _fonts() -> typst.Fonts:
    """Return the fonts of typst itself, and the system's for scripts that those lack."""
    return typst.Fonts()


def _printable(name: str) -> str:
    """Return a name as it is printed: without pictographs, unless it has nothing else."""
    return " ".join(_PICTOGRAPHS.sub("", name).split()) or name


def _texts(paper: PaperTicket, language: str) -> dict[str, Any]:
    words, rings = WORDS[language], _rings(paper)
    unit, space = UNITS[language][paper.plan.unit][0], _printable(paper.space)
    place = words["roaming" if paper.plan.roaming else "home_only"]
    notes = [place.format(network=_printable(paper.network))]
    if rings:
        notes.append(words["ring"].format(unit=unit))
    is_short = len(space) <= LONGEST_IN_NOTE
    notes.append(words["lost"].format(space=space if is_short else words["here"]))
    return {
        "lang": language,
        "title": f"{space}, {paper.code}",
        "space": space,
        "plan": _plan_line(paper, language),
        "qr_svg": qr_svg(paper.qr_text),
        "name_label": words["name"],
        "validity": _validity(paper, language),
        "rings": rings,
        "notes": notes,
        "code": paper.code,
    }


def _rings(paper: PaperTicket) -> int:
    units = paper.plan.units or 0
    return units if paper.plan.kind == "book" and not paper.golden and units <= MOST_RINGS else 0


def tells_units(plan: Plan) -> bool:
    """Return whether a plan's own name has its number of units: `Voyageur, 11 journées`."""
    return str(plan.units) in plan.name.split()


def _plan_line(paper: PaperTicket, language: str) -> str:
    words, plan, name = WORDS[language], paper.plan, _printable(paper.plan.name)
    if paper.golden:
        return words["golden"]
    if tells_units(plan):
        return name
    if plan.units is None:
        return words["unlimited"].format(plan=name)
    unit = UNITS[language][plan.unit][plan.units > 1]
    form = words["quota"] if plan.kind == "quota" else "{plan}, {count} {unit}"
    return form.format(plan=name, count=plan.units, unit=unit)


def _validity(paper: PaperTicket, language: str) -> str:
    first, last = (say_date(day, "d MMMM y", language) for day in (paper.first_on, paper.last_on))
    form = WORDS[language]["valid_once" if first == last else "valid"]
    return form.format(first=first, last=last)
