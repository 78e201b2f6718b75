"""Limits how fast open pages are notified, so that fetching them takes a limited share of time.

The notification waits longer with more open pages, with slower pages, and with more answers at the
same time.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

SHARE = 0.2  # of the time, for pages that are fetched because of a notification
# With more than CHANGES / SHARE changes a second the share is smaller, because each page that is
# made at the same time delays a reply.
CHANGES = 0.2
_SECONDS = 0.005  # for a page, until one is measured
_WEIGHT = 0.05  # of the newest page in the moving mean


class RefreshThrottle:
    """Measures how long pages take, and spreads the notifications accordingly.

    It allows one page at a time, because several threads would only delay the thread of replies.
    """

    def __init__(self) -> None:
        self._page = _SECONDS
        self._share = SHARE
        self._free_at = 0.0
        self._turn = asyncio.Semaphore(1)

    @asynccontextmanager
    async def page(self) -> AsyncIterator[None]:
        """Wait for the turn to make a page, and measure how long it takes."""
        async with self._turn:
            loop = asyncio.get_running_loop()
            began = loop.time()
            yield
            self._page += (loop.time() - began - self._page) * _WEIGHT

    def changed(self, changes: int, seconds: float) -> None:
        """Adapt the share to the number of changes in the last `seconds`."""
        self._share = min(SHARE, CHANGES * seconds / changes) if changes else SHARE

    async def wait_for(self, browsers: int) -> None:
        """Wait until this number of browsers can be notified."""
        now = asyncio.get_running_loop().time()
        await asyncio.sleep(max(0.0, self._free_at - now))
        self._free_at = max(now, self._free_at) + browsers * self._page / self._share
