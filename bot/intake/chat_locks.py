"""Chat locks: of several workers, only the one that holds a chat's lock handles its updates.

Each worker knows only the updates that it received itself, so workers read a chat's updates from
the inbox. `storage.engine.worker_session.WorkerSession` implements the locks on PostgreSQL.
"""

from typing import Protocol

from storage.engine.database import Database
from storage.messages import inbox
from storage.messages.inbox import Address, Page


class ChatLocks(Protocol):
    """Grants a chat to one worker at a time."""

    @property
    def shared(self) -> bool:
        """Whether other workers may run."""

    async def begin(self, chat: Address) -> Page | None:
        """Lock a chat and return its known waiting updates; None while another worker has it."""

    async def more(self, chat: Address) -> Page:
        """The updates that wait in a chat."""

    async def end(self, chat: Address) -> bool:
        """Release a chat; return whether updates wait in it nevertheless."""

    def holds(self, chat: Address) -> bool:
        """Whether the lock of the chat is still held."""


class SingleProcessLocks:
    """The locks of a single process, which may handle every chat."""

    shared = False

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, chat: Address) -> Page | None:  # noqa: ARG002 - always granted
        """Grant the chat; the dispatcher has its updates in memory already."""
        return Page()

    async def more(self, chat: Address) -> Page:
        """The next updates of a chat that doesn't fit into memory.

        It reads on the writer, behind all updates that are being stored.
        """
        rows = await self._database.write(
            lambda tx: inbox.waiting(tx, limit=inbox.UPDATES_PER_CHAT, chat=chat)
        )
        return Page(rows, int(len(rows) == inbox.UPDATES_PER_CHAT))

    async def end(self, chat: Address) -> bool:  # noqa: ARG002
        """False: the dispatcher knows all updates of its only process."""
        return False

    def holds(self, chat: Address) -> bool:  # noqa: ARG002
        """True: no other process can take the chat."""
        return True
