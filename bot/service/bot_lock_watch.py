"""Looks after the one bot's lock on PostgreSQL, which ends with its connection."""

import asyncio
from typing import TYPE_CHECKING

import structlog

from bot.operations.logs import report
from bot.service.exit_error import ExitError
from storage.errors import AlreadyRunning, Closed, StorageError

if TYPE_CHECKING:
    from storage.engine.bot_lock import AloneMark  # PostgreSQL only

log = structlog.get_logger(__name__)

SECONDS_APART = 5.0


async def keep_alone(mark: "AloneMark") -> None:
    """Take the lock again when it is lost; raises an ExitError when another bot has it by then."""
    lost = False
    while True:
        await asyncio.sleep(SECONDS_APART)
        try:
            await mark.hold()
        except Closed:
            return
        except AlreadyRunning as error:
            raise ExitError(str(error)) from error
        except StorageError as error:
            if not lost:
                report(log, "the lock of the one bot is lost", error)
            lost = True
        else:
            if lost:
                log.info("the lock of the one bot is held again")
            lost = False
