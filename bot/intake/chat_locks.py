"""Who serves a chat: one process always may; of several workers the one that holds the chat.

Of those several each is told only of the updates that it took in itself. So they read what waits
in a chat from the inbox, and `storage.session.WorkerSession` gives it to one of them at a time.
"""

from typing import Protocol

from storage import inbox
from storage.engine.database import Database
from storage.inbox import Page


class ChatLocks(Protocol):
    """Lends a chat to whoever serves it."""

    @property
    def shared(self) -> bool:
        """Whether there may be other workers."""

    async def begin(self, chat: str) -> Page | None:
        """Take a chat, with what is known to wait in it; None while another worker serves it."""

    async def more(self, chat: str) -> Page:
        """What waits in a chat."""

    async def end(self, chat: str) -> bool:
        """Let a chat go; whether something waits in it all the same."""

    def holds(self, chat: str) -> bool:
        """Whether the chat is still lent."""


class Alone:
    """The locks of a process that is the only one: nobody need be asked."""

    shared = False

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, chat: str) -> Page | None:  # noqa: ARG002 - all are
        """Yes; what waits is held in memory already."""
        return Page()

    async def more(self, chat: str) -> Page:
        """The next updates of a chat of which not all are in memory.

        By the writer: what is being stored comes before it.
        """
        rows = await self._database.write(
            lambda tx: inbox.waiting(tx, limit=inbox.HELD_OF_A_CHAT, chat=chat)
        )
        return Page(rows, int(len(rows) == inbox.HELD_OF_A_CHAT))

    async def end(self, chat: str) -> bool:  # noqa: ARG002
        """Nothing came that the dispatcher doesn't know of."""
        return False

    def holds(self, chat: str) -> bool:  # noqa: ARG002
        """Always."""
        return True
