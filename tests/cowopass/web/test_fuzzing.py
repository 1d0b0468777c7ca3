"""Whatever is sent to an operation, it answers as described, and never with a 500."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks
from sqlalchemy.orm import Session

from cowopass.app import create_app
from tests.factories import a_network, a_pass, a_plan, a_space, a_token, an_agreement, bearer
from tests.instances import ENGINES, a_migrated_database, config_for

pytestmark = pytest.mark.slow

EXAMPLES = 30
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
KNOWN = {
    "network": "sainte",
    "space": "comptoir",
    "slug": "comptoir",
    "home": "comptoir",
    "plan": "voyageur",
    "pass_id": "pas_1",
    "month": "2026-10",
    "period": "2026-10",
    "unit": "day",
}
"""What is there, by the names under which the API asks for it: random text finds nothing."""


@schemathesis.serializer("text/csv")
def send_csv(_context: Any, value: Any) -> bytes:
    """Send text as it is."""
    return str(value).encode("utf-8", "replace")


def operations() -> list[str]:
    """Return every operation, as `get /api/v1/spaces`."""
    client = create_app(config_for("sqlite://")).test_client()
    paths: dict[str, Any] = client.get("/api/openapi.json").json["paths"]
    return [
        f"{method} {path}"
        for path, item in paths.items()
        for method in item
        if method != "parameters"
    ]


@pytest.fixture(scope="module", params=ENGINES)
def instance(request: pytest.FixtureRequest) -> Iterator[tuple[Flask, dict[str, str]]]:
    """Return an application with two spaces and a pass, and the operator's token."""
    with a_migrated_database(request) as url:
        app = create_app(config_for(url))
        with Session(app.extensions["cowopass.engine"]) as session:
            a_network(session)
            an_agreement(session)
            a_space(session, "Comptoir")
            a_space(session, "B")
            a_pass(session, a_plan(session, "comptoir"), id="pas_1", reference="C-1")
            token = a_token(session, "operator")
            session.commit()
        yield app, bearer(token)
        app.extensions["cowopass.engine"].dispose()


@pytest.mark.parametrize("name", operations())
def test_an_operation_answers_as_described(instance, name):
    app, headers = instance
    method, path = name.split()
    operation = schemathesis.openapi.from_wsgi("/api/openapi.json", app)[path][method]
    cases = st.one_of(*(operation.as_strategy(mode) for mode in GenerationMode))

    @given(case=cases, is_known=st.booleans())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: schemathesis.Case, *, is_known: bool) -> None:
        if is_known:
            _name_what_is_there(case)
        case.call_and_validate(headers=headers, checks=CHECKS)

    send()


def _name_what_is_there(case: schemathesis.Case) -> None:
    for part in (case.path_parameters, case.query, case.body):
        if isinstance(part, dict):
            part.update({name: KNOWN[name] for name in part if name in KNOWN})
