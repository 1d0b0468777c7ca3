"""An invoice as UN/CEFACT Cross Industry Invoice, profile EN 16931 of Factur-X. Pure.

Elements come in the order of the schema. Comments name the business terms (BT) of EN 16931.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree
from lxml.builder import ElementMaker

from cowopass.invoicing.bills import Row
from cowopass.invoicing.document import Document
from cowopass.invoicing.parties import Party
from cowopass.invoicing.wordings import Treatment

Element: TypeAlias = Any
"""An element of lxml, which has no types."""

RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
QDT = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
NAMES = {"rsm": RSM, "ram": RAM, "udt": UDT, "qdt": QDT}

PROFILE = "urn:cen.eu:en16931:2017"
PROCESS = "S1"
"""The French frame of invoicing: an invoice for services, to be paid."""

TYPES = {"invoice": "380", "credit_note": "381"}
SET_OFF = "97"
"""Means of payment in UNTDID 4461: clearing between partners."""

SIREN, SIRET = "0002", "0009"
FRENCH_ADDRESS = "0225"
"""Schemes: ISO 6523 for SIREN and SIRET, and the French directory of electronic addresses."""

_rsm = ElementMaker(namespace=RSM, nsmap=NAMES)
_ram = ElementMaker(namespace=RAM)
_udt = ElementMaker(namespace=UDT)
_qdt = ElementMaker(namespace=QDT)


def cii_xml(document: Document, number: str) -> bytes:
    """Return an invoice as CII XML under a number (of its own, or a draft's placeholder)."""
    tree = _rsm.CrossIndustryInvoice(
        _rsm.ExchangedDocumentContext(
            _ram.BusinessProcessSpecifiedDocumentContextParameter(_ram.ID(PROCESS)),  # BT-23
            _ram.GuidelineSpecifiedDocumentContextParameter(_ram.ID(PROFILE)),  # BT-24
        ),
        _rsm.ExchangedDocument(
            _ram.ID(number),  # BT-1
            _ram.TypeCode(TYPES[document.kind]),  # BT-3
            _ram.IssueDateTime(_day(document.issued_on)),  # BT-2
            *_notes(document),
        ),
        _rsm.SupplyChainTradeTransaction(
            *(_line(place, row, document) for place, row in enumerate(document.rows, start=1)),
            _ram.ApplicableHeaderTradeAgreement(
                _party("SellerTradeParty", document.seller, document.treatment, is_seller=True),
                _party("BuyerTradeParty", document.buyer, document.treatment, is_seller=False),
            ),
            _ram.ApplicableHeaderTradeDelivery(
                _ram.ActualDeliverySupplyChainEvent(
                    _ram.OccurrenceDateTime(_day(document.last_on))  # BT-72
                )
            ),
            _settlement(document),
        ),
    )
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"))


def _notes(document: Document) -> Iterator[Element]:
    """Yield the mentions (BT-22) with their subjects (BT-21)."""
    for mention in document.mentions:
        note = _ram.IncludedNote(_ram.Content(mention.text))
        if mention.code:
            note.append(_ram.SubjectCode(mention.code))
        yield note


def _line(place: int, row: Row, document: Document) -> Element:
    quantity, unit = str(row.quantity), {"unitCode": row.unit_code}
    return _ram.IncludedSupplyChainTradeLineItem(
        _ram.AssociatedDocumentLineDocument(_ram.LineID(str(place))),  # BT-126
        _ram.SpecifiedTradeProduct(_ram.Name(row.name)),  # BT-153
        _ram.SpecifiedLineTradeAgreement(
            _ram.NetPriceProductTradePrice(
                _ram.ChargeAmount(row.net_price),  # BT-146
                _ram.BasisQuantity("1", **unit),  # BT-149
            )
        ),
        _ram.SpecifiedLineTradeDelivery(_ram.BilledQuantity(quantity, **unit)),  # BT-129
        _ram.SpecifiedLineTradeSettlement(
            _tax(document.treatment),
            _period(row.days[0], row.days[-1]),  # BG-26
            _ram.SpecifiedTradeSettlementLineMonetarySummation(
                _ram.LineTotalAmount(_euros(row.net_cents))  # BT-131
            ),
        ),
    )


def _party(tag: str, party: Party, treatment: Treatment, *, is_seller: bool) -> Element:
    """Return BG-4 or BG-7. Who is outside of VAT names no VAT number, and the buyer neither."""
    element = _ram(tag)
    if party.siret:
        element.append(_ram.GlobalID(party.siret, schemeID=SIRET))  # BT-29, BT-46
    element.append(_ram.Name(party.name))  # BT-27, BT-44
    if is_seller and party.form:
        element.append(_ram.Description(party.form))  # BT-33
    if party.siren:
        organization = _ram.SpecifiedLegalOrganization(_ram.ID(party.siren, schemeID=SIREN))
        if party.space != party.name:
            organization.append(_ram.TradingBusinessName(party.space))  # BT-28, BT-45
        element.append(organization)
    element.append(_address(party))
    if party.siren:  # BT-34, BT-49
        address = _ram.URIID(party.siren, schemeID=FRENCH_ADDRESS)
        element.append(_ram.URIUniversalCommunication(address))
    if treatment.category != "O":
        element.extend(_registrations(party, is_seller=is_seller))
    return element


def _address(party: Party) -> Element:
    address = _ram.PostalTradeAddress(_ram.PostcodeCode(party.postcode or ""))
    if party.street:
        address.append(_ram.LineOne(party.street))
    address.extend([_ram.CityName(party.town or ""), _ram.CountryID(party.country or "")])
    return address


def _registrations(party: Party, *, is_seller: bool) -> Iterator[Element]:
    """Yield the VAT number (BT-31, BT-48); a seller without one gives its SIREN (BT-32)."""
    if party.vat_number:
        yield _ram.SpecifiedTaxRegistration(_ram.ID(party.vat_number, schemeID="VA"))
    elif is_seller and party.siren:
        yield _ram.SpecifiedTaxRegistration(_ram.ID(party.siren, schemeID="FC"))


def _settlement(document: Document) -> Element:
    amounts = document.amounts
    total_cents = amounts.net_cents + amounts.vat_cents
    sums = _ram.SpecifiedTradeSettlementHeaderMonetarySummation(
        _ram.LineTotalAmount(_euros(amounts.net_cents)),  # BT-106
        _ram.TaxBasisTotalAmount(_euros(amounts.net_cents)),  # BT-109
        _ram.TaxTotalAmount(_euros(amounts.vat_cents), currencyID=document.currency),  # BT-110
    )
    if amounts.rounding_cents:
        sums.append(_ram.RoundingAmount(_euros(amounts.rounding_cents)))  # BT-114
    sums.append(_ram.GrandTotalAmount(_euros(total_cents)))  # BT-112
    sums.append(_ram.DuePayableAmount(_euros(amounts.gross_cents)))  # BT-115
    settlement = _ram.ApplicableHeaderTradeSettlement(
        _ram.InvoiceCurrencyCode(document.currency),  # BT-5
        _ram.SpecifiedTradeSettlementPaymentMeans(_ram.TypeCode(SET_OFF)),  # BT-81
        _breakdown(document),
        _period(document.first_on, document.last_on),  # BG-14
        _ram.SpecifiedTradePaymentTerms(
            _ram.Description(document.terms),  # BT-20
            _ram.DueDateDateTime(_day(document.due_on)),  # BT-9
        ),
        sums,
    )
    if document.about:
        settlement.append(_reference(document.about, document.about_on))
    return settlement


def _breakdown(document: Document) -> Element:
    """Return BG-23: all of the invoice is of one category."""
    treatment, amounts = document.treatment, document.amounts
    tax = _ram.ApplicableTradeTax(
        _ram.CalculatedAmount(_euros(amounts.vat_cents)),  # BT-117
        _ram.TypeCode("VAT"),
    )
    if treatment.reason:
        tax.append(_ram.ExemptionReason(treatment.reason))  # BT-120
    tax.append(_ram.BasisAmount(_euros(amounts.net_cents)))  # BT-116
    tax.append(_ram.CategoryCode(treatment.category))  # BT-118
    if treatment.reason_code:
        tax.append(_ram.ExemptionReasonCode(treatment.reason_code))  # BT-121
    tax.extend(_rate(treatment))  # BT-119
    return tax


def _tax(treatment: Treatment) -> Element:
    """Return BG-30, the VAT of a line."""
    return _ram.ApplicableTradeTax(
        _ram.TypeCode("VAT"), _ram.CategoryCode(treatment.category), *_rate(treatment)
    )


def _rate(treatment: Treatment) -> Iterator[Element]:
    """Yield the rate, which does not exist outside of VAT."""
    if treatment.category != "O":
        yield _ram.RateApplicablePercent(_euros(treatment.rate_bps))


def _reference(number: str, issued_on: str | None) -> Element:
    """Return BG-3, the invoice that this one is about."""
    reference = _ram.InvoiceReferencedDocument(_ram.IssuerAssignedID(number))
    if issued_on:
        stamp = _qdt.DateTimeString(issued_on.replace("-", ""), format="102")
        reference.append(_ram.FormattedIssueDateTime(stamp))
    return reference


def _period(first: str, last: str) -> Element:
    return _ram.BillingSpecifiedPeriod(
        _ram.StartDateTime(_day(first)), _ram.EndDateTime(_day(last))
    )


def _day(day: str) -> Element:
    return _udt.DateTimeString(day.replace("-", ""), format="102")


def _euros(cents: int) -> str:
    """Return hundredths as a decimal number, such as -0.01."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"
