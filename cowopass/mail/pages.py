"""The page where mails land in development, when there is no mail server to send them."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, abort, render_template, send_file

from cowopass.mail.models import Mail
from cowopass.mail.service import list_mails
from cowopass.running import current_config
from cowopass.transaction import transaction

blueprint = Blueprint("mails", __name__)


@blueprint.before_request
def refuse_in_production() -> None:
    """Let nobody read other people's mails where they are real."""
    if current_config().is_production:
        abort(404)


@blueprint.get("/mails")
def show_mails() -> str:
    """Show the mails of the last days, the latest first."""
    with transaction(read_only=True) as session:
        mails = list_mails(session)
    return render_template("mail/mails.html", mails=mails)


@blueprint.get("/mails/<mail_id>/attachment")
def show_attachment(mail_id: str) -> Response:
    """Show the file that came with a mail."""
    with transaction(read_only=True) as session:
        mail = session.get(Mail, mail_id)
    if mail is None or mail.attachment is None:
        abort(404)
    return send_file(
        BytesIO(mail.attachment),
        mimetype=mail.attachment_type,
        as_attachment=True,
        download_name=mail.attachment_name,
    )
