"""Handing one mail to the mail server that COWOPASS_SMTP_URL names."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from cowopass.config import Config
from cowopass.mail.models import Mail

TIMEOUT_SECONDS = 20
PORTS = {"smtp": 25, "starttls": 587, "smtps": 465}


def deliver(config: Config, mail: Mail) -> None:
    """Hand a mail to the server. Raises OSError (smtplib's errors are such) when it fails."""
    server = urlsplit(config.smtp_url or "")
    with _connect(server) as connection:
        if server.scheme == "starttls":
            connection.starttls(context=ssl.create_default_context())
        if server.username is not None:
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(compose(config, mail))


def compose(config: Config, mail: Mail) -> EmailMessage:
    """Return a mail as it goes out. The same mail has the same Message-ID at every try."""
    message = EmailMessage()
    message["From"] = config.sender
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = mail.queued_at
    message["Message-ID"] = f"<{mail.id}@{urlsplit(config.base_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.attachment is not None:
        main, _, sub = (mail.attachment_type or "application/octet-stream").partition("/")
        message.add_attachment(
            mail.attachment, maintype=main, subtype=sub, filename=mail.attachment_name
        )
    return message


def is_for_good(error: OSError) -> bool:
    """Return whether the server refused this mail for good (5xx), so that it is vain to repeat."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused) and (
        error.smtp_code >= 500
    )


def _connect(server: SplitResult) -> smtplib.SMTP:
    host, port = server.hostname or "", server.port or PORTS[server.scheme]
    if server.scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
    return smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
