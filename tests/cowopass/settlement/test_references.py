from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649

from clearing.netting import transfer_id
from cowopass.settlement.transfers import creditor_reference


@given(st.text(max_size=60), st.text(max_size=60))
def test_every_transfer_has_a_valid_reference_that_says_its_id(debtor: str, creditor: str):
    transfer = transfer_id("sainte", "2026-11", debtor, creditor)
    reference = creditor_reference(transfer)
    assert iso11649.is_valid(reference)
    assert f"trf_{reference[4:].lower()}" == transfer


def test_a_reference_with_two_letters_swapped_is_found_out():
    reference = creditor_reference("trf_wkdk4dofkiv2gxjjpdyy")
    assert reference == "RF28WKDK4DOFKIV2GXJJPDYY"
    assert not iso11649.is_valid(reference.replace("WK", "KW"))
