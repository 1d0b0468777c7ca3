"""The pass on its page, in every state it can be in."""

from __future__ import annotations

from datetime import date

import pytest

from cowopass.passes.models import PassUsage
from cowopass.passes.wallet import replace_link, wallet_link
from tests.factories import a_pass, a_plan


def page(client, address="/wallet"):
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


def test_the_link_opens_the_wallet_in_this_browser(client, config, sold):
    answer = client.get(f"/wallet/open/{wallet_link(config, sold.holder)}")
    assert (answer.status_code, answer.location) == (303, "/wallet")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    shown = page(client.application.test_client(), "/wallet")
    assert "Camille" not in shown


def test_the_page_greets_by_the_first_name_alone(wallet):
    shown = page(wallet)
    assert "Camille" in shown
    assert "Berthet" not in shown


def test_a_link_that_was_replaced_closes_the_wallet_everywhere(wallet, session, config, sold):
    before = wallet_link(config, sold.holder)
    replace_link(session, sold)
    session.commit()
    assert wallet.get(f"/wallet/open/{before}").status_code == 403
    assert "n’est pas ouvert ici" in page(wallet)


def test_without_a_link_the_page_says_how_to_get_one(client, noon):  # noqa: ARG001 (it is noon)
    assert "un lien" in page(client)
    assert client.post("/wallet/golden").status_code == 401


def test_closing_the_wallet_tells_the_browser_to_forget_it(wallet):
    answer = wallet.post("/wallet/close")
    assert answer.status_code == 303
    assert "cowopass-wallet=;" in answer.headers["Set-Cookie"]


def test_without_scripts_the_printed_code_is_there(wallet):
    shown = page(wallet)
    assert 'stroke="#000"' in shown
    assert "Code imprimé" in shown
    assert "Billet à imprimer" in shown


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"state": "suspended"}, "Pass suspendu."),
        ({"state": "revoked"}, "Pass arrêté."),
        ({"state": "refunded"}, "Pass remboursé."),
        ({"starts_on": date(2026, 12, 1)}, "Pas encore commencé."),
        ({"ends_on": date(2026, 11, 23)}, "Pass terminé."),
        ({"ends_on": date(2026, 12, 17)}, "24 jours pour 11 journées."),
        ({"ends_on": date(2026, 11, 24)}, "1 jour pour 11 journées."),
    ],
)
def test_a_pass_says_what_state_it_is_in(wallet, session, sold, columns, words):
    for name, value in columns.items():
        setattr(sold, name, value)
    session.commit()
    assert words in page(wallet)


def test_thirty_one_days_before_its_end_nobody_is_hurried(wallet, session, sold):
    sold.ends_on = date(2026, 12, 24)
    session.commit()
    assert "Dernier jour" not in page(wallet)
    sold.ends_on = date(2026, 12, 23)
    session.commit()
    assert "30 jours pour" in page(wallet)


def test_an_empty_book_says_so(wallet, session, sold):
    session.add(PassUsage(pass_id=sold.id, bucket="life", units_used=11, value_given_cents=15_000))
    session.commit()
    assert "Carnet vide." in page(wallet)


def test_the_pass_that_can_be_used_comes_before_those_that_are_over(wallet, session, sold):
    sold.ends_on = date(2026, 11, 1)
    plan = a_plan(session, "comptoir", "unlimited", code="resident", name="Résident")
    other = a_pass(session, plan)
    other.holder = sold.holder
    session.commit()
    shown = page(wallet)
    assert "Sans limite" in shown
    assert f"pass={sold.id}" in shown
    assert "Pass terminé." in page(wallet, f"/wallet?pass={sold.id}")


def test_somebody_elses_pass_is_not_shown(wallet, session):
    other = a_pass(session, a_plan(session, "comptoir", code="other"))
    session.commit()
    assert wallet.get(f"/wallet?pass={other.id}").status_code == 404


def test_a_poster_that_was_read_narrows_the_code_to_its_space(wallet):
    assert 'data-audience="rubanerie"' in page(wallet, "/wallet?at=rubanerie")
    assert wallet.get("/wallet?at=nowhere").status_code == 404


def test_the_app_describes_itself_in_the_language_of_the_phone(wallet):
    answer = wallet.get("/wallet/manifest.webmanifest", headers={"Accept-Language": "en"})
    manifest = answer.get_json(force=True)
    assert manifest["short_name"] == "My pass"
    for icon in manifest["icons"]:
        with wallet.get(icon["src"]) as picture:
            assert picture.data.startswith(b"\x89PNG")


def test_the_worker_may_keep_the_wallet_alone(wallet):
    answer = wallet.get("/wallet/worker.js")
    assert answer.headers["Service-Worker-Allowed"] == "/wallet"
    assert "/static/nomad/wallet.js" in answer.text
