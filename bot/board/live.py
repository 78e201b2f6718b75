"""Live changes: pages that are open are told that something of their commune has changed.

One look at the history each second, and only while somebody looks on, however many do. What is
told is a number; the page is fetched anew, with the rights of that moment. Many are told one
commune after another, so that their pages leave time for the replies.
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

from bot.board.http.responses import Web
from bot.board.refresh_throttle import Pace
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
ALIVE = 300.0  # then the browser asks again, and the right is checked again
_SWITCH = 0.0002  # seconds; the thread that replies waits so long for one that makes a page
BEAT = 20.0  # proxies close what is silent
MOST_STREAMS = MOST_HELD
MOST_OF_SESSION = 20  # one browser's pages; they must not take everybody's streams


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

    def __init__(self, database: Database, tasks: Tasks, pace: Pace) -> None:
        self._database = database
        self._tasks = tasks
        self._pace = pace
        self._followed: dict[int, Followed] = {}
        self._of_session: Counter[int] = Counter()
        self._looks = False
        self._looked_at = 0.0  # by the loop's clock
        self._seen = 0  # up to which number changes were looked for
        self.closed = False

    @property
    def streams(self) -> int:
        """How many browsers look on."""
        return sum(one.lookers for one in self._followed.values())

    def full(self, session_id: int) -> bool:
        """Whether this session, or everybody together, has all streams that there are."""
        of_session = self._of_session[session_id]
        return self.streams >= MOST_STREAMS or of_session >= MOST_OF_SESSION

    @contextmanager
    def following(
        self, commune_id: int, number: int, session_id: int = 0
    ) -> Iterator[Followed]:  # fmt: skip
        """Follow a commune from this number on; the first one begins to look, the last one ends."""
        followed = self._followed.get(commune_id)
        if followed is None:
            self._seen = min(self._seen, number) if self._followed else number
            followed = self._followed[commune_id] = Followed(number)
        followed.lookers += 1
        self._of_session[session_id] += 1
        if not self._looks:
            self._looks = True
            self._tasks.start(self._look(), "changes of the communes that are looked at")
        try:
            yield followed
        finally:
            followed.lookers -= 1
            self._of_session[session_id] -= 1

    def close(self) -> None:
        """End every stream: the program stops."""
        self.closed = True
        for one in self._followed.values():
            one.tell()

    async def _look(self) -> None:
        usual = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH)
        try:
            while self._followed and not self.closed:
                await asyncio.sleep(SECONDS)
                for gone in [key for key, one in self._followed.items() if not one.lookers]:
                    del self._followed[gone]
                for commune_id, number in (await self._changed()).items():
                    followed = self._followed[commune_id]
                    await self._pace.told(followed.lookers)
                    followed.number = number
                    followed.tell()
        finally:
            sys.setswitchinterval(usual)
            self._looks = False

    async def _changed(self) -> dict[int, int]:
        """The communes with a change that nobody was told of, and its number."""
        since = self._seen

        def look(tx: Connection) -> tuple[dict[int, int], int]:
            return change_numbers.newest_by_commune(tx, since), change_numbers.newest(tx)

        try:
            found, newest = await self._database.read(look)
        except StorageError as error:  # told by /readyz; the next second looks again
            log.warning("changes not read", error=type(error).__name__)
            return {}
        now = asyncio.get_running_loop().time()
        self._pace.changed(newest - since, now - self._looked_at)
        self._seen, self._looked_at = max(newest, since), now
        return {
            commune_id: number
            for commune_id, number in found.items()
            if commune_id in self._followed and number > self._followed[commune_id].number
        }


class Stream:
    """The endpoint that browsers listen to (server-sent events)."""

    def __init__(self, web: Web, hub: Hub) -> None:
        self._web = web
        self._hub = hub

    def route(self) -> Route:
        """Its address: a commune, and from which number on."""
        return Route(f"{LIVE}{{commune}}", self.listen)

    async def listen(self, request: Request) -> Response:
        """Tell each change of the commune, for some minutes."""
        cookie = self._web.cookies.read(request)
        wanted = Press(one_commune.keys[0], (request.path_params["commune"],))
        again = request.headers.get("Last-Event-ID")  # after some minutes; told in its turn
        since = again or request.query_params.get("since", "")
        number = int(since) if since.isascii() and since.isdecimal() and len(since) < 19 else 0
        if self._hub.closed:
            return Response(status_code=503)

        def look(tx: Connection) -> tuple[int, int, int, int | None] | None:
            found = session_of(self._web, tx, cookie)
            loaded = one_commune.load(found[0], wanted) if found is not None else None
            if found is None or loaded is None:
                return None
            commune_id, known = loaded["commune"].id, min(number, change_numbers.newest(tx))
            missed = None if again else change_numbers.newest_since(tx, commune_id, known)
            return commune_id, known, found[1].id, missed

        found = await self._web.database.read(look)
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
        yield f"retry: 2000\nid: {number}\n\n"  # the id comes back when the browser asks again
        if missed is not None:
            number = missed
            yield _event(number)
        loop = asyncio.get_running_loop()
        until = loop.time() + ALIVE
        with self._hub.following(commune_id, number, session_id) as followed:
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
