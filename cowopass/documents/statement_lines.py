"""The lines of a statement as they are printed, and what they come to with each other party."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from flask_babel import gettext

from clearing.line import FUND, TAKES_BACK, Line, effects
from cowopass.settlement.months import ABOUT_VISITS
from cowopass.web.formats import figure, month_name, of_month, short_day, signed, unit_name


class WithOther(NamedTuple):
    """What the visits between a participant and another party come to, gross, in cents.

    `received` and `made` count the visits that still stand.
    """

    received: int = 0
    in_cents: int = 0
    made: int = 0
    out_cents: int = 0


def add_up_by_party(participant: str, lines: Iterable[Line]) -> dict[str, WithOther]:
    """Return what visits come to with each other party of a statement, by slug.

    To the fund each host owes the levies of its visits, which are `in_cents` there.
    """
    sums: dict[str, WithOther] = {}
    for line in lines:
        if line.kind not in ABOUT_VISITS:
            continue
        sign = -1 if line.kind in TAKES_BACK else 1
        is_levied = participant == FUND
        is_received = is_levied or line.creditor == participant
        other = line.creditor if is_levied or not is_received else line.debtor
        cents = sign * (line.levy_cents if is_levied else line.amount_cents)
        sofar = sums.get(other, WithOther())
        if is_received:
            sofar = sofar._replace(received=sofar.received + sign, in_cents=sofar.in_cents + cents)
        else:
            sofar = sofar._replace(made=sofar.made + sign, out_cents=sofar.out_cents + cents)
        sums[other] = sofar
    return sums


class LinePrinter:
    """Prints the lines of one participant's statement; a figure is formatted once."""

    def __init__(self, participant: str, currency: str, lines: list[Line]) -> None:
        self._participant = participant
        self._lines = lines
        self._contested = _contested(lines)
        self._figure = cache(figure)
        self._day = cache(short_day)
        self._unit = cache(unit_name)
        self._month = cache(month_name)
        self._of_month = cache(of_month)
        self._effect = cache(lambda cents: signed(cents, currency).removesuffix("\u00a0€"))
        self._kinds = _kinds()
        self._notes = _notes()

    def rows(self) -> Iterator[list[Any]]:
        """Yield each line as its cells: day, what, other party, marks, unit, pseudonym, figures.

        The figures are host price, pass value, charge, levy and effect on the position; a cell is
        empty where a line has none.
        """
        for line in self._lines:
            yield [
                self._day(line.on) if line.on else "",
                self._what(line),
                self._other(line),
                " · ".join(self._marks(line)),
                self._unit(line.unit).lower() if line.unit else "",
                line.pseudonym or "",
                self._cents(line.host_price_cents),
                self._cents(line.pass_value_cents),
                self._cents(line.amount_cents),
                self._cents(line.levy_cents or None),
                self._effect(self._cents_of(line)),
            ]

    def _cents(self, cents: int | None) -> str:
        return "" if cents is None else self._figure(cents)

    def _cents_of(self, line: Line) -> int:
        return sum(cents for name, cents in effects(line) if name == self._participant)

    def _what(self, line: Line) -> str:
        if line.kind != "charge":
            return self._kinds[line.kind]
        if self._participant == FUND:
            return self._kinds["levied"]
        is_ours = line.debtor == self._participant
        return self._kinds["made" if is_ours else "received"]

    def _other(self, line: Line) -> str | None:
        """Return whom the line is with: the other space of a visit, else the other participant."""
        if self._participant == FUND and line.kind in ABOUT_VISITS:
            return line.creditor
        is_ours = self._participant in (line.debtor, line.home)
        return (line.host or line.creditor) if is_ours else (line.home or line.debtor)

    def _marks(self, line: Line) -> Iterator[str]:
        if line.visit == "golden":
            yield self._kinds["golden"]
        if line.id in self._contested:
            yield self._kinds["contested"]
        if line.late_from:
            yield gettext("en retard, %(month)s", month=self._of_month(line.late_from))
        if line.since:
            yield gettext("dû depuis %(month)s", month=self._month(line.since))
        if line.top_up_cents:
            top_up = self._figure(line.top_up_cents)
            yield gettext("complément payé sur place %(amount)s", amount=top_up)
        yield from (self._notes.get(note, note) for note in line.notes if note != "late")


def _contested(lines: Iterable[Line]) -> set[str | None]:
    """Return the ids of the lines that are withheld now."""
    withheld: dict[str | None, str] = {}
    released = set()
    for line in lines:
        if line.kind == "withheld":
            withheld[line.id] = line.reverses or ""
        elif line.kind == "released":
            released.add(line.reverses)
    return {answered for id_, answered in withheld.items() if id_ not in released}


def _kinds() -> dict[str, str]:
    return {
        "received": gettext("Reçu, de"),
        "made": gettext("Allé chez"),
        "levied": gettext("Cotisation de"),
        "golden": gettext("ticket d’or"),
        "contested": gettext("contesté"),
        "reversal": gettext("Annulé"),
        "withheld": gettext("Contesté, mis de côté"),
        "released": gettext("Contestation écartée"),
        "carried": gettext("Reporté du mois d’avant"),
        "write_off": gettext("Abandonné, à la charge de la caisse"),
    }


def _notes() -> dict[str, str]:
    return {
        "offline": gettext("hors ligne"),
        "offline_late": gettext("hors ligne, reçu trop tard pour être payé"),
        "offline_bundle_stale": gettext("hors ligne, données expirées : pas payé"),
        "offline_limit": gettext("hors ligne, au-delà de la limite : pas payé"),
        "overused": gettext("au-delà des unités du pass"),
        "override": gettext("admis par l’hôte"),
        "extended": gettext("demi-journée devenue journée"),
        "imported": gettext("importé"),
        "liability_capped": gettext("plafonné"),
    }
