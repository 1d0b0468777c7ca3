"""Things done to a visit in an unlucky order: what is owed must stay what the rules say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cowopass.audit.service import audit_records
from cowopass.config import Config
from tests.factories import a_network, a_plan, a_space, a_token, an_agreement, bearer

NOVEMBER = "/api/v1/periods/sainte/2026-11"
DECEMBER = "/api/v1/periods/sainte/2026-12"


class Two:
    """A home and a host, a pass of the home, and the treasurer, with a clock that stands still."""

    def __init__(self, client: FlaskClient, clock: Any, headers: dict[str, Any]) -> None:
        self.client, self.clock, self.headers = client, clock, headers
        holder = {"name": "Camille Berthet"}
        sold = self.post("/api/v1/passes", "comptoir", home="comptoir", plan="p", holder=holder)
        self.token = sold.json["ticket"]["token"]

    def move_to(self, day: int, month: int = 11) -> None:
        self.clock.move_to(datetime(2026, month, day, 10, tzinfo=UTC))

    def post(self, path: str, who: str, **body: Any) -> Any:
        return self.client.post(path, json=body, headers=self.headers[who])

    def check_in(self, **over: Any) -> Any:
        body = {"id": str(uuid4()), "token": self.token, "space": "b", **over}
        answer = self.post("/api/v1/check-ins", "b", **body)
        assert answer.status_code == 201, answer.json
        return answer.json

    def act(self, visit: Any, action: str, who: str = "b", **body: Any) -> Any:
        return self.post(f"/api/v1/check-ins/{visit['id']}/{action}", who, **body)

    def lock_november(self) -> None:
        self.move_to(2, month=12)
        assert self.post(f"{NOVEMBER}/lock", "treasurer").status_code == 200

    def positions(self, month: str) -> dict[str, int]:
        shown = self.client.get(month, headers=self.headers["treasurer"]).json
        return {row["participant"]: row["amount_cents"] for row in shown["positions"]}


@pytest.fixture
def two(session: Session, client: FlaskClient) -> Any:
    with time_machine.travel(datetime(2026, 11, 2, 10, tzinfo=UTC), tick=False) as clock:
        a_network(session)
        home = a_space(session, "Comptoir")
        a_plan(session, home, "quota", code="p", units=20, price_cents=2000)
        a_space(session, "B", day_cents=1200)
        an_agreement(session, liability_cap_bps=10_000)
        headers = {
            space: bearer(a_token(session, "host", space=space)) for space in ("comptoir", "b")
        }
        headers["treasurer"] = bearer(a_token(session, "treasurer", network="sainte"))
        session.commit()
        yield Two(client, clock, headers)


def test_a_visit_contested_after_the_lock_is_not_extended_past_the_treasurer(
    two: Two, session: Session, config: Config
):
    visit = two.check_in(unit="half_day")
    two.lock_november()
    dispute = two.act(visit, "dispute", "comptoir", reason="Nobody came")
    assert dispute.status_code == 201
    assert two.act(visit, "extend").json["code"] == "not_extensible"
    assert two.positions(DECEMBER) == {}
    decided = two.post(f"/api/v1/disputes/{dispute.json['id']}/uphold", "treasurer", reason="True")
    assert decided.json["state"] == "upheld"
    assert two.positions(DECEMBER) == {"comptoir": 600, "b": -570, "fund": -30}
    assert list(audit_records(session, config, None, lambda _: None)) == []


def test_a_late_visit_past_the_cap_is_worth_the_same_under_the_same_rule(two: Two):
    assert two.check_in()["charge"]["charge_cents"] == 1200
    two.move_to(3)
    assert two.check_in()["charge"]["charge_cents"] == 800
    two.lock_november()
    late = two.check_in(offline=True, at="2026-11-29T09:00:00+01:00")
    assert late["charge"]["charge_cents"] == 0
    body = {"network": "sainte", "period": "2026-12", "agreement": {}}
    tried = two.post("/api/v1/simulations", "treasurer", **body).json
    assert [row["difference_cents"] for row in tried["positions"]] == [0, 0]
