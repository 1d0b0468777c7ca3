"""Commands on passes: selling one, and what happens to it later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from cowopass.passes import golden, life, refunds, service, tickets
from cowopass.passes.answers import (
    answer_pass,
    answer_refund,
    answer_sold,
    answer_standing,
)
from cowopass.passes.import_cli import load_passes
from cowopass.passes.models import Pass
from cowopass.passes.printing import (
    form_of,
    print_answer,
    print_list,
    write_picture,
)
from cowopass.passes.requests import Sold
from cowopass.passes.schemas import (
    PassDetailSchema,
    PassSchema,
    RefundedSchema,
    RefundRequestSchema,
    SaleSchema,
    SoldSchema,
    load_body,
    sale_of,
)
from cowopass.passes.standing import find_pass, standing_of, standings_of
from cowopass.passes.ticket_cli import ticket_group
from cowopass.running import current_config
from cowopass.transaction import transaction

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print it as the API does.")
reason_option = click.option("--reason", default="", help="Why, for the record.")
qr_option = click.option(
    "--qr",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=form_of,
    help="Write the QR code to FILE.png or FILE.svg, or a page to print to FILE.pdf.",
)


@click.group("pass")
def pass_group() -> None:
    """Sell passes, and suspend, renew or refund them."""


@pass_group.command("issue")
@click.option("--home", required=True, help="The space that sells it.")
@click.option("--plan", required=True, help="The code of a plan on sale there.")
@click.option("--holder", required=True, help="The holder's name.")
@click.option("--email", help="The holder's e-mail address.")
@click.option("--starts-on", help="Its first day, YYYY-MM-DD; today if not given.")
@click.option("--volunteer", is_flag=True, help="Take the plan's volunteer price.")
@click.option("--reference", help="The home's own name for it.")
@qr_option
@as_json_option
def issue_pass(
    holder: str,
    email: str | None,
    qr: Path | None,
    *,
    as_json: bool,
    **options: Any,  # noqa: ANN401 (the rest of the sale, as the API takes it)
) -> None:
    """Sell a pass. Its token is alone on the last line."""
    body = load_body(SaleSchema(), {**options, "holder": {"name": holder, "email": email}})
    _print_sold(lambda session: service.sell(session, current_config(), sale_of(body)), qr, as_json)


@pass_group.command("show")
@click.argument("pass_id")
@as_json_option
def show_pass(pass_id: str, *, as_json: bool) -> None:
    """Show a pass as it stands today, and its tickets."""
    with transaction(read_only=True) as session:
        answer = answer_pass(session, find_pass(session, pass_id))
    print_answer(PassDetailSchema(), answer, as_json=as_json)


@pass_group.command("list")
@click.option("--home", required=True, help="The space that sold them.")
@click.option("--reference", help="Only the one with this reference.")
@as_json_option
def list_passes(home: str, reference: str | None, *, as_json: bool) -> None:
    """List the passes that a space sold, newest first."""
    with transaction(read_only=True) as session:
        found = service.list_passes(session, home, reference=reference)
        answers = [answer_standing(standing) for standing in standings_of(session, found)]
    print_list(PassSchema(many=True), answers, as_json=as_json)


@pass_group.command("ticket")
@click.argument("pass_id")
@qr_option
@as_json_option
def reissue_ticket(pass_id: str, qr: Path | None, *, as_json: bool) -> None:
    """Make a new paper ticket; those before count no more."""
    _print_sold(
        lambda session: Sold(*tickets.reissue_ticket(session, current_config(), pass_id)),
        qr,
        as_json,
    )


@pass_group.command("golden")
@click.argument("pass_id")
@click.option("--recipient", help="The e-mail address of whom it is for, to remember it by.")
@qr_option
@as_json_option
def hand_over(pass_id: str, recipient: str | None, qr: Path | None, *, as_json: bool) -> None:
    """Hand over a golden ticket, good once."""
    _print_sold(
        lambda session: Sold(*golden.hand_over(session, current_config(), pass_id, recipient)),
        qr,
        as_json,
    )


@pass_group.command("renew")
@click.argument("pass_id")
@qr_option
@as_json_option
def renew_pass(pass_id: str, qr: Path | None, *, as_json: bool) -> None:
    """Renew a monthly pass at the price on sale."""
    _print_sold(lambda session: life.renew(session, current_config(), pass_id), qr, as_json)


@pass_group.command("suspend")
@click.argument("pass_id")
@reason_option
@as_json_option
def suspend_pass(pass_id: str, reason: str, *, as_json: bool) -> None:
    """Stop a pass for a while."""
    _print_moved(life.suspend, pass_id, reason, as_json)


@pass_group.command("resume")
@click.argument("pass_id")
@reason_option
@as_json_option
def resume_pass(pass_id: str, reason: str, *, as_json: bool) -> None:
    """Let a suspended pass be used again."""
    _print_moved(life.resume, pass_id, reason, as_json)


@pass_group.command("revoke")
@click.argument("pass_id")
@reason_option
@as_json_option
def revoke_pass(pass_id: str, reason: str, *, as_json: bool) -> None:
    """End a pass for good; its tickets count no more."""
    _print_moved(life.revoke, pass_id, reason, as_json)


@pass_group.command("refund")
@click.argument("pass_id")
@reason_option
@click.option("--paid-through", help="The last month paid of a monthly pass, YYYY-MM.")
@as_json_option
def refund_pass(pass_id: str, reason: str, paid_through: str | None, *, as_json: bool) -> None:
    """End a pass and print what its holder gets back."""
    body = load_body(RefundRequestSchema(), {"reason": reason, "paid_through": paid_through})
    with transaction() as session:
        given_back = refunds.refund(session, pass_id, reason, body["paid_through"])
        answer = answer_refund(session, given_back)
    print_answer(RefundedSchema(), answer, as_json=as_json)


def _print_sold(
    act: Callable[[Session], Sold],
    qr: Path | None,
    as_json: bool,  # noqa: FBT001 (passed on from click)
) -> None:
    """Make a ticket, write its picture, and print it. Without the picture nothing is done."""
    with transaction() as session:
        result = act(session)
        answer = answer_sold(session, current_config(), result)
        if qr is not None:
            write_picture(session, result.ticket, qr)
    print_answer(SoldSchema(), answer, as_json=as_json)


def _print_moved(
    act: Callable[[Session, str, str], Pass],
    pass_id: str,
    reason: str,
    as_json: bool,  # noqa: FBT001 (passed on from click)
) -> None:
    with transaction() as session:
        answer = answer_standing(standing_of(session, act(session, pass_id, reason)))
    print_answer(PassSchema(), answer, as_json=as_json)


COMMANDS: list[click.Command] = [pass_group, ticket_group, load_passes]
