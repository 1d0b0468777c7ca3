"""Network files for tests: the one that the reference shows, and changes of it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

ADDRESS = {
    "building_number": "7",
    "street_name": "Place Maréchal Foch",
    "postcode": "42000",
    "town": "Saint-Étienne",
    "country": "FR",
}

AGREEMENT = {
    "home": "sainte",
    "host": "sainte",
    "effective_from": "2026-09",
    "rule": {"kind": "difference_share", "share_bps": 10000, "cap_at_host_price": True},
    "top_up": False,
    "golden_share_bps": 0,
    "levy_bps": 500,
    "roaming_days_per_month": 5,
    "liability_cap_bps": 10000,
    "max_host_price_cents": None,
    "offline_paper_per_day": 10,
    "late_days": 5,
    "review_days": 7,
    "netting": "multilateral",
    "convention_signed_on": "2026-08-28",
    "carry_forward_below_cents": 100,
}

PLAN = {
    "code": "voyageur-jours",
    "name": "Voyageur",
    "kind": "book",
    "unit": "day",
    "units": 11,
    "validity_months": 12,
    "price_cents": 15000,
    "volunteer_price_cents": None,
    "golden_tickets": 1,
    "notional_units": None,
    "roaming": True,
}

NETWORK = {
    "slug": "sainte",
    "name": "Coworking Sainté",
    "timezone": "Europe/Paris",
    "currency": "EUR",
    "fund": {
        "holder": "Association Coworking Sainté",
        "siret": None,
        "vat_number": None,
        "iban": "FR7630004000010000000000039",
        "bic": None,
        "vat": [{"regime": "out_of_scope", "effective_from": "2026-01-01"}],
        "address": {**ADDRESS, "building_number": "1", "street_name": "rue de la Ville"},
    },
}

SPACE = {
    "slug": "comptoir-numerique",
    "name": "Le Comptoir Numérique",
    "capacity": {"comfortable": 25, "maximum": 35},
    "visitors_per_day": 10,
    "legal": {
        "name": "Openscop",
        "form": "SCOP",
        "siret": None,
        "vat_number": None,
        "iban": None,
        "bic": None,
        "vat": [{"regime": "standard", "effective_from": "2026-01-01"}],
        "self_billing_mandate_on": None,
        "address": ADDRESS,
    },
    "prices": [{"unit": "day", "amount_cents": 1500, "effective_from": "2026-01-01"}],
    "plans": [PLAN],
}

IDENTITY = {
    "presentation": "300 m² sur deux étages.\nTout le monde est concierge.",
    "good_at": ["Hackerspace", "fablab"],
    "equipment": ["Imprimante 3D"],
    "transport": ["Tram à 2 min"],
    "address": ADDRESS,
    "latitude": 45.4397,
    "longitude": 4.3872,
    "opening_hours": {"monday": [["08:00", "12:00"], ["13:00", "18:00"]], "sunday": []},
    "closed_days": ["2026-12-25", "2026-11-11"],
    "rooms": [{"name": "La Cabine", "seats": 2}],
    "email": "bonjour@comptoir.example",
    "phone": "+33 4 77 00 00 00",
    "website": "https://comptoir.example/accueil",
    "hue": 264,
    "weave": "chevron",
}


def a_file(**over: Any) -> dict[str, Any]:
    """Return the whole file, with other parts in the place of its own; None leaves one out."""
    parts = {"network": NETWORK, "agreements": [AGREEMENT], "spaces": [SPACE], **over}
    return deepcopy({name: part for name, part in parts.items() if part is not None})


def with_change(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a file with one value set, by its path: `spaces.0.prices.0.amount_cents`."""
    document = deepcopy(document)
    *above, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    at: Any = document
    for step in above:
        at = at[step]
    if isinstance(at, list) and last == len(at):
        at.append(value)
    else:
        at[last] = value
    return document
