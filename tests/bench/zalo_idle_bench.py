"""What idle Zalo bots cost in one process: memory, processor and calls, by polling and webhook."""

# ruff: noqa: T201 - it prints its table
import asyncio
import contextlib
import socket
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.bots_file import BotEntry, save_bots
from bot.simulator.hosting import hosting
from bot.simulator.zalo import bot_api
from bot.simulator.zalo.world import World
from tests.bench.process import memory, processor_seconds, started

BOTS = (1, 50)
SETTLED = 5.0
WINDOW = 120.0
HOUR = 3600
SHORT = {"BOTS": (2,), "SETTLED": 0.1, "WINDOW": 0.3}


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one process: MB, seconds of processor an hour, calls to Zalo an hour."""

    megabytes: float
    processor: float
    calls: float


@contextlib.asynccontextmanager
async def several(worlds: list[World]) -> AsyncIterator[str]:
    """Serve many simulated bots at one address, told apart by their tokens."""
    by_token = {world.token: world for world in worlds}

    async def call(request: Request) -> Response:
        return await bot_api.call(by_token[request.path_params["token"]], request)

    def close() -> None:
        for world in worlds:
            world.close()

    for world in worlds:
        world.open()
    app = Starlette(routes=[Route("/bot{token}/{method}", call, methods=["GET", "POST"])])
    async with hosting(app, close) as address:
        yield address


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def calls_of(worlds: list[World]) -> int:
    return sum(world.calls.total() for world in worlds)


async def idle(folder: Path, count: int, *, webhook: bool) -> Cost:
    """Run so many bots to which nobody writes."""
    worlds = [World(token=f"{number}:idle-bot-of-nobody", loopback=True) for number in range(count)]
    entries = [
        BotEntry(
            name=f"zalo-{number}", messenger="zalo", commune=f"xa-{number}",
            token=SecretStr(world.token),
        )
        for number, world in enumerate(worlds)
    ]  # fmt: skip
    save_bots(folder / "data", entries)
    method = "setWebhook" if webhook else "deleteWebhook"  # the first that each way does
    async with several(worlds) as address:
        port = free_port()
        settings = {"ZALO_API_URL": address, "LISTEN": f"127.0.0.1:{port}"}
        if webhook:
            settings["PUBLIC_URL"] = f"http://127.0.0.1:{port}"
        begun = started(
            folder / "bot.db", settings, lambda _: all(one.count(method) for one in worlds)
        )
        async with begun as (process, _):
            await asyncio.sleep(SETTLED)
            calls, used = calls_of(worlds), processor_seconds(process.pid)
            await asyncio.sleep(WINDOW)
            an_hour = HOUR / WINDOW
            return Cost(
                memory(process.pid),
                (processor_seconds(process.pid) - used) * an_hour,
                (calls_of(worlds) - calls) * an_hour,
            )


async def measure() -> None:
    """Print one line for each number of bots and way."""
    print(f"idle Zalo bots in one process, over {WINDOW:.0f} s")
    print(f"{'':>24}{'MB':>10}{'processor s/h':>16}{'calls/h':>10}")
    for webhook in (False, True):
        for count in BOTS:
            with tempfile.TemporaryDirectory() as folder:
                cost = await idle(Path(folder), count, webhook=webhook)
            name = f"{count}, {'webhook' if webhook else 'polling'}"
            print(
                f"{name:>24}{cost.megabytes:>10.1f}{cost.processor:>16.1f}{cost.calls:>10.0f}",
                flush=True,
            )


def main() -> None:
    """Print the table."""
    asyncio.run(measure())


if __name__ == "__main__":
    main()
