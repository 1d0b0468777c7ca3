"""The command that gets an instance ready for the phones of a room."""

from __future__ import annotations

import io
import socket
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import click
from cryptography import x509
from qrcode.image.pil import PilImage
from qrcode.main import QRCode

from cowopass import clock
from cowopass.config import INSTANCE
from cowopass.errors import NoLocalNetwork
from cowopass.lan.certificate import make_certificate

SOON = timedelta(days=7)
ELSEWHERE = ("192.0.2.1", 9)
"""An address that is nobody's (RFC 5737): asking the way there sends nothing."""


@click.command("lan")
@click.option("--address", help="This machine's address; without it, the one that leads outside.")
@click.option("--port", type=int, default=8000, show_default=True, help="Where it will serve.")
def lan(address: str | None, port: int) -> None:
    """Make a certificate for this machine's address on the local network, and print its folder.

    `make run LAN=1` calls it, then serves the demonstration there. The base URL stands in the
    folder's `base-url`; it is shown as a QR code to scan with a phone.
    """
    address = _checked(address) if address else own_address()
    base_url = f"https://{address}:{port}"
    folder = Path.cwd() / INSTANCE / "lan" / address
    folder.mkdir(parents=True, exist_ok=True)
    if not _is_good(folder):
        _write_certificate(folder, address)
    (folder / "base-url").write_text(base_url + "\n")
    _show(base_url, folder)
    click.echo(folder)


def own_address() -> str:
    """Return the address under which the local network knows this machine.

    Raises NoLocalNetwork when it is in none.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
        except OSError as error:
            raise NoLocalNetwork from error
        address: str = probe.getsockname()[0]
    return address


def _checked(address: str) -> str:
    try:
        return str(ip_address(address))
    except ValueError as error:
        raise click.BadParameter("write an IP address, like 192.168.1.20") from error


def _is_good(folder: Path) -> bool:
    """Say whether the folder's certificate holds for a while: phones were told to trust it."""
    path = folder / "server.crt"
    if not path.exists() or not (folder / "server.key").exists():
        return False
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    return certificate.not_valid_after_utc > clock.now() + SOON


def _write_certificate(folder: Path, address: str) -> None:
    made = make_certificate(address, clock.now())
    key = folder / "server.key"
    key.touch(mode=0o600)
    key.write_bytes(made.key)
    (folder / "server.crt").write_bytes(made.chain)
    (folder / "authority.crt").write_bytes(made.authority)


def _show(base_url: str, folder: Path) -> None:
    """Show a person the address, as words and as a code for a phone's camera."""
    code: QRCode[PilImage] = QRCode(border=2)
    code.add_data(base_url)
    drawn = io.StringIO()
    code.print_ascii(out=drawn, invert=True)
    click.echo(
        f"{drawn.getvalue()}\nOn a phone in the same network: {base_url}\n"
        "It warns of the certificate once: go on. To be warned no more, and to let the phone work\n"
        f"without a network, install {folder / 'authority.crt'} on it.\n",
        err=True,
    )


COMMANDS: list[click.Command] = [lan]
