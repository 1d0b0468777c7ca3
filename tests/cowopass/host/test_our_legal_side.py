"""Who stands behind a space, written by its host on a page."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from sqlalchemy import func, select

from cowopass.acts.models import Act
from cowopass.host.legal import FIELDS, typed_of
from cowopass.mail.models import Mail
from cowopass.people.access import Grant
from cowopass.spaces.models import Space
from tests.cowopass.host.conftest import words
from tests.cowopass.invoicing.conftest import issue, legal
from tests.cowopass.settlement.conftest import host_of, november, sainte, travel, visit
from tests.factories import a_person, a_token, bearer, sign_in

__all__ = ["host_of", "issue", "legal", "november", "sainte", "travel", "visit"]

PAGE = "/desk/b/legal"
IBAN = "FR76 3000 4000 0100 0000 0000 136"
OTHER = "FR76 3000 4000 0100 0000 0000 039"


@pytest.fixture
def open_form(client, legal, host_of):  # noqa: ARG001 (everybody has a legal side)
    """Return a function that opens the form of B and returns the digests it keeps."""

    def get():
        page = client.get(PAGE, headers=host_of("b"))
        assert page.status_code == 200
        return hidden(page, "opened")

    return get


@pytest.fixture
def write(client, sainte, host_of, open_form):
    """Return a function that opens the form, changes fields of it, and sends it."""
    headers = host_of("b")

    def send(opened=None, **over):
        opened = opened or open_form()
        typed = {name: text for name, text in typed_of(side(sainte)).items() if name in FIELDS}
        sainte.commit()
        return client.post(PAGE, data={**typed, "opened": opened, **over}, headers=headers)

    return send


def hidden(page, name):
    return unescape(re.search(rf'name="{name}" value="([^"]+)"', page.text)[1])


def side(session):
    session.expire_all()
    return session.get_one(Space, "b").legal


def count(session, act):
    return session.scalar(select(func.count()).where(Act.act == act))


def test_a_form_sent_as_it_was_changes_nothing(write, sainte):
    assert write().status_code == 303
    assert count(sainte, "legal_saved") == 0


def test_numbers_are_taken_as_they_are_typed(write, sainte):
    answer = write(
        name="  La Rubanerie  SCIC ",
        iban="fr76 3000-4000.0100,0000 0000 136",
        siret="999 000 029,00010",
        vat_number="fr 23 999 000 029",
        town="Lyon",
        regime="standard",
        regime_from="2027-01-01",
        mandate_until="2027-12-31",
        contest_days="20",
    )
    assert (answer.status_code, answer.location) == (303, PAGE)
    found = side(sainte)
    assert found.name == "La Rubanerie SCIC"
    assert found.iban == IBAN.replace(" ", "")
    assert (found.siret, found.siren) == ("99900002900010", "999000029")
    assert found.vat_number == "FR23999000029"
    assert found.self_billing_mandate_until == date(2027, 12, 31)
    assert [(row.effective_from, row.regime) for row in found.vat] == [
        (date(2026, 1, 1), "franchise"),
        (date(2027, 1, 1), "standard"),
    ]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "le nom du titulaire du compte"),
        ("siret", "999 000 029 0001", "a 14 chiffres, ici il y en a 13"),
        ("siret", "99900002900011", "Un des chiffres est faux"),
        ("vat_number", "FR24999000029", "Ce numéro de TVA n’existe pas"),
        ("iban", "FR76 3000 4000 0100 0000 0000 13", "a 27 signes, ici il y en a 26"),
        ("iban", IBAN.replace("36", "63"), "cet IBAN ne peut pas exister"),
        ("bic", "BNP", "Un BIC a 8 ou 11 signes"),
        ("country", "F1", "Deux lettres"),
        ("town", "x" * 71, "trop long"),
        ("regime", "standard", "à partir de quel jour"),
        ("regime_from", "2027-01-01", "Choisissez aussi le régime"),
        ("mandate_on", "hier", "Un jour, par exemple"),
        ("mandate_until", "2025-01-01", "pas avant le début du mandat"),
        ("contest_days", "beaucoup", "de 0 à 365"),
    ],
)
def test_a_typo_is_said_and_nothing_is_written_nor_lost(write, sainte, field, typed, said):
    other = "form" if field != "form" else "name"
    answer = write(**{field: typed, other: "coopérative"})
    assert answer.status_code == 422
    assert said in words(answer)
    assert "Rien n’a changé." in answer.text
    assert typed in unescape(answer.text)
    assert 'value="coopérative"' in answer.text
    assert (side(sainte).form, count(sainte, "legal_saved")) == (None, 0)


def test_two_hosts_keep_what_only_one_changed_and_are_told_of_the_rest(write, sainte, open_form):
    opened = open_form()
    assert write(town="Lyon").status_code == 303
    assert write(opened, iban=IBAN, town="Saint-Étienne").status_code == 303
    assert (side(sainte).town, side(sainte).iban) == ("Lyon", IBAN.replace(" ", ""))
    answer = write(opened, iban=OTHER)
    assert answer.status_code == 409
    assert "Quelqu’un d’autre a changé entre-temps : Votre IBAN." in words(answer)
    assert OTHER in answer.text
    assert write(hidden(answer, "opened"), iban=OTHER).status_code == 303
    later = {"regime": "standard", "regime_from": "2027-01-01"}
    assert write(**later).status_code == 303
    refused = write(opened, iban=OTHER, regime="out_of_scope", regime_from="2027-01-01")
    assert refused.status_code == 409
    assert "Nouveau régime" in words(refused)


def test_a_new_iban_is_in_the_log_masked_and_mailed_to_the_others(client, sainte, write):
    anne = a_person(sainte, "anne@b.example", Grant("host", "sainte", "b"))
    a_person(sainte, "bob@b.example", Grant("host", "sainte", "b"), name="Bob")
    a_person(sainte, "tess@sainte.example", Grant("treasurer", "sainte"))
    sainte.commit()
    write(iban=IBAN)
    write(iban=OTHER)
    read = sainte.scalars(
        select(Mail).where(Mail.text.contains("0136"), Mail.text.contains("0039"))
    )
    assert sorted(mail.recipient for mail in read) == [
        "anne@b.example",
        "bob@b.example",
        "tess@sainte.example",
    ]
    sign_in(client, sainte, anne)
    sainte.commit()
    log = words(client.get("/desk/b/log", base_url="https://localhost"))
    assert "IBAN changé FR76 … 0136 → FR76 … 0039" in log
    assert OTHER not in log


def test_a_regime_told_late_is_confirmed_first(november, write, issue, sainte):  # noqa: ARG001
    ours = [one.number for one in issue().invoices if one.issuer == "b"]
    late = {"regime": "standard", "regime_from": "2026-11-01", "vat_number": "FR23999000029"}
    asked = write(**late)
    assert asked.status_code == 409
    said = words(asked)
    assert "à partir du 1er novembre 2026" in said
    assert f"novembre 2026 {len(ours)} factures déjà émises seront annulées par un avoir" in said
    assert "décembre 2026 Pas encore facturé" in said
    assert count(sainte, "legal_saved") == 0
    sainte.commit()
    confirmed = hidden(asked, "confirmed")
    again = write(**{**late, "regime_from": "2026-11-02"}, confirmed=confirmed)
    assert again.status_code == 409
    assert write(**late, confirmed=confirmed).status_code == 303
    assert {one.about for one in issue().invoices if one.kind == "credit_note"} == set(ours)


def test_what_lacks_is_said_until_it_is_there(client, sainte, host_of, open_form, write):  # noqa: ARG001
    page = words(client.get(PAGE, headers=host_of("b")))
    assert "Pour facturer et être payés, il manque : l’IBAN." in page
    write(iban=IBAN)
    assert "Il ne manque rien" in words(client.get(PAGE, headers=host_of("b")))


def test_a_space_that_has_said_nothing_yet_begins_here(client, sainte, host_of):
    headers = host_of("b")
    page = client.get(PAGE, headers=headers)
    assert "il manque : tout" in words(page)
    typed = {**dict.fromkeys(FIELDS, ""), "opened": hidden(page, "opened"), "name": "B"}
    assert client.post(PAGE, data=typed, headers=headers).status_code == 303
    assert side(sainte).name == "B"


def test_only_a_host_of_the_space_comes_here(client, sainte, legal, host_of):  # noqa: ARG001
    device = bearer(a_token(sainte, "device", space="b"))
    treasurer = bearer(a_token(sainte, "treasurer", network="sainte"))
    sainte.commit()
    for headers in (device, treasurer, host_of("c")):
        assert client.get(PAGE, headers=headers).status_code == 403
        assert client.post(PAGE, data={"name": "x"}, headers=headers).status_code == 403
