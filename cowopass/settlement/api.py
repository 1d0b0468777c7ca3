"""Months over HTTP: open to every space of the network; the treasurer acts."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from cowopass.language import spoken_language
from cowopass.people.callers import caller_of_request
from cowopass.running import current_config
from cowopass.settlement.lock import lock_period, review_period
from cowopass.settlement.payments import (
    Bill,
    Recorded,
    list_payments,
    record_bounce,
    record_payment,
    write_off,
)
from cowopass.settlement.schemas import (
    BounceRequestSchema,
    HeadSchema,
    LinePageSchema,
    LineQuerySchema,
    MonthSchema,
    MonthsSchema,
    NettingPlanSchema,
    PaymentRequestSchema,
    PaymentSchema,
    PaymentsSchema,
    WriteOffRequestSchema,
)
from cowopass.settlement.service import (
    get_month,
    list_lines,
    list_months,
    show_head,
    show_month,
    show_plan,
)
from cowopass.settlement.simulation import simulate_months
from cowopass.settlement.simulation_schemas import SimulationRequestSchema, SimulationSchema
from cowopass.settlement.simulation_words import Span
from cowopass.transaction import transaction
from cowopass.web import Blueprint

blueprint = Blueprint(
    "settlement",
    __name__,
    url_prefix="/api/v1",
    description="Months: positions, locks, plans, payments.",
)

REPEATED = "The same `id` and body came before: the first result again."


@blueprint.get("/periods/<network>")
@blueprint.response(200, MonthsSchema)
def list_periods(network: str) -> dict[str, Any]:
    """List a network's months, newest first."""
    with transaction(read_only=True) as session:
        caller_of_request(session).must_belong(network)
        return {"periods": list_months(session, network)}


@blueprint.get("/periods/<network>/<month>")
@blueprint.response(200, MonthSchema)
def show_period(network: str, month: str) -> dict[str, Any]:
    """Show a month's state and positions."""
    with transaction(read_only=True) as session:
        caller_of_request(session).must_belong(network)
        return show_month(session, network, month)


@blueprint.get("/periods/<network>/<month>/charges")
@blueprint.arguments(LineQuerySchema, location="query")
@blueprint.response(200, LinePageSchema)
def list_charges(query: dict[str, Any], network: str, month: str) -> dict[str, Any]:
    """List a month's lines in leaf order; a host sees those that concern her space."""
    with transaction(read_only=True) as session:
        caller = caller_of_request(session)
        caller.must_belong(network)
        lines, after = list_lines(
            session,
            network,
            month,
            spaces=None if caller.keeps(network) else caller.hosted_in(network),
            after=query["cursor"],
            limit=query["limit"],
        )
        return {"charges": lines, "next": after}


@blueprint.get("/periods/<network>/<month>/head")
@blueprint.response(200, HeadSchema)
def show_signed_head(network: str, month: str) -> dict[str, Any]:
    """Show what the network signed when the month was locked."""
    with transaction(read_only=True) as session:
        caller_of_request(session).must_belong(network)
        return show_head(session, network, month)


@blueprint.get("/periods/<network>/<month>/plan")
@blueprint.response(200, NettingPlanSchema)
def show_transfers(network: str, month: str) -> dict[str, Any]:
    """Show the plan of a month; before the lock, what it would be."""
    with transaction(read_only=True) as session:
        caller_of_request(session).must_belong(network)
        return show_plan(session, network, month)


@blueprint.post("/periods/<network>/<month>/review")
@blueprint.response(200, MonthSchema)
def review(network: str, month: str) -> dict[str, Any]:
    """Send a month that is over out for review."""
    with transaction() as session:
        caller_of_request(session).must_keep(network)
        review_period(session, network, month)
        return show_month(session, network, month)


@blueprint.post("/periods/<network>/<month>/lock")
@blueprint.response(200, MonthSchema)
def lock(network: str, month: str) -> dict[str, Any]:
    """Lock a month for good: its positions, its plan and its proof. Earlier empty months too."""
    with transaction() as session:
        caller_of_request(session).must_settle(network)
        lock_period(session, current_config(), network, month)
        return show_month(session, network, month)


@blueprint.get("/periods/<network>/<month>/payments")
@blueprint.response(200, PaymentsSchema)
def show_payments(network: str, month: str) -> dict[str, Any]:
    """List what was recorded against a month's transfers, the oldest first."""
    with transaction(read_only=True) as session:
        caller_of_request(session).must_keep(network)
        payments = list_payments(session, network, month)
        return {"payments": [payment.document() for payment in payments]}


@blueprint.post("/periods/<network>/<month>/payments")
@blueprint.arguments(PaymentRequestSchema)
@blueprint.response(201, PaymentSchema)
@blueprint.alt_response(200, schema=PaymentSchema, description=REPEATED)
def pay(body: dict[str, Any], network: str, month: str) -> tuple[dict[str, Any], int]:
    """Record money seen on a bank statement against a transfer, whole or in part."""
    with transaction() as session:
        caller_of_request(session).must_settle(network)
        bill = Bill(network, month, body["transfer"])
        recorded = record_payment(
            session, bill, body["amount_cents"], body["paid_on"], _id_of(body)
        )
        return _answer(session, bill, recorded)


@blueprint.post("/periods/<network>/<month>/bounces")
@blueprint.arguments(BounceRequestSchema)
@blueprint.response(201, PaymentSchema)
@blueprint.alt_response(200, schema=PaymentSchema, description="It had bounced before.")
def bounce(body: dict[str, Any], network: str, month: str) -> tuple[dict[str, Any], int]:
    """Take back a payment that came back: its transfer lacks it again."""
    with transaction() as session:
        caller_of_request(session).must_settle(network)
        payment = str(body["payment"])
        recorded = record_bounce(
            session, network, month, payment, body["bounced_on"], body["reason"]
        )
        return _answer(session, Bill(network, month, recorded.payment.transfer_id), recorded)


@blueprint.post("/periods/<network>/<month>/write-offs")
@blueprint.arguments(WriteOffRequestSchema)
@blueprint.response(201, PaymentSchema)
@blueprint.alt_response(200, schema=PaymentSchema, description=REPEATED)
def give_up(body: dict[str, Any], network: str, month: str) -> tuple[dict[str, Any], int]:
    """Give up what is left of a transfer; the creditor bears it, or the fund."""
    with transaction() as session:
        caller_of_request(session).must_settle(network)
        bill = Bill(network, month, body["transfer"])
        recorded = write_off(
            session,
            bill,
            reason=body["reason"],
            borne_by=body["borne_by"],
            amount_cents=body["amount_cents"],
            payment_id=_id_of(body),
        )
        return _answer(session, bill, recorded)


@blueprint.post("/simulations")
@blueprint.arguments(SimulationRequestSchema)
@blueprint.response(200, SimulationSchema)
def simulate(body: dict[str, Any]) -> dict[str, Any]:
    """Try a rule on real months: positions now and then, side by side. Nothing is written.

    What kinds of passes cost is told to the treasurer, and to each host of its own space.
    """
    network, month, months = body["network"], body["period"], body["periods"]
    span = Span(**months) if months else Span(month, month)
    with transaction(read_only=True) as session:
        caller = caller_of_request(session)
        caller.must_belong(network)
        document = simulate_months(session, network, span, body["agreement"], spoken_language())
    if not caller.keeps(network):
        costs = document["pass_kinds"]
        document["pass_kinds"] = [cost for cost in costs if caller.serves(cost["home"], "host")]
    return document


def _answer(session: Session, bill: Bill, recorded: Recorded) -> tuple[dict[str, Any], int]:
    session.flush()
    state = get_month(session, bill.network, bill.month).state
    return {**recorded.document(), "state": state}, 201 if recorded.is_new else 200


def _id_of(body: dict[str, Any]) -> str | None:
    return None if body["id"] is None else str(body["id"])
