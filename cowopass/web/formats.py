"""How pages write money, units, days and hours, in the language of the request.

Templates use them as filters: `{{ cents|money("EUR") }}`, `{{ check_in.at|local(zone)|hour }}`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from flask import Flask
from flask_babel import (
    format_currency,
    format_decimal,
    format_time,
    get_locale,
    gettext,
)

from clearing.line import Unit
from cowopass import clock
from cowopass.web.vendor import IMPORT_MAP

MINUS = "−"
FRENCH = Locale("fr")
UNBROKEN = "\N{NO-BREAK SPACE}"


def register(app: Flask) -> None:
    """Give templates the filters, and the import map of their modules."""
    app.jinja_env.filters.update(
        money=money,
        amount=amount,
        signed=signed,
        figure=figure,
        unit_name=unit_name,
        local=local,
        hour=hour,
        day=day,
        short_day=short_day,
        long_day=long_day,
        weekday=weekday,
        day_and_hour=day_and_hour,
        month_name=month_name,
        of_month=of_month,
    )
    app.jinja_env.globals["import_map"] = IMPORT_MAP


def money(amount_cents: int, currency: str) -> str:
    """Write cents as a price, without decimals when there are none: `12 €`, `12,50 €`."""
    return re.sub(r"[.,]00(?!\d)", "", amount(amount_cents, currency))


def amount(amount_cents: int, currency: str) -> str:
    """Write cents as an amount of an account, always with two decimals: `12,00 €`."""
    text = str(format_currency(Decimal(amount_cents) / 100, currency))
    return text.replace("-", MINUS)


def signed(amount_cents: int, currency: str) -> str:
    """Write cents with their sign, for positions: `+12,00 €`, `−3,50 €`, `0,00 €`."""
    plus = "+" if amount_cents > 0 else ""
    return plus + amount(amount_cents, currency)


def figure(amount_cents: int) -> str:
    """Write cents in a column or a field, without the currency: `1 234,50`."""
    return str(format_decimal(Decimal(amount_cents) / 100, "#,##0.00")).replace("-", MINUS)


def unit_name(unit: Unit) -> str:
    """Name a unit."""
    names = {
        "day": gettext("Journée"),
        "half_day": gettext("Demi-journée"),
        "hour": gettext("Heure"),
    }
    return str(names[unit])


def local(moment: datetime, timezone: str) -> datetime:
    """Return an instant in a network's time zone."""
    return moment.astimezone(ZoneInfo(timezone))


def hour(moment: time | datetime) -> str:
    """Write a local time of day as people say it, never broken by a line: `18 h 30`, `6:30 PM`."""
    if _is_french():
        minutes = f"{UNBROKEN}{moment.minute:02}" if moment.minute else ""
        return f"{moment.hour}{UNBROKEN}h{minutes}"
    return str(format_time(moment, "short", rebase=False))


def day(on: date) -> str:
    """Write a day with its weekday, the year only when it is another: `vendredi 27 novembre`."""
    pattern = "EEEE d MMMM" if on.year == clock.now().year else "EEEE d MMMM y"
    return say_date(on, pattern)


def say_date(on: date, form: str, language: str | None = None) -> str:
    """Write a day by a form of Babel's, the first of a month as French says it: `1er novembre`.

    A document is in a language of its own; a page in the one of its request.
    """
    locale = Locale.parse(language) if language else get_locale() or FRENCH
    text = str(format_date(on, form, locale))
    is_first = on.day == 1 and locale.language == FRENCH.language
    return re.sub(r"\b1 ", "1er ", text) if is_first else text


def short_day(on: date | str) -> str:
    """Write a day, also one given as YYYY-MM-DD, where there is little room: `27 nov.`."""
    known = date.fromisoformat(on) if isinstance(on, str) else on
    return say_date(known, "d MMM")


def long_day(on: date | str) -> str:
    """Write a day with its year, also one given as YYYY-MM-DD: `1er janvier 2027`.

    English has its days before its months here, as in every other form.
    """
    known = date.fromisoformat(on) if isinstance(on, str) else on
    return say_date(known, "d MMMM y")


def weekday(on: date) -> str:
    """Write a day of this year beside a name, with its weekday, where there is little room."""
    return say_date(on, "EEE d MMM")


def month_name(month: str) -> str:
    """Write a month given as YYYY-MM: `novembre 2026`."""
    return say_date(date.fromisoformat(f"{month}-01"), "MMMM y")


def of_month(month: str) -> str:
    """Write a month behind what belongs to it: `de novembre 2026`, `d’octobre 2026`.

    English says it elsewhere in the sentence, and gets the name alone.
    """
    name = month_name(month)
    if not _is_french():
        return name
    return f"d’{name}" if name[0] in "ao" else f"de {name}"


def _is_french() -> bool:
    """Return whether French is written now: a mail or a paper may be in another language."""
    return (get_locale() or FRENCH).language == FRENCH.language


def day_and_hour(moment: datetime) -> str:
    """Write a coming moment, in its own zone, as a weekday, or today, and a time."""
    is_today = moment.date() == clock.now().astimezone(moment.tzinfo).date()
    name = gettext("aujourd’hui") if is_today else say_date(moment, "EEEE")
    return str(gettext("%(day)s à %(hour)s", day=name, hour=hour(moment.time())))
