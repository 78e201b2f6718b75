"""What people's doings lead to: mostly decided at the writer, what is only read on a reader first.

A screen that is only read takes the writer for no longer than it takes to mark its update done, so
that a chair's `/status` holds up no answer.
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
class Reading:
    """Screens that are only read: `look` builds one on a reader, `finish` is its transaction."""

    reads: Callable[[Incoming], bool]
    look: Callable[[Connection, Incoming, datetime, Deployment], Any]  # None: `handle` decides
    finish: Callable[[Connection, Incoming, Any, datetime, Deployment], Reply]


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a person's doing leads to, and what a person sees at present: each one transaction."""

    handle: Callable[[Connection, Incoming, datetime, Deployment], Reply]
    present: Callable[[Connection, int, datetime, Deployment], Reply]
    reading: Reading | None = None


async def reply_to(
    database: Database,
    conversation: Conversation,
    incoming: Incoming,
    now: datetime,
    deployment: Deployment,
) -> Reply:
    """The reply, once all that it rests on is committed."""
    reading = conversation.reading
    if reading is not None and reading.reads(incoming):
        looked = await _looked(database, reading, incoming, now, deployment)
        if looked is not None:
            return await database.write(
                lambda tx: reading.finish(tx, incoming, looked, now, deployment)
            )
    return await database.write(lambda tx: conversation.handle(tx, incoming, now, deployment))


async def _looked(
    database: Database, reading: Reading, incoming: Incoming, now: datetime, deployment: Deployment
) -> Any:  # noqa: ANN401 - the conversation's own
    """The screen as a reader builds it; None when the writer has to decide after all."""
    try:
        return await database.read(lambda tx: reading.look(tx, incoming, now, deployment))
    except Closed:
        raise
    except Exception as error:  # noqa: BLE001 - the writer does it, or says what is wrong
        report(log, "not read", error)
        return None
