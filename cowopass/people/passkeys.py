"""Passkeys: what a phone or a key proves, in place of a mailed link.

A challenge is a secret that works once; the browser sends it back inside what was signed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from cowopass import clock
from cowopass.acts.service import record_act
from cowopass.config import Config
from cowopass.errors import PasskeyInvalid, PasskeyKept, PasskeyUnknown
from cowopass.people.models import Passkey, Person, WebSession
from cowopass.people.once import issue, use

REQUIRED = UserVerificationRequirement.REQUIRED
"""A finger, a face or a PIN each time: whoever finds the phone does not get in."""


def refuse_unless_proven(session: Session, config: Config, present: WebSession) -> None:
    """Let pass who may change the passkeys of the person who is signed in.

    In production a treasurer's move money. Were a mailed link enough to add another one, whoever
    reads her mails would hold a passkey. Her first needs none. Raises PasskeyKept.
    """
    is_treasurer = any(role.role == "treasurer" for role in present.person.memberships)
    is_proven = present.method == "passkey" or not config.is_production
    if is_treasurer and not is_proven and list_passkeys(session, present.person):
        raise PasskeyKept


def registration_options(session: Session, config: Config, person: Person) -> dict[str, Any]:
    """Return what a browser needs to make a passkey for a person, who has none there yet."""
    options = generate_registration_options(
        rp_id=_host(config),
        rp_name="cowopass",
        user_id=person.id.encode(),
        user_name=person.email,
        user_display_name=person.name,
        challenge=issue(session, "passkey", person=person).encode(),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(passkey.id))
            for passkey in list_passkeys(session, person)
        ],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=REQUIRED
        ),
    )
    return _document(options)


def add_passkey(
    session: Session, config: Config, person: Person, credential: Mapping[str, Any], label: str
) -> Passkey:
    """Keep a passkey that a browser made.

    Raises PasskeyInvalid, also for one that is known, SecretExpired or SecretUsed.
    """
    challenge = _challenge(credential)
    if use(session, challenge, "passkey").person_id != person.id:
        raise PasskeyInvalid
    try:
        verified = verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge.encode(),
            expected_rp_id=_host(config),
            expected_origin=_origin(config),
            require_user_verification=True,
        )
    except WebAuthnException as error:
        raise PasskeyInvalid from error
    passkey_id = bytes_to_base64url(verified.credential_id)
    if session.get(Passkey, passkey_id) is not None:
        raise PasskeyInvalid
    passkey = Passkey(
        id=passkey_id,
        person_id=person.id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        label=label[:80],
        created_at=clock.now(),
    )
    session.add(passkey)
    _record(session, "passkey_added", passkey, person)
    return passkey


def sign_in_options(session: Session, config: Config) -> dict[str, Any]:
    """Return what a browser needs to let somebody choose one of her passkeys, whoever she is."""
    options = generate_authentication_options(
        rp_id=_host(config),
        challenge=issue(session, "passkey").encode(),
        user_verification=REQUIRED,
    )
    return _document(options)


def enter_by_passkey(session: Session, config: Config, credential: Mapping[str, Any]) -> Person:
    """Return whose passkey signed the challenge.

    Raises PasskeyInvalid, also for one that is not known here, SecretExpired or SecretUsed.
    """
    challenge = _challenge(credential)
    use(session, challenge, "passkey")
    passkey = session.get(Passkey, str(credential.get("id")), with_for_update=True)
    if passkey is None:
        raise PasskeyInvalid
    try:
        verified = verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge.encode(),
            expected_rp_id=_host(config),
            expected_origin=_origin(config),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except WebAuthnException as error:
        raise PasskeyInvalid from error
    passkey.sign_count, passkey.used_at = verified.new_sign_count, clock.now()
    return session.get_one(Person, passkey.person_id)


def list_passkeys(session: Session, person: Person) -> list[Passkey]:
    """Return the passkeys of a person, oldest first."""
    found = session.scalars(
        select(Passkey)
        .where(Passkey.person_id == person.id)
        .order_by(Passkey.created_at, Passkey.id)
    )
    return list(found)


def remove_passkey(session: Session, person: Person, passkey_id: str) -> None:
    """Let a passkey of a person count no more. Raises PasskeyUnknown."""
    passkey = session.get(Passkey, passkey_id)
    if passkey is None or passkey.person_id != person.id:
        raise PasskeyUnknown(passkey_id[:40])
    _forget(session, passkey, person)


def forget_passkeys(session: Session, person: Person) -> int:
    """Let none of a person's passkeys count any more, for she has lost them; return how many."""
    lost = list_passkeys(session, person)
    for passkey in lost:
        _forget(session, passkey, person)
    return len(lost)


def _forget(session: Session, passkey: Passkey, person: Person) -> None:
    session.delete(passkey)
    _record(session, "passkey_removed", passkey, person)


def _record(session: Session, act: str, passkey: Passkey, person: Person) -> None:
    """Note in the log of each place where she works what now counts, or no more, for her."""
    places: set[tuple[str | None, str | None]] = {
        (role.network, role.space) for role in person.memberships
    }
    for network, space in sorted(places, key=str) or [(None, None)]:
        record_act(
            session, act, network=network, space=space, subject=person.id, browser=passkey.label
        )


def _challenge(credential: Mapping[str, Any]) -> str:
    """Return the secret that a browser sends back. Raises PasskeyInvalid when there is none."""
    try:
        signed = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        return base64url_to_bytes(signed["challenge"]).decode()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PasskeyInvalid from error


def _document(options: Any) -> dict[str, Any]:  # noqa: ANN401 (either kind of options)
    document: dict[str, Any] = json.loads(options_to_json(options))
    return document


def are_possible(config: Config) -> bool:
    """Return whether browsers make passkeys here: they belong to a name, not to a number."""
    try:
        ip_address(_host(config))
    except ValueError:
        return True
    return False


def _host(config: Config) -> str:
    return urlsplit(config.base_url).hostname or ""


def _origin(config: Config) -> str:
    base = urlsplit(config.base_url)
    return f"{base.scheme}://{base.netloc}"
