"""Writing a decided visit down: the check-in's row, the units it takes, the charge it makes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import update
from sqlalchemy.orm import Session

from clearing.valuation import Valuation
from cowopass.desk.decision import Accepted, Refused
from cowopass.desk.facts import Visit
from cowopass.desk.loading import Shown
from cowopass.desk.models import CheckIn
from cowopass.desk.occupancy import Place
from cowopass.desk.scans import Scan
from cowopass.ledger.service import Charge, post_charge
from cowopass.passes.golden import redeem_golden
from cowopass.passes.usage import Units, spend
from wallet.plan import MONTHLY


class Decided(NamedTuple):
    """A visit and what was decided; pass and place are None where they are unknown here."""

    visit: Visit
    answer: Accepted | Refused
    shown: Shown | None
    place: Place | None


class Admitted(NamedTuple):
    """A visit that was accepted, of a pass and at a place that are known."""

    visit: Visit
    answer: Accepted
    shown: Shown
    place: Place


def record(session: Session, scan: Scan, decided: Decided, now: datetime) -> CheckIn:
    """Spend, charge and save; return the check-in as it is recorded.

    The database has the last word: units that are gone after all make it a refusal.
    """
    admitted = admitted_of(decided)
    if admitted is not None and not _spend(session, admitted):
        decided = decided._replace(answer=Refused("no_units_left"))
        admitted = None
    row = row_of(scan, decided, now)
    if admitted is not None:
        row["line_id"] = post(session, scan.id, admitted, notes_of(admitted))
    session.execute(update(CheckIn).where(CheckIn.id == scan.id).values(row))
    return CheckIn(**row)


def admitted_of(decided: Decided) -> Admitted | None:
    """Return a decided visit as an admitted one, or None when it was refused."""
    visit, answer, shown, place = decided
    if isinstance(answer, Refused) or shown is None or place is None:
        return None
    return Admitted(visit, answer, shown, place)


def row_of(scan: Scan, decided: Decided, now: datetime) -> dict[str, Any]:
    """Return every column of the check-in."""
    visit, answer, shown, place = decided
    row = {
        "id": scan.id,
        "body_hash": scan.body_hash,
        "space": place.space.slug if place else None,
        "home": shown.sold.home if shown else None,
        "pass_id": shown.sold.id if shown else None,
        "jti": shown.ticket.jti if shown and shown.ticket else None,
        "proof_hash": shown.proof_hash if shown else None,
        "token_id": scan.token_id,
        "kind": "golden" if visit.golden else "normal",
        "source": visit.source,
        "at": visit.at,
        "on": place.on if place else None,
        "recorded_at": now,
        "unit": visit.unit,
        "override_reason": scan.override,
        "line_id": None,
    }
    bucket = shown.bucket_on(visit.on) if shown else None
    return {**row, **answer_columns(answer, bucket)}


def answer_columns(answer: Accepted | Refused, bucket: str | None) -> dict[str, Any]:
    """Return the columns that say what was decided, and what it takes from the pass's bucket.

    A refusal leaves the unit that was asked for as it is.
    """
    if isinstance(answer, Refused):
        return {"state": "refused", "code": answer.code, "bucket": None, **_NOTHING}
    return {"state": "accepted", "code": None, "bucket": bucket, **accepted_columns(answer)}


def accepted_columns(accepted: Accepted) -> dict[str, Any]:
    """Return the columns that say what a visit took and what it costs."""
    return {
        "unit": accepted.unit,
        "reentry": accepted.reentry,
        "overused": accepted.overused,
        "units": accepted.units,
        "units_left": accepted.units_left,
        "pass_value_cents": accepted.pass_value_cents,
        "agreement": accepted.agreement,
        **_amounts(accepted.valuation),
    }


def _amounts(valuation: Valuation | None) -> dict[str, int | None]:
    """Return the columns of a charge, all None where there is none: at home, on re-entry."""
    names = ("host_price_cents", "charge_cents", "levy_cents", "top_up_cents")
    return {name: getattr(valuation, name) if valuation else None for name in names}


_NOTHING: dict[str, Any] = {
    "reentry": False,
    "overused": False,
    "units": 0,
    "units_left": None,
    "pass_value_cents": None,
    "agreement": None,
    **_amounts(None),
}


def _spend(session: Session, admitted: Admitted) -> bool:
    """Take the units of a visit, and its golden ticket; say whether they were there."""
    visit, answer, shown, _ = admitted
    if not answer.units:
        return True
    if not spend_units(session, admitted, answer.units, answer.pass_value_cents):
        return False
    ticket = shown.ticket
    if ticket is None or not shown.is_golden:
        return True
    if not redeem_golden(session, ticket.jti, visit.at):
        raise RuntimeError(f"the golden ticket {ticket.jti} was redeemed while it was held")
    return True


def spend_units(session: Session, admitted: Admitted, units: int, value_cents: int) -> bool:
    """Take units and their value out of the pass's bucket; say whether they were there."""
    visit, _, shown, _ = admitted
    plan, bucket = shown.plan, shown.bucket_on(visit.on)
    return spend(
        session,
        Units(shown.sold.id, bucket, units, value_cents, golden=visit.golden),
        allowance=plan.golden_tickets if visit.golden else plan.units,
        on=visit.on,
        may_be_stopped=visit.source == "offline",
    )


def post(
    session: Session, check_in_id: str, admitted: Admitted, notes: tuple[str, ...]
) -> str | None:
    """Write the charge of a visit away and return its line; None for one that makes no charge."""
    visit, answer, shown, place = admitted
    if answer.valuation is None or answer.agreement is None:
        return None
    sold = shown.sold
    charge = Charge(
        check_in=check_in_id,
        on=visit.on,
        unit=answer.unit,
        golden=visit.golden,
        home=sold.home,
        home_network=sold.network,
        host=place.space.slug,
        host_network=place.space.network,
        pass_id=sold.id,
        valuation=answer.valuation,
        monthly_price_cents=sold.price_paid_cents if shown.plan.kind in MONTHLY else None,
        agreement=answer.agreement,
        notes=notes,
    )
    return post_charge(session, charge)


def notes_of(admitted: Admitted) -> tuple[str, ...]:
    """Return what a charge says of how its visit came about, and why nobody pays for it."""
    visit, answer, _, _ = admitted
    marks = {
        "offline": visit.source == "offline",
        "imported": visit.source == "import",
        "overused": answer.overused,
        "override": answer.overridden is not None,
    }
    notes = [note for note, applies in marks.items() if applies]
    return (*notes, visit.unpaid) if visit.unpaid else tuple(notes)
