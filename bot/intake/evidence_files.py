"""Stores an evidence file on the disk and in the database, or in neither.

A marker folder in `.unfinished` exists from before the file is written until after the commit. If
the process is killed in between, the marker names the file to delete unless a row names it.
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy import Connection

from storage.difficulties import difficulty_photos
from storage.engine.database import Database
from storage.evidence import evidence
from storage.evidence.evidence_files import FOLDER, checksum, new_name, path_of
from storage.scratch_files import FOLDER as UNFINISHED
from storage.scratch_files import Scratch, left_behind

log = structlog.get_logger(__name__)

_MARK = "keep-"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file written below DATA_DIR; call end() after the database transaction."""

    name: str
    size: int
    checksum: str
    file: Path
    mark: Scratch

    def end(self, *, named: bool) -> None:
        """Remove the marker; remove the file too unless the database names it."""
        if not named:
            self.file.unlink(missing_ok=True)
        self.mark.close()


async def keep(
    database: Database,
    data_dir: Path,
    evidence_id: int,
    content: bytes,
    media_type: str | None = None,
    name: str | None = None,
) -> None:
    """Write a piece of evidence to a file, and the file's name to the row of the piece."""

    def store(tx: Connection, kept: StoredFile) -> bool:
        return evidence.fetched(
            tx, evidence_id, kept.name, kept.size, media_type, name, checksum=kept.checksum
        )

    await keep_as(database, data_dir, content, store)


async def keep_as(
    database: Database,
    data_dir: Path,
    content: bytes,
    store: Callable[[Connection, StoredFile], bool],
) -> None:
    """Write the content to a file, then call `store` in a transaction to store the file's name.

    `store` returns False when no row needs the file any more; then the file is removed.
    """
    kept = await asyncio.to_thread(put, data_dir, content)
    try:
        named = await database.write(lambda tx: store(tx, kept))
    except BaseException:  # the commit may have succeeded; clear_unfinished() checks it later
        kept.mark.leave()
        raise
    await asyncio.to_thread(partial(kept.end, named=named))


def put(data_dir: Path, content: bytes) -> StoredFile:
    """Write the whole file to the disk; the caller must call end() on the result."""
    name = new_name()
    target = path_of(data_dir, name)
    mark = Scratch.below(data_dir, _MARK + target.name)
    try:
        unfinished = mark.path / target.name
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # The marker exists before the file has its final name, so a kill leaves a marked file.
        kept = StoredFile(name, len(content), checksum(unfinished), target, mark)
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished.replace(target)
    except BaseException:
        mark.close()
        raise
    return kept


async def clear_unfinished(data_dir: Path, database: Database) -> None:
    """Remove unfinished files of killed processes from DATA_DIR and the database's folder."""
    folders = [data_dir, *([database.file.parent] if database.file is not None else [])]
    left = [one for each in folders for one in await asyncio.to_thread(left_behind, each)]
    if not left:
        return
    marked = {name: one for one in left if (name := _marked(one.path)) is not None}
    named = await database.read(lambda tx: _named(tx, list(marked)))
    for name in marked.keys() - named:
        await asyncio.to_thread(path_of(data_dir, name).unlink, missing_ok=True)
    for one in left:
        await asyncio.to_thread(one.close)
    log.info("unfinished files removed", count=len(left))


def _named(tx: Connection, names: list[str]) -> set[str]:
    """Return those of the names that a row of evidence or of a difficulty's photo has."""
    return evidence.named(tx, names) | {name for name, _ in difficulty_photos.names(tx)}


def names_being_kept(data_dir: Path) -> set[str]:
    """Return the names of files that are being stored now, or were when a process was killed."""
    marks = (data_dir / UNFINISHED).glob(f"{_MARK}*")
    return {name for mark in marks if (name := _marked(mark)) is not None}


def _marked(mark: Path) -> str | None:
    """Return the name of the evidence file that the marker belongs to; None for other folders."""
    token = mark.name.removeprefix(_MARK)
    return None if token == mark.name else f"{FOLDER}/{token[:2]}/{token}"
