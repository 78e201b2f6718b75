"""How fast open pages are told of changes: fetching them anew takes a share of the time at most.

The more browsers look on, the longer a page takes on a busy machine, and the more is answered
meanwhile, the later they are told.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

SHARE = 0.2  # of the time, for pages that are fetched because they were told
# With more changes a second than CHANGES / SHARE the share gets less: whoever answers meets few
# pages in the making, of which each makes a reply later.
CHANGES = 0.2
_SECONDS = 0.005  # of a page, before one was measured
_WEIGHT = 0.05  # of the newest page in the mean


class Pace:
    """Measures pages, of which one is made at a time, and spreads what makes browsers fetch them.

    Pages are made in threads; several at once would only keep the replies' thread waiting.
    """

    def __init__(self) -> None:
        self._page = _SECONDS
        self._share = SHARE
        self._free_at = 0.0
        self._turn = asyncio.Semaphore(1)

    @asynccontextmanager
    async def page(self) -> AsyncIterator[None]:
        """Around the making of a page."""
        async with self._turn:
            loop = asyncio.get_running_loop()
            began = loop.time()
            yield
            self._page += (loop.time() - began - self._page) * _WEIGHT

    def changed(self, changes: int, seconds: float) -> None:
        """So many changes were found in the last seconds."""
        self._share = min(SHARE, CHANGES * seconds / changes) if changes else SHARE

    async def told(self, browsers: int) -> None:
        """Wait until so many browsers can be told."""
        now = asyncio.get_running_loop().time()
        await asyncio.sleep(max(0.0, self._free_at - now))
        self._free_at = max(now, self._free_at) + browsers * self._page / self._share
