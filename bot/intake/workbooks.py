"""Rosters that people sent as files: a child process reads each, a message answers it."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from bot.file_sandbox.workbook import workbook_cells
from bot.service.clock import Clock
from handlers.flow.deployment import Deployment
from handlers.report.attachment_rules import Why
from handlers.roster import receiving
from handlers.roster.cell_values import ProblemText, RefusedError
from storage.engine.database import Database
from storage.fetching import ToFetch
from storage.places import workbooks

MOST_TRIES = 4  # with pauses of 72 seconds in all, because the sender waits for the answer


class Workbooks:
    """The fetcher's file kind "workbook"; it calls `message_added` after it added to the outbox."""

    name = "workbook"
    queue = workbooks.TO_FETCH
    largest = receiving.LARGEST

    def __init__(
        self,
        database: Database,
        clock: Clock,
        deployment: Deployment,
        message_added: Callable[[], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._deployment = deployment
        self._message_added = message_added

    def given_up(self, row: ToFetch, now: datetime) -> bool:  # noqa: ARG002 - by number only
        """Return whether the failed attempt was the last one."""
        return row.tries + 1 >= MOST_TRIES

    async def keep(self, row: ToFetch, content: bytes) -> None:
        """Read the cells; send what they would change, or why they can't be read."""
        try:
            sheets = await workbook_cells(content)
            cells = await asyncio.to_thread(receiving.cells_to_keep, sheets)
        except RefusedError as refused:
            await self._refused(row, refused.reason)
            return
        await self._answer(
            row,
            lambda tx: receiving.store_cells_and_preview(
                tx, row.id, cells, self._clock.now(), self._deployment
            ),
        )

    async def not_kept(self, row: ToFetch, why: Why) -> None:
        """Send the reason why the file could not be read."""
        if why == "too_big":
            await self._refused(row, "too_large")
        else:
            await self._refused(
                row, "not_fetched" if why == "not_fetched" else ProblemText("too_much")
            )

    async def _refused(self, row: ToFetch, why: receiving.Refusal) -> None:
        await self._answer(
            row,
            lambda tx: receiving.refused(tx, row.id, why, self._clock.now(), self._deployment),
        )

    async def _answer(self, row: ToFetch, answer: Callable[[Connection], None]) -> None:
        def answered(tx: Connection) -> None:
            stored = workbooks.workbook(tx, row.id)
            # A newer file of the person may have replaced it, perhaps with the same id.
            if stored is not None and stored.reference == row.reference:
                answer(tx)

        await self._database.write(answered)
        self._message_added()
