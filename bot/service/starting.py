"""What is done once while the program starts, before its parts are opened."""

import gc
from contextlib import AsyncExitStack

import structlog

from bot.intake.evidence_files import clear_unfinished
from bot.operations.logs import report
from bot.service.web import WebServer
from bot.settings import Settings
from storage.engine.database import Database
from storage.errors import StorageError

log = structlog.get_logger(__name__)


async def clear_what_was_left(settings: Settings, database: Database) -> None:
    """Remove what killed processes left; that it can't be removed stops nothing."""
    try:
        await clear_unfinished(settings.data_dir, database)
    except (OSError, StorageError) as error:
        report(log, "what was left unfinished is not removed", error)


def settle_memory() -> None:
    """Have the garbage collector look rarely, and never at what was made for the whole run.

    Looking through it took a tenth of the time of each answer (docs/performance.md).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 50)


def listening(settings: Settings, stack: AsyncExitStack) -> WebServer | None:
    """The web server, listening where LISTEN says; None without it."""
    if settings.address is None:
        return None
    server = WebServer()
    stack.callback(server.close)
    port = server.listen(*settings.address)
    log.info("listening", host=settings.address[0], port=port)
    return server
