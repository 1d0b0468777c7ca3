"""Whose ticket is shown? By its short code, or by its text once that is verified."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.config import Config
from cowopass.desk.decision import Refused
from cowopass.desk.loading import Scene, load_scene_of_ticket, load_scene_without_pass
from cowopass.desk.models import CheckIn
from cowopass.desk.scans import Scan
from cowopass.networks.keys import trust_for
from cowopass.passes.models import Ticket
from wallet.code import read_code
from wallet.errors import WalletError
from wallet.verify import Trust, peek, verify_presentation


class Seen(NamedTuple):
    """What a ticket turned out to be: pass and space, its own beginning, or why it counts not.

    `refused` is given exactly when the scene has no pass.
    """

    scene: Scene
    starts_at: datetime | None = None
    refused: Refused | None = None


def look(session: Session, config: Config, scan: Scan, at: datetime, *, hold: bool) -> Seen:
    """Return what is shown at an instant, in two statements, for a live ticket in three.

    To `hold` is to lock pass and ticket until the transaction ends.
    """
    try:
        if scan.text is None:
            code = Ticket.code == read_code(scan.code or "")
            return _by_code(load_scene_of_ticket(session, code, scan.space, hold=hold))
        told = peek(scan.text)
    except WalletError as error:
        return Seen(load_scene_without_pass(session, scan.space), refused=Refused(error.code))
    scene = load_scene_of_ticket(session, Ticket.jti == told.jti, scan.space, hold=hold)
    # Looked up once the pass is held, so that no other desk takes the same proof meanwhile.
    used = _used_proofs(session, told.proof_hash)
    trust = trust_for(session, config, told.net, _issued(scene))
    return _verify(scene, scan, trust, at, used)


def _by_code(scene: Scene) -> Seen:
    """Return what a typed code shows: never a live ticket, which its phone alone can show."""
    if scene.shown and scene.shown.ticket and scene.shown.ticket.kind == "live":
        return Seen(scene._replace(shown=None), refused=Refused("holder_proof_missing"))
    return _known(scene)


def _used_proofs(session: Session, proof_hash: str | None) -> frozenset[str]:
    """Return the hash of a proof if it has counted: let somebody in, and was not voided."""
    if proof_hash is None:
        return frozenset()
    counted = CheckIn.proof_hash == proof_hash, CheckIn.state == "accepted"
    return frozenset(session.scalars(select(CheckIn.proof_hash).where(*counted)))


def _issued(scene: Scene) -> frozenset[tuple[str, str]]:
    """Return what names the ticket as we issued it: all that counts under a stolen key."""
    record = scene.shown.ticket if scene.shown else None
    return frozenset({(record.jti, record.payload_hash)} if record else ())


def _verify(scene: Scene, scan: Scan, trust: Trust, at: datetime, used: frozenset[str]) -> Seen:
    """Verify a text against its record, which is not trusted for anything before."""
    try:
        ticket, proof = verify_presentation(
            scan.text or "", trust, int(at.timestamp()), scan.space, used
        )
    except WalletError as error:
        return Seen(scene._replace(shown=None), refused=Refused(error.code))
    shown = scene.shown
    if shown is None or shown.sold.id != ticket.sub:
        # Genuine, but what became of it nobody knows: it was lost with a database.
        return _known(scene._replace(shown=None))
    scene = scene._replace(shown=shown._replace(proof_hash=proof.hash if proof else None))
    return Seen(scene, None if ticket.nbf is None else datetime.fromtimestamp(ticket.nbf, UTC))


def _known(scene: Scene) -> Seen:
    return Seen(scene, refused=None if scene.shown else Refused("pass_unknown"))
