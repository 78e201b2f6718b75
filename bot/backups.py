"""Backups: the database and its evidence in one file, restored from it, one made every night.

A backup is a tar file: `manifest.json` (when, by which program, a checksum of every file), the
database as a SQLite file, and the evidence below `evidence/`.
"""

import hashlib
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot import __version__
from bot.ending import Ending
from storage.migrating import current_revision
from storage.snapshots import fill_from_snapshot, take_snapshot, url_of

DATABASE, MANIFEST, FILES = "database.db", "manifest.json", "files/"
KEPT_DAYS = 14  # the consent text promises that backups lose who was deleted within this time
_NIGHTLY = "nightly-{day}.tar"
_BEFORE = "before-upgrade-{at}.tar"


class Manifest(BaseModel):
    """What a backup says of itself; `files` are the checksums (SHA-256) by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1
    made_at: datetime
    program: str
    revision: str
    files: dict[str, str]


async def make_backup(url: str, data_dir: Path | None, file: Path, now: datetime) -> Manifest:
    """Write a backup of the database (and, with `data_dir`, of its evidence); the bot may run.

    The file appears whole or not at all.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        place = Path(folder)
        await take_snapshot(url, place / DATABASE)
        members = {DATABASE: place / DATABASE}
        if data_dir is not None:
            members |= {
                FILES + name: data_dir / name for name in _evidence(place / DATABASE, data_dir)
            }
        manifest = Manifest(
            made_at=now, program=__version__,
            revision=current_revision(url_of(place / DATABASE)) or "",
            files={name: _checksum(path) for name, path in members.items()},
        )  # fmt: skip
        _pack(place / "backup.tar", manifest, members)
        (place / "backup.tar").chmod(0o600)
        (place / "backup.tar").replace(file)
    return manifest


async def restore_backup(file: Path, url: str, data_dir: Path) -> Manifest:
    """Fill an empty database and the data directory from a backup, after checking all of it."""
    with tempfile.TemporaryDirectory(prefix="smart-commune-restore-") as folder:
        place = Path(folder)
        manifest = _unpack(file, place)
        await fill_from_snapshot(url, place / DATABASE)
        for name in manifest.files:
            if name.startswith(FILES):
                target = data_dir / name.removeprefix(FILES)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(place / name, target)
                target.chmod(0o600)
    return manifest


async def make_nightly(url: str, data_dir: Path, today: date, now: datetime) -> Path | None:
    """Make today's backup of the database below DATA_DIR, unless it is there; drop old ones.

    The evidence isn't copied every night: its files never change, and lie beside.
    """
    folder = data_dir / "backups"
    file = folder / _NIGHTLY.format(day=today.isoformat())
    if file.exists():
        return None
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    await make_backup(url, None, file, now)
    for old in folder.glob(_NIGHTLY.format(day="*")):
        if old.name < _NIGHTLY.format(day=(today - timedelta(days=KEPT_DAYS - 1)).isoformat()):
            old.unlink()
    return file


async def make_before_upgrade(url: str, data_dir: Path, now: datetime) -> Path:
    """Make a backup of the database below DATA_DIR, before a migration changes it."""
    folder = data_dir / "backups"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / _BEFORE.format(at=f"{now:%Y-%m-%dT%H-%M-%S}")
    await make_backup(url, None, file, now)
    return file


def drop_before_upgrades(data_dir: Path, now: datetime) -> None:
    """Drop such backups after the same time as the nightly ones."""
    oldest = _BEFORE.format(at=f"{now - timedelta(days=KEPT_DAYS):%Y-%m-%dT%H-%M-%S}")
    for old in (data_dir / "backups").glob(_BEFORE.format(at="*")):
        if old.name < oldest:
            old.unlink()


def _evidence(database: Path, data_dir: Path) -> Iterator[str]:
    """The evidence files that the database names and that are there."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(database)) as raw:
        rows = raw.execute("SELECT path FROM evidence WHERE path IS NOT NULL ORDER BY path")
        yield from (path for (path,) in rows if (data_dir / path).is_file())


def _pack(target: Path, manifest: Manifest, members: dict[str, Path]) -> None:
    with tarfile.open(target, "w") as tar:
        text = target.with_name(MANIFEST)
        text.write_text(manifest.model_dump_json(indent=2))
        tar.add(text, MANIFEST)
        for name, path in members.items():
            tar.add(path, name, recursive=False)


def _unpack(file: Path, place: Path) -> Manifest:
    """Unpack and check every file; an Ending says what is wrong with the backup."""
    try:
        with tarfile.open(file) as tar:
            _extract(tar, place)
    except FileNotFoundError:
        raise Ending(f"There is no file {file}.") from None
    except OSError as error:
        raise Ending(f"{file} can't be unpacked ({error.strerror or error}).") from error
    except (tarfile.TarError, EOFError) as error:
        raise Ending(f"{file} is no backup of this program, or it is damaged.") from error
    try:
        manifest = Manifest.model_validate(json.loads((place / MANIFEST).read_text()))
    except (OSError, ValueError, ValidationError) as error:
        raise Ending(f"{file} is no backup of this program: it has no manifest.") from error
    for name, checksum in manifest.files.items():
        path = place / name
        if not path.resolve().is_relative_to(place.resolve()) or not path.is_file():
            raise Ending(f"The backup {file} is damaged: {name} is missing.")
        if _checksum(path) != checksum:
            raise Ending(f"The backup {file} is damaged: {name} has changed.")
    if DATABASE not in manifest.files:
        raise Ending(f"The backup {file} is damaged: it holds no database.")
    return manifest


def _extract(tar: tarfile.TarFile, place: Path) -> None:
    """Unpack what is a plain file within `place`; Debian 12's Python has no filter that does it."""
    for member in tar:
        target = (place / member.name).resolve()
        source = tar.extractfile(member) if member.isreg() else None
        if source is None or not target.is_relative_to(place.resolve()):
            raise tarfile.TarError(member.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with source, target.open("wb") as file:
            shutil.copyfileobj(source, file)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
