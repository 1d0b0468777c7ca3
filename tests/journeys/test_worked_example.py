"""The worked example of the rules of clearing, from the first sale to the settled month."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import a_network, a_plan, a_space, a_token, an_agreement, bearer

NOVEMBER = "/api/v1/periods/sainte/2026-11"
DECEMBER = "/api/v1/periods/sainte/2026-12"

VISITS = [
    *[("comptoir", "b", day, "day") for day in range(2, 8)],
    *[("comptoir", "c", day, "day") for day in (9, 10)],
    *[("b", "comptoir", day, "day") for day in (2, 3, 4)],
    ("b", "c", 5, "day"),
    *[("c", "comptoir", day, "day") for day in (2, 3, 4, 5)],
    ("c", "b", 6, "half_day"),
]
"""Home of the pass, host, day of November, unit: all that is charged, gross 243.00."""


class World:
    """The desks of three spaces and the treasurer's, with a clock that stands still."""

    def __init__(self, session: Session, client: FlaskClient, clock: Any) -> None:
        self.client, self.clock = client, clock
        a_network(session)
        for name, cents in (("Comptoir", 1500), ("B", 1200), ("C", 2000)):
            a_plan(session, a_space(session, name, day_cents=cents))
        an_agreement(session, carry_forward_below_cents=100)
        self.headers = {
            space: bearer(a_token(session, "host", space=space)) for space in ("comptoir", "b", "c")
        }
        self.headers["treasurer"] = bearer(a_token(session, "treasurer", network="sainte"))
        session.commit()
        self.move_to(1)
        self.passes = {home: self.sell(home) for home in ("comptoir", "b", "c")}

    def move_to(self, day: int, month: int = 11) -> None:
        self.clock.move_to(datetime(2026, month, day, 10, tzinfo=UTC))

    def post(self, path: str, who: str, status: int, **body: Any) -> Any:
        answer = self.client.post(path, json=body, headers=self.headers[who])
        assert answer.status_code == status, answer.json
        return answer.json

    def get(self, path: str, who: str = "treasurer") -> Any:
        answer = self.client.get(path, headers=self.headers[who])
        assert answer.status_code == 200, answer.json
        return answer.json

    def sell(self, home: str) -> Any:
        holder = {"name": f"Holder of {home}"}
        return self.post("/api/v1/passes", home, 201, home=home, plan="voyageur", holder=holder)

    def check_in(self, token: str, host: str, **over: Any) -> Any:
        body = {"id": str(uuid4()), "token": token, "space": host, **over}
        return self.post("/api/v1/check-ins", host, 201, **body)

    def token_of(self, home: str) -> str:
        return self.passes[home]["ticket"]["token"]


def positions(month: Any) -> dict[str, int]:
    return {row["participant"]: row["amount_cents"] for row in month["positions"]}


@pytest.fixture
def world(session: Session, client: FlaskClient) -> Any:
    with time_machine.travel(datetime(2026, 11, 1, 10, tzinfo=UTC), tick=False) as clock:
        yield World(session, client, clock)


def spend_november(world: World) -> None:
    for home, host, day, unit in sorted(VISITS, key=lambda visit: visit[2]):
        world.move_to(day)
        world.check_in(world.token_of(home), host, unit=unit)
    world.move_to(11)
    voided = world.check_in(world.token_of("comptoir"), "b")
    world.post(f"/api/v1/check-ins/{voided['id']}/void", "b", 200, reason="Scanned by mistake")
    world.move_to(12)
    pass_id = world.passes["comptoir"]["id"]
    golden = world.post(f"/api/v1/passes/{pass_id}/golden-tickets", "comptoir", 201)
    charge = world.check_in(golden["ticket"]["token"], "c")["charge"]
    assert charge["charge_cents"] == 0


def test_the_worked_example_goes_from_a_sale_to_a_settled_month(world):
    spend_november(world)
    world.move_to(2, month=12)
    assert world.post(f"{NOVEMBER}/review", "treasurer", 200)["state"] == "review"
    locked = world.post(f"{NOVEMBER}/lock", "treasurer", 200)
    assert locked["state"] == "locked"
    assert positions(locked) == {"comptoir": -1225, "b": 910, "c": -900, "fund": 1215}
    assert (locked["gross_cents"], locked["fund_cents"]) == (24300, 1215)
    # Fifteen visits, the voided one taken back, and the golden ticket at 0.
    assert locked["charges"] == len(VISITS) + 1

    plan = world.get(f"{NOVEMBER}/plan")
    assert [(row["debtor"], row["creditor"], row["amount_cents"]) for row in plan["transfers"]] == [
        ("comptoir", "fund", 1215),
        ("c", "b", 900),
    ]
    assert [(row["debtor"], row["creditor"], row["amount_cents"]) for row in plan["carried"]] == [
        ("comptoir", "b", 10)
    ]

    world.check_in(
        world.token_of("comptoir"), "b", unit="day", offline=True, at="2026-11-29T09:00:00+01:00"
    )
    assert world.get(NOVEMBER) == locked
    december = world.get(DECEMBER)
    assert positions(december) == {"comptoir": -1210, "b": 1150, "fund": 60}
    assert december["late"] == 1

    for transfer in plan["transfers"]:
        paid = world.post(
            f"{NOVEMBER}/payments",
            "treasurer",
            201,
            transfer=transfer["id"],
            amount_cents=transfer["amount_cents"],
            paid_on="2026-12-02",
        )
    assert paid["state"] == "settled"
    assert positions(world.get(NOVEMBER, "b")) == positions(locked)
