"""Chat locks: when several workers run, only the one with a chat's lock handles its updates.

A worker knows only the updates that it received itself, so it reads a chat's updates from the
inbox. `storage.engine.worker_session.WorkerSession` implements the locks on PostgreSQL.
"""

from typing import Protocol

from storage.engine.database import Database
from storage.messages import inbox
from storage.messages.inbox import Address, WaitingUpdates


class ChatLocks(Protocol):
    """Grants a chat to one worker at a time."""

    @property
    def shared(self) -> bool:
        """Whether other workers may run on the same database."""

    async def begin(self, chat: Address) -> WaitingUpdates | None:
        """Lock a chat and return its known waiting updates; None while another worker locks it."""

    async def more(self, chat: Address) -> WaitingUpdates:
        """Return the updates that wait in a chat."""

    async def end(self, chat: Address) -> bool:
        """Release a chat; return whether updates still wait in it."""

    def holds(self, chat: Address) -> bool:
        """Return whether this worker still has the chat's lock."""


class SingleProcessLocks:
    """The locks of a single process, which may handle every chat."""

    shared = False

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, chat: Address) -> WaitingUpdates | None:  # noqa: ARG002 - always granted
        """Return an empty page: the dispatcher has the chat's updates in memory already."""
        return WaitingUpdates()

    async def more(self, chat: Address) -> WaitingUpdates:
        """Return the next waiting updates of a chat whose updates exceed the limit in memory.

        It reads on the writer, so it sees all updates that were submitted before.
        """
        rows = await self._database.write(
            lambda tx: inbox.waiting(tx, limit=inbox.UPDATES_PER_CHAT, chat=chat)
        )
        return WaitingUpdates(rows, int(len(rows) == inbox.UPDATES_PER_CHAT))

    async def end(self, chat: Address) -> bool:  # noqa: ARG002
        """Return False: the dispatcher of the only process knows all updates."""
        return False

    def holds(self, chat: Address) -> bool:  # noqa: ARG002
        """Return True: no other process can lock the chat."""
        return True
