"""What the banks told, for the treasurer to decide; and how she is told what an import came to."""

from __future__ import annotations

from typing import NamedTuple

from flask_babel import gettext, ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.bank.importing import Imported
from cowopass.bank.listing import Shown, is_to_look_at, list_entries
from cowopass.bank.models import BankEntry, BankMatch
from cowopass.bank.parties import Party, list_parties
from cowopass.settlement.transfers import Due, dues_of_network
from cowopass.treasury.frame import Treasury
from cowopass.web.formats import amount


class BankView(NamedTuple):
    """Entries to look at, those that are done, accounts by IBAN, and transfers with their month."""

    to_confirm: list[Shown]
    unknown: list[Shown]
    done: list[Shown]
    parties: list[Party]
    accounts: dict[str, str]
    transfers: dict[str, tuple[str, Due]]

    @property
    def unpaid_months(self) -> list[str]:
        """The months of which something is left to pay, the oldest first."""
        return sorted({month for month, due in self.transfers.values() if due.left_cents})


def view_bank(session: Session, treasury: Treasury) -> BankView:
    """Return what the page of the bank shows."""
    slug = treasury.network.slug
    shown = list_entries(session, slug)
    waiting = [each for each in shown if is_to_look_at(each.entry)]
    parties = [party for party in list_parties(session, treasury.network).values() if party.iban]
    return BankView(
        to_confirm=[each for each in waiting if each.options],
        unknown=[each for each in waiting if not each.options],
        done=[each for each in shown if each not in waiting],
        parties=parties,
        accounts=accounts_of(parties),
        transfers=dues_of_network(session, slug),
    )


def accounts_of(parties: list[Party]) -> dict[str, str]:
    """Return whose an account is, by IBAN: names, where several share one."""
    owners: dict[str, list[str]] = {}
    for party in parties:
        if party.iban:
            owners.setdefault(party.iban, []).append(party.name)
    return {iban: ", ".join(names) for iban, names in owners.items()}


def sources_of(session: Session, treasury: Treasury, payments: list[str]) -> dict[str, str]:
    """Return on whose statement each of some payments was seen, by the payment's id."""
    accounts = accounts_of(list(list_parties(session, treasury.network).values()))
    rows = session.execute(
        select(BankMatch.payment_id, BankEntry.account)
        .join(BankEntry, BankEntry.id == BankMatch.entry_id)
        .where(BankMatch.payment_id.in_(payments))
    )
    return {payment: accounts.get(account, account) for payment, account in rows}


def tell_import(imported: Imported, currency: str) -> str:
    """Say in plain words what an import came to."""
    said = [
        (imported.matched, ngettext("%(num)d rapproché", "%(num)d rapprochés", imported.matched)),
        (imported.bounced, ngettext("%(num)d revenu", "%(num)d revenus", imported.bounced)),
        (imported.suggested, gettext("%(num)d à confirmer", num=imported.suggested)),
        (imported.unmatched, ngettext("%(num)d inconnu", "%(num)d inconnus", imported.unmatched)),
        (imported.twins, gettext("%(num)d vus aussi de l’autre côté", num=imported.twins)),
        (imported.repeated, gettext("%(num)d déjà connus", num=imported.repeated)),
        (imported.unrelated, gettext("%(num)d sans rapport, non gardés", num=imported.unrelated)),
    ]
    counts = ", ".join(str(words) for number, words in said if number)
    sentences = [
        "" if imported.is_new else gettext("Ce fichier a déjà été importé."),
        gettext("Virements : %(counts)s.", counts=counts) if counts else gettext("Rien de neuf."),
    ]
    if imported.surplus_cents:
        surplus = amount(imported.surplus_cents, currency)
        sentences.append(gettext("Payé en trop : %(surplus)s.", surplus=surplus))
    return " ".join(filter(None, map(str, sentences)))
