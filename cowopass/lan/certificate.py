"""A certificate of one's own for an address of the local network. Pure but for its keys' chance.

Phones warn of it once: no authority stands behind it. Who installs `authority.crt` on a phone is
warned no more, and the phone keeps pages for later without a network, which it does not do under a
warning.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFE = timedelta(days=365)
"""Apple's phones take no certificate that lives longer than 825 days."""

SKEW = timedelta(days=1)
"""A phone's clock may be behind by so much."""


class Certificate(NamedTuple):
    """PEM files: the authority to install on a phone, and what the server shows and signs with."""

    authority: bytes
    chain: bytes
    key: bytes


def make_certificate(address: str, now: datetime) -> Certificate:
    """Return a new certificate for an IP address, signed by a new authority that signs no other."""
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    name = _name(f"Cowopass demonstration {now:%Y-%m-%d}")
    authority = (
        _draft(name, name, authority_key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    leaf = (
        _draft(_name(address), name, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False
        )
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    told = authority.public_bytes(Encoding.PEM)
    return Certificate(
        authority=told,
        chain=leaf.public_bytes(Encoding.PEM) + told,
        key=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )


def _draft(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now + LIFE)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
