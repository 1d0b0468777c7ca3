"""A folder of a month's documents: what is there and right is kept, what is no more wanted goes."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from cowopass.documents.edition import Edition
from cowopass.documents.kinds import Wanted
from cowopass.errors import OutputUnwritable
from cowopass.output import into_file

LOG = "documents.txt"
"""The list of what was written: edition, SHA-256 and path, one a line, the last one counts."""


class DocumentFolder:
    """A folder to write a month's documents into. Raises OutputUnwritable."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._log = folder / LOG
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._written = self._read_log()
        except (OSError, ValueError) as error:
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
        with into_file(file) as staged:
            staged.write_bytes(content)
        self._note(edition.of(wanted), _digest(content), wanted.path)
        return file

    def keep_only(self, wanted: Iterable[Wanted]) -> None:
        """Remove what was written here earlier and is wanted no more: a transfer that is paid."""
        paths = {each.path for each in wanted}
        for path in [path for path in self._written if path not in paths]:
            (self._folder / path).unlink(missing_ok=True)
            del self._written[path]

    def _note(self, *entry: str) -> None:
        with self._log.open("a", encoding="utf-8") as stream:
            stream.write(" ".join(entry) + "\n")

    def _read_log(self) -> dict[str, tuple[str, str]]:
        if not self._log.exists():
            return {}
        entries = (line.split(" ", 2) for line in self._log.read_text("utf-8").splitlines())
        return {path: (edition, digest) for edition, digest, path in entries}


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
