from __future__ import annotations

import re
from uuid import UUID

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def document(client):
    return client.get("/api/openapi.json").json


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield f"{method} {path}", operation


def test_the_description_is_valid_openapi_3_1(document):
    assert document["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document).validate()


def test_every_operation_says_what_it_does_and_how_it_fails(document):
    for name, operation in operations(document):
        assert operation.get("summary"), name
        problem = document["components"]["responses"]["DEFAULT_ERROR"]["content"]
        assert list(problem) == ["application/problem+json"], name
        assert operation["responses"]["default"]["$ref"].endswith("/DEFAULT_ERROR"), name


def test_every_route_of_the_api_is_described(app, document):
    described = {name.partition(" ")[2] for name, _ in operations(document)}
    served = {
        re.sub(r"<(?:[^<>]+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
    }
    assert served <= described


def test_an_absent_value_is_described_as_openapi_3_1_does(document):
    holder = document["components"]["schemas"]["Holder"]["properties"]
    assert holder["email"]["type"] == ["string", "null"]


def test_the_description_is_made_once_and_stays_the_same(client, document):
    assert client.get("/api/openapi.json").json == document


def test_the_page_to_try_the_api_loads_from_this_host_alone(client):
    page = client.get("/api/docs")
    assert page.status_code == 200
    addresses = re.findall(r'(?:src|href|data-url)="([^"]+)"', page.text)
    assert len(addresses) >= 4
    for address in addresses:
        assert address.startswith("/"), address
        with client.get(address) as file:
            assert file.status_code == 200, address
    policy = page.headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    scripts = re.findall(r"script-src ([^;]*)", policy)[0]
    assert "unsafe" not in scripts


def test_the_page_serves_nothing_but_the_files_of_its_library(client):
    assert client.get("/api/docs/..%2f__init__.py").status_code == 404


def test_what_needs_a_token_says_so_and_refuses_without_one(client, document):
    for name, operation in operations(document):
        needs_token = operation.get("security", document["security"]) == [{"bearer": []}]
        method, path = name.split()
        answer = client.open(re.sub(r"{\w+}", str(UUID(int=7)), path), method=method.upper())
        refused = {401, 404, 422} if needs_token else {200, 401, 404}
        assert answer.status_code in refused, f"{name}: {answer.status_code} {answer.text}"
