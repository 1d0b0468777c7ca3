"""Bank statements written by hand, as two banks write them."""

from __future__ import annotations

from typing import NamedTuple


class Told(NamedTuple):
    """One movement: above zero came in. `name` and `iban` are of the other side."""

    cents: int
    on: str = "2026-12-02"
    reference: str = ""
    text: str = ""
    end_to_end: str = "NOTPROVIDED"
    name: str = ""
    iban: str = ""
    bank_reference: str = ""
    returned: str = ""
    reversal: bool = False


def camt_02(account: str, *movements: Told, currency: str = "EUR") -> bytes:
    """Return a statement as version 001.02 has it: names right below a party."""
    return _document("camt.053.001.02", account, movements, currency, "{}", "<Sts>BOOK</Sts>")


def camt_08(account: str, *movements: Told, currency: str = "EUR") -> bytes:
    """Return a statement as version 001.08 has it: names in `Pty`, the status in `Cd`."""
    return _document(
        "camt.053.001.08", account, movements, currency, "<Pty>{}</Pty>", "<Sts><Cd>BOOK</Cd></Sts>"
    )


def csv_file(*rows: str, header: str = "date,amount,name,iban,reference,text") -> bytes:
    """Return a CSV statement."""
    return "\r\n".join((header, *rows, "")).encode()


def _document(version, account, movements, currency, party, status) -> bytes:
    entries = "".join(_entry(told, currency, party, status) for told in movements)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{version}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>1</MsgId><CreDtTm>2026-12-02T06:00:00</CreDtTm></GrpHdr>"
        f"<Stmt><Id>1</Id><Acct><Id><IBAN>{account}</IBAN></Id><Ccy>{currency}</Ccy></Acct>"
        f"{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _entry(told: Told, currency: str, party: str, status: str) -> str:
    amount = f'<Amt Ccy="{currency}">{abs(told.cents) // 100}.{abs(told.cents) % 100:02}</Amt>'
    sign = "CRDT" if told.cents > 0 else "DBIT"
    role = "Dbtr" if (told.cents > 0) != bool(told.returned) else "Cdtr"
    name = party.format(f"<Nm>{told.name}</Nm>")
    other = f"<{role}>{name}</{role}>" if told.name else ""
    bank = f"<{role}Acct><Id><IBAN>{told.iban}</IBAN></Id></{role}Acct>" if told.iban else ""
    strd = f"<Strd><CdtrRefInf><Ref>{told.reference}</Ref></CdtrRefInf></Strd>"
    return (
        f"<Ntry>{amount}<CdtDbtInd>{sign}</CdtDbtInd>"
        f"{'<RvslInd>true</RvslInd>' if told.reversal else ''}{status}"
        f"<BookgDt><Dt>{told.on}</Dt></BookgDt><ValDt><Dt>{told.on}</Dt></ValDt>"
        f"<AcctSvcrRef>{told.bank_reference or 'NONREF'}</AcctSvcrRef>"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{told.end_to_end}</EndToEndId></Refs>"
        f"<RltdPties>{other}{bank}</RltdPties><RmtInf>"
        f"{f'<Ustrd>{told.text}</Ustrd>' if told.text else ''}{strd if told.reference else ''}"
        f"</RmtInf>"
        + (f"<RtrInf><Rsn><Cd>{told.returned}</Cd></Rsn></RtrInf>" if told.returned else "")
        + "</TxDtls></NtryDtls></Ntry>"
    )
