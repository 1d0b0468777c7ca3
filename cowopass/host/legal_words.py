"""The words of the form of a space's legal side: its fields, and what is wrong with them."""

from __future__ import annotations

import re

from flask_babel import gettext

from cowopass.host.together import Typed

SIRET_DIGITS = 14
FRENCH_IBAN_SIGNS = 27


def field_name(name: str) -> str:
    """Name a field of the form."""
    names = {
        "name": gettext("À quel nom paie-t-on ?"),
        "form": gettext("Forme"),
        "siret": gettext("Votre SIRET, 14 chiffres"),
        "vat_number": gettext("Votre numéro de TVA"),
        "iban": gettext("Votre IBAN"),
        "bic": gettext("BIC"),
        "building_number": gettext("Numéro"),
        "street_name": gettext("Rue"),
        "postcode": gettext("Code postal"),
        "town": gettext("Ville"),
        "country": gettext("Pays, deux lettres"),
        "regime": gettext("Nouveau régime"),
        "regime_from": gettext("À partir du"),
        "mandate_on": gettext("Mandat donné le"),
        "mandate_until": gettext("Dernier jour du mandat"),
        "contest_days": gettext("Jours pour contester une facture"),
    }
    return str(names[name])


def field_hint(name: str) -> str:
    """Say where to find what a field asks for, or whether it may stay empty."""
    hints = {
        "name": gettext("celui de l’association ou de la société, sur le compte et les factures"),
        "form": gettext("association, SCOP, SARL…"),
        "siret": gettext("sur votre avis de situation INSEE"),
        "vat_number": gettext("FR, deux signes, puis votre SIREN ; rien si vous n’en avez pas"),
        "iban": gettext("sur votre relevé d’identité bancaire (RIB)"),
        "bic": gettext("peut rester vide"),
        "country": gettext("FR pour la France"),
        "mandate_until": gettext("vide : sans fin"),
        "contest_days": gettext("15 si vous ne dites rien"),
    }
    return str(hints.get(name, ""))


def regime_name(regime: str) -> str:
    """Name a way to stand to VAT."""
    names = {
        "standard": gettext("avec TVA à 20 %"),
        "franchise": gettext("franchise en base : sans TVA"),
        "out_of_scope": gettext("hors du champ de la TVA"),
    }
    return str(names[regime])


def fault_in_words(name: str, typed: Typed) -> str:
    """Say what is wrong with a field, and what would do."""
    counted = {"siret": _fault_of_siret, "iban": _fault_of_iban}
    if name in counted:
        return counted[name](typed[name])
    a_day = gettext("Un jour, par exemple 01/01/2027.")
    faults = {
        "name": gettext("Donnez le nom du titulaire du compte, en 200 lettres au plus."),
        "vat_number": gettext(
            "Ce numéro de TVA n’existe pas : en France, FR, deux signes, puis les 9 premiers "
            "chiffres du SIRET. Recopiez-le d’une de vos factures, ou laissez vide."
        ),
        "bic": gettext("Un BIC a 8 ou 11 signes. Recopiez-le de votre RIB, ou laissez vide."),
        "country": gettext("Deux lettres, par exemple FR."),
        "regime": gettext("Choisissez aussi le régime."),
        "regime_from": gettext("Dites aussi à partir de quel jour."),
        "mandate_on": a_day,
        "mandate_until": gettext("Un jour qui n’est pas avant le début du mandat."),
        "contest_days": gettext("Un nombre de jours de 0 à 365, ou rien."),
    }
    return str(faults.get(name, gettext("C’est trop long.")))


def _fault_of_siret(text: str) -> str:
    count = len(re.sub(r"\D", "", text))
    if count != SIRET_DIGITS:
        return str(
            gettext("Un SIRET a 14 chiffres, ici il y en a %(count)s. Complétez.", count=count)
        )
    return str(
        gettext(
            "Un des chiffres est faux : ce SIRET ne peut pas exister. Recopiez-le de votre avis de "
            "situation INSEE."
        )
    )


def _fault_of_iban(text: str) -> str:
    signs = re.sub(r"\W|_", "", text)
    if signs[:2].upper() == "FR" and len(signs) != FRENCH_IBAN_SIGNS:
        return str(
            gettext(
                "Un IBAN français a 27 signes, ici il y en a %(count)s. Complétez.",
                count=len(signs),
            )
        )
    return str(
        gettext("Un des signes est faux : cet IBAN ne peut pas exister. Recopiez-le de votre RIB.")
    )
