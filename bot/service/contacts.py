"""Stores when each bot's messenger was last reached; reports messages that an outage may have lost.

The times are the messenger's own, so a wrong clock of this machine doesn't look like an outage.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog
from sqlalchemy import Connection

from bot.operations.logs import report
from bot.service.clock import Clock
from bot.service.clock_watch import ClockWatch
from handlers.flow.deployment import Deployment
from handlers.reminders.after_outage import BotOutage, may_have_lost, outage_over
from storage.engine.database import Database
from storage.errors import StorageError
from storage.messages import inbox

log = structlog.get_logger(__name__)

STORED_EVERY = timedelta(minutes=5)


class Reached(Protocol):
    """A bot, with the properties that this module needs."""

    @property
    def commune(self) -> str | None:
        """The code of the only commune that it serves; None if it serves all."""

    @property
    def unreached(self) -> str | None:
        """Why no updates arrive; None while they arrive."""


class Contacts:
    """The last contacts of all bots of this process; only the active worker stores them."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        deployment: Deployment,
        watch: ClockWatch,
        bots: Mapping[str, Reached],
    ) -> None:
        self._database = database
        self._clock = clock
        self._deployment = deployment
        self._watch = watch
        self._bots = bots
        self._stored: dict[str, datetime] | None = None  # None: another worker may store them
        self._moved: set[str] = set()  # bots that had no contact since the clock was moved

    def clock_moved(self) -> None:
        """Note that the demo or a test moved the clock, which is not an outage."""
        self._moved = set(self._bots)

    def forget(self) -> None:
        """Note that another worker may store contacts from now on."""
        self._stored = None

    async def note(self, *, trusted: bool) -> None:
        """Store which bots are reached now; tell people after a long outage what may be lost.

        `trusted`: whether the clock is right; while it isn't, nobody is told.
        """
        now = self._watch.messengers_time
        reached = [bot for bot, one in self._bots.items() if one.unreached is None]
        if now is None or not reached:
            return
        try:
            if self._stored is None:
                self._stored = await self._database.read(inbox.last_contacts)
                self._watch.last_contact = max(self._stored.values(), default=None)
            await self._store(reached, now, self._stored, trusted=trusted)
        except StorageError as error:
            report(log, "the time was not kept", error)

    async def _store(
        self, reached: list[str], now: datetime, stored: dict[str, datetime], *, trusted: bool
    ) -> None:
        outages = [one for bot in reached if (one := self._outage(bot, now, stored)) is not None]
        if outages and not trusted:  # wait until the clock is right
            return
        for one in outages:
            await self._database.write(partial(self._outage_over, one=one, now=now))
            since = f"{one.since:%Y-%m-%dT%H:%MZ}"
            log.warning("the messenger wasn't reached for long", bot=one.bot, since=since)
        told = {one.bot for one in outages}
        due = [bot for bot in reached if bot not in told and _is_old(stored.get(bot), now)]
        if due:
            await self._database.write(lambda tx: inbox.record_contacts(tx, due, now))
        for bot in (*told, *due):
            stored[bot] = now
            self._watch.last_contact = now
            self._moved.discard(bot)

    def _outage(self, bot: str, now: datetime, stored: Mapping[str, datetime]) -> BotOutage | None:
        """Return the outage of a bot that ends now; None if it can't have lost messages."""
        since = stored.get(bot)
        if since is None or bot in self._moved:
            return None
        keeps = self._deployment.capabilities(bot).keeps
        lost = may_have_lost(keeps, since, now)
        return BotOutage(bot, self._bots[bot].commune, since) if lost else None

    def _outage_over(self, tx: Connection, one: BotOutage, now: datetime) -> None:
        outage_over(tx, one, self._clock.now(), self._deployment)
        inbox.record_contacts(tx, [one.bot], now)


def _is_old(stored: datetime | None, now: datetime) -> bool:
    return stored is None or not timedelta() <= now - stored < STORED_EVERY
