from __future__ import annotations

import pytest


@pytest.mark.parametrize("path", ["/", "/api/v1/nowhere", "/nowhere", "/healthz"])
def test_every_answer_carries_the_security_headers(client, path):
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy


def test_what_the_api_answers_is_not_kept_by_caches(client):
    assert client.get("/api/v1/nowhere").headers["Cache-Control"] == "no-store"


def test_a_development_instance_does_not_ask_for_https(client):
    assert "Strict-Transport-Security" not in client.get("/healthz").headers
