"""Steps of the program's start, before its parts are opened."""

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


async def remove_unfinished(settings: Settings, database: Database) -> None:
    """Remove unfinished files of killed processes; a failure is logged and ignored."""
    try:
        await clear_unfinished(settings.data_dir, database)
    except (OSError, StorageError) as error:
        report(log, "unfinished files not removed", error)


def tune_garbage_collector() -> None:
    """Make the garbage collector run rarely, and never over objects that live for the whole run.

    Scanning them took a tenth of the time of each answer (docs/performance.md).
    """
    gc.collect()
    gc.freeze()  # what exists now (catalogues, models, libraries) is never garbage
    gc.set_threshold(20_000, 10, 50)


def listening(settings: Settings, stack: AsyncExitStack) -> WebServer | None:
    """The web server, listening on the address of LISTEN; None without one."""
    if settings.address is None:
        return None
    server = WebServer()
    stack.callback(server.close)
    port = server.listen(*settings.address)
    log.info("listening", host=settings.address[0], port=port)
    return server
