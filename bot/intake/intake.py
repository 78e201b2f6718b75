"""Stores incoming updates: a batch is committed before the messenger gets a confirmation.

The next poll confirms a batch, so it starts only after the commit. A webhook call is answered with
200 only then, too. So a crash loses no update. An update that comes twice is stored once.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

from bot.messengers import UpdateReader
from bot.operations.metrics import Metrics
from bot.sending.delay_notice import DelayNotice
from bot.service.clock import Clock
from storage.engine.database import Database
from storage.errors import Closed, StorageError
from storage.messages import inbox


class Intake:
    """Stores batches of updates and passes them to the dispatcher."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bot: str,
        reader: UpdateReader,
        offer: Callable[[Sequence[inbox.Update], asyncio.Future[Any]], None],
        delay_notice: DelayNotice,
        metrics: Metrics,
        dated: Callable[[int], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._bot = bot
        self._reader = reader
        self._dated = dated  # is called with the date of each message
        self._offer = offer
        self._delay_notice = delay_notice
        self._metrics = metrics

    async def take(self, batch: Sequence[dict[str, Any]]) -> int:
        """Store a batch and queue it for handling; return how many of its updates are new.

        When it returns, the updates are on the disk. When the database fails, the senders get a
        notice, and the StorageError makes the caller leave the batch unconfirmed.
        """
        now, read = self._clock.now(), self._reader
        known = [(one, identity) for one in batch if (identity := read.identity_of(one))]
        updates = [
            inbox.Update(self._bot, identity, read.chat_of(payload), json.dumps(payload), now)
            for payload, identity in known
        ]
        if not updates:
            return 0
        for date in filter(None, map(read.date_of, batch)):
            self._dated(date)
        try:
            stored = self._database.submit(lambda tx: inbox.take_in(tx, updates, now))
            if self._database.session is None:
                # Queue the handling at once: it runs after the storing, in the same commit.
                self._offer(updates, stored)
            fresh = await stored
        except Closed:
            raise
        except StorageError:
            for update in updates:
                self._delay_notice.send(update, "waiting.database")
            raise
        new = set(fresh)
        if self._database.session is not None:  # any worker may handle it from the inbox
            self._offer([update for update in updates if update.identity in new], stored)
        for payload, identity in known:
            if identity in new:
                self._metrics.updates[read.kind_of(payload)].inc()
        return len(new)
