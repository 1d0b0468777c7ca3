"""Whatever comes in whatever order, nothing is paid twice and nothing is lost."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cowopass.bank.importing import Upload, import_statement
from cowopass.bank.models import BankEntry, BankMatch
from cowopass.settlement.balances import check_balances
from cowopass.settlement.models import Payment
from cowopass.settlement.transfers import creditor_reference, list_dues
from tests.cowopass.bank.conftest import ACCOUNTS
from tests.cowopass.bank.statements import Told, camt_02, camt_08

PARTS = st.lists(st.integers(1, 1000), min_size=1, max_size=4)


def statements(parts: list[int], reference: str) -> list[bytes]:
    """Return the statements of both sides, and one of the creditor that has only the first part."""
    received = [
        Told(cents, "2026-12-01", reference, bank_reference=str(number))
        for number, cents in enumerate(parts)
    ]
    paid = [
        Told(-cents, "2026-12-01", end_to_end=reference, bank_reference=str(number))
        for number, cents in enumerate(parts)
    ]
    return [
        camt_02(ACCOUNTS["b"], *received),
        camt_08(ACCOUNTS["c"], *paid),
        camt_02(ACCOUNTS["b"], received[0]),
    ]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(parts=PARTS, data=st.data())
def test_in_any_order_and_any_number_of_times_each_payment_counts_once(engine, locked, parts, data):
    (due,) = [due for due in list_dues(locked, "sainte", "2026-11") if due.debtor == "c"]
    locked.rollback()
    files = statements(parts, creditor_reference(due.id))
    order = data.draw(
        st.permutations([0, 1, 2, *data.draw(st.lists(st.integers(0, 2), max_size=2))])
    )
    with Session(engine) as session:
        for place in order:
            import_statement(session, "sainte", Upload(files[place]))
        (now,) = [each for each in list_dues(session, "sainte", "2026-11") if each.id == due.id]
        assert now.paid_cents == min(sum(parts), due.amount_cents)
        matched = session.scalar(
            select(func.sum(Payment.amount_cents)).join(
                BankMatch, BankMatch.payment_id == Payment.id
            )
        )
        surplus = session.scalar(
            select(func.sum(BankEntry.surplus_cents)).where(BankEntry.state == "matched")
        )
        assert (matched or 0) + surplus == sum(parts)
        assert check_balances(session) == []
        session.rollback()
