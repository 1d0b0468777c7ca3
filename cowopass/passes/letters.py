"""Letters to a holder, in French and English at once: which she reads is not known here.

They are queued in the transaction of what they tell of, so a sale stands when the mail server is
down, and its letter comes later.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from cowopass.config import Config
from cowopass.mail.service import Attachment, queue_mail
from cowopass.passes.binding_codes import GivenCode
from cowopass.passes.models import Pass, Ticket
from cowopass.passes.paper import paper_ticket, render_pdf
from cowopass.passes.wallet import wallet_url
from cowopass.spaces.models import Space
from wallet.code import show_code

SALE_LETTER = """\
Bonjour,

Voici votre pass de {space} : {plan}.

Ouvrez-le sur votre téléphone (ce lien est à vous seul·e, ne le transmettez pas) :
{link}

Le billet à imprimer est en pièce jointe. Son code : {code}.

À bientôt,
{space}

--

Hello,

Here is your pass of {space}: {plan}.

Open it on your phone (this link is yours alone, do not pass it on):
{link}

The ticket to print is attached. Its code: {code}.

See you soon,
{space}
"""

CODE_LETTER = """\
Bonjour,

Votre code : {code}

Tapez-le sur le téléphone où vous voulez avoir votre pass. Il sert une fois, pendant 15 minutes.
Vous n’avez rien demandé ? Ne donnez ce code à personne, et prévenez {space}.

--

Hello,

Your code: {code}

Type it on the phone that is to carry your pass. It works once, for 15 minutes.
You asked for nothing? Give this code to nobody, and tell {space}.
"""

PHONE_LETTER = """\
Bonjour,

Votre pass de {space} est maintenant dans un autre téléphone. Le premier ne sert plus.
Ce n’est pas vous ? Prévenez {space} tout de suite : il arrête ce téléphone et refait votre billet.

--

Hello,

Your pass of {space} is now in another phone. The first one counts no more.
It was not you? Tell {space} at once: it stops that phone and makes your ticket anew.
"""


def send_pass(
    session: Session,
    config: Config,
    sold: Pass,
    ticket: Ticket,
    request_id: str | None = None,
) -> bool:
    """Queue the letter of a sale, with the link to the wallet and the paper ticket as a PDF.

    Returns whether there is an address to send it to. The same `request_id` again queues nothing.
    """
    space = _home(session, sold)
    paper = render_pdf(paper_ticket(session, config, ticket))
    attachment = Attachment(f"pass-{ticket.code}.pdf", "application/pdf", paper)
    text = SALE_LETTER.format(
        space=space,
        plan=sold.plan.name,
        link=wallet_url(config, sold.holder),
        code=show_code(ticket.code),
    )
    return _queue(session, sold, f"Votre pass, {space} / Your pass", text, attachment, request_id)


def send_code(session: Session, sold: Pass, given: GivenCode) -> bool:
    """Queue a code that lets a phone carry a pass; return whether there is an address for it."""
    space, code = _home(session, sold), f"{given.code[:3]} {given.code[3:]}"
    text = CODE_LETTER.format(space=space, code=code)
    return _queue(session, sold, "Votre code / Your code", text)


def send_phone_replaced(session: Session, sold: Pass) -> bool:
    """Queue the news that another phone carries a pass; return whether there is an address."""
    text = PHONE_LETTER.format(space=_home(session, sold))
    subject = "Votre pass a changé de téléphone / Your pass is in another phone"
    return _queue(session, sold, subject, text)


def _queue(
    session: Session,
    sold: Pass,
    subject: str,
    text: str,
    attachment: Attachment | None = None,
    request_id: str | None = None,
) -> bool:
    if sold.holder.email is None:
        return False
    email = sold.holder.email
    queue_mail(session, email, subject, text, attachment=attachment, dedupe_key=request_id)
    return True


def _home(session: Session, sold: Pass) -> str:
    return session.get_one(Space, sold.home).name
