from __future__ import annotations

import re

from wallet import errors
from wallet.errors import WalletError

LEAVES = WalletError.__subclasses__()


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [leaf.code for leaf in LEAVES]
    assert len(codes) == len(set(codes)) == 20
    assert all(re.fullmatch("[a-z_]+", code) for code in codes)


def test_the_tree_in_the_documentation_is_the_tree() -> None:
    drawn = re.findall(r"^[├└]── (\w+) +(\w+)$", errors.__doc__ or "", re.MULTILINE)
    assert drawn == [(leaf.__name__, leaf.code) for leaf in LEAVES]


def test_a_refusal_says_what_it_refuses() -> None:
    assert str(errors.ClaimsInvalid("exp", "is in the past")) == "the ticket's exp is in the past"
    refused = errors.BaseUrlTooLong("https://a.example", "paper", 18, 17)
    assert vars(refused) == {
        "base_url": "https://a.example",
        "presentation": "paper",
        "version": 18,
        "limit": 17,
    }
