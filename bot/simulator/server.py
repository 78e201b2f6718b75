"""The simulated Telegram as a web application, and as a running server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.simulator.hosting import hosting
from bot.simulator.page_api import PageApi, language_wanted
from bot.simulator.telegram import bot_api
from bot.simulator.telegram.delivery import deliver
from bot.simulator.telegram.world import World

_PAGE = Path(__file__).parent / "page"


def create_app(world: World) -> Starlette:
    """Return the application: the Bot API, the files, the page and its API."""

    async def index(request: Request) -> Response:
        language = language_wanted(request)
        if language is not None and world.language is None and world.speak is not None:
            await world.speak(language)  # the first visitor's browser chooses the language
        return FileResponse(_PAGE / "index.html")

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
            Route("/file/bot{token}/{path:path}", download),
            *PageApi(world).routes(),
            Route("/", index),
            Mount("/page", StaticFiles(directory=_PAGE)),
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
    """Run the simulator within the context; yield its address (port 0: any free port)."""
    world.open()
    async with hosting(create_app(world), world.close, host, port) as address:
        yield address
