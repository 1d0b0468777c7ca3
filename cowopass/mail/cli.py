"""Commands for mails: what waits, and to send it now."""

from __future__ import annotations

import json

import click

from cowopass.errors import MailServerMissing
from cowopass.mail.models import Mail
from cowopass.mail.sending import send_due
from cowopass.mail.service import list_mails
from cowopass.running import current_config
from cowopass.transaction import transaction


@click.group("mail")
def mail_group() -> None:
    """See which mails wait, and send them."""


@mail_group.command("send")
def send_mails() -> None:
    """Send the mails that are due, as the service does by itself; exits with 1 if one failed."""
    if current_config().smtp_url is None:
        raise MailServerMissing
    counts = send_due()
    click.echo(f"{counts['sent']} sent, {counts['failed']} failed.")
    if counts["failed"]:
        raise click.ClickException("See why with `cowopass mail list`; they are tried again.")


@mail_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show_mails(*, as_json: bool) -> None:
    """List the mails that were not sent, the latest first, and why; what they say is not shown."""
    with transaction(read_only=True) as session:
        records = [_record(mail) for mail in list_mails(session, waiting_only=True)]
    if as_json:
        click.echo(json.dumps(records, indent=2))
        return
    for record in records:
        click.echo("  ".join(str(value) for value in record.values() if value is not None))


def _record(mail: Mail) -> dict[str, str | int | None]:
    return {
        "id": mail.id,
        "to": mail.recipient,
        "subject": mail.subject,
        "queued_at": mail.queued_at.isoformat(),
        "tries": mail.tries,
        "next_try_at": mail.next_try_at.isoformat() if mail.next_try_at else None,
        "last_error": mail.last_error,
    }


COMMANDS: list[click.Command] = [mail_group]
