"""The board over two communes, one browser for each person; people by their letters."""

import asyncio
import re
import shutil
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from starlette.applications import Starlette

from bot.board.http.responses import BoardContext
from bot.board.service import Board
from bot.service.clock import Clock
from bot.service.tasks import Tasks
from handlers import features  # noqa: F401 - they register their routes
from handlers.board.sign_in import give_ticket
from handlers.flow.deployment import Deployment
from storage.engine.database import Database
from tests.handlers.two_communes import NOW, fill
from tests.template import filled

PUBLIC = "https://xa.example.vn/bang"
TOKEN = re.compile(r'name="token" value="([0-9a-f]+)"')


@dataclass
class House:
    """One installation with its board."""

    database: Database
    clock: Clock
    deployment: Deployment
    board: Board
    app: Starlette
    folder: Path
    people: dict
    told: list = field(default_factory=list)
    browsers: list = field(default_factory=list)

    def browser(self, address="203.0.113.7", **headers):
        """A browser that has never been here."""
        transport = httpx.ASGITransport(app=self.app, client=(address, 1))
        one = httpx.AsyncClient(
            transport=transport, base_url="https://xa.example.vn", headers=headers
        )
        self.browsers.append(one)
        return one

    async def ticket(self, letter):
        """The link and the code that the bot gives somebody."""
        now, who = self.clock.now(), self.people[letter][0]
        return await self.database.write(lambda tx: give_ticket(tx, who, self.deployment, now))

    async def enter(self, letter, **headers):
        """A browser in which somebody has come in by their link."""
        link, _ = await self.ticket(letter)
        browser = self.browser(**headers)
        assert (await press(browser, link)).status_code == 303
        return browser

    async def write(self, work):
        """Change the data."""
        return await self.database.write(work)


def token_in(answer):
    """The token of the forms of a page."""
    return TOKEN.search(answer.text)[1]


async def press(browser, link, **more):
    """Open a link and press its button."""
    page = await browser.get(link)
    return await browser.post(link, data={"token": token_in(page), **more})


async def type_code(browser, code):
    """Type a code on the first page."""
    page = await browser.get(f"{PUBLIC}/")
    return await browser.post(f"{PUBLIC}/code", data={"token": token_in(page), "code": code})


async def first_page(browser):
    """Where the browser ends up when it opens the board."""
    return await browser.get(f"{PUBLIC}/", follow_redirects=True)


@pytest.fixture(scope="session")
def two_communes_file(tmp_path_factory, template):
    """A database with Xã Ta and Xã Kín, and the ids of their people; tests copy the file."""
    file = tmp_path_factory.mktemp("two_communes") / "bot.db"
    return file, filled(template, file, lambda tx: fill(tx, 3, 0, 0, gap=False))


@pytest.fixture
async def house(tmp_path, two_communes_file):
    """Xã Ta and Xã Kín with all kinds of people, and nobody on the board."""
    file, people = two_communes_file
    shutil.copyfile(file, tmp_path / "bot.db")
    async with house_in(tmp_path, {**people}) as made:
        yield made


@asynccontextmanager
async def house_with(tmp_path, template, areas):
    """The same with so many areas of Kín."""
    work = partial(fill, areas=areas, members=0, further=0, gap=False)
    people = await asyncio.to_thread(filled, template, tmp_path / "bot.db", work)
    async with house_in(tmp_path, people) as made:
        yield made


@asynccontextmanager
async def house_in(tmp_path, people):
    """The house on the database of this folder."""
    clock = Clock(NOW, ticking=False)
    deployment = Deployment(
        ZoneInfo("Asia/Ho_Chi_Minh"), "smart_commune_bot", frozenset({"W"}), board_url=PUBLIC
    )
    tasks, told = Tasks(), []
    async with Database(f"sqlite+aiosqlite:///{tmp_path}/bot.db") as database:
        web = BoardContext(PUBLIC, database, clock, deployment, tmp_path, lambda: told.append(1))
        board = Board(web, tasks)
        app = Starlette(routes=board.routes())
        made = House(database, clock, deployment, board, app, tmp_path, people, told)
        yield made
        board.hub.close()
        for one in made.browsers:
            await one.aclose()
        await tasks.close()
