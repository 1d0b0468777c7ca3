"""The reference of the network file tells every key, and its example loads."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cowopass.legal import schemas as legal
from cowopass.network_file import schemas
from cowopass.network_file.loading import load_document
from cowopass.networks.models import Network

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "network-file.md"

SCHEMAS = [
    schemas.NetworkSchema,
    legal.FundSchema,
    schemas.CharterSchema,
    schemas.AgreementSchema,
    schemas.SpaceSchema,
    schemas.CapacitySchema,
    schemas.RoomSchema,
    legal.LegalSchema,
    legal.AddressSchema,
    legal.VatSchema,
    schemas.PriceSchema,
    schemas.PlanSchema,
]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_key_is_in_the_reference(schema):
    told = set(re.findall(r'[`"]([a-z_]+)[`"]', REFERENCE.read_text()))
    keys = {field.data_key or name for name, field in schema().fields.items()}
    assert keys - told == set()


def test_the_example_of_the_reference_loads(session, config):
    found = re.search(r"```json\n(.*?)```", REFERENCE.read_text(), re.DOTALL)
    assert found
    document = json.loads(found[1])
    assert load_document(session, config, document).has_changed
    assert not load_document(session, config, document).has_changed
    assert session.get(Network, "sainte")
