"""A desk before a browser: somebody signed in, passes as they are sold, codes before a camera."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image, ImageFilter
from playwright.sync_api import BrowserContext, BrowserType, Page

from cowopass.passes.binding_codes import request_binding_code
from cowopass.passes.phones import Bound, bind_phone
from cowopass.passes.service import Sale, sell
from cowopass.people.access import Grant
from cowopass.people.callers import SIGNED_IN
from cowopass.people.sessions import begin_session
from tests.factories import a_person
from tests.site import Site
from wallet.keys import public_jwk
from wallet.proof import sd_hash
from wallet.qr import PAPER_LEVEL, Level, qr_matrix
from wallet.text import token_to_text

HOME = "comptoir-numerique"
HOST = "rubanerie"
FRAME = (1280, 720)
CAMERA = (
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--use-file-for-fake-video-capture={video}",
)


class Look(NamedTuple):
    """How a code lies before the camera: its width in pixels, its tilt, blur and noise."""

    width: int = 420
    tilt: float = 0.0
    blur: float = 0.0
    noise: int = 0


def sign_in(site: Site, context: BrowserContext, space: str = HOST) -> None:
    """Let a browser be a host's of a space."""
    with site.session() as session:
        email = f"{secrets.token_hex(4)}@example.org"
        person = a_person(session, email, Grant("host", "sainte", space))
        secret = begin_session(session, person, "link", "Chromium")
        session.commit()
    cookie = {"name": SIGNED_IN, "value": secret, "url": site.url, "httpOnly": True}
    context.add_cookies([{**cookie, "sameSite": "Lax"}])


def wait_for_worker(page: Page) -> None:
    """Wait until the service worker has kept its files and answers for the page.

    It is `ready` before: as soon as it is there, while it still keeps what it will need.
    """
    page.evaluate("""() => new Promise((done) => {
      const { serviceWorker } = navigator;
      if (serviceWorker.controller) done();
      else serviceWorker.addEventListener("controllerchange", () => done(), { once: true });
    })""")


def leave_no_room(page: Page, origin: str) -> None:
    """Give an origin a single byte of storage, as on a phone whose disk is full.

    The page must be a `kept_page`: a browser that forgets everything has no quota.
    """
    devtools = page.context.new_cdp_session(page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1})


class Shown(NamedTuple):
    """A pass as somebody shows it: what its QR code says, and its short code."""

    text: str
    code: str
    pass_id: str


def a_paper_ticket(
    site: Site, plan: str = "voyageur-jours", name: str = "Camille Berthet", home: str = HOME
) -> Shown:
    """Sell a pass and return its paper ticket."""
    with site.session() as session:
        sold = sell(session, site.config, Sale(home, plan, name, None, None))
        ticket = sold.ticket
        shown = Shown(token_to_text(ticket.token, site.url), ticket.code or "", sold.sold.id)
        session.commit()
    return shown


class Carried(NamedTuple):
    """A pass in a phone, and the phone's key."""

    token: str
    key: ec.EllipticCurvePrivateKey
    url: str

    def text(self, age_seconds: int = 0) -> str:
        """Return what the QR code says that the phone has signed so long ago."""
        claims = {
            "iat": int(time.time()) - age_seconds,
            "aud": "cowopass",
            "nonce": secrets.token_urlsafe(8),
            "sd_hash": sd_hash(self.token),
        }
        proof = jwt.encode(claims, self.key, "ES256", headers={"typ": "kb+jwt"})
        return token_to_text(f"{self.token}~{proof}", self.url)


def a_carried_pass(site: Site, name: str = "Samir Haddad") -> Carried:
    """Sell a pass and bind a phone to it."""
    shown = a_paper_ticket(site, name=name)
    key = ec.generate_private_key(ec.SECP256R1())
    with site.session() as session:
        code = request_binding_code(session, site.config, shown.pass_id).code
        bound = bind_phone(
            session, site.config, shown.pass_id, public_jwk(key.public_key()), code=code
        )
        assert isinstance(bound, Bound)
        token = bound.ticket.token
        session.commit()
    return Carried(token, key, site.url)


def draw(text: str, look: Look, level: Level = PAPER_LEVEL) -> Image.Image:
    """Return a frame of a camera that sees the QR code of a text."""
    matrix = qr_matrix(text, level)
    size = len(matrix) + 8
    code = Image.new("L", (size, size), 255)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            code.putpixel((x + 4, y + 4), 0 if dark else 255)
    code = code.resize((look.width, look.width), Image.Resampling.NEAREST)
    frame = Image.new("L", FRAME, 96)
    tilted = code.rotate(look.tilt, Image.Resampling.BICUBIC, expand=True, fillcolor=96)
    frame.paste(tilted, ((FRAME[0] - tilted.width) // 2, (FRAME[1] - tilted.height) // 2))
    if look.blur:
        frame = frame.filter(ImageFilter.GaussianBlur(look.blur))
    if look.noise:
        frame = Image.blend(frame, Image.effect_noise(FRAME, look.noise), 0.25)
    return frame


def write_video(path: Path, frames: Iterable[Image.Image], each: int = 5) -> Path:
    """Write frames as a Y4M video, which Chromium takes for a camera and repeats for ever."""
    with path.open("wb") as file:
        file.write(b"YUV4MPEG2 W%d H%d F15:1 Ip A1:1 C420jpeg\n" % FRAME)
        chroma = bytes([128]) * (FRAME[0] * FRAME[1] // 2)
        for frame in frames:
            file.write((b"FRAME\n" + frame.tobytes() + chroma) * each)
    return path


@contextmanager
def a_camera(browser_type: BrowserType, launch: dict[str, Any], video: Path) -> Iterator[Page]:
    """Lend a page of a phone whose camera sees a video."""
    args = [*launch["args"], *(flag.format(video=video) for flag in CAMERA)]
    with browser_type.launch(**{**launch, "args": args}) as browser:
        context = browser.new_context(
            locale="fr-FR", viewport={"width": 390, "height": 844}, permissions=["camera"]
        )
        yield context.new_page()


def scan_by_keyboard(page: Page, text: str) -> None:
    """Do as a scanner does that is a keyboard."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")
