"""Makes the exports of replies after the commit: read on a reader, written in a thread.

The last files are cached in memory until the data changes, except evidence, which may be large.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from bot.operations.logs import report
from handlers.exports.communes_material import many_of
from handlers.exports.formats import FORMATS, OF_MANY, ExportFormat, Subject, make
from handlers.exports.material import material_of
from handlers.flow.channel import GeneratedDocument, Making
from handlers.texts import Texts, texts_of
from storage.engine.database import Database
from storage.errors import Closed
from storage.places import places
from storage.rounds import rounds
from storage.scratch_files import Scratch

log = structlog.get_logger(__name__)

LARGEST = 50_000_000  # bytes that a bot may send in one file
AT_ONCE = 2  # exports use much memory and processor time
MOST_CACHED = 12


Progress = Callable[[int, int], None]  # called with the number of communes done, and of all


def _no_progress(_done: int, _all: int) -> None:
    """Ignore the progress."""


def _formats_of(making: Making) -> Mapping[str, ExportFormat]:
    return OF_MANY if isinstance(making.subject, tuple) else FORMATS


def format_of(making: Making) -> ExportFormat:
    """Return the export format of a Making."""
    return _formats_of(making)[making.format]


class ExportRefused(Exception):  # noqa: N818 - a refusal, not a bug
    """The file can't be made; the message is a sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A finished file."""

    name: str
    content: bytes


class Exports:
    """Makes and caches the files of a Making; `folder` is DATA_DIR, which contains the evidence.

    `now` returns the present time, which decides which rounds of many communes are open.
    """

    def __init__(
        self, database: Database, folder: Path, zone: ZoneInfo,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        self._now = now
        self._database = database
        self._folder = folder
        self._zone = zone
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._cache: OrderedDict[Making, tuple[str, tuple[ExportFile, ...]]] = OrderedDict()

    async def made(
        self, making: Making | GeneratedDocument, progress: Progress = _no_progress
    ) -> tuple[ExportFile, ...]:
        """Make the files and return them in order; raise ExportRefused with a sentence.

        It calls `progress` from another thread after each commune that is read.
        """
        texts = texts_of(making.language)
        what = (
            making.name
            if isinstance(making, GeneratedDocument)
            else f"{making.format} of {making.subject}"
        )
        try:
            async with self._turns:
                if isinstance(making, GeneratedDocument):
                    return (ExportFile(making.name, await asyncio.to_thread(making.write)),)
                return await self._files(making, texts, progress)
        except (Closed, ExportRefused):
            raise
        except ImportError as error:
            log.warning("export not installed", what=what, missing=error.name)
            raise ExportRefused(texts.say("exports.not_installed")) from error
        except Exception as error:
            report(log, "export failed", error, what=what)
            raise ExportRefused(texts.say("exports.failed")) from error

    async def _files(
        self, making: Making, texts: Texts, progress: Progress
    ) -> tuple[ExportFile, ...]:
        def load(tx: Connection) -> tuple[Subject, str]:
            # The checksum covers all data of the file, so the cache is never stale.
            material = self._material(tx, making, texts, progress)
            return material, hashlib.sha256(repr(material).encode()).hexdigest()

        material, checksum = await self._database.read(load)
        cached = self._cache.get(making)
        if cached is not None and cached[0] == checksum:
            self._cache.move_to_end(making)
            return cached[1]
        files = await asyncio.to_thread(self._write, making, material, texts)
        if format_of(making).kept:
            self._cache[making] = checksum, files
            if len(self._cache) > MOST_CACHED:
                self._cache.popitem(last=False)
        return files

    def _material(
        self, tx: Connection, making: Making, texts: Texts, progress: Progress
    ) -> Subject:
        if isinstance(making.subject, tuple):
            wanted = set(making.subject)
            communes = [one for one in places.communes(tx) if one.id in wanted]
            return many_of(tx, communes, self._now(), self._zone, progress)
        round_ = rounds.round_by_id(tx, making.subject)
        if round_ is None:
            raise LookupError(f"there is no round {making.subject}")
        return material_of(tx, round_, texts, self._zone)

    def _write(self, making: Making, material: Subject, texts: Texts) -> tuple[ExportFile, ...]:
        # Check the least possible size before writing, because evidence may be gigabytes.
        _check_size(format_of(making).least_size(material), texts)
        with Scratch.below(self._folder) as scratch:
            among = _formats_of(making)
            paths = make(making.format, material, texts, self._folder, scratch.path, among)
            _check_size(max(path.stat().st_size for path in paths), texts)
            return tuple(ExportFile(path.name, path.read_bytes()) for path in paths)


def _check_size(size: int, texts: Texts) -> None:
    if size > LARGEST:
        megabytes, most = -(-size // 1_000_000), LARGEST // 1_000_000
        raise ExportRefused(texts.say("exports.too_big", size=megabytes, most=most))
