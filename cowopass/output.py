"""Writing files that are whole or not there: to a temporary place first, then renamed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cowopass.errors import OutputUnwritable


@contextmanager
def into_folder(folder: Path) -> Iterator[Path]:
    """Yield an empty folder whose files move into `folder`, made if missing, when all went well.

    Files of the same name are replaced. Raises OutputUnwritable, and then leaves nothing behind.
    """
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        _make_folder(folder)
        with _staging(folder) as stage:
            yield stage
            _move_all(stage, folder)
    except OSError as error:
        _remove_empty(made)
        raise OutputUnwritable(str(folder), error.strerror or str(error)) from error
    except BaseException:
        _remove_empty(made)
        raise


@contextmanager
def into_file(file: Path) -> Iterator[Path]:
    """Yield the path of a file to write, which becomes `file` when all went well.

    A file that is there is replaced. Raises OutputUnwritable, and then leaves it as it was.
    """
    try:
        with _staging(file.parent) as stage:
            yield stage / file.name
            _move_all(stage, file.parent)
    except OSError as error:
        raise OutputUnwritable(str(file), error.strerror or str(error)) from error


def write_file(file: Path, content: bytes) -> None:
    """Write a file whole, or raise OutputUnwritable and leave what was there."""
    with into_file(file) as staged:
        staged.write_bytes(content)


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """Yield a new folder beside the files to come: a rename within one disk is one step."""
    stage = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _make_folder(folder: Path) -> None:
    if folder.is_file():
        raise NotADirectoryError(None, "it is a file, not a folder")
    folder.mkdir(parents=True, exist_ok=True)


def _move_all(stage: Path, folder: Path) -> None:
    files = sorted(stage.iterdir())
    for file in files:
        # Found out before the first rename, so that not even one of several files is new.
        if (folder / file.name).is_dir():
            raise IsADirectoryError(None, f"{file.name} is a folder there")
    for file in files:
        file.replace(folder / file.name)


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
