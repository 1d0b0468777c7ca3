"""A folder of a month's documents: what is there and right is kept, what is no more wanted goes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from cowopass.documents.edition import Edition
from cowopass.documents.kinds import Wanted
from cowopass.errors import OutputUnwritable
from cowopass.output import write_file

LOG = "documents.txt"
"""The list of what was written: edition, SHA-256 and path, one a line, the last one counts."""


_ENTRY = re.compile(
    r"(?P<edition>[0-9a-f]{16}) (?P<digest>[0-9a-f]{64}) (?P<path>[\w-]+(/[\w-]+)?\.\w+)"
)
"""A line that broke off, on a full disk, is none; nor is one that leads out of the folder."""


class DocumentFolder:
    """A folder to write a month's documents into. Raises OutputUnwritable."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._log = folder / LOG
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._written = self._read_log()
        except (OSError, UnicodeDecodeError) as error:
            raise OutputUnwritable(str(folder), str(error)) from error

    def has(self, wanted: Wanted, edition: Edition) -> bool:
        """Return whether a document lies there, whole, made of what it would be made of now."""
        written = self._written.get(wanted.path)
        if written is None or written[0] != edition.of(wanted):
            return False
        file = self._folder / wanted.path
        return file.is_file() and _digest(file.read_bytes()) == written[1]

    def write(self, wanted: Wanted, edition: Edition, content: bytes) -> Path:
        """Write a document whole, or raise OutputUnwritable and leave what was there."""
        file = self._folder / wanted.path
        try:
            file.parent.mkdir(exist_ok=True)
        except OSError as error:
            raise OutputUnwritable(str(file), error.strerror or str(error)) from error
        write_file(file, content)
        self._note(edition.of(wanted), _digest(content), wanted.path)
        return file

    def keep_only(self, wanted: Iterable[Wanted]) -> None:
        """Remove what was written here earlier and is wanted no more: a transfer that is paid."""
        paths = {each.path for each in wanted}
        for path in [path for path in self._written if path not in paths]:
            self.remove(path)

    def remove(self, path: str) -> None:
        """Remove what was written here earlier, if it was. What is not ours stays."""
        if self._written.pop(path, None) is None:
            return
        try:
            (self._folder / path).unlink(missing_ok=True)
        except OSError as error:
            raise OutputUnwritable(str(self._folder / path), error.strerror or "") from error

    def _note(self, *entry: str) -> None:
        with self._log.open("a", encoding="utf-8") as stream:
            stream.write(" ".join(entry) + "\n")

    def _read_log(self) -> dict[str, tuple[str, str]]:
        if not self._log.exists():
            return {}
        lines = (_ENTRY.fullmatch(line) for line in self._log.read_text("utf-8").splitlines())
        return {line["path"]: (line["edition"], line["digest"]) for line in lines if line}


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
