from __future__ import annotations

from dataclasses import replace

from cowopass import migration
from cowopass.app import create_app


def test_the_process_answers(client):
    assert client.get("/healthz").json == {"status": "up"}


def test_a_migrated_database_is_ready(client):
    assert client.get("/readyz").json == {"status": "ready"}


def test_a_database_of_an_earlier_version_is_not_ready(client, engine):
    migration.downgrade(engine, "0007")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["code"] == "not_ready"


def test_a_database_out_of_reach_is_not_ready_but_the_process_is_up(config):
    unreachable = "postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=2"
    app = create_app(replace(config, database_url=unreachable))
    assert app.test_client().get("/readyz").status_code == 503
    assert app.test_client().get("/healthz").status_code == 200
    app.extensions["cowopass.engine"].dispose()


def test_requests_are_counted_by_route_and_status(own_app):
    client = own_app.test_client()
    client.get("/api/v1/passes/pas_of_camille")
    client.get("/nowhere/at/all")
    text = client.get("/metrics").text
    route = 'route="/api/v1/passes/<pass_id>"'
    assert f'cowopass_requests_total{{method="GET",{route},status="401"}} 1.0' in text
    assert 'cowopass_requests_total{method="GET",route="none",status="404"} 1.0' in text
    assert f"cowopass_request_seconds_count{{{route}}} 1.0" in text
    assert "camille" not in text
