"""Fetches rosters that were sent as files and has each read by a child process, which may fail."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from bot.messengers import FileNotFetched, FilePostponed, FileRefused, Files
from bot.opening.workbook import opened_workbook
from bot.operations.logs import report
from bot.service.clock import Clock
from handlers.flow.deployment import Deployment
from handlers.roster import receiving
from handlers.roster.values import RefusedError
from storage import workbooks
from storage.engine.database import Database
from storage.errors import StorageError
from storage.workbooks import Workbook

log = structlog.get_logger(__name__)

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 60, 300))


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read in a file; None: too much."""

    cells: str | None


Outcome = _Read | receiving.Refusal | None  # None: to be tried again


class Workbooks:
    """One file after the other; the fetcher's loop calls it."""

    def __init__(
        self,
        files: Files,
        database: Database,
        clock: Clock,
        deployment: Deployment,
        told: Callable[[], None],
    ) -> None:
        self._files = files
        self._database = database
        self._clock = clock
        self._deployment = deployment
        self._told = told

    async def fetch_due(self) -> float | None:
        """Fetch and read one that is due; the seconds until the next look, None: there is none."""
        one = await self._database.read(workbooks.to_fetch)
        if one is None:
            return None
        now = self._clock.now()
        longest = now + PAUSES[-1]  # a time beyond it was written while the clock was wrong
        if now < one.fetch_after <= longest:
            return (one.fetch_after - now).total_seconds()
        outcome: Outcome = "not_fetched"
        if one.fetch_tries < len(PAUSES):
            after = now + PAUSES[one.fetch_tries]
            # Counted before it begins: a file that ends the bot itself isn't opened for ever.
            await self._database.write(lambda tx: workbooks.try_again(tx, one, after))
            outcome = await self._outcome(one)
        if outcome is not None:
            await self._database.write(lambda tx: self._answer(tx, one, outcome))
            self._told()
        return 0

    def _answer(self, tx: Connection, one: Workbook, outcome: _Read | receiving.Refusal) -> None:
        now, standing = self._clock.now(), workbooks.workbook(tx, one.id)
        if standing is None or standing.reference != one.reference:
            return  # a newer file of the person took its place, perhaps with its id
        if isinstance(outcome, _Read):
            receiving.read(tx, one.id, outcome.cells, now, self._deployment)
        else:
            receiving.refused(tx, one.id, outcome, now, self._deployment)

    async def _outcome(self, one: Workbook) -> Outcome:
        try:
            content = await self._files.fetch(one.reference, receiving.LARGEST)
            sheets = await opened_workbook(content)
            return _Read(await asyncio.to_thread(receiving.cells_to_keep, sheets))
        except RefusedError as refused:
            return refused.reason
        except FileRefused as error:
            if error.why == "too_big":
                return "too_large"
            log.warning("workbook not fetched", workbook=one.id, reason=type(error).__name__)
        except (FilePostponed, FileNotFetched, OSError) as error:
            log.warning("workbook not fetched", workbook=one.id, reason=type(error).__name__)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - one file must not stop the bot
            report(log, "workbook failed", error, workbook=one.id)
        return None
