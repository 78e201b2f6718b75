"""The simulated Zalo as a web application, and as a running server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.simulator.hosting import hosting
from bot.simulator.zalo import bot_api
from bot.simulator.zalo.delivery import deliver
from bot.simulator.zalo.world import World


def create_app(world: World) -> Starlette:
    """Return the application: the Bot API, and the files that people have sent."""

    async def call(request: Request) -> Response:
        return await bot_api.call(world, request)

    async def download(request: Request) -> Response:
        return await bot_api.download(world, request)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with delivering(world):
            yield

    return Starlette(
        routes=[
            Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
            Route("/media/{name}", download),
        ],
        lifespan=lifespan,
    )


@contextlib.asynccontextmanager
async def delivering(world: World) -> AsyncIterator[None]:
    """Deliver to the webhook while the application runs."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(deliver(world))
        try:
            yield
        finally:
            task.cancel()


@contextlib.asynccontextmanager
async def serving(world: World, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Run the simulated Zalo within the context; yield its address (port 0: any free port)."""
    world.open()
    async with hosting(create_app(world), world.close, host, port) as address:
        world.address = address
        yield address
