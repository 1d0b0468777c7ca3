"""The treasurer's month on paper: who owes whom, the positions, the plan and the proof."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask_babel import force_locale, gettext, ngettext
from sqlalchemy.orm import Session

from clearing.line import FUND
from cowopass.config import Config
from cowopass.documents.export import MonthExport
from cowopass.documents.parties import Party, party_of, read_parties
from cowopass.documents.printing import common_words, frame, made_at, proof
from cowopass.settlement.months import read_flows
from cowopass.settlement.transfers import creditor_reference
from cowopass.typesetting import Attachment, Sheet, typeset
from cowopass.web.formats import amount, figure, month_name, signed

TEMPLATE = Path(__file__).parent / "typst" / "month.typ"

Flows = Mapping[tuple[str, str], int]


def month_pdf(
    session: Session, config: Config, network: str, month: str, language: str = "fr"
) -> bytes:
    """Return a month as PDF/A-3b with its export inside, in French or English (`fr`, `en`).

    Raises NetworkUnknown, MonthInvalid, and AgreementMissing for a month that is not locked and
    whose network has no agreement with itself.
    """
    exported = MonthExport(session, config, network, month)
    with force_locale(language):
        parties = read_parties(session, network)
        sheet = month_sheet(exported, parties, read_flows(session, network, month))
    return typeset(sheet)


def month_sheet(exported: MonthExport, parties: Mapping[str, Party], flows: Flows) -> Sheet:
    """Return the paper of a month, in the language that is spoken now.

    `flows` are the visits' gross by debtor and creditor, in cents.
    """
    found, document = exported.found, exported.document
    currency = found.network.currency
    title = gettext(
        "%(month)s, réseau %(network)s",
        month=month_name(found.month).capitalize(),
        network=found.network.name,
    )
    ours = [party for party in parties.values() if party.network == found.network.slug]
    data = {
        **frame(found, title, ours or [party_of(parties, FUND)]),
        **proof(document["head"], _how_to_verify()),
        "month": month_name(found.month).capitalize(),
        "facts": _facts(document["totals"], currency),
        "positions": _positions(document["positions"], parties, currency),
        **_plan(document["plan"], parties, currency),
        "rules": _rules(document),
        "matrix": _matrix(flows, parties),
        "words": {**common_words(), **_words(currency)},
    }
    return Sheet(TEMPLATE, data, (_attachment(exported),), made_at(found))


def _attachment(exported: MonthExport) -> Attachment:
    found = exported.found
    stream = io.StringIO(newline="")
    exported.write("month.json", stream)
    return Attachment(
        f"{found.network.slug}-{found.month}.json",
        "application/json",
        "data",
        gettext("Le mois entier, pour « python -m clearing » et « cowopass verify »"),
        stream.getvalue(),
    )


def _facts(totals: Mapping[str, Any], currency: str) -> list[tuple[str, str]]:
    """Return the figures of a month; gross and visits are less what was taken back."""
    return [
        (gettext("Lignes"), str(totals["count"])),
        (gettext("Passages comptés"), str(totals["charges"])),
        (gettext("Dettes brutes"), amount(totals["gross_cents"], currency)),
        (gettext("Cotisations"), amount(totals["fund_cents"], currency)),
    ]


def _positions(
    positions: Sequence[Mapping[str, Any]], parties: Mapping[str, Party], currency: str
) -> list[dict[str, Any]]:
    """Return positions as bars, from who receives most to who owes most; `bar` is from -1 to 1."""
    largest = max((abs(row["amount_cents"]) for row in positions), default=0) or 1
    return [
        {
            "party": party_of(parties, row["participant"]).shown(),
            "bar": row["amount_cents"] / largest,
            "amount": signed(row["amount_cents"], currency),
            "carried": signed(row["carried_in_cents"], currency) if row["carried_in_cents"] else "",
        }
        for row in sorted(positions, key=lambda row: -row["amount_cents"])
    ]


def _plan(
    plan: Mapping[str, Any] | None, parties: Mapping[str, Party], currency: str
) -> dict[str, Any]:
    if plan is None:
        return {"transfers": [], "carried": [], "plan": gettext("Aucun virement.")}

    def shown(row: Mapping[str, Any], about: str) -> dict[str, Any]:
        return {
            "debtor": party_of(parties, row["debtor"]).shown(),
            "creditor": party_of(parties, row["creditor"]).shown(),
            "about": about,
            "amount": amount(row["amount_cents"], currency),
        }

    return {
        "transfers": [shown(row, creditor_reference(row["id"])) for row in plan["transfers"]],
        "carried": [shown(row, month_name(row["since"])) for row in plan["carried"]],
        "plan": _method(plan),
    }


def _method(plan: Mapping[str, Any]) -> str:
    """Say how the transfers were found, and what the other way would take."""
    many = ngettext("%(num)d virement", "%(num)d virements", len(plan["transfers"]))
    alternative = plan["alternative"]["transfers"]
    other = ngettext("%(num)d virement", "%(num)d virements", alternative)
    if plan["method"] == "bilateral":
        return str(
            gettext("Compensé deux à deux : %(many)s (à tous : %(other)s).", many=many, other=other)
        )
    return str(
        gettext("Compensé à tous : %(many)s (autrement : %(other)s).", many=many, other=other)
    )


def _rules(document: Mapping[str, Any]) -> list[str]:
    """Return the agreement versions that the month's charges cite, as their ids name them."""
    return [agreement["id"] for agreement in document["agreements"]]


def _matrix(flows: Flows, parties: Mapping[str, Party]) -> dict[str, Any] | None:
    """Return the table of who owes whom, or None when no visit made anybody owe anything."""
    if not flows:
        return None
    named = {slug for pair in flows for slug in pair}
    order = sorted((party_of(parties, slug) for slug in named), key=lambda one: one.name.casefold())
    largest = max(map(abs, flows.values())) or 1

    def cell(debtor: Party, creditor: Party) -> tuple[str, float] | None:
        cents = flows.get((debtor.slug, creditor.slug), 0)
        if debtor.slug == creditor.slug:
            return None
        return (figure(cents) if cents else "–", abs(cents) / largest)

    def total(place: int, slug: str) -> str:
        return figure(sum(cents for pair, cents in flows.items() if pair[place] == slug))

    return {
        "parties": [party.shown() for party in order],
        "rows": [[cell(debtor, creditor) for creditor in order] for debtor in order],
        "owed": [total(0, party.slug) for party in order],
        "received": [total(1, party.slug) for party in order],
        "total": figure(sum(flows.values())),
    }


def _how_to_verify() -> str:
    return str(
        gettext(
            "Le fichier joint à ce PDF a toutes les lignes, sans aucun nom de personne. « python "
            "-m clearing » en recalcule les soldes et l’empreinte, sans ce serveur ; « cowopass "
            "verify », suivi du nom de ce PDF, vérifie aussi la signature."
        )
    )


def _words(currency: str) -> dict[str, str]:
    return {
        "positions": gettext("Soldes nets"),
        "participant": gettext("Lieu"),
        "balance": gettext("Solde"),
        "carried_in": gettext("Dont reporté"),
        "transfers": gettext("Virements"),
        "pays": gettext("Paie"),
        "receives": gettext("Reçoit"),
        "reference": gettext("Référence"),
        "amount": gettext("Montant"),
        "carried": gettext("Trop petit pour un virement, reporté au mois suivant"),
        "since": gettext("Depuis"),
        "rules": gettext("Conventions appliquées"),
        "matrix": gettext("Qui doit à qui, %(currency)s", currency=currency),
        "owes_to": gettext("doit ↓  à →"),
        "owed": gettext("Total dû"),
        "nothing": gettext("Aucun passage d’un lieu à l’autre ce mois-ci."),
    }
