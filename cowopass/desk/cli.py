"""Desk commands, for who has the server at hand."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import click
from marshmallow import ValidationError

from cowopass.desk.answers import Answer
from cowopass.desk.decision import Refused
from cowopass.desk.extending import extend_check_in
from cowopass.desk.remedies import remedy
from cowopass.desk.scans import Scan, scan_of
from cowopass.desk.schemas import CheckInSchema, ScanSchema
from cowopass.desk.service import check_in
from cowopass.desk.voiding import void_check_in
from cowopass.desk.words import describe
from cowopass.errors import DataInvalid
from cowopass.fields import list_errors
from cowopass.problems import sentence
from cowopass.running import current_config
from cowopass.transaction import transaction
from wallet.code import read_code
from wallet.errors import CodeInvalid

json_option = click.option("--json", "as_json", is_flag=True, help="Print it as the API does.")


@click.command("check-in")
@click.argument("token")
@click.option("--space", required=True, help="The space that is visited.")
@click.option(
    "--unit", type=click.Choice(["hour", "half_day", "day"]), help="The plan's if left out."
)
@click.option("--at", help="When it happened, ISO 8601 with its zone; now if left out.")
@click.option("--id", "check_in_id", help="A UUID of your own; the same one is the same visit.")
@click.option("--override", help="Why to let in although the space is closed or full.")
@json_option
def check_in_command(token: str, *, as_json: bool, **options: Any) -> None:  # noqa: ANN401
    """Redeem TOKEN at a space: a ticket, the address in its QR code, or its short code.

    With --at the visit is reported afterwards: only the pass can refuse it then. Exits with 1 when
    it is refused.
    """
    scan = _scan(token, **options)
    with transaction() as session:
        answer = check_in(session, current_config(), scan)
    _print(answer, as_json=as_json)


@click.command("void")
@click.argument("check_in_id")
@click.option("--reason", required=True, help="Why the visit is taken back.")
@json_option
def void_command(check_in_id: str, reason: str, *, as_json: bool) -> None:
    """Take a check-in back: its units return and its charge is reversed."""
    with transaction() as session:
        answer = void_check_in(session, check_in_id.lower(), reason)
    _print(answer, as_json=as_json)


@click.command("extend")
@click.argument("check_in_id")
@json_option
def extend_command(check_in_id: str, *, as_json: bool) -> None:
    """Turn a half-day into a day, at the prices of the first scan."""
    with transaction() as session:
        answer = extend_check_in(session, check_in_id.lower())
    if isinstance(answer, Refused):
        _say_refused(answer.code, sentence(answer.code, language="en"))
    else:
        _print(answer, as_json=as_json)


def _scan(
    token: str,
    *,
    check_in_id: str | None,
    space: str,
    unit: str | None,
    at: str | None,
    override: str | None,
) -> Scan:
    """Return the options as a scan, checked as a request's body would be. Raises DataInvalid."""
    try:
        ticket = {"code": read_code(token)}
    except CodeInvalid:
        ticket = {"token": token}
    body = {
        "id": check_in_id or str(uuid4()),
        "space": space,
        "unit": unit,
        "at": at,
        "override": None if override is None else {"reason": override},
        **ticket,
    }
    try:
        loaded = ScanSchema().load(body)
    except ValidationError as error:
        raise DataInvalid(list_errors(error.messages)) from error
    return scan_of(loaded, "desk" if at is None else "import")


def _print(answer: Answer, *, as_json: bool) -> None:
    """Print a check-in; one that was refused ends with exit code 1."""
    row, told = answer.check_in, describe(answer, "fr" if as_json else "en")
    if as_json:
        click.echo(json.dumps(CheckInSchema().dump(told), ensure_ascii=False, indent=2))
    elif row.state != "refused":
        click.echo(f"{row.id}  {row.state}  {told['message']}")
    if row.state == "refused":
        _say_refused(told["code"], describe(answer, "en")["message"])


def _say_refused(code: str, message: str) -> None:
    """Say why on standard error, with what to do, and exit with 1."""
    click.echo(f"{code}: {message} {remedy(code, 'en')}", err=True)
    raise click.exceptions.Exit(1)


COMMANDS: list[click.Command] = [check_in_command, void_command, extend_command]
