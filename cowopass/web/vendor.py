"""What pages load from npm packages: which files, and under which name modules import them.

`python cowopass/web/vendor.py NODE_MODULES` copies the files into `static/vendor/`, which is never
committed. Modules import packages by their bare names, so that the same file runs in the browser,
where `IMPORT_MAP` resolves them, and under Node.js, where `node_modules` does.
"""

from __future__ import annotations

import json
import shutil
import sys
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Final

FOLDER = Path(__file__).parents[1] / "static" / "vendor"

_FONTS = "@fontsource-variable"
FILES: Final = {
    "barcode-detector/ponyfill.js": "barcode-detector/dist/es/ponyfill.js",
    "barcode-detector/zxing-exported.js": "barcode-detector/dist/es/zxing-exported.js",
    # The reader that this very version of barcode-detector was built with; a newer one crashes it.
    "barcode-detector/zxing_reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
    "lean-qr/index.mjs": "lean-qr/index.mjs",
    "idb/index.js": "idb/build/index.js",
    "d3-chord/d3-chord.mjs": "d3-chord/dist/d3-chord.mjs",
    "d3-path/d3-path.mjs": "d3-path/dist/d3-path.mjs",
    "fonts/bricolage-grotesque.woff2": (
        f"{_FONTS}/bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal.woff2"
    ),
    "fonts/atkinson-hyperlegible-next.woff2": (
        f"{_FONTS}/atkinson-hyperlegible-next/files/"
        "atkinson-hyperlegible-next-latin-wght-normal.woff2"
    ),
}
"""Each file in `static/vendor/`, and where it lies in `node_modules`."""

MODULES: Final = {
    "barcode-detector/ponyfill": "barcode-detector/ponyfill.js",
    "lean-qr": "lean-qr/index.mjs",
    "idb": "idb/index.js",
    "d3-chord": "d3-chord/d3-chord.mjs",
    "d3-path": "d3-path/d3-path.mjs",
}
"""The name that modules import, and the file behind it."""

IMPORT_MAP: Final = json.dumps(
    {"imports": {name: f"/static/vendor/{file}" for name, file in MODULES.items()}},
    separators=(",", ":"),
)

IMPORT_MAP_HASH: Final = f"sha256-{b64encode(sha256(IMPORT_MAP.encode()).digest()).decode()}"
"""What the Content-Security-Policy allows: this one inline map, and nothing else inline."""


def copy_files(node_modules: Path) -> None:
    """Copy the files out of a `node_modules` folder, replacing those of other versions."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    for target, source in FILES.items():
        path = FOLDER / target
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(node_modules / source, path)


if __name__ == "__main__":
    copy_files(Path(sys.argv[1]))
