"""Refusals of this package, each named as a fact.

WalletError
├── NotATicket              not_a_ticket
├── TokenTooLarge           token_too_large
├── TicketMalformed         malformed
├── AlgNotAllowed           alg_not_allowed
├── TypNotAllowed           typ_not_allowed
├── IssuerUnknown           issuer_unknown
├── KeyUnknown              key_unknown
├── KeyCompromised          key_compromised
├── IssuerKeyMismatch       issuer_key_mismatch
├── BadSignature            bad_signature
├── ClaimsInvalid           claims_invalid
├── HolderProofMissing      holder_proof_missing
├── HolderProofInvalid      holder_proof_invalid
├── HolderProofStale        holder_proof_stale
├── HolderProofWrongSpace   holder_proof_wrong_space
├── HolderProofReplayed     holder_proof_replayed
├── CodeInvalid             code_invalid
├── KeyUnreadable           key_unreadable
├── BaseUrlInvalid          base_url_invalid
└── BaseUrlTooLong          base_url_too_long

A refusal carries its facts as attributes and a stable `code`; its text is a sentence for people.
Facts taken from a ticket that nobody has verified are quoted in the text, never trusted.
"""

from __future__ import annotations

from typing import ClassVar


class WalletError(Exception):
    """Something that was shown to this package, or given to it, can't be accepted."""

    code: ClassVar[str] = "wallet_error"


class NotATicket(WalletError):
    """A text is neither the text of a ticket's QR code nor a compact JWS."""

    code = "not_a_ticket"

    def __init__(self) -> None:
        super().__init__("this is not a ticket: scan its QR code, or type the code below it")


class TokenTooLarge(WalletError):
    """A text has more characters than any ticket; it is refused before it is read."""

    code = "token_too_large"

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"{length} characters are too many for a ticket: at most {limit}")
        self.length = length
        self.limit = limit


class TicketMalformed(WalletError):
    """A ticket was cut or damaged, or is not of the form that the protocol asks for."""

    code = "malformed"

    def __init__(self, reason: str) -> None:
        super().__init__(f"this ticket can't be read: {reason}")
        self.reason = reason


class AlgNotAllowed(WalletError):
    """A token is signed by another algorithm than ES256; `alg` is None if it isn't even a text."""

    code = "alg_not_allowed"

    def __init__(self, alg: str | None) -> None:
        super().__init__(f"the algorithm {alg!r} is not allowed: a ticket is signed by ES256")
        self.alg = alg


class TypNotAllowed(WalletError):
    """A token is no ticket but of another type; `typ` is None if it isn't even a text."""

    code = "typ_not_allowed"

    def __init__(self, typ: str | None) -> None:
        super().__init__(f"a token of type {typ!r} is not a ticket")
        self.typ = typ


class IssuerUnknown(WalletError):
    """No instance that is trusted here has issued this ticket."""

    code = "issuer_unknown"

    def __init__(self, issuer: str | None) -> None:
        super().__init__(f"{issuer!r} is not known here as an issuer of tickets")
        self.issuer = issuer


class KeyUnknown(WalletError):
    """No trusted key has the `kid` of this ticket; None if it isn't even a text."""

    code = "key_unknown"

    def __init__(self, kid: str | None) -> None:
        super().__init__(f"the key {kid!r} is not known here")
        self.kid = kid


class KeyCompromised(WalletError):
    """The ticket's key was stolen, and this is none of the tickets that were issued under it."""

    code = "key_compromised"

    def __init__(self, kid: str) -> None:
        super().__init__(f"the key {kid!r} was stolen, and we have not issued this ticket")
        self.kid = kid


class IssuerKeyMismatch(WalletError):
    """The key is known, but it doesn't sign for the issuer and network that the ticket claims."""

    code = "issuer_key_mismatch"

    def __init__(self, issuer: str, network: str | None, kid: str) -> None:
        super().__init__(f"the key {kid!r} does not sign for network {network!r} of {issuer!r}")
        self.issuer = issuer
        self.network = network
        self.kid = kid


class BadSignature(WalletError):
    """The ticket was altered, or somebody signed it who doesn't hold the key it names."""

    code = "bad_signature"

    def __init__(self, kid: str) -> None:
        super().__init__(f"the signature is not one of the key {kid!r}: this ticket is forged")
        self.kid = kid


class ClaimsInvalid(WalletError):
    """A claim is missing, of the wrong type or out of range; `claim` is its name."""

    code = "claims_invalid"

    def __init__(self, claim: str, reason: str) -> None:
        super().__init__(f"the ticket's {claim} {reason}")
        self.claim = claim
        self.reason = reason


class HolderProofMissing(WalletError):
    """A ticket bound to a phone was shown without the phone's proof: a copy of it, probably."""

    code = "holder_proof_missing"

    def __init__(self, jti: str) -> None:
        super().__init__("this ticket counts only as shown by its holder's phone")
        self.jti = jti


class HolderProofInvalid(WalletError):
    """A proof is damaged, signed by another key, or made for another ticket."""

    code = "holder_proof_invalid"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the phone's proof does not count: {reason}")
        self.reason = reason


class HolderProofStale(WalletError):
    """A proof is too old, or ahead of the clock; `age_seconds` is below zero for the latter."""

    code = "holder_proof_stale"

    def __init__(self, age_seconds: int) -> None:
        super().__init__(f"the phone's proof is {age_seconds} seconds old: a picture of it, maybe")
        self.age_seconds = age_seconds


class HolderProofWrongSpace(WalletError):
    """A proof was made for the desk of another space."""

    code = "holder_proof_wrong_space"

    def __init__(self, audience: str) -> None:
        super().__init__(f"the phone's proof is for {audience!r}, and not for this space")
        self.audience = audience


class HolderProofReplayed(WalletError):
    """A proof has counted before: each does once."""

    code = "holder_proof_replayed"

    def __init__(self, jti: str) -> None:
        super().__init__("the phone's proof was used before: wait for the next one")
        self.jti = jti


class CodeInvalid(WalletError):
    """A text is no short code, or one with a slip in it."""

    code = "code_invalid"

    def __init__(self, reason: str) -> None:
        super().__init__(f"this code {reason}")
        self.reason = reason


class KeyUnreadable(WalletError):
    """A key can't be read: it is damaged, of another kind, or sealed under another secret."""

    code = "key_unreadable"

    def __init__(self, reason: str) -> None:
        super().__init__(f"this key can't be read: {reason}")
        self.reason = reason


class BaseUrlInvalid(WalletError):
    """A base URL is not `http(s)://host` or `http(s)://host:port`."""

    code = "base_url_invalid"

    def __init__(self, base_url: str) -> None:
        super().__init__(
            f"{base_url!r} can't be the base URL: write https://host, without a path, "
            "the host in ASCII letters, digits, dots and hyphens"
        )
        self.base_url = base_url


class BaseUrlTooLong(WalletError):
    """With this base URL a `presentation` (`paper` or `live`) would be too dense to scan.

    `version` is the QR version it would need, `limit` the largest that still reads well.
    """

    code = "base_url_too_long"

    def __init__(self, base_url: str, presentation: str, version: int, limit: int) -> None:
        super().__init__(
            f"{base_url!r} is too long: the QR code of a {presentation} ticket would be of "
            f"version {version}, above {limit} cameras fail; hosts of 37 characters fit"
        )
        self.base_url = base_url
        self.presentation = presentation
        self.version = version
        self.limit = limit
