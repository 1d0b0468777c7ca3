"""The link to a holder's wallet: whoever has it sees her passes, so only she is given it.

It is signed, names her, and carries a number: with the next number every link before it, and every
browser in which one was opened, is out.
"""

from __future__ import annotations

from itsdangerous import BadSignature, Signer
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cowopass.config import Config
from cowopass.errors import WalletLinkInvalid, WalletUnknown
from cowopass.passes.events import record_event
from cowopass.passes.models import Pass
from cowopass.people.callers import drop_cookie, read_cookie, set_cookie
from cowopass.people.models import Holder
from cowopass.running import current_config

WALLET = "cowopass-wallet"
"""The cookie of a browser in which a holder opened her link. It is that link's own secret."""

YEAR_SECONDS = 365 * 86_400


def wallet_url(config: Config, holder: Holder) -> str:
    """Return the address that opens a holder's wallet, to be shown or mailed to her alone."""
    return f"{config.base_url}/wallet/open/{wallet_link(config, holder)}"


def wallet_link(config: Config, holder: Holder) -> str:
    """Return the secret part of a holder's link."""
    return _signer(config).sign(f"{holder.id}.{holder.link_number}").decode()


def holder_of_link(session: Session, config: Config, link: str) -> Holder:
    """Return whose link this is. Raises WalletLinkInvalid when it is not whole, or was replaced."""
    try:
        holder_id, number = _signer(config).unsign(link).decode().rsplit(".", 1)
    except BadSignature as error:
        raise WalletLinkInvalid from error
    holder = session.get(Holder, holder_id)
    if holder is None or holder.erased_at is not None or str(holder.link_number) != number:
        raise WalletLinkInvalid
    return holder


def holder_of_request(session: Session) -> Holder | None:
    """Return whose wallet was opened in this browser; None when none was, or its link is out."""
    link = read_cookie(WALLET)
    if not link:
        return None
    config = current_config()
    try:
        return holder_of_link(session, config, link)
    except WalletLinkInvalid:
        return None


def holder_required(session: Session) -> Holder:
    """Return whose wallet was opened in this browser. Raises WalletUnknown when none was."""
    holder = holder_of_request(session)
    if holder is None:
        raise WalletUnknown
    return holder


def remember_wallet(answer: Response, link: str) -> None:
    """Let this browser open the wallet from now on, for a year after the link was last opened."""
    set_cookie(answer, WALLET, link, YEAR_SECONDS)


def forget_wallet(answer: Response) -> None:
    """Close the wallet in this browser."""
    drop_cookie(answer, WALLET)


def replace_link(session: Session, sold: Pass) -> None:
    """Let every link to a holder's wallet count no more, as when one fell into other hands."""
    sold.holder.link_number += 1
    record_event(session, sold.id, "link_replaced")


def _signer(config: Config) -> Signer:
    return Signer(config.secret_key, salt="cowopass.wallet-link")
