"""The kinds of documents of a month: which of them there are to make, and how one is made.

A kind is two functions and an entry in `KINDS`; everything else (the command, the work in the
background, the page) takes whatever kinds there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Literal, NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from clearing.document import LOCKED
from clearing.line import FUND
from clearing.period import first_day, last_day
from cowopass.accounting.fec import fec_file
from cowopass.bank.payment_files import payment_file
from cowopass.config import Config
from cowopass.documents.lacks import Lack, lack_of_refusal, lacks_of_invoices
from cowopass.documents.month_paper import month_pdf
from cowopass.documents.statement_files import statement_pdf
from cowopass.documents.statements import Statements
from cowopass.errors import CowopassError
from cowopass.invoicing.paper import invoice_pdf
from cowopass.invoicing.service import Issued, find_invoice, issue_month, show_invoices
from cowopass.settlement.months import read_sums
from cowopass.settlement.steps import Month
from cowopass.spaces.models import Space

KindName = Literal["month", "statement", "invoice", "draft", "payment", "fec"]


class Wanted(NamedTuple):
    """A document to make: where it lies in the month's folder, and what it is of.

    `key` is what its kind makes it from. `space` is whose it is, beside the treasurer's.
    """

    path: str
    kind: KindName
    key: str
    space: str | None = None


class Bench:
    """Where the documents of one month are made: what several of them need is read once."""

    def __init__(self, session: Session, config: Config, network: str, month: str) -> None:
        self.session = session
        self.config = config
        self.network = network
        self.month = month

    @cached_property
    def issued(self) -> Issued:
        """The invoices of a locked month, its drafts, and what is missing."""
        return show_invoices(self.session, self.network, self.month)

    @cached_property
    def statements(self) -> Statements:
        """The statements of the month, whose leaves are read with the first of them."""
        return Statements(self.session, self.config, self.network, self.month)

    @property
    def found(self) -> Month:
        """The month and where it stands."""
        return self.statements.found

    @cached_property
    def positions(self) -> set[str]:
        """Whoever has a position in the month: spaces, the fund, other networks."""
        return set(read_sums(self.session, self.network, self.month).positions)

    @property
    def is_locked(self) -> bool:
        """Whether its documents are final."""
        return self.found.state in LOCKED


class Kind(NamedTuple):
    """A kind of document. `make` returns None when there is nothing to say after all.

    `is_final` kinds of a locked month never change; the others follow the payments.
    """

    find: Callable[[Bench], Iterator[Wanted | Lack]]
    make: Callable[[Bench, str], bytes | None]
    is_final: bool = True


class Listing(NamedTuple):
    """The documents of a month, those that take longest first, and what is known to be missing."""

    wanted: list[Wanted]
    lacks: list[Lack]


def list_documents(bench: Bench) -> Listing:
    """Return the documents of a month. A locked one first gets the invoices that it lacks.

    Raises NetworkUnknown and MonthInvalid.
    """
    if bench.is_locked:
        bench.issued = issue_month(bench.session, bench.network, bench.month)
    found = [each for kind in KINDS.values() for each in kind.find(bench)]
    return Listing(
        [each for each in found if isinstance(each, Wanted)],
        [each for each in found if isinstance(each, Lack)],
    )


def make(bench: Bench, wanted: Wanted) -> bytes | Lack | None:
    """Return a document, or who has to give what before it can be made; None for none at all."""
    try:
        return KINDS[wanted.kind].make(bench, wanted.key)
    except CowopassError as refusal:
        return lack_of_refusal(wanted.path, wanted.space, refusal)


def _list_month(_: Bench) -> Iterator[Wanted]:
    yield Wanted("month.pdf", "month", "")


def _make_month(bench: Bench, _: str) -> bytes:
    return month_pdf(bench.session, bench.config, bench.network, bench.month)


def _list_statements(bench: Bench) -> Iterator[Wanted]:
    """Yield those of the network's spaces, and of whoever else has a position: the fund first."""
    spaces = _spaces(bench)
    others = sorted(bench.positions - set(spaces), key=lambda slug: (slug != FUND, slug))
    for slug in (*others, *spaces):
        yield Wanted(f"statements/{slug}.pdf", "statement", slug, slug)


def _make_statement(bench: Bench, space: str) -> bytes:
    return statement_pdf(bench.session, bench.statements, space)


def _list_invoices(bench: Bench) -> Iterator[Wanted | Lack]:
    if not bench.is_locked:
        return
    for invoice in bench.issued.invoices:
        yield Wanted(f"invoices/{invoice.number}.pdf", "invoice", invoice.number, invoice.issuer)
    yield from lacks_of_invoices(bench.issued.missing)


def _make_invoice(bench: Bench, number: str) -> bytes:
    return invoice_pdf(bench.session, find_invoice(bench.session, number))


def _list_drafts(bench: Bench) -> Iterator[Wanted]:
    if bench.is_locked:
        for draft in bench.issued.drafts:
            yield Wanted(f"drafts/{draft.name}.pdf", "draft", draft.name, draft.issuer)


def _make_draft(bench: Bench, name: str) -> bytes | None:
    drafts = (draft for draft in bench.issued.drafts if draft.name == name)
    return next((invoice_pdf(bench.session, draft) for draft in drafts), None)


def _list_payments(bench: Bench) -> Iterator[Wanted]:
    if bench.is_locked:
        ours = {*_spaces(bench), FUND}
        for debtor in sorted({due.debtor for due in bench.found.dues if due.left_cents} & ours):
            yield Wanted(f"payments/{debtor}.xml", "payment", debtor, debtor)


def _make_payment(bench: Bench, space: str) -> bytes | None:
    return payment_file(bench.session, bench.network, bench.month, space)


def _list_fec(bench: Bench) -> Iterator[Wanted]:
    if bench.is_locked:
        fund = [FUND] if bench.found.network.fund is not None else []
        for space in (*fund, *_spaces(bench)):
            yield Wanted(f"fec/{space}.txt", "fec", space, space)


def _make_fec(bench: Bench, space: str) -> bytes:
    return fec_file(bench.session, bench.network, bench.month, space)


def _spaces(bench: Bench) -> list[str]:
    """Return the spaces that were in the network at some day of the month, by slug.

    One that left is among them while it has a position: it may still pay for its passes.
    """
    is_member = and_(
        or_(Space.joins_on.is_(None), Space.joins_on <= last_day(bench.month)),
        or_(Space.leaves_on.is_(None), Space.leaves_on >= first_day(bench.month)),
    )
    return list(
        bench.session.scalars(
            select(Space.slug)
            .where(Space.network == bench.network, or_(is_member, Space.slug.in_(bench.positions)))
            .order_by(Space.slug)
        )
    )


KINDS: dict[KindName, Kind] = {
    "month": Kind(_list_month, _make_month),
    "statement": Kind(_list_statements, _make_statement),
    "invoice": Kind(_list_invoices, _make_invoice),
    "draft": Kind(_list_drafts, _make_draft),
    "payment": Kind(_list_payments, _make_payment, is_final=False),
    "fec": Kind(_list_fec, _make_fec, is_final=False),
}
