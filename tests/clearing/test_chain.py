from __future__ import annotations

from typing import Any

import pytest

from clearing.chain import verify_chain


def a_head(month: str, root: str, previous: str | None, network: str = "sainte") -> dict[str, Any]:
    """The fields of a head that a chain is made of; roots are shortened to a letter."""
    return {"net": network, "period": month, "root": root, "previous_root": previous}


CHAIN = [
    a_head("2026-10", "a", None),
    a_head("2026-11", "b", "a"),
    a_head("2026-12", "c", "b"),
    a_head("2027-01", "d", "c"),
]


def found(*heads: dict[str, Any]) -> list[tuple[str, str]]:
    return [(finding.code, finding.where) for finding in verify_chain(heads)]


def test_months_that_follow_from_each_other_are_a_chain_in_any_order() -> None:
    assert found(*reversed(CHAIN)) == []
    assert found(*CHAIN, *CHAIN) == []


@pytest.mark.parametrize("heads", [[], CHAIN[:1], CHAIN[2:3]])
def test_one_month_alone_breaks_nothing(heads: list[dict[str, Any]]) -> None:
    assert found(*heads) == []


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_month_written_anew_breaks_the_link_to_the_one_after(place: int) -> None:
    rewritten = {**CHAIN[place], "root": "x"}
    after = CHAIN[place + 1]["period"]
    assert found(*CHAIN[:place], rewritten, *CHAIN[place + 1 :]) == [("chain_broken", after)]


def test_a_whole_past_written_anew_differs_from_the_statement_that_was_kept() -> None:
    kept, november, december = CHAIN[0], a_head("2026-11", "y", "x"), a_head("2026-12", "z", "y")
    assert found(kept, november, december) == [("chain_broken", "2026-11")]
    assert found(kept, {**kept, "root": "x"}, november) == [("month_rewritten", "2026-10")]


def test_a_head_that_was_signed_anew_differs_though_its_root_is_the_same() -> None:
    assert found({**CHAIN[0], "positions": {}}, CHAIN[0]) == [("month_rewritten", "2026-10")]


def test_a_month_that_names_no_month_before_it_follows_from_none() -> None:
    assert found(CHAIN[0], {**CHAIN[1], "previous_root": None}) == [("chain_broken", "2026-11")]


def test_a_missing_month_leaves_its_neighbours_unlinked_over_a_new_year_too() -> None:
    assert found(CHAIN[1], CHAIN[3]) == [("chain_gap", "2027-01")]
    assert found(CHAIN[2], CHAIN[3]) == []


def test_each_network_has_a_chain_of_its_own() -> None:
    lyon = [{**head, "net": "lyon", "root": head["root"] * 2} for head in CHAIN]
    assert found(CHAIN[0], *lyon[:1], CHAIN[1]) == []
    assert found(*CHAIN[:2], *lyon[:2]) == [("chain_broken", "2026-11")]
