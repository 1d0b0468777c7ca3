from __future__ import annotations

from io import BytesIO

import pytest

from tests.factories import a_network, a_space, a_token, bearer

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PASSES = "/api/v1/passes"
KIB = 1024


def test_an_unknown_address_is_a_problem_for_programs(client):
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.json["code"] == "not_found"
    assert answer.json["instance"] == "/nowhere"


def test_an_unknown_address_is_a_page_for_browsers(client):
    answer = client.get("/nowhere", headers=BROWSER)
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "Il n’y a rien à cette adresse." in answer.text


def test_a_page_of_another_space_says_whom_to_ask(client, session):
    a_network(session)
    a_space(session, "comptoir")
    a_space(session, "rubanerie")
    host = bearer(a_token(session, "host", "sainte", "rubanerie"))
    session.commit()
    answer = client.get("/desk/comptoir/today", headers={**BROWSER, **host})
    assert answer.status_code == 403
    assert "Demandez une invitation à qui le tient" in answer.text


def test_the_api_answers_browsers_with_problems_too(client):
    answer = client.get("/api/v1/nowhere", headers=BROWSER)
    assert answer.content_type == "application/problem+json"


def test_a_problem_speaks_the_language_asked_for(client):
    answer = client.get("/api/v1/nowhere", headers={"Accept-Language": "en"})
    assert answer.json["title"] == "There is nothing here."


def test_a_wrong_method_says_which_are_right(client):
    answer = client.delete(PASSES)
    assert answer.status_code == 405
    assert answer.json["code"] == "method_not_allowed"
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "POST"}


def test_a_call_without_a_token_says_how_to_send_one(client):
    answer = client.get(f"{PASSES}?home=comptoir")
    assert answer.status_code == 401
    assert answer.json["code"] == "token_required"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe\xfd", b"NaN", b"[1" * 3, b"9" * 5000 + b"]"])
def test_what_is_no_json_is_400(client, body):
    answer = client.post(PASSES, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["code"] == "json_invalid"


@pytest.mark.parametrize("depth", [17, 1_000, 30_000])
def test_json_nested_too_deep_is_400(client, depth):
    body = b"[" * depth + b"]" * depth
    answer = client.post(PASSES, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["code"] == "nested_too_deep"


def test_json_nested_as_deep_as_allowed_is_read(client):
    body = b"[" * 16 + b"]" * 16
    answer = client.post(PASSES, data=body, content_type="application/json")
    assert answer.status_code == 422


def test_another_content_type_is_415(client):
    answer = client.post(PASSES, data={"home": "comptoir"})
    assert answer.status_code == 415
    assert answer.json["code"] == "media_type_unsupported"


def test_every_error_of_a_body_is_listed_by_its_path(client):
    body = {"home": "Comptoir!", "plan": "book", "holder": {"nom": "Camille"}, "typo": 1}
    answer = client.post(PASSES, json=body)
    assert answer.status_code == 422
    assert answer.json["code"] == "data_invalid"
    paths = {error["path"] for error in answer.json["errors"]}
    assert paths == {"home", "holder.name", "holder.nom", "typo"}


def test_an_unknown_name_in_a_query_is_an_error(client):
    answer = client.get(f"{PASSES}?home=comptoir&limt=3")
    assert answer.status_code == 422
    assert [error["path"] for error in answer.json["errors"]] == ["limt"]


def test_a_body_over_64_kib_is_413(client):
    answer = client.post(PASSES, data=b" " * (64 * KIB + 1), content_type="application/json")
    assert answer.status_code == 413
    assert answer.json["code"] == "body_too_large"


def test_a_body_in_chunks_that_passes_64_kib_is_413(client):
    stream = {
        "wsgi.input": BytesIO(b" " * 70 * KIB),
        "wsgi.input_terminated": True,
        "HTTP_TRANSFER_ENCODING": "chunked",
    }
    answer = client.post(PASSES, content_type="application/json", environ_overrides=stream)
    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/api/v1/check-ins/batch", "/api/v1/check-ins/import"])
def test_a_batch_may_be_larger_but_not_over_16_mib(client, path):
    assert client.post(path, data=b" " * (65 * KIB)).status_code != 413
    too_long = {"CONTENT_LENGTH": str(16 * KIB * KIB + 1)}
    assert client.post(path, environ_overrides=too_long).status_code == 413


def test_a_nul_in_an_address_is_400(client):
    answer = client.get(f"{PASSES}/a%00b")
    assert answer.status_code == 400


def test_what_nobody_foresaw_is_500_with_a_reference_found_in_the_log(own_app, capsys):
    own_app.config["PROPAGATE_EXCEPTIONS"] = False
    own_app.add_url_rule("/broken/<name>", view_func=_break)
    answer = own_app.test_client().get("/broken/camille?token=cwp_secret")
    assert answer.status_code == 500
    assert answer.json["code"] == "internal_error"
    logged = capsys.readouterr().err
    assert answer.json["reference"] in logged
    assert "ZeroDivisionError" in logged
    assert "camille" not in logged
    assert "cwp_secret" not in logged


def test_the_log_tells_neither_tokens_nor_whose_pass_it_was(own_app, session, capsys):
    a_network(session)
    a_space(session, "Comptoir")
    token = a_token(session, "host", space="comptoir")
    session.commit()
    own_app.test_client().get(f"{PASSES}/pas_of_camille?x=query", headers=bearer(token))
    logged = capsys.readouterr().err
    assert "route=/api/v1/passes/<pass_id>" in logged
    assert token not in logged
    assert "pas_of_camille" not in logged
    assert "query" not in logged


def _break(name: str) -> str:
    return name * (1 // 0)
