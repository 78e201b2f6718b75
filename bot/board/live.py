"""Live changes: an open page gets an event when something of its commune has changed.

While at least one page is open, one task reads the numbers of new changes each second. The event
contains a number only; the browser then fetches the page again, with the rights of that moment.
Communes are notified one after another, so that fetching the pages leaves time for the replies.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from bot.board.http.responses import BoardContext
from bot.board.refresh_throttle import RefreshThrottle
from bot.board.sign_in import session_of
from bot.service.connections import MOST_HELD, hold
from bot.service.tasks import Tasks
from handlers.flow.press import Press
from handlers.status.communes import one_commune
from storage import change_numbers
from storage.engine.database import Database
from storage.errors import StorageError

log = structlog.get_logger(__name__)

LIVE = "/live/"
SECONDS = 1.0
STREAM_SECONDS = 300.0  # seconds; then the browser connects again, and the right is checked again
_SWITCH = 0.0002  # seconds that the thread of the replies waits for a thread that makes a page
KEEP_ALIVE_SECONDS = 20.0  # seconds; proxies close a connection without data
MOST_STREAMS = MOST_HELD
MOST_OF_SESSION = 20  # pages of one browser; they must leave streams for the others


@dataclass(slots=True, eq=False)
class Followed:
    """A commune with open pages: the number of its newest change, and the event of the next one."""

    number: int
    streams: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def notify(self) -> None:
        """Wake all streams that wait for a change."""
        waiting, self.changed = self.changed, asyncio.Event()
        waiting.set()


class Hub:
    """Looks for changes of the communes with open pages, and wakes their streams."""

    def __init__(self, database: Database, tasks: Tasks, throttle: RefreshThrottle) -> None:
        self._database = database
        self._tasks = tasks
        self._throttle = throttle
        self._followed: dict[int, Followed] = {}
        self._of_session: Counter[int] = Counter()
        self._watching = False
        self._read_at = 0.0  # by the loop's clock
        self._seen = 0  # the number of the newest change that was read
        self.closed = False

    @property
    def streams(self) -> int:
        """The number of open streams."""
        return sum(one.streams for one in self._followed.values())

    def full(self, session_id: int) -> bool:
        """Return whether this session, or all sessions together, have reached the limit."""
        of_session = self._of_session[session_id]
        return self.streams >= MOST_STREAMS or of_session >= MOST_OF_SESSION

    @contextmanager
    def following(
        self, commune_id: int, number: int, session_id: int = 0
    ) -> Iterator[Followed]:  # fmt: skip
        """Count a stream of a commune from this change number on; the first starts the task."""
        followed = self._followed.get(commune_id)
        if followed is None:
            self._seen = min(self._seen, number) if self._followed else number
            followed = self._followed[commune_id] = Followed(number)
        followed.streams += 1
        self._of_session[session_id] += 1
        if not self._watching:
            self._watching = True
            self._tasks.start(self._watch(), "changes of the communes with open pages")
        try:
            yield followed
        finally:
            followed.streams -= 1
            self._of_session[session_id] -= 1

    def close(self) -> None:
        """End every stream, because the program stops."""
        self.closed = True
        for one in self._followed.values():
            one.notify()

    async def _watch(self) -> None:
        usual = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH)
        try:
            while self._followed and not self.closed:
                await asyncio.sleep(SECONDS)
                for gone in [key for key, one in self._followed.items() if not one.streams]:
                    del self._followed[gone]
                for commune_id, number in (await self._changed()).items():
                    followed = self._followed[commune_id]
                    await self._throttle.wait_for(followed.streams)
                    followed.number = number
                    followed.notify()
        finally:
            sys.setswitchinterval(usual)
            self._watching = False

    async def _changed(self) -> dict[int, int]:
        """Return the newest change number of each followed commune that has a new one."""
        since = self._seen

        def load(tx: Connection) -> tuple[dict[int, int], int]:
            return change_numbers.newest_by_commune(tx, since), change_numbers.newest(tx)

        try:
            found, newest = await self._database.read(load)
        except StorageError as error:  # /readyz reports it; the next second tries again
            log.warning("changes not read", error=type(error).__name__)
            return {}
        now = asyncio.get_running_loop().time()
        self._throttle.changed(newest - since, now - self._read_at)
        self._seen, self._read_at = max(newest, since), now
        return {
            commune_id: number
            for commune_id, number in found.items()
            if commune_id in self._followed and number > self._followed[commune_id].number
        }


class Stream:
    """The endpoint of the server-sent events."""

    def __init__(self, web: BoardContext, hub: Hub) -> None:
        self._web = web
        self._hub = hub

    def route(self) -> Route:
        """Return the route; its argument is a commune."""
        return Route(f"{LIVE}{{commune}}", self.listen)

    async def listen(self, request: Request) -> Response:
        """Stream an event for each change of the commune, for STREAM_SECONDS seconds."""
        cookie = self._web.cookies.read(request)
        wanted = Press(one_commune.keys[0], (request.path_params["commune"],))
        again = request.headers.get("Last-Event-ID")  # set when a browser reconnects
        since = again or request.query_params.get("since", "")
        number = int(since) if since.isascii() and since.isdecimal() and len(since) < 19 else 0
        if self._hub.closed:
            return Response(status_code=503)

        def load(tx: Connection) -> tuple[int, int, int, int | None] | None:
            found = session_of(self._web, tx, cookie)
            loaded = one_commune.load(found[0], wanted) if found is not None else None
            if found is None or loaded is None:
                return None
            commune_id, known = loaded["commune"].id, min(number, change_numbers.newest(tx))
            missed = None if again else change_numbers.newest_since(tx, commune_id, known)
            return commune_id, known, found[1].id, missed

        found = await self._web.database.read(load)
        if found is None:
            return Response(status_code=403)
        if self._hub.full(found[2]):
            return Response(status_code=503)
        hold(request)
        headers = {"X-Accel-Buffering": "no"}  # nginx passes each event on at once
        return StreamingResponse(self._events(*found), 200, headers, "text/event-stream")

    async def _events(
        self, commune_id: int, number: int, session_id: int, missed: int | None
    ) -> AsyncIterator[str]:
        yield f"retry: 2000\nid: {number}\n\n"  # a reconnecting browser sends the id back
        if missed is not None:
            number = missed
            yield _event(number)
        loop = asyncio.get_running_loop()
        until = loop.time() + STREAM_SECONDS
        with self._hub.following(commune_id, number, session_id) as followed:
            while (left := until - loop.time()) > 0 and not self._hub.closed:
                if followed.number > number:
                    number = followed.number
                    yield _event(number)
                    continue
                try:
                    async with asyncio.timeout(min(KEEP_ALIVE_SECONDS, left)):
                        await followed.changed.wait()
                except TimeoutError:
                    yield ": \n\n"


def _event(number: int) -> str:
    return f"event: change\nid: {number}\ndata: {number}\n\n"
