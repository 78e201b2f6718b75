"""The board: a page from its request to its bytes, and what 500 lookers-on cost those who answer.

The real program in a process of its own, with a light model of Telegram. A looker-on does what
board.js does: it listens, and fetches its page anew when it is told of a change.
"""

# ruff: noqa: T201 - it prints its tables
import asyncio
import gzip
import random
import re
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from storage.engine.database import Database
from storage.people import board_sessions
from storage.people.short_codes import ShortCodes
from tests.bench.answering.model import TOKEN, Course, Model, Talk
from tests.bench.answering.script import REPORT
from tests.bench.board_client import Browser, Looker, Page
from tests.bench.large_database import ADDRESSES, Filling, Shape
from tests.bench.process import processor_seconds, started
from tests.bot.crashing import free_port

SIZES = (1, 50)  # areas of a commune whose page is measured
COMMUNES, LOOKERS = 50, 500
AREAS, IN = 30, 10  # of a commune that is looked at, and how many of them have reported
RATE = 50  # answers a second
PEOPLE = 125  # who answer in one course
AT_ONCE = 50
PAGES = 200
ROUNDS = 3
MOST_PAGE = 150_000  # bytes
SHORT = {
    "SIZES": (2,), "COMMUNES": 2, "LOOKERS": 6, "AREAS": 12, "IN": 2, "PEOPLE": 4, "AT_ONCE": 2,
    "PAGES": 5, "ROUNDS": 1,
}  # fmt: skip
_LINKED = re.compile(rb'(?:href|src)="([^"]*/static/[^"]+)"')


@dataclass(frozen=True)
class House:
    """The running program: where it listens, whose pages can be looked at, and who can answer."""

    port: int
    pid: int
    model: Model
    cookies: dict[int, str]  # of a chair, by commune
    reporters: list[int]  # their Telegram ids, of each commune in turn

    def browser(self, commune: int) -> Browser:
        """A browser in which the commune's chair has come in."""
        return Browser(self.port, self.cookies[commune])


@asynccontextmanager
async def house(folder: Path, shapes: list[Shape]) -> AsyncIterator[House]:
    """The program with communes of these shapes, their chairs on the board."""
    path, port = folder / "bot.db", free_port()
    filling = Filling(path)
    chairs, reporters = {}, []
    for shape in shapes:
        before = len(filling.reporters)
        commune = filling.commune(shape)
        chairs[commune] = filling.person(commune, "leader", None)
        free = filling.reporters[before + (shape.answered or 0) :]
        reporters.append([ADDRESSES + one for one in free])
    filling.close()
    cookies = await _entered(path, folder / "data", chairs)
    model = Model(REPORT)
    server = await asyncio.get_running_loop().create_server(lambda: Talk(model), "127.0.0.1", 0)
    settings = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}",
        "LISTEN": f"127.0.0.1:{port}",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    in_turn = [one for some in zip(*reporters, strict=True) for one in some]
    try:
        async with started(path, settings, lambda said: "running" in said) as (process, _):
            yield House(port, process.pid, model, cookies, in_turn)
    finally:
        server.close()


async def _entered(path: Path, data: Path, chairs: dict[int, int]) -> dict[int, str]:
    keyed, now = ShortCodes.of(data), datetime.now(UTC)
    cookies = {commune: f"cookie-of-{commune}" for commune in chairs}
    async with Database(f"sqlite+aiosqlite:///{path}") as database:
        for commune, chair in chairs.items():
            hashed = keyed.board_hash(cookies[commune])
            await database.write(
                lambda tx, chair=chair, hashed=hashed: board_sessions.open_session(
                    tx, chair, hashed, "Bench", now
                )
            )
    return cookies


# --- a page ---------------------------------------------------------------------------------------


async def pages() -> None:
    """The result page, one after another, and the weight of all that it loads."""
    print(f"the result page, {PAGES} times one after another, ms from the request to the last byte")
    print(f"{'areas':>10}{'p50':>10}{'p99':>10}{'bytes in all':>16}{'as gzip':>10}")
    for areas in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            shape = Shape(areas, rounds=3, answered=areas * 2 // 3)
            async with house(Path(folder), [shape]) as here:
                browser = here.browser(1)
                await browser.page()
                times = []
                for _ in range(PAGES):
                    began = time.perf_counter()
                    page = await browser.page()
                    times.append((time.perf_counter() - began) * 1000)
                plain, packed = await weight(browser, page)
                browser.close()
        print(
            f"{areas:>10}{at(times, 0.5):>10.1f}{at(times, 0.99):>10.1f}{plain:>16,}{packed:>10,}"
        )
        assert plain <= MOST_PAGE, f"a page of {plain:,} bytes"


async def weight(browser: Browser, page: Page) -> tuple[int, int]:
    """The bytes of a page with its styles, scripts and pictures; and compressed."""
    linked = sorted(set(_LINKED.findall(page.body)))
    bodies = [page.body, *[(await browser.get(one.decode())).body for one in linked]]
    return sum(map(len, bodies)), sum(len(gzip.compress(one)) for one in bodies)


# --- lookers-on -----------------------------------------------------------------------------------


@dataclass
class Measured:
    """What one course showed."""

    course: Course
    processor: float  # of the program, seconds a second
    refreshes: float = 0.0  # a second
    late: list[float] = field(default_factory=list)  # seconds from being told to the new page

    def wait(self, share: float) -> float:
        """Milliseconds within which this share of the replies came."""
        return at(self.course.waits, share) * 1000


async def course(here: House, lookers: list[Looker]) -> Measured:
    """People answer at the rate; what they wait, and what the lookers-on got meanwhile."""
    people, here.reporters[:PEOPLE] = here.reporters[:PEOPLE], []
    before = processor_seconds(here.pid)
    for one in lookers:
        one.forget()
    done = await here.model.run(people, AT_ONCE, RATE * len(REPORT) / (len(REPORT) - 1))
    seconds = done.ended - done.began
    used = (processor_seconds(here.pid) - before) / seconds
    late = [one for looker in lookers for one in looker.late]
    return Measured(done, used, len(late) / seconds, late)


async def looked_at() -> tuple[Measured, Measured]:
    """The same course without lookers-on and with them."""
    with tempfile.TemporaryDirectory() as folder:
        shape = Shape(AREAS, answered=IN)
        async with house(Path(folder), [shape] * COMMUNES) as here:
            await course(here, [])  # to warm up
            alone = await course(here, [])
            communes = [*here.cookies]
            lookers = [
                Looker(here.browser(communes[number % COMMUNES]), random.Random(number))
                for number in range(LOOKERS)
            ]
            async with asyncio.TaskGroup() as group:
                tasks = []
                for one in lookers:  # one after another, as people come
                    tasks.append(group.create_task(one.look()))
                    await one.listening.wait()
                observed = await course(here, lookers)
                for task in tasks:
                    task.cancel()
            return alone, observed


async def lookers_on() -> None:
    """Both, several times."""
    print(
        f"\n{RATE} answers a second in {COMMUNES} communes of {AREAS} areas, {LOOKERS} lookers-on"
    )
    print(
        f"{'':>10}{'reply p50':>12}{'p99 ms':>10}{'looked at p50':>16}{'p99 ms':>10}{'p99 ratio':>11}"
        f"{'processor':>14}{'pages/s':>9}{'page p50':>10}{'p99 s':>8}"
    )
    ratios = []
    for number in range(ROUNDS):
        alone, seen = await looked_at()
        ratios.append(seen.wait(0.99) / alone.wait(0.99))
        print(
            f"{number + 1:>10}{alone.wait(0.5):>12.1f}{alone.wait(0.99):>10.1f}"
            f"{seen.wait(0.5):>16.1f}{seen.wait(0.99):>10.1f}{ratios[-1]:>11.2f}"
            f"{alone.processor:>7.2f} {seen.processor:>6.2f}{seen.refreshes:>9.1f}"
            f"{at(seen.late, 0.5):>10.2f}{at(seen.late, 0.99):>8.2f}"
        )
    print(f"{'median':>10}{statistics.median(ratios):>59.2f}")


def at(figures: list[float], share: float) -> float:
    """The figure within which this share of them lies; 0 of none."""
    found = sorted(figures)
    return found[min(int(len(found) * share), len(found) - 1)] if found else 0.0


async def measure() -> None:
    """Both tables."""
    await pages()
    await lookers_on()


def main() -> None:
    """Print the tables."""
    asyncio.run(measure())


if __name__ == "__main__":
    main()
