from __future__ import annotations

import io
import json
import re
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import jwt
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM

from wallet.encoding import base64url_decode, base64url_encode
from wallet.errors import BaseUrlInvalid, BaseUrlTooLong, TokenTooLarge
from wallet.keys import SigningKey, public_jwk
from wallet.qr import (
    LIVE_LEVEL,
    LIVE_VERSION,
    PAPER_VERSION,
    _code,
    check_base_url,
    qr_matrix,
    qr_png,
    qr_svg,
    qr_version,
    token_from_text,
    token_to_text,
)
from wallet.text import TEXT_LIMIT, url_of
from wallet.ticket import sign_ticket
from wallet.verify import Trust, verify_ticket

LONGEST_HOST = "pass.coworking-sainte.saint-etienne.fr"[:37]
NOVEMBER = 1_793_577_600
PAS, TIK = "pas_7q2m5x4k9d3h6b8w0r1t", "tik_1a2b3c4d5e6f7g8h9j0k"
SVG = "{http://www.w3.org/2000/svg}"


def paper(key: SigningKey, base_url: str, plan: str = "voyageur-demi-journees") -> str:
    """Return the QR text of a paper ticket of an instance at `base_url`."""
    instants = {"iat": NOVEMBER, "nbf": NOVEMBER, "exp": NOVEMBER + 31_622_400}
    token = sign_ticket(
        key._replace(issuer=base_url),
        sub=PAS,
        jti=TIK,
        home="comptoir-numerique",
        plan=plan,
        **instants,
    )
    return token_to_text(token, base_url)


def live(key: SigningKey, base_url: str) -> str:
    """Return the QR text of a ticket bound to a phone with the phone's proof, as RFC 9901 has it.

    The page packs the six segments as it does three.
    """
    phone = ec.derive_private_key(20130318, ec.SECP256R1())
    claims = {
        "iss": base_url,
        "sub": PAS,
        "jti": TIK,
        "iat": NOVEMBER,
        "exp": NOVEMBER + 31_622_400,
        "aud": "cowopass",
        "net": "sainte",
        "cnf": {"jwk": public_jwk(phone.public_key())},
    }
    headers = {"typ": "cowopass+jwt", "kid": key.kid}
    ticket = jwt.encode(claims, key.private_key, "ES256", headers=headers)
    shown = base64url_encode(sha256(f"{ticket}~".encode()).digest())
    proof = jwt.encode(
        {"iat": NOVEMBER, "aud": "comptoir-numerique", "nonce": "q83vEjRWeJA", "sd_hash": shown},
        phone,
        "ES256",
        headers={"typ": "kb+jwt"},
    )
    parts = [*ticket.split("."), *proof.split(".")]
    return url_of([base64url_decode(part) for part in parts], base_url)


def seen(image: Image.Image) -> str:
    """Return what a scanner sees in an image."""
    (found,) = zxingcpp.read_barcodes(image)
    return str(found.text)


def painted(svg: str) -> Image.Image:
    """Paint the one path of an SVG, a pixel a module, and enlarge it."""
    root = ElementTree.fromstring(svg)  # noqa: S314 (our own)
    side = int(root.attrib["viewBox"].split()[2])
    image = Image.new("L", (side, side), 255)
    (path,) = root.findall(f"{SVG}path")
    x = y = 0
    for command, one, other in re.findall(r"([Mmh])(\d+)(?: (\d+(?:\.5)?))?", path.attrib["d"]):
        if command == "h":
            image.paste(0, (x, y, x + int(one), y + 1))
            x += int(one)
        elif command == "M":
            x, y = int(one), int(float(other))
        else:
            x += int(one)
    return image.resize((side * 4, side * 4), Image.Resampling.NEAREST)


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8000", f"https://{LONGEST_HOST}"])
def test_a_scanner_reads_the_ticket_of_a_printed_code(
    signing_key: SigningKey, trust: Trust, base_url: str
) -> None:
    text = paper(signing_key, base_url)
    scanned = seen(Image.open(io.BytesIO(qr_png(text))))
    assert scanned == text
    key = trust.keys[0]._replace(issuer=base_url)
    ticket = verify_ticket(scanned, Trust(frozenset({base_url}), (key,)))
    assert ticket.token == token_from_text(text)
    assert ticket.jti == TIK


def test_a_code_of_two_pixels_a_module_still_reads(signing_key: SigningKey) -> None:
    text = paper(signing_key, f"https://{LONGEST_HOST}")
    image = Image.open(io.BytesIO(qr_png(text, scale=2)))
    assert image.width < 200
    assert seen(image) == text


def test_the_drawing_says_the_same_as_the_picture(signing_key: SigningKey) -> None:
    text = paper(signing_key, "https://pass.example")
    assert seen(painted(qr_svg(text))) == text


def test_a_live_ticket_reads_at_its_own_level(signing_key: SigningKey) -> None:
    text = live(signing_key, f"https://{LONGEST_HOST}")
    assert seen(Image.open(io.BytesIO(qr_png(text, "L", scale=3)))) == text
    assert seen(painted(qr_svg(text, "L"))) == text


def test_a_layout_never_grows_past_what_phones_read(signing_key: SigningKey) -> None:
    """The budget of the design, with its longest host and real tickets."""
    base_url = f"https://{LONGEST_HOST}"
    assert len(LONGEST_HOST) == 37
    assert qr_version(paper(signing_key, base_url), "M") <= PAPER_VERSION == 17
    assert qr_version(live(signing_key, base_url), "L") <= LIVE_VERSION == 19
    check_base_url(base_url)


def test_a_paper_ticket_of_the_longest_names_stays_in_the_budget(signing_key: SigningKey) -> None:
    key = signing_key._replace(network="n" * 12)
    assert qr_version(paper(key, f"https://{LONGEST_HOST}", plan="p" * 34), "M") <= PAPER_VERSION


def test_the_check_measures_no_less_than_real_tickets(signing_key: SigningKey) -> None:
    """Hosts are refused one by one; where the check gives way, real tickets must still hold."""
    for length in range(30, 60):
        base_url = f"https://{'h' * length}"
        try:
            check_base_url(base_url)
        except BaseUrlTooLong:
            assert length > 37
            return
        assert qr_version(paper(signing_key, base_url), "M") <= PAPER_VERSION
        assert qr_version(live(signing_key, base_url), "L") <= LIVE_VERSION
    pytest.fail("no host was too long")


def test_a_base_url_too_long_says_what_would_fail() -> None:
    with pytest.raises(BaseUrlTooLong) as live_fails:
        check_base_url(f"https://{'h' * 40}")
    assert (live_fails.value.presentation, live_fails.value.version) == ("live", 20)
    with pytest.raises(BaseUrlTooLong) as paper_fails:
        check_base_url(f"https://{'h' * 70}")
    assert (paper_fails.value.presentation, paper_fails.value.limit) == ("paper", 17)


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8000", "https://pass.example/"])
def test_usual_base_urls_pass(base_url: str) -> None:
    check_base_url(base_url)


@pytest.mark.parametrize("base_url", ["pass.example", "https://pass.example/sainte", ""])
def test_a_base_url_with_a_path_or_without_a_scheme_is_refused(base_url: str) -> None:
    with pytest.raises(BaseUrlInvalid):
        check_base_url(base_url)


def test_all_but_the_mark_is_in_the_alphanumeric_mode(signing_key: SigningKey) -> None:
    """In bytes the code would be four versions larger."""
    for base_url in ("http://a.fr", f"https://{LONGEST_HOST}"):
        text = paper(signing_key, base_url)
        modes = [part.mode for part in _code(text, "M").data_list]
        assert modes == [MODE_ALPHA_NUM, MODE_8BIT_BYTE, MODE_ALPHA_NUM]
        assert qr_version(text.lower(), "M") >= qr_version(text, "M") + 4


def test_a_matrix_is_a_code_of_its_version(signing_key: SigningKey) -> None:
    text = paper(signing_key, "https://pass.example")
    matrix = qr_matrix(text)
    assert len(matrix) == 17 + 4 * qr_version(text)
    assert {len(row) for row in matrix} == {len(matrix)}
    finder = [True, False, True, True, True, False, True]
    assert matrix[3][:7] == matrix[3][-7:] == [row[3] for row in matrix[-7:]] == finder


@given(st.text(st.sampled_from("AZ09 $%*+-./:#a~"), max_size=60))
def test_the_path_draws_exactly_the_matrix(text: str) -> None:
    image = painted(qr_svg(text, "L"))
    matrix = qr_matrix(text, "L")
    side = len(matrix) + 8
    assert image.width == side * 4
    for y in range(side):
        for x in range(side):
            inside = 4 <= x < side - 4 and 4 <= y < side - 4
            black = inside and matrix[y - 4][x - 4]
            assert image.getpixel((4 * x + 1, 4 * y + 1)) == (0 if black else 255)


def test_a_drawing_is_one_small_path_on_white(signing_key: SigningKey) -> None:
    svg = qr_svg(paper(signing_key, f"https://{LONGEST_HOST}"))
    root = ElementTree.fromstring(svg)  # noqa: S314 (our own)
    assert [child.tag for child in root] == [f"{SVG}rect", f"{SVG}path"]
    assert root.attrib["viewBox"] == "0 0 93 93"
    assert (root[0].attrib["width"], root[0].attrib["fill"]) == ("93", "#fff")
    assert len(svg) < 13_000


def test_a_picture_has_whole_pixels_and_a_quiet_zone(signing_key: SigningKey) -> None:
    text = paper(signing_key, "https://pass.example")
    image = Image.open(io.BytesIO(qr_png(text, scale=5)))
    assert image.format == "PNG"
    assert image.size == (5 * (len(qr_matrix(text)) + 8),) * 2
    assert image.convert("L").getbbox() == (0, 0, *image.size)
    quiet = [image.getpixel((at, 19)) for at in range(image.width)]
    assert set(quiet) == {255}


@pytest.mark.parametrize("text", ["A" * (TEXT_LIMIT + 1), "a" * TEXT_LIMIT])
def test_a_text_that_no_code_holds_is_refused(text: str) -> None:
    for draw in (qr_version, qr_matrix, qr_svg, qr_png):
        with pytest.raises(TokenTooLarge):
            draw(text, "M")


def test_versions_grow_with_the_text() -> None:
    versions = [qr_version("A" * length, "L") for length in range(1, 2_000, 100)]
    assert all(one <= other for one, other in pairwise(versions))


def test_phones_draw_the_same_codes_by_the_shared_vectors():
    for vector in json.loads((Path(__file__).parents[1] / "vectors" / "qr.json").read_text()):
        matrix = qr_matrix(vector["text"], LIVE_LEVEL)
        assert vector["rows"] == ["".join(str(int(black)) for black in row) for row in matrix]
