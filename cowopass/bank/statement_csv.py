"""Reading account statements as a plain CSV file, for banks that give no camt.053."""

from __future__ import annotations

from io import BytesIO

from cowopass.bank.lines import BankAccount, BankLine, compact_iban, read_cents, read_day
from cowopass.csvfile import read_rows
from cowopass.errors import BankAccountNeeded, CsvUnreadable

COLUMNS = ("date", "amount", "name", "iban", "reference", "text")


def read_statement_csv(content: bytes, account: str | None) -> list[BankAccount]:
    """Return the movements of a CSV file, all of one account.

    Raises BankAccountNeeded when nobody says of which, CsvHeaderWrong, CsvUnreadable,
    BankAmountUnreadable and BankDayUnreadable.
    """
    rows = list(read_rows(BytesIO(content), COLUMNS))
    if account is None:
        raise BankAccountNeeded
    lines = []
    for number, fields in rows:
        if len(fields) != len(COLUMNS):
            raise CsvUnreadable(number, f"has {len(fields)} fields instead of {len(COLUMNS)}")
        day, amount, name, iban, reference, text = fields
        place = f"{number}"
        lines.append(
            BankLine(
                account=account,
                booked_on=read_day(day, place),
                amount_cents=read_cents(amount, place),
                bank_reference="",
                texts=tuple(filter(None, (reference, text))),
                name=name,
                iban=compact_iban(iban),
            )
        )
    return [BankAccount(account, frozenset(), lines)]
