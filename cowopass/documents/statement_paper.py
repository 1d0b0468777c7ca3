"""A statement on paper: one page that says what it comes to, then its lines."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask_babel import gettext, ngettext

from clearing.document import LOCKED
from clearing.line import FUND, Line
from cowopass.documents.parties import Party, party_of
from cowopass.documents.payment_codes import payment_qr, show_iban
from cowopass.documents.printing import common_words, frame, made_at, proof
from cowopass.documents.statement_lines import LinePrinter, WithOther, add_up_by_party
from cowopass.documents.statements import TextFormat, write_statement
from cowopass.networks.models import LegalEntity
from cowopass.settlement.steps import Month
from cowopass.settlement.transfers import creditor_reference
from cowopass.typesetting import Attachment, Sheet
from cowopass.web.formats import amount, month_name, of_month, signed

TEMPLATE = Path(__file__).parent / "typst" / "statement.typ"

MOST_PRINTED = 6_000
"""Above so many lines (a hundred pages) they are in the attached files alone."""


def statement_sheet(found: Month, parties: Mapping[str, Party], statement: dict[str, Any]) -> Sheet:
    """Return the paper of a statement, in the language that is spoken now."""
    lines = [_line(row) for row in statement["lines"]]
    party = parties[statement["space"]]
    title = gettext("Relevé %(month)s, %(space)s", month=of_month(found.month), space=party.name)
    rows = list(LinePrinter(party.slug, found.network.currency, lines).rows())
    if len(rows) > MOST_PRINTED:
        rows = []
    data = {
        **frame(found, title, [party]),
        **_figures(found, parties, statement, lines),
        **proof(statement["head"], _how_to_verify()),
        "title_line": gettext("Relevé %(month)s", month=of_month(found.month)),
        "party": party.shown(),
        "legal": _legal_lines(party.legal),
        "to_pay": _to_pay(found, parties, statement),
        "to_receive": _to_receive(found, parties, statement),
        "carried": _carried(found, parties, statement),
        "lines": rows,
        "lines_title": _lines_title(len(lines), is_printed=bool(rows)),
        "parties": {slug: _shown(parties, slug) for slug in {row[2] for row in rows} if slug},
        "words": {**common_words(), **_words(found.network.currency)},
    }
    return Sheet(TEMPLATE, data, _attachments(statement), made_at(found))


def statement_text(statement: dict[str, Any], form: TextFormat) -> str:
    """Return a statement as the text of its JSON or CSV file."""
    stream = io.StringIO(newline="")
    write_statement(stream, statement, form)
    return stream.getvalue()


def _line(row: Mapping[str, Any]) -> Line:
    return Line(**{name: row[name] for name in Line._fields})


def _attachments(statement: dict[str, Any]) -> tuple[Attachment, ...]:
    name = f"{statement['network']['slug']}-{statement['period']}-{statement['space']}"
    return (
        Attachment(
            f"{name}.json",
            "application/json",
            "data",
            gettext("Le relevé avec ses preuves, pour « cowopass verify »"),
            statement_text(statement, "json"),
        ),
        Attachment(
            f"{name}.csv",
            "text/csv",
            "supplement",
            gettext("Les lignes, pour un tableur"),
            statement_text(statement, "csv"),
        ),
    )


def _figures(
    found: Month, parties: Mapping[str, Party], statement: Mapping[str, Any], lines: list[Line]
) -> dict[str, Any]:
    """Return the position, what it is the sum of, and what came from and went to each party."""
    currency, is_fund = found.network.currency, statement["space"] == FUND
    sums = [
        (gettext("Cotisations") if is_fund else gettext("Passages reçus"), statement["in_cents"]),
        (gettext("Passages de vos nomades ailleurs"), -statement["out_cents"]),
        (gettext("Cotisation à la caisse"), -statement["levy_cents"]),
        (gettext("Reporté d’un autre mois"), statement["carried_in_cents"]),
    ]
    position = statement["position_cents"]
    by_party = add_up_by_party(statement["space"], lines)
    named = sorted(by_party.items(), key=lambda item: party_of(parties, item[0]).name.casefold())
    return {
        "position": {
            "says": _position_says(position, is_locked=found.state in LOCKED),
            "amount": amount(abs(position), currency),
        },
        "sums": [(label, signed(cents, currency)) for label, cents in sums if cents],
        "total": (gettext("Solde"), signed(position, currency)),
        "others": [_with_other(parties, currency, *item) for item in named],
    }


def _position_says(cents: int, *, is_locked: bool) -> str:
    if cents == 0:
        return str(gettext("Rien à payer, rien à recevoir"))
    if is_locked:
        return str(gettext("À recevoir") if cents > 0 else gettext("À payer"))
    if cents > 0:
        return str(gettext("À recevoir si le mois finissait ainsi"))
    return str(gettext("À payer si le mois finissait ainsi"))


def _with_other(
    parties: Mapping[str, Party], currency: str, slug: str, sums: WithOther
) -> dict[str, Any]:
    return {
        "party": _shown(parties, slug),
        "received": str(sums.received or "–"),
        "gross_in": amount(sums.in_cents, currency) if sums.in_cents else "–",
        "made": str(sums.made or "–"),
        "gross_out": amount(sums.out_cents, currency) if sums.out_cents else "–",
        "net": signed(sums.in_cents - sums.out_cents, currency),
    }


def _to_pay(
    found: Month, parties: Mapping[str, Party], statement: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the transfers to make, each with the code that a bank's application reads."""
    currency = found.network.currency
    transfers = []
    for row in statement["transfers"]:
        if row["debtor"] != statement["space"]:
            continue
        account = party_of(parties, row["creditor"]).legal
        transfers.append(
            {
                "party": _shown(parties, row["creditor"]),
                "lines": [account.name] if account else [],
                "iban": show_iban(account.iban) if account and account.iban else None,
                "reference": creditor_reference(row["id"]),
                "amount": amount(row["amount_cents"], currency),
                "qr": payment_qr(account, row["amount_cents"], row["id"])
                if account and currency == "EUR"
                else None,
                "missing": _why_not_yet(found, parties, row["creditor"]),
            }
        )
    return transfers


def _why_not_yet(found: Month, parties: Mapping[str, Party], creditor: str) -> str | None:
    """Return why a creditor can not be paid now, None when it can."""
    party = party_of(parties, creditor)
    if creditor != FUND and party.network != found.network.slug:
        return str(
            gettext(
                "Rien à payer pour l’instant : les trésoreries des deux réseaux conviennent de qui "
                "paie qui, puis la vôtre vous le dit."
            )
        )
    if party.legal is not None and party.legal.iban is not None:
        return None
    return str(gettext("Son IBAN n’est pas connu : demandez-le, puis faites refaire ce PDF."))


def _to_receive(
    found: Month, parties: Mapping[str, Party], statement: Mapping[str, Any]
) -> list[dict[str, Any]]:
    return [
        {
            "party": _shown(parties, row["debtor"]),
            "about": creditor_reference(row["id"]),
            "amount": amount(row["amount_cents"], found.network.currency),
        }
        for row in statement["transfers"]
        if row["creditor"] == statement["space"]
    ]


def _carried(
    found: Month, parties: Mapping[str, Party], statement: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return what is too small to be paid this month, with its sign for this participant."""
    rows = []
    for row in statement["carried"]:
        is_owed = row["creditor"] == statement["space"]
        rows.append(
            {
                "party": _shown(parties, row["debtor"] if is_owed else row["creditor"]),
                "about": month_name(row["since"]),
                "amount": signed(
                    row["amount_cents"] if is_owed else -row["amount_cents"], found.network.currency
                ),
            }
        )
    return rows


def _legal_lines(legal: LegalEntity | None) -> list[str]:
    """Return who stands behind a space, in the lines of a letterhead."""
    if legal is None:
        return []
    street = " ".join(filter(None, (legal.building_number, legal.street_name)))
    town = " ".join(filter(None, (legal.postcode, legal.town)))
    lines = (
        ", ".join(filter(None, (legal.name, legal.form))),
        ", ".join(filter(None, (street, town))),
        f"SIRET {legal.siret}" if legal.siret else "",
    )
    return [line for line in lines if line]


def _lines_title(count: int, *, is_printed: bool) -> str:
    if not count:
        return str(gettext("Aucune ligne ce mois-ci : aucun passage reçu, aucun ailleurs."))
    if not is_printed:
        return str(
            gettext("Les %(count)d lignes sont dans les fichiers joints à ce PDF.", count=count)
        )
    return str(ngettext("%(num)d ligne", "%(num)d lignes", count))


def _how_to_verify() -> str:
    return str(
        gettext(
            "Les fichiers joints à ce PDF ont toutes les lignes et leurs preuves. Pour les "
            "vérifier sans nous croire : « cowopass verify », suivi du nom de ce fichier."
        )
    )


def _shown(parties: Mapping[str, Party], slug: str) -> dict[str, Any]:
    return party_of(parties, slug).shown()


def _words(currency: str) -> dict[str, str]:
    return {
        "with_each": gettext("Avec chaque lieu"),
        "space": gettext("Lieu"),
        "received": gettext("Reçus"),
        "gross_in": gettext("Brut à recevoir"),
        "made": gettext("Allés"),
        "gross_out": gettext("Brut à payer"),
        "net": gettext("Différence"),
        "to_pay": gettext("Virements à faire"),
        "to_receive": gettext("Virements à recevoir"),
        "carried": gettext("Trop petit pour un virement, reporté au mois suivant"),
        "from": gettext("De"),
        "with": gettext("Avec"),
        "since": gettext("Depuis"),
        "reference": gettext("Référence"),
        "amount": gettext("Montant"),
        "iban": "IBAN",
        "qr": gettext("Code de paiement"),
        "scan": gettext("Scannez le code avec l’application de votre banque : tout y est rempli."),
        "day": gettext("Jour"),
        "visit": gettext("Passage"),
        "pass": gettext("Pass, sans nom"),
        "host_price": gettext("Prix hôte"),
        "pass_value": gettext("Valeur"),
        "charge": gettext("Créance"),
        "levy": gettext("Cotis."),
        "unit": gettext("Unité"),
        "effect": gettext("Pour vous, %(currency)s", currency=currency),
    }
