"""A simulated Telegram on a real port, for programs in their own process.

Also a PostgreSQL for workers that share it.
"""

import asyncio
import threading
from dataclasses import dataclass

import pytest

from bot.simulator.server import serving
from bot.simulator.telegram.world import World
from tests.postgresql import cluster

__all__ = ["cluster"]


@dataclass
class Telegram:
    """The world and its address. It runs in a thread, so call its functions through `do`."""

    world: World
    address: str
    loop: asyncio.AbstractEventLoop

    def do(self, what, *args, **more):
        """Call a function of the world in its thread."""

        async def call():
            return what(*args, **more)

        return asyncio.run_coroutine_threadsafe(call(), self.loop).result(10)


@pytest.fixture
def telegram():
    world = World()
    started = threading.Event()
    held = []

    async def serve():
        stop = asyncio.Event()
        async with serving(world) as address:
            held.append((Telegram(world, address, asyncio.get_running_loop()), stop))
            started.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert started.wait(10)
    telegram, stop = held[0]
    yield telegram
    telegram.loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
async def postgresql_url(cluster):
    """An empty database of the present schema."""
    made = await cluster.create("template_ready")
    yield made
    await cluster.drop(made)
