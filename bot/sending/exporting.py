"""Makes exports that replies ask for: after the commit, in a thread, from a reader's data.

The last files are cached in memory until the data changes; evidence isn't, since it may be large.
"""

import asyncio
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from bot.operations.logs import report
from handlers.exports.formats import FORMATS, make
from handlers.exports.material import Material, material_of
from handlers.flow.channel import Document, Making
from handlers.texts import Texts, texts_of
from storage import rounds
from storage.engine.database import Database
from storage.errors import Closed
from storage.unfinished import Scratch

log = structlog.get_logger(__name__)

LARGEST = 50_000_000  # bytes that a bot may send in one file
AT_ONCE = 2  # exports use much memory and processor time
MOST_KEPT = 12


class ExportRefused(Exception):  # noqa: N818 - a refusal, not a bug
    """There is no file; the message is a sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class File:
    """A finished file."""

    name: str
    content: bytes


class Exports:
    """Makes and caches the files of a Making; `folder` is DATA_DIR, which has the evidence."""

    def __init__(self, database: Database, folder: Path, zone: ZoneInfo) -> None:
        self._database = database
        self._folder = folder
        self._zone = zone
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._kept: OrderedDict[Making, tuple[str, tuple[File, ...]]] = OrderedDict()

    async def made(self, making: Making | Document) -> tuple[File, ...]:
        """The files in order; raises ExportRefused with a sentence."""
        texts = texts_of(making.language)
        what = (
            making.name if isinstance(making, Document) else f"{making.format} of {making.round_id}"
        )
        try:
            async with self._turns:
                if isinstance(making, Document):
                    return (File(making.name, await asyncio.to_thread(making.write)),)
                return await self._made(making, texts)
        except (Closed, ExportRefused):
            raise
        except ImportError as error:
            log.warning("export not installed", what=what, missing=error.name)
            raise ExportRefused(texts.say("exports.not_installed")) from error
        except Exception as error:
            report(log, "export failed", error, what=what)
            raise ExportRefused(texts.say("exports.failed")) from error

    async def _made(self, making: Making, texts: Texts) -> tuple[File, ...]:
        def load(tx: Connection) -> tuple[Material, str]:
            round_ = rounds.round_by_id(tx, making.round_id)
            if round_ is None:
                raise LookupError(making.round_id)
            # The checksum covers all that the file is made from, so the cache is never stale.
            material = material_of(tx, round_, texts, self._zone)
            return material, hashlib.sha256(repr(material).encode()).hexdigest()

        material, checksum = await self._database.read(load)
        kept = self._kept.get(making)
        if kept is not None and kept[0] == checksum:
            self._kept.move_to_end(making)
            return kept[1]
        files = await asyncio.to_thread(self._write, making, material, texts)
        if FORMATS[making.format].kept:
            self._kept[making] = checksum, files
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return files

    def _write(self, making: Making, material: Material, texts: Texts) -> tuple[File, ...]:
        # Check the least possible size first: evidence may be gigabytes.
        _check_size(FORMATS[making.format].least_size(material), texts)
        with Scratch.below(self._folder) as scratch:
            paths = make(making.format, material, texts, self._folder, scratch.path)
            _check_size(max(path.stat().st_size for path in paths), texts)
            return tuple(File(path.name, path.read_bytes()) for path in paths)


def _check_size(size: int, texts: Texts) -> None:
    if size > LARGEST:
        megabytes, most = -(-size // 1_000_000), LARGEST // 1_000_000
        raise ExportRefused(texts.say("exports.too_big", size=megabytes, most=most))
