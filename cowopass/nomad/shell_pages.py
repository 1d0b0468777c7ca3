"""What makes the wallet an app of the phone: its manifest, and the worker that keeps it."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Response, render_template, url_for
from flask_babel import gettext

from cowopass.language import spoken_language
from cowopass.nomad.blueprint import blueprint

STATIC = Path(__file__).parents[1] / "static"

SHELL = (
    "icon.svg",
    "tokens.css",
    "ground.css",
    "controls.css",
    "parts/lines.css",
    "parts/tokens-left.css",
    "nomad/pass.css",
    "nomad/wallet.js",
    "nomad/binding.js",
    "nomad/live.js",
    "nomad/phone.js",
    "nomad/proof.js",
    "nomad/qr.js",
    "nomad/service.js",
    "nomad/share.js",
    "nomad/store.js",
    "ticket/claims.js",
    "ticket/encoding.js",
    "ticket/jws.js",
    "ticket/proof.js",
    "ticket/refusal.js",
    "ticket/text.js",
    "vendor/idb/index.js",
    "vendor/lean-qr/index.mjs",
    "vendor/fonts/atkinson-hyperlegible-next.woff2",
    "vendor/fonts/bricolage-grotesque.woff2",
)
"""What the wallet needs to come up without a network, in `static/`."""


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """Describe the wallet to a phone that installs it, in its holder's language."""
    described = {
        "id": "/wallet",
        "name": "cowopass",
        "short_name": gettext("Mon pass"),
        "description": gettext("Un pass pour tous les tiers-lieux du réseau."),
        "lang": spoken_language(),
        "start_url": "/wallet",
        "scope": "/wallet",
        "display": "standalone",
        "background_color": "#f3f2ed",
        "theme_color": "#f3f2ed",
        "icons": [
            {
                "src": url_for("static", filename=f"nomad/icon-{side}.png"),
                "sizes": f"{side}x{side}",
                "type": "image/png",
                "purpose": "any maskable",
            }
            for side in (192, 512)
        ],
    }
    return Response(json.dumps(described, ensure_ascii=False), mimetype="application/manifest+json")


@blueprint.get("/worker.js")
def worker() -> Response:
    """Serve the worker that keeps the wallet for when there is no network.

    It names its version, which is another one as soon as any file that it keeps is.
    """
    files = [url_for("static", filename=name) for name in SHELL]
    text = render_template(
        "nomad/worker.js", version=_version(), files=[*files, url_for("directory.colours")]
    )
    answer = Response(text, mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = "/wallet"
    return answer


@cache
def _version() -> str:
    """Return a hash of all files of the shell, taken once a process."""
    digest = sha256()
    for path in (STATIC / name for name in SHELL):
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()[:16]
