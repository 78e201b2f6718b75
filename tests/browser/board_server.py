"""The board alone on a port of its own: a sample commune, two more, and their people's sessions."""

import asyncio
import threading
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import httpx
from starlette.applications import Starlette

from bot.board.http.cookies import new_cookie
from bot.board.http.responses import BoardContext
from bot.board.service import Board
from bot.sample import make_sample
from bot.service.clock import Clock
from bot.service.tasks import Tasks
from bot.service.web import WebServer
from handlers import features  # noqa: F401 - they register their routes
from handlers.flow.deployment import Deployment
from storage.engine.database import Database
from storage.people import board_sessions, people
from storage.places import places
from tests.handlers.two_communes import fill

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


class BoardServer:
    """The server in its own thread; `people` have their ids, by a name or a letter.

    "chair" and "officer" are of the sample; the letters are those of tests/handlers/two_communes.
    """

    def __init__(self, folder):
        self._folder = folder
        self._ready, self._stop = threading.Event(), None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        self._loop = None
        self.web, self.address, self.people, self.communes = None, "", {}, {}

    def start(self):
        self._thread.start()
        assert self._ready.wait(30), "the board did not start"

    def stop(self):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)
        assert not self._thread.is_alive(), "the board did not stop"

    async def _run(self):
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server, tasks = WebServer(), Tasks()
        self.address = f"http://127.0.0.1:{server.listen('127.0.0.1', 0)}"
        zone = ZoneInfo("Asia/Ho_Chi_Minh")
        house = Deployment(zone, "smart_commune_bot", frozenset({"W"}), board_url=self.address)
        async with Database(f"sqlite+aiosqlite:///{self._folder}/bot.db") as database:
            await database.write(self._fill)
            clock = Clock(NOW, ticking=True)
            self.web = BoardContext(
                self.address, database, clock, house, self._folder, lambda: None
            )
            board = Board(self.web, tasks)
            app = Starlette(routes=board.routes())
            serving = asyncio.ensure_future(server.serve(app))
            self._ready.set()
            await self._stop.wait()
            board.hub.close()
            await server.stop()
            await serving
            await tasks.close()

    def _fill(self, tx):
        sample = make_sample(tx, NOW, ZoneInfo("Asia/Ho_Chi_Minh"))
        made = fill(tx, 3, 0, 0, gap=False)
        self.people = {letter: person for letter, (person, _) in made.items()}
        self.communes = {one.name: one.id for one in places.communes(tx)}
        for key in ("chair", "officer"):
            address = str(sample.persona(key).id)
            self.people[key] = people.find_person(tx, "telegram", address).id

    def write(self, work):
        """Change the data; gives what `work` gives."""
        waited = asyncio.run_coroutine_threadsafe(self.web.database.write(work), self._loop)
        return waited.result(20)

    def cookie(self, who):
        """The cookie of a session that somebody has just opened."""
        cookie = new_cookie()
        hashed = self.web.cookies.hashed(cookie)
        self.write(
            lambda tx: board_sessions.open_session(tx, self.people[who], hashed, "Chrome", NOW)
        )
        return {self.web.cookies.name: cookie}

    def client(self, who):
        """The same without a browser."""
        return httpx.Client(base_url=self.address, cookies=self.cookie(who), follow_redirects=True)
