"""Refusals of this package, each named as a fact.

ClearingError
├── MonthInvalid        month_invalid
├── MonthUnreadable     month_unreadable
└── TermsInvalid        terms_invalid

A refusal carries its facts as attributes and a stable `code`; its text is a sentence for people.
A broken invariant, such as an entry below zero, is no refusal: it is a ValueError.
"""

from __future__ import annotations

from typing import ClassVar


class ClearingError(Exception):
    """Something given to this package can't be accepted."""

    code: ClassVar[str] = "clearing_error"


class MonthInvalid(ClearingError):
    """A text is no month of the form YYYY-MM."""

    code = "month_invalid"

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is not a month: write it as YYYY-MM, such as 2026-11")
        self.text = text


class MonthUnreadable(ClearingError):
    """An exported month, a statement of one or its head lacks the fields that make it one.

    `path` names the first such field (`lines[3].amount_cents`); the whole is `document`.
    """

    code = "month_unreadable"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class TermsInvalid(ClearingError):
    """A field of an agreement is missing, unknown, of the wrong type or out of range.

    `path` names the field with dots (`rule.share_bps`); the whole document is `agreement`.
    """

    code = "terms_invalid"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
