"""Reading a page as a person does: its words, with plain spaces."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient

MONTH = "/treasury/sainte/2026-11"


def words_of(html: str) -> str:
    """Return the text of a page in one line, every kind of space made plain."""
    shown = re.sub(r"<script.*?</script>", " ", html, flags=re.DOTALL)
    text = unescape(re.sub(r"<[^>]+>", " ", shown))
    return re.sub(r"\s+", " ", text)


def read(client: FlaskClient, address: str, headers: dict[str, str]) -> str:
    """Return the words of a page that is there."""
    answer = client.get(address, headers=headers | {"Accept-Language": "fr"})
    assert answer.status_code == 200, answer.status
    return words_of(answer.text)


def send(client: FlaskClient, address: str, headers: dict[str, str], **form: Any) -> str:
    """Send a form, follow its redirect, and return the words of the page that answers."""
    answer = client.post(address, data=form, headers=headers | {"Accept-Language": "fr"})
    assert answer.status_code == 303, answer.status
    return read(client, answer.headers["Location"].partition("#")[0], headers)
