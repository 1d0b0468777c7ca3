"""Whose ticket is shown? By its short code, or by its text once that is verified."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from cowopass.config import Config
from cowopass.desk.decision import Refused
from cowopass.desk.loading import Scene, load_scene_of_ticket, load_scene_without_pass
from cowopass.desk.scans import Scan
from cowopass.networks.keys import trust_for
from cowopass.passes.models import Ticket
from wallet.code import read_code
from wallet.errors import WalletError
from wallet.verify import peek, verify_ticket


class Seen(NamedTuple):
    """What a ticket turned out to be: pass and space, its own beginning, or why it counts not.

    `refused` is given exactly when the scene has no pass.
    """

    scene: Scene
    starts_at: datetime | None = None
    refused: Refused | None = None


def look(session: Session, config: Config, scan: Scan, *, hold: bool) -> Seen:
    """Return what is shown, in two statements. To `hold` is to lock pass and ticket."""
    try:
        if scan.text is None:
            code = Ticket.code == read_code(scan.code or "")
            return _known(load_scene_of_ticket(session, code, scan.space, hold=hold))
        told = peek(scan.text)
    except WalletError as error:
        return Seen(load_scene_without_pass(session, scan.space), refused=Refused(error.code))
    scene = load_scene_of_ticket(session, Ticket.jti == told.jti, scan.space, hold=hold)
    return _verify(session, config, scan.text, told.net, scene)


def _verify(session: Session, config: Config, text: str, network: str, scene: Scene) -> Seen:
    """Verify a text against its record, which is not trusted for anything before.

    The record is there first, since a stolen key's tickets count only if we issued them.
    """
    record = scene.shown.ticket if scene.shown else None
    genuine = {(record.jti, record.payload_hash)} if record else frozenset[tuple[str, str]]()
    try:
        ticket = verify_ticket(text, trust_for(session, config, network, genuine))
    except WalletError as error:
        return Seen(scene._replace(shown=None), refused=Refused(error.code))
    if record is None or record.pass_id != ticket.sub:
        # Genuine, but what became of it nobody knows: it was lost with a database.
        return _known(scene._replace(shown=None))
    return Seen(scene, None if ticket.nbf is None else datetime.fromtimestamp(ticket.nbf, UTC))


def _known(scene: Scene) -> Seen:
    return Seen(scene, refused=None if scene.shown else Refused("pass_unknown"))
