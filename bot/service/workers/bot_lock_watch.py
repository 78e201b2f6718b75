"""Checks the single bot's lock on PostgreSQL, which is lost when its connection breaks."""

import asyncio
from typing import TYPE_CHECKING

import structlog

from bot.operations.logs import report
from bot.service.exit_error import ExitError
from storage.errors import AlreadyRunning, Closed, StorageError

if TYPE_CHECKING:
    from storage.engine.bot_lock import BotLock  # PostgreSQL only

log = structlog.get_logger(__name__)

SECONDS_APART = 5.0


async def keep_bot_lock(lock: "BotLock") -> None:
    """Take the lock again whenever it is lost; raise an ExitError when another bot has taken it."""
    lost = False
    while True:
        await asyncio.sleep(SECONDS_APART)
        try:
            await lock.hold()
        except Closed:
            return
        except AlreadyRunning as error:
            raise ExitError(str(error)) from error
        except StorageError as error:
            # Log once per outage, not every five seconds.
            if not lost:
                report(log, "the lock of the single bot is lost", error)
            lost = True
        else:
            if lost:
                log.info("the lock of the single bot is held again")
            lost = False
