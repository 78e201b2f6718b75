"""Errors of a full disk as one sentence that names the disk."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.language import gettext as _
from bot.service.exit_error import ExitError
from storage.errors import DiskFull

NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def full_disk(error: BaseException) -> OSError | DiskFull | None:
    """Return the error, or the first of its causes, that means a full disk; None without one."""
    step: BaseException | None = error
    seen: set[int] = set()
    while step is not None and id(step) not in seen:  # `raise error from error` makes a cycle
        seen.add(id(step))
        if isinstance(step, DiskFull) or (isinstance(step, OSError) and step.errno in NO_ROOM):
            return step
        step = step.__cause__ or step.__context__  # libraries wrap it in their own errors
    return None


def sentence(full: OSError | DiskFull, folder: Path | None = None) -> str:
    """Return a sentence that names the full disk: that of the error's file, else of `folder`."""
    named = full.place if isinstance(full, DiskFull) else full.filename
    if named is None:
        named = _("the database's server") if isinstance(full, DiskFull) else folder
    if named is None:
        return _("A disk is full; make room there, then do it again.")
    return _("The disk of {place} is full; make room there, then do it again.", place=named)


@contextmanager
def explain_full_disk(folder: Path) -> Iterator[None]:
    """Turn an error of a full disk into an ExitError that names the disk."""
    try:
        yield
    except Exception as error:
        full = full_disk(error)
        if full is None:
            raise
        raise ExitError(sentence(full, folder.absolute())) from error
