"""A month with ten thousand lines is read page by page, and each line is met once."""

from __future__ import annotations

import re
from itertools import cycle, islice

import pytest
from sqlalchemy import func, select

from cowopass import clock
from cowopass.database import insert_many
from cowopass.ledger.models import SettlementLine
from cowopass.ledger.rows import LINE_COLUMNS, line_of, line_row, new_line_id
from cowopass.treasury.lines import LINES_A_PAGE
from tests.cowopass.treasury.reading import MONTH

MANY = 10_000
NEXT = re.compile(r'href="([^"]*[?&;]after=\d+[^"]*)"')


@pytest.fixture
def crowded(november):
    """The worked example's charges over and over, until the month has ten thousand lines."""
    charges = select(*LINE_COLUMNS).where(SettlementLine.kind == "charge")
    lines = [line_of(row) for row in november.execute(charges)]
    known = november.scalar(select(func.count()).select_from(SettlementLine)) or 0
    more = islice(cycle(lines), MANY - known)
    rows = [line_row(line._replace(id=new_line_id()), clock.now()) for line in more]
    insert_many(november, SettlementLine, rows)
    november.commit()
    return november


@pytest.mark.slow
@pytest.mark.usefixtures("crowded")
@pytest.mark.parametrize("start", [f"{MONTH}/lines", f"{MONTH}/lines?participant=comptoir"])
def test_ten_thousand_lines_are_met_once_each_page_by_page(client, treasurer, start):
    address, pages, met = start, 0, 0
    found = None
    while address is not None:
        answer = client.get(address, headers=treasurer | {"Accept-Language": "fr"})
        assert answer.status_code == 200
        lines = len(re.findall(r"<tr\b", answer.text.partition("<tbody")[2]))
        assert lines <= LINES_A_PAGE
        told = re.search(r"([\d\u202f\u00a0 ]+)\s*lignes", answer.text)
        found = found or int(re.sub(r"\D", "", told[1]))
        pages, met = pages + 1, met + lines
        following = NEXT.search(answer.text)
        address = following[1].replace("&amp;", "&") if following else None
    assert met == found
    assert pages == -(-found // LINES_A_PAGE)
    assert found == MANY or "participant" in start
