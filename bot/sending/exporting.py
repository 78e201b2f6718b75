"""Makes exports that replies ask for: after the commit, in a thread, from a reader's data.

The last files are cached in memory until the data changes; evidence isn't, since it may be large.
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
from handlers.flow.channel import Document, Making
from handlers.texts import Texts, texts_of
from storage.engine.database import Database
from storage.errors import Closed
from storage.places import places
from storage.rounds import rounds
from storage.scratch_files import Scratch

log = structlog.get_logger(__name__)

LARGEST = 50_000_000  # bytes that a bot may send in one file
AT_ONCE = 2  # exports use much memory and processor time
MOST_KEPT = 12


Told = Callable[[int, int], None]


def _nobody(_done: int, _all: int) -> None:
    """Tell nobody how far it is."""


def _formats_of(making: Making) -> Mapping[str, ExportFormat]:
    return OF_MANY if isinstance(making.subject, tuple) else FORMATS


def format_of(making: Making) -> ExportFormat:
    """The format in which something is to be made."""
    return _formats_of(making)[making.format]


class ExportRefused(Exception):  # noqa: N818 - a refusal, not a bug
    """There is no file; the message is a sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class File:
    """A finished file."""

    name: str
    content: bytes


class Exports:
    """Makes and caches the files of a Making; `folder` is DATA_DIR, which has the evidence.

    `now` tells which rounds of many communes are open.
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
        self._kept: OrderedDict[Making, tuple[str, tuple[File, ...]]] = OrderedDict()

    async def made(self, making: Making | Document, told: Told = _nobody) -> tuple[File, ...]:
        """The files in order; raises ExportRefused with a sentence.

        `told` is called with how many of how many communes are read, from another thread.
        """
        texts = texts_of(making.language)
        what = (
            making.name if isinstance(making, Document) else f"{making.format} of {making.subject}"
        )
        try:
            async with self._turns:
                if isinstance(making, Document):
                    return (File(making.name, await asyncio.to_thread(making.write)),)
                return await self._made(making, texts, told)
        except (Closed, ExportRefused):
            raise
        except ImportError as error:
            log.warning("export not installed", what=what, missing=error.name)
            raise ExportRefused(texts.say("exports.not_installed")) from error
        except Exception as error:
            report(log, "export failed", error, what=what)
            raise ExportRefused(texts.say("exports.failed")) from error

    async def _made(self, making: Making, texts: Texts, told: Told) -> tuple[File, ...]:
        def load(tx: Connection) -> tuple[Subject, str]:
            # The checksum covers all that the file is made from, so the cache is never stale.
            material = self._material(tx, making, texts, told)
            return material, hashlib.sha256(repr(material).encode()).hexdigest()

        material, checksum = await self._database.read(load)
        kept = self._kept.get(making)
        if kept is not None and kept[0] == checksum:
            self._kept.move_to_end(making)
            return kept[1]
        files = await asyncio.to_thread(self._write, making, material, texts)
        if format_of(making).kept:
            self._kept[making] = checksum, files
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return files

    def _material(self, tx: Connection, making: Making, texts: Texts, told: Told) -> Subject:
        if isinstance(making.subject, tuple):
            wanted = set(making.subject)
            communes = [one for one in places.communes(tx) if one.id in wanted]
            return many_of(tx, communes, self._now(), self._zone, told)
        round_ = rounds.round_by_id(tx, making.subject)
        if round_ is None:
            raise LookupError(making.subject)
        return material_of(tx, round_, texts, self._zone)

    def _write(self, making: Making, material: Subject, texts: Texts) -> tuple[File, ...]:
        # Check the least possible size first: evidence may be gigabytes.
        _check_size(format_of(making).least_size(material), texts)
        with Scratch.below(self._folder) as scratch:
            among = _formats_of(making)
            paths = make(making.format, material, texts, self._folder, scratch.path, among)
            _check_size(max(path.stat().st_size for path in paths), texts)
            return tuple(File(path.name, path.read_bytes()) for path in paths)


def _check_size(size: int, texts: Texts) -> None:
    if size > LARGEST:
        megabytes, most = -(-size // 1_000_000), LARGEST // 1_000_000
        raise ExportRefused(texts.say("exports.too_big", size=megabytes, most=most))
