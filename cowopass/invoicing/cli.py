"""Commands for invoices."""

from __future__ import annotations

from pathlib import Path

import click

from cowopass.invoicing.cii import cii_xml
from cowopass.invoicing.document import document_of
from cowopass.invoicing.paper import facturx_pdf
from cowopass.invoicing.schemas import IssuedSchema
from cowopass.invoicing.service import Issued, find_invoice, issue_month, show_invoices
from cowopass.invoicing.showing import issued_document
from cowopass.output import write_file
from cowopass.settlement.cli import json_option, month_argument, network_argument
from cowopass.settlement.printing import print_json, print_table, show_amount
from cowopass.transaction import transaction

MISSING = {
    "legal": "a legal side in the network file",
    "siret": "a SIRET",
    "siren": "a SIREN or SIRET",
    "address": "an address with postcode, town and country",
    "vat_regime": "a VAT regime for every day that is invoiced",
    "vat_number": "a VAT number",
    "not_here": "a place on this instance: it is invoiced by hand",
    "earlier_month": "an earlier month issued, of which this one takes something back",
}


@click.group("invoice")
def invoice_group() -> None:
    """Make out the invoices between spaces."""


@invoice_group.command("list")
@network_argument
@month_argument
@json_option
def list_month(network: str, month: str, *, as_json: bool) -> None:
    """List the invoices of a locked month, its drafts, and what is missing."""
    with transaction(read_only=True) as session:
        issued = show_invoices(session, network, month)
    _print(network, month, issued, as_json=as_json)


@invoice_group.command("issue")
@network_argument
@month_argument
@json_option
def issue(network: str, month: str, *, as_json: bool) -> None:
    """Give numbers to the invoices of a locked month; done again, it changes nothing."""
    with transaction() as session:
        issued = issue_month(session, network, month)
        _print(network, month, issued, as_json=as_json)


@invoice_group.command("write")
@click.argument("number")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write: .pdf for Factur-X, .xml for its data alone.",
)
def write(number: str, out: Path) -> None:
    """Write the invoice NUMBER to a file."""
    if out.suffix not in {".pdf", ".xml"}:
        raise click.BadParameter("must end in .pdf or .xml", param_hint="--out")
    with transaction(read_only=True) as session:
        document = document_of(find_invoice(session, number).document)
    is_data = out.suffix == ".xml"
    write_file(out, cii_xml(document, number) if is_data else facturx_pdf(document))
    click.echo(out)


def _print(network: str, month: str, issued: Issued, *, as_json: bool) -> None:
    if as_json:
        print_json(IssuedSchema(), issued_document(network, month, issued))
        return
    rows = [
        (one.number, one.kind, one.issuer, one.recipient, show_amount(one.gross_cents))
        for one in issued.invoices
    ]
    for issuer, recipient, document in issued.drafts:
        gross = show_amount(document.amounts.gross_cents)
        rows.append(("(draft)", document.kind, issuer, recipient, gross))
    if rows:
        print_table(("number", "kind", "issuer", "recipient", "gross"), rows)
    else:
        click.echo(f"{month} of {network} has no invoice yet.")
    if issued.waiting:
        click.echo(f"{issued.waiting} more to number: `cowopass invoice issue {network} {month}`.")
    for who, what in issued.missing:
        click.echo(f"{who} lacks {MISSING[what]}.", err=True)


COMMANDS: list[click.Command] = [invoice_group]
