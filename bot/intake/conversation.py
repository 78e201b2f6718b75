"""Runs the conversation's use cases: changes on the writer, read-only screens on a reader.

A read-only screen needs the writer only to mark its update as done. So a chair's `/status` does not
delay anybody's answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection

from bot.operations.logs import report
from handlers.flow.channel import Incoming, Reply
from handlers.flow.deployment import Deployment
from storage.engine.database import Database
from storage.errors import Closed

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ReadOnlyScreens:
    """Read-only screens: `look` builds one on a reader, `finish` completes it on the writer."""

    reads: Callable[[Incoming], bool]
    look: Callable[
        [Connection, Incoming, datetime, Deployment], Any
    ]  # returns None when `handle` must decide
    finish: Callable[[Connection, Incoming, Any, datetime, Deployment], Reply]


@dataclass(frozen=True, slots=True)
class ConversationRunner:
    """`handle` handles an input, `present` shows a person's current screen; both in a transaction.

    `read_only` builds the screens that change nothing.
    """

    handle: Callable[[Connection, Incoming, datetime, Deployment], Reply]
    present: Callable[[Connection, int, datetime, Deployment], Reply]
    read_only: ReadOnlyScreens | None = None


async def reply_to(
    database: Database,
    conversation: ConversationRunner,
    incoming: Incoming,
    now: datetime,
    deployment: Deployment,
) -> Reply:
    """Handle an input and return its reply after the commit."""
    read_only = conversation.read_only
    if read_only is not None and read_only.reads(incoming):
        built = await _built(database, read_only, incoming, now, deployment)
        if built is not None:
            return await database.write(
                lambda tx: read_only.finish(tx, incoming, built, now, deployment)
            )
    return await database.write(lambda tx: conversation.handle(tx, incoming, now, deployment))


async def _built(
    database: Database,
    read_only: ReadOnlyScreens,
    incoming: Incoming,
    now: datetime,
    deployment: Deployment,
) -> Any:  # noqa: ANN401 - the conversation's own
    """Return the screen built on a reader; None when the writer must handle the input."""
    try:
        return await database.read(lambda tx: read_only.look(tx, incoming, now, deployment))
    except Closed:
        raise
    except Exception as error:  # noqa: BLE001 - the writer tries again and reports
        report(log, "not read", error)
        return None
