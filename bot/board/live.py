"""Live changes: pages that are open are told that something of their commune has changed.

One query a commune and second, and only while somebody looks on, however many do. What is told is
a number; the page is fetched anew, with the rights of that moment.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from bot.board.entering import session_of
from bot.board.web import Web
from bot.service.connections import MOST
from bot.service.tasks import Tasks
from handlers.flow.context import READER
from handlers.flow.press import Press
from handlers.flow.routes import Route as Address
from handlers.status.communes import OfCommune
from storage import change_numbers
from storage.engine.database import Database
from storage.errors import StorageError

log = structlog.get_logger(__name__)

LIVE = "/live/"
SECONDS = 1.0
ALIVE = 60.0  # then the browser asks again, and the right is checked again
BEAT = 20.0  # proxies close what is silent
MOST_STREAMS = MOST * 3 // 4  # the others are for pages and webhooks

_FOLLOWED = Address(("live",), OfCommune, READER, "page", None, "live")


@dataclass(slots=True, eq=False)
class Followed:
    """A commune that somebody looks at: the number of its newest change, and who waits for it."""

    number: int
    lookers: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self) -> None:
        """Wake everybody who waits."""
        waiting, self.changed = self.changed, asyncio.Event()
        waiting.set()


class Hub:
    """Looks for changes of the communes that are looked at."""

    def __init__(self, database: Database, tasks: Tasks) -> None:
        self._database = database
        self._tasks = tasks
        self._followed: dict[int, Followed] = {}
        self.closed = False

    @property
    def streams(self) -> int:
        """How many browsers look on."""
        return sum(one.lookers for one in self._followed.values())

    @contextmanager
    def following(self, commune_id: int, number: int) -> Iterator[Followed]:
        """Follow a commune from this number on; the first one begins to look, the last one ends."""
        followed = self._followed.get(commune_id)
        if followed is None:
            followed = self._followed[commune_id] = Followed(number)
            self._tasks.start(self._look(commune_id, followed), f"changes of {commune_id}")
        followed.lookers += 1
        try:
            yield followed
        finally:
            followed.lookers -= 1

    def close(self) -> None:
        """End every stream: the program stops."""
        self.closed = True
        for one in self._followed.values():
            one.tell()

    async def _look(self, commune_id: int, followed: Followed) -> None:
        try:
            while followed.lookers and not self.closed:
                await asyncio.sleep(SECONDS)
                await self._look_once(commune_id, followed)
        finally:
            del self._followed[commune_id]

    async def _look_once(self, commune_id: int, followed: Followed) -> None:
        number = followed.number
        try:
            newest = await self._database.read(
                lambda tx: change_numbers.newest_since(tx, commune_id, number)
            )
        except StorageError as error:  # told by /readyz; the next second looks again
            log.warning("changes not read", error=type(error).__name__)
            return
        if newest is not None:
            followed.number = newest
            followed.tell()


class Stream:
    """The endpoint that browsers listen to (server-sent events)."""

    def __init__(self, web: Web, hub: Hub) -> None:
        self._web = web
        self._hub = hub

    def route(self) -> Route:
        """Its address: a commune, and from which number on."""
        return Route(f"{LIVE}{{commune}}", self.listen)

    async def listen(self, request: Request) -> Response:
        """Tell each change of the commune, for a minute."""
        cookie = self._web.cookies.read(request)
        wanted = Press("live", (request.path_params["commune"],))
        since = request.headers.get("Last-Event-ID") or request.query_params.get("since", "")
        number = int(since) if since.isascii() and since.isdecimal() and len(since) < 19 else 0
        if self._hub.streams >= MOST_STREAMS or self._hub.closed:
            return Response(status_code=503)

        def look(tx: Connection) -> tuple[int, int, int | None] | None:
            found = session_of(self._web, tx, cookie)
            at = _FOLLOWED.load(found[0], wanted) if found is not None else None
            if at is None:
                return None
            missed = change_numbers.newest_since(tx, at.commune.id, number)
            return at.commune.id, change_numbers.newest(tx), missed

        found = await self._web.database.read(look)
        if found is None:
            return Response(status_code=403)
        headers = {"X-Accel-Buffering": "no"}  # nginx passes each event on at once
        return StreamingResponse(self._events(*found), 200, headers, "text/event-stream")

    async def _events(self, commune_id: int, number: int, missed: int | None) -> AsyncIterator[str]:
        yield "retry: 2000\n\n"
        if missed is not None:
            yield _event(missed)
        loop = asyncio.get_running_loop()
        until = loop.time() + ALIVE
        with self._hub.following(commune_id, number) as followed:
            while (left := until - loop.time()) > 0 and not self._hub.closed:
                if followed.number > number:
                    number = followed.number
                    yield _event(number)
                    continue
                try:
                    async with asyncio.timeout(min(BEAT, left)):
                        await followed.changed.wait()
                except TimeoutError:
                    yield ": \n\n"


def _event(number: int) -> str:
    return f"event: change\nid: {number}\ndata: {number}\n\n"
