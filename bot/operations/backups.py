"""Backups of the database and its evidence in one file: on request, every night, before upgrades.

A backup is a tar file. It contains `manifest.json` (time, program version, checksums), the database
as a SQLite file, and the evidence below `files/evidence/`.
"""

import asyncio
import json
import os
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot import __version__
from bot.language import gettext as _
from bot.operations.disk_full import NO_ROOM, explain_full_disk
from bot.service.exit_error import ExitError
from bot.settings import Settings
from storage.engine.schema_upgrade import current_revision
from storage.engine.snapshots import check_snapshot, fill_from_snapshot, take_snapshot, url_of
from storage.evidence.evidence_files import UnsafeName, checksum, path_of
from storage.scratch_files import Scratch

DATABASE, MANIFEST, FILES = "database.db", "manifest.json", "files/"
KEPT_NIGHTS = 14  # the consent text promises that a deleted person is in no older backup
_NIGHTLY = "nightly-{day}.tar"
_BEFORE = "before-upgrade-{at}.tar"


class Manifest(BaseModel):
    """The manifest of a backup; `files` are SHA-256 checksums by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1
    made_at: datetime
    program: str
    revision: str
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Backup:
    """The manifest of a new backup, and the evidence files that are missing on the disk."""

    manifest: Manifest
    missing: tuple[str, ...]


async def make_backup(url: str, data_dir: Path, file: Path, now: datetime) -> Backup:
    """Write a backup of database and evidence, completely or not at all; the bot may run."""
    return await _make(url, data_dir, file, now, with_evidence=True)


async def restore_backup(file: Path, url: str, data_dir: Path) -> Manifest:
    """Fill an empty database and the data directory from a backup, after checking all its files.

    All files are prepared in a scratch folder. The evidence is moved first, then the database by
    one rename (in PostgreSQL one commit). If the process is killed before that, the database is
    still empty and the command can be repeated.
    """
    with explain_full_disk(data_dir), Scratch.below(data_dir) as scratch:
        place = scratch.path
        manifest = _unpack(file, place)

        def move_evidence() -> None:
            _sync(place)  # the content must be on the disk before the renames
            for name in _evidence_in(manifest):
                target, ready = path_of(data_dir, name), place / FILES / name
                target.parent.mkdir(parents=True, exist_ok=True)
                if ready.exists():  # else an interrupted restore has moved it already
                    ready.replace(target)

        await fill_from_snapshot(url, place / DATABASE, data_dir, move_evidence)
    return manifest


async def make_nightly(url: str, data_dir: Path, today: date, now: datetime) -> Path | None:
    """Make today's backup of the database in DATA_DIR; None when it exists already.

    It contains no evidence, because those files never change and are in DATA_DIR, too. It raises
    NotADatabase for a damaged database, so that this replaces no good backup.
    """
    folder = data_dir / "backups"
    file = folder / _NIGHTLY.format(day=today.isoformat())
    if file.exists():
        return None
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    await _make(url, data_dir, file, now, with_evidence=False)
    return file


async def make_before_upgrade(url: str, data_dir: Path, now: datetime) -> Path:
    """Make a backup of the database in DATA_DIR before a migration changes it."""
    folder = data_dir / "backups"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / _BEFORE.format(at=f"{now:%Y-%m-%dT%H-%M-%S}")
    await _make(url, data_dir, file, now, with_evidence=False)
    return file


def backup_first(
    settings: Settings, now: datetime, tell: Callable[[str, Path], None]
) -> Callable[[str], None]:
    """Return the function that `Database` calls before an upgrade, which makes a backup.

    It calls `tell` with the old revision and the file. It runs in its own thread. If the backup
    fails, the database isn't upgraded.
    """
    url = settings.database_url.get_secret_value()

    def make(revision: str) -> None:
        made = make_before_upgrade(url, settings.data_dir, now)
        tell(revision, asyncio.run(made).absolute())

    return make


def drop_before_upgrades(data_dir: Path, now: datetime) -> None:
    """Delete the backups made before upgrades that are older than KEPT_NIGHTS days."""
    oldest = _BEFORE.format(at=f"{now - timedelta(days=KEPT_NIGHTS):%Y-%m-%dT%H-%M-%S}")
    for old in (data_dir / "backups").glob(_BEFORE.format(at="*")):
        if old.name < oldest:
            old.unlink()


def drop_old_nights(data_dir: Path) -> None:
    """Delete nightly backups that are older than the last KEPT_NIGHTS good ones."""
    nights = sorted((data_dir / "backups").glob(_NIGHTLY.format(day="*")), reverse=True)
    # Only complete backups count: a series of damaged ones must not replace the last good one.
    good = 0
    for file in nights:
        if good >= KEPT_NIGHTS:
            file.unlink()
        elif _complete(file):
            good += 1


async def _make(
    url: str, data_dir: Path, file: Path, now: datetime, *, with_evidence: bool
) -> Backup:
    with explain_full_disk(file.parent), Scratch.beside(file, data_dir) as scratch:
        place = scratch.path
        # The database before the evidence: the files that it names are complete and never change.
        await take_snapshot(url, place / DATABASE)
        check_snapshot(place / DATABASE)
        members, missing = {DATABASE: place / DATABASE}, []
        for name in _named_in(place / DATABASE) if with_evidence else ():
            found = _evidence_file(data_dir, name)
            if found is None:
                missing.append(name)
            else:
                members[FILES + name] = found
        manifest = Manifest(
            made_at=now, program=__version__,
            revision=current_revision(url_of(place / DATABASE)) or "",
            files={name: checksum(path) for name, path in members.items()},
        )  # fmt: skip
        _pack(place / "backup.tar", manifest, members)
        (place / "backup.tar").chmod(0o600)
        (place / "backup.tar").replace(file)
    return Backup(manifest, tuple(missing))


def _named_in(database: Path) -> list[str]:
    """Return the names of the files of evidence and of difficulties in the database."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(database)) as raw:
        rows = raw.execute(
            "SELECT path FROM evidence WHERE path IS NOT NULL"
            " UNION SELECT photo FROM difficulties WHERE photo LIKE 'evidence/%' ORDER BY 1"
        )
        return [path for (path,) in rows]


def _evidence_file(data_dir: Path, name: str) -> Path | None:
    try:
        file = path_of(data_dir, name)
    except UnsafeName:
        return None
    return file if file.is_file() else None


def _evidence_in(manifest: Manifest) -> list[str]:
    """Return the names of the evidence files; raise UnsafeName for one outside of the folder."""
    names = [name.removeprefix(FILES) for name in manifest.files if name != DATABASE]
    for name in names:
        path_of(Path(), name)
    return names


def _complete(file: Path) -> bool:
    """Return whether the archive is complete, judged by its headers only."""
    try:
        with tarfile.open(file) as tar:
            return {MANIFEST, DATABASE} <= set(tar.getnames())
    except (tarfile.TarError, EOFError, OSError):
        return False


def _pack(target: Path, manifest: Manifest, members: dict[str, Path]) -> None:
    with tarfile.open(target, "w") as tar:
        text = target.with_name(MANIFEST)
        text.write_text(manifest.model_dump_json(indent=2), encoding="utf-8")
        tar.add(text, MANIFEST)
        for name, path in members.items():
            tar.add(path, name, recursive=False)


def _unpack(file: Path, place: Path) -> Manifest:
    """Unpack and check every file; raise an ExitError for a damaged backup."""
    try:
        with tarfile.open(file) as tar:
            _extract(tar, place)
    except FileNotFoundError:
        raise ExitError(_("There is no file {file}.", file=file)) from None
    except OSError as error:
        if error.errno in NO_ROOM:
            raise
        raise ExitError(
            _("{file} can't be unpacked ({strerror}).", file=file, strerror=error.strerror or error)
        ) from error
    except (tarfile.TarError, EOFError) as error:
        raise ExitError(
            _("{file} is no backup of this program, or it is damaged.", file=file)
        ) from error
    try:
        manifest = Manifest.model_validate(json.loads((place / MANIFEST).read_bytes()))
    except (OSError, ValueError, ValidationError) as error:
        raise ExitError(
            _("{file} is no backup of this program: it has no manifest.", file=file)
        ) from error
    _check(file, place, manifest)
    return manifest


def _check(file: Path, place: Path, manifest: Manifest) -> None:
    """Raise an ExitError unless all files match the manifest and have allowed names."""
    if DATABASE not in manifest.files:
        raise ExitError(_("The backup {file} is damaged: it holds no database.", file=file))
    try:
        _evidence_in(manifest)
    except UnsafeName as error:
        raise ExitError(
            _(
                "The backup {file} is damaged: {error} is no name of evidence.",
                file=file,
                error=error,
            )
        ) from error
    for name, wanted in manifest.files.items():
        path = place / name
        if not path.is_file():
            raise ExitError(
                _("The backup {file} is damaged: {name} is missing.", file=file, name=name)
            )
        if checksum(path) != wanted:
            raise ExitError(
                _("The backup {file} is damaged: {name} has changed.", file=file, name=name)
            )


def _sync(place: Path) -> None:
    """Make the system write the content of all files below `place` to the disk."""
    if hasattr(os, "sync"):
        os.sync()  # once, as syncing each of thousands of files takes long
        return
    for path in place.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())


def _extract(tar: tarfile.TarFile, place: Path) -> None:
    """Unpack regular files only, within `place`; the tarfile of Debian 12 has no filter for it."""
    for member in tar:
        target = (place / member.name).resolve()
        source = tar.extractfile(member) if member.isreg() else None
        if source is None or not target.is_relative_to(place.resolve()):
            raise tarfile.TarError(member.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with source, target.open("wb") as file:
            shutil.copyfileobj(source, file)
