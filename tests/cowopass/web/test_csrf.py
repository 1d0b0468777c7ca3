"""No token stands in our forms: what the browser says of a request's origin decides."""

from __future__ import annotations

import pytest

PATH = "/api/v1/check-ins"
"""A change that would need a caller: with the origin in order, that is what is missing."""


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:1"},
        {"Origin": "null"},
    ],
)
def test_a_change_that_another_site_asks_for_is_refused(client, headers):
    answer = client.post(PATH, json={}, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "cross_site_request")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},
        {"Authorization": "Bearer x", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_change_from_our_own_pages_or_from_a_program_goes_on(client, headers):
    assert client.post(PATH, json={}, headers=headers).status_code != 403


def test_reading_is_free_from_anywhere(client):
    assert client.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
