"""What may go wrong with the packages that we build on, without pip saying so."""

from __future__ import annotations

from importlib.metadata import version


def test_no_dependency_has_taken_sqlalchemy_back_to_2_0():
    assert version("sqlalchemy").startswith("2.1.")


def test_no_dependency_has_taken_marshmallow_back_to_3():
    assert version("marshmallow").startswith("4.")
