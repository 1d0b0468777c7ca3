"""A space's own reference of a pass, once its holder is forgotten: known again, not read."""

from __future__ import annotations

from hashlib import sha256

_MARK = "forgotten:"


def forgotten_reference(home: str, reference: str) -> str:
    """Return what stands for a reference once its holder is forgotten.

    The same file of sales, loaded again, still finds the pass, and sells nothing twice. What
    stands for a reference stands for itself.
    """
    if reference.startswith(_MARK):
        return reference
    return _MARK + sha256(f"{home}\n{reference}".encode()).hexdigest()[:40]
