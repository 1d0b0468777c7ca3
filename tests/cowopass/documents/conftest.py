"""A real November of three spaces: passes sold, visits imported, one voided, the month locked."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from subprocess import CompletedProcess
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
import time_machine
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.orm import Session

from cowopass.cli import root
from cowopass.config import Config
from cowopass.desk.importing import Scope, import_batch
from cowopass.desk.visits_file import ImportedVisit
from cowopass.desk.voiding import void_check_in
from cowopass.passes.tickets import issue_ticket
from cowopass.settlement.lock import lock_period
from cowopass.settlement.payments import Bill, record_payment
from cowopass.settlement.transfers import list_dues
from cowopass.spaces.models import Space
from tests.factories import a_network, a_pass, a_plan, a_space, an_agreement

NOVEMBER_30 = datetime(2026, 11, 30, 10, tzinfo=UTC)
DECEMBER_2 = datetime(2026, 12, 2, 10, tzinfo=UTC)
JANUARY_2 = datetime(2027, 1, 2, 10, tzinfo=UTC)

Visit = Callable[..., str]
Run = Callable[..., Result]


@pytest.fixture
def travel() -> Iterator[Any]:
    """The clock, stopped on 30 November 2026; `travel.move_to` sets it."""
    with time_machine.travel(NOVEMBER_30, tick=False) as traveller:
        yield traveller


def sell(session: Session, config: Config, space: Space, kind: str = "unlimited") -> None:
    """Sell a pass whose reference is its home's slug, with a ticket."""
    sold = a_pass(session, a_plan(session, space, kind), reference=space.slug)
    issue_ticket(session, config, sold)


@pytest.fixture
def sainte(session: Session, config: Config, travel: Any) -> Session:  # noqa: ARG001 (the clock)
    """A session on Sainté: three spaces, each with an unlimited pass."""
    a_network(session)
    an_agreement(session, carry_forward_below_cents=100)
    for name, cents in (("Comptoir", 1500), ("B", 1200), ("C", 2000)):
        sell(session, config, a_space(session, name, day_cents=cents))
    session.commit()
    return session


@pytest.fixture
def visit(sainte: Session) -> Visit:
    """Import a visit of the pass of `home` to `space` on a day of 2026; return its check-in."""

    def record(
        home: str, space: str, day: str, unit: Any = None, *, network: str = "sainte", **over: Any
    ) -> str:
        (check_in,) = import_visits(sainte, [(home, space, day, unit)], network, **over)
        sainte.commit()
        return check_in

    return record


def import_visits(
    session: Session, visits: list[tuple[str, str, str, Any]], network: str = "sainte", **over: Any
) -> list[str]:
    """Import (home, space, day, unit) as a file of them would be; return the check-ins."""
    rows = [
        ImportedVisit(
            line=number,
            id=str(uuid5(NAMESPACE_URL, f"{home} {space} {day} {unit} {over}")),
            reference=home,
            home=home,
            space=space,
            at=datetime.fromisoformat(f"2026-{day}T09:00:00+00:00"),
            unit=unit,
            golden=over.get("golden", False),
            body_hash=sha256(day.encode()).hexdigest(),
        )
        for number, (home, space, day, unit) in enumerate(visits, start=2)
    ]
    outcomes = import_batch(session, Scope(network), list(rows))
    assert {(outcome.status, outcome.code) for outcome in outcomes} == {("accepted", None)}
    return [row.id for row in rows]


@pytest.fixture
def november(sainte: Session) -> Session:
    """The November of the worked example: gross 243.00, a void and a golden ticket among it."""
    stays = (
        ("comptoir", "b", ("02", "03", "04", "05", "06", "07")),
        ("comptoir", "c", ("09", "10")),
        ("b", "comptoir", ("02", "03", "04")),
        ("b", "c", ("05",)),
        ("c", "comptoir", ("02", "03", "04", "05")),
        ("comptoir", "comptoir", ("16",)),
    )
    days = [(home, space, f"11-{day}", None) for home, space, days in stays for day in days]
    import_visits(sainte, [*days, ("c", "b", "11-06", "half_day")])
    (voided,) = import_visits(sainte, [("comptoir", "b", "11-12", None)])
    void_check_in(sainte, voided, "Scanned twice")
    import_visits(sainte, [("comptoir", "c", "11-13", None)], golden=True)
    sainte.commit()
    return sainte


@pytest.fixture
def locked(november: Session, config: Config, travel: Any) -> Session:
    """The same, locked on 2 December; what came too late is in December."""
    travel.move_to(DECEMBER_2)
    lock_period(november, config, "sainte", "2026-11")
    november.commit()
    return november


@pytest.fixture
def paid(locked: Session) -> Session:
    """The same, with one of its two transfers paid in two parts."""
    due = list_dues(locked, "sainte", "2026-11")[0]
    bill = Bill("sainte", "2026-11", due.id)
    for cents in (1000, due.amount_cents - 1000):
        record_payment(locked, bill, cents, DECEMBER_2.date())
    locked.commit()
    return locked


@pytest.fixture
def run(app: Flask) -> Run:
    """Run a command of `cowopass`; its output and its exit code come back."""

    def invoke(*arguments: object) -> Result:
        with app.app_context():
            return CliRunner().invoke(root, [str(argument) for argument in arguments])

    return invoke


def call(*arguments: object, env: dict[str, str] | None = None) -> CompletedProcess[str]:
    """Run another program, and return its output and its exit code."""
    command = [str(argument) for argument in arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env)  # noqa: S603 (the tests' own words)
