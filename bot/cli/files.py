"""Files that commands write: checked before any work, and moved to their place when complete."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.cli.failure import Failure
from bot.language import gettext as _


def check_writable(file: Path) -> None:
    """Raise a Failure if the file can't be written, before the command does any work."""
    folder = file.absolute().parent
    if not folder.is_dir():
        raise Failure(_("There is no folder {folder}.", folder=folder))
    if not os.access(file if file.exists() else folder, os.W_OK):
        raise Failure(_("{file} can't be written; choose another folder.", file=file))


def check_new(file: Path, *, force: bool) -> None:
    """Raise a Failure if the file can't be written, or would be overwritten without `force`."""
    check_writable(file)
    if file.exists() and not force:
        raise Failure(_("{file} exists already; choose another name, or add --force.", file=file))


def make_folder_of(file: Path) -> None:
    """Create the file's folder; raise a Failure if the file can't be written there."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(
            _(
                "The folder {parent} can't be made ({strerror}).",
                parent=file.parent,
                strerror=error.strerror,
            )
        ) from None
    check_writable(file)


@contextmanager
def moved_when_complete(file: Path) -> Iterator[Path]:
    """Yield a temporary path to write to; move the file to its place when it is complete."""
    from bot.cli.session import settings
    from bot.operations.disk_full import explain_full_disk
    from storage.scratch_files import Scratch

    folder = settings().data_dir
    with explain_full_disk(file.absolute().parent), Scratch.beside(file, folder) as scratch:
        temporary = scratch.path / file.name
        yield temporary
        temporary.replace(file)
