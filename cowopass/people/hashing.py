"""Secrets that are given away once: the database keeps their hash, and could not tell them."""

from __future__ import annotations

import secrets
from hashlib import sha256


def new_secret() -> str:
    """Return 256 random bits, as text that stands in a link or a cookie."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """Return the SHA-256 of a secret, in hexadecimal digits: that much chance needs no salt."""
    return sha256(secret.encode()).hexdigest()
