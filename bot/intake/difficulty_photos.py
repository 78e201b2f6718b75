"""Fetches the photos of difficulties after the commit, as evidence is: cleaned, under random names.

How often a photo was tried is only known to this process: after a restart it is tried anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot.intake.evidence_files import keep_as
from bot.messengers import FileNotFetched, FilePostponed, FileRefused, Files
from bot.opening.evidence import Clean
from bot.opening.process import NotOpened, opened
from bot.operations.logs import report
from bot.service.clock import Clock
from handlers.difficulties.settling import tell_of_lost_photo
from handlers.flow.deployment import Deployment
from handlers.report.attachment_rules import LARGEST
from storage import difficulty_photos
from storage.difficulty_photos import Waiting
from storage.engine.database import Database
from storage.errors import StorageError

log = structlog.get_logger(__name__)

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 60, 300, 900, 3600))
SECONDS_TO_LOOK_AGAIN = 10.0  # an address may live for minutes only
MOST_TRIES = 24  # the last pause repeats: about a day


@dataclass(frozen=True, slots=True)
class _Tried:
    times: int
    again: datetime


class DifficultyPhotos:
    """One photo after the other; the fetcher's loop calls it."""

    def __init__(
        self,
        files: Files,
        database: Database,
        clock: Clock,
        folder: Path,
        deployment: Deployment,
        told: Callable[[], None],
    ) -> None:
        self._files = files
        self._database = database
        self._clock = clock
        self._folder = folder
        self._deployment = deployment
        self._told = told
        self._tried: dict[Waiting, _Tried] = {}

    async def fetch_due(self) -> float:
        """Fetch one that is due; the seconds until the next look.

        A photo can come before the sentence that it belongs to: then no attachment wakes the loop.
        """
        waiting = await self._database.read(difficulty_photos.to_fetch)
        self._tried = {one: tried for one, tried in self._tried.items() if one in waiting}
        if not waiting:
            return SECONDS_TO_LOOK_AGAIN
        now = self._clock.now()
        due = next((one for one in waiting if self._due(one, now)), None)
        if due is None:
            soonest = min(self._tried[one].again for one in waiting)
            return min((soonest - now).total_seconds(), SECONDS_TO_LOOK_AGAIN)
        times = self._tried[due].times if due in self._tried else 0
        again = now + PAUSES[min(times, len(PAUSES) - 1)]
        self._tried[due] = _Tried(times + 1, again)
        if not await self._kept(due) and times + 1 >= MOST_TRIES:
            await self._lost(due, "tried for a day")
        return 0

    def _due(self, one: Waiting, now: datetime) -> bool:
        """Whether it is to be tried now; a later time than the pauses came of a wrong clock."""
        tried = self._tried.get(one)
        return tried is None or not now < tried.again <= now + PAUSES[-1]

    async def _kept(self, one: Waiting) -> bool:
        """Fetch, clean and store it; False when it is to be tried again."""
        try:
            content = await self._files.fetch(one.reference, LARGEST)
            clean = Clean.of(await opened("evidence", content))
        except FileRefused as error:
            await self._lost(one, str(error))
            return True
        except (FilePostponed, FileNotFetched, NotOpened, OSError) as error:
            log.warning(
                "photo not fetched", difficulty=one.difficulty_id, reason=type(error).__name__
            )
            return False
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - one file must not stop the bot
            report(log, "photo failed", error, difficulty=one.difficulty_id)
            return False
        if not isinstance(clean, Clean) or not clean.media_type.startswith("image/"):
            await self._lost(one, "it can't be cleaned")
            return True
        await keep_as(
            self._database, self._folder, clean.content,
            lambda tx, file: difficulty_photos.keep(tx, one, file.name),
        )  # fmt: skip
        return True

    async def _lost(self, one: Waiting, why: str) -> None:
        log.warning("photo not kept", difficulty=one.difficulty_id, reason=why)
        now = self._clock.now()
        await self._database.write(lambda tx: tell_of_lost_photo(tx, one, now, self._deployment))
        self._told()
