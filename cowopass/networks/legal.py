"""The legal side of a space or a fund: checked by libraries that follow the law, and kept dated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from babel import Locale
from babel.numbers import get_currency_precision, is_currency
from sqlalchemy.orm import Session
from stdnum.eu import vat
from stdnum.exceptions import ValidationError as NumberInvalid
from stdnum.fr import siren, siret

from cowopass.database import assign
from cowopass.errors import LegalKept
from cowopass.networks.models import LegalEntity, VatRegime

REGIMES = ("standard", "franchise", "out_of_scope")
"""How an entity stands to VAT: 20 %, exempt as a small one, or outside of it."""

NOT_A_STATE = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
"""Two-letter codes that name no country."""


def check_siren(text: str) -> str:
    """Return a SIREN as nine digits. Raises ValueError, with the reason."""
    return _number(siren.validate, text, "a SIREN")


def check_siret(text: str) -> str:
    """Return a SIRET as fourteen digits. Raises ValueError, with the reason."""
    return _number(siret.validate, text, "a SIRET")


def check_vat_number(text: str) -> str:
    """Return a VAT number of the European Union, compact. Raises ValueError, with the reason."""
    return _number(vat.validate, text, "a VAT number")


def check_iban(text: str) -> str:
    """Return an IBAN, compact. Raises ValueError, with the reason."""
    return _account("IBAN", text)


def check_bic(text: str) -> str:
    """Return a BIC, compact. Raises ValueError, with the reason."""
    return _account("BIC", text)


def check_country(text: str) -> str:
    """Return the two letters of a country. Raises ValueError."""
    if text not in _countries():
        raise ValueError(f"{text} is no country: two capital letters, such as FR.")
    return text


def check_currency(text: str) -> str:
    """Return a currency that has hundredths, since amounts are cents. Raises ValueError."""
    if not is_currency(text) or get_currency_precision(text) != 2:
        raise ValueError(f"{text} is no currency with hundredths: three letters, such as EUR.")
    return text


def save_legal(
    session: Session, entity: LegalEntity | None, details: Mapping[str, Any] | None
) -> tuple[LegalEntity | None, bool]:
    """Write a legal entity's columns; return it, and whether anything changed.

    Its VAT regimes are written by `save_vat_regime`. Raises LegalKept when there is one and no
    details any more.
    """
    if details is None:
        if entity is not None:
            raise LegalKept
        return None, False
    if entity is not None:
        return entity, assign(entity, details)
    entity = LegalEntity(**details)
    session.add(entity)
    return entity, True


def save_vat_regime(entity: LegalEntity, regime: str, effective_from: date) -> bool:
    """Let an entity stand to VAT in a way from a day on; return whether that is new.

    A change that somebody tells late is taken: what was invoiced with another regime since that day
    is taken back and invoiced anew when a month is issued next.
    """
    known = next((row for row in entity.vat if row.effective_from == effective_from), None)
    if known is not None and known.regime == regime:
        return False
    if known is not None:
        known.regime = regime
    else:
        entity.vat.append(VatRegime(regime=regime, effective_from=effective_from))
    return True


def regime_on(entity: LegalEntity, day: date) -> str | None:
    """Return how an entity stands to VAT on a day, None when nobody has said."""
    versions = [row for row in entity.vat if row.effective_from <= day]
    return max(versions, key=lambda row: row.effective_from).regime if versions else None


def _number(validate: Callable[[str], str], text: str, what: str) -> str:
    try:
        return str(validate(text))
    except NumberInvalid as error:
        raise ValueError(f"{text} is not {what}: {error}") from error


def _account(kind: str, text: str) -> str:
    # It reads a registry of banks when imported, for which no other command should wait.
    import schwifty
    from schwifty.exceptions import SchwiftyException

    try:
        return str(schwifty.IBAN(text) if kind == "IBAN" else schwifty.BIC(text))
    except SchwiftyException as error:
        raise ValueError(f"{text} is not a valid {kind}: {error}.") from error


@cache
def _countries() -> frozenset[str]:
    codes = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - NOT_A_STATE
