"""The simulator as a web application, and as a running server which ends without hanging."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Generator
from pathlib import Path
from socket import AF_INET, AF_INET6, IPPROTO_TCP, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.simulator import bot_api
from bot.simulator.delivery import deliver
from bot.simulator.page_api import PageApi
from bot.simulator.world import World

_PAGE = Path(__file__).parent / "page"


def create_app(world: World) -> Starlette:
    """The Bot API, the files, the page and what the page asks."""

    async def index(_: Request) -> Response:
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
    """Deliver to the webhook meanwhile."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(deliver(world))
        try:
            yield
        finally:
            task.cancel()


class Server(uvicorn.Server):
    """A uvicorn server which first ends the long polls and the event streams."""

    def __init__(self, config: uvicorn.Config, world: World) -> None:
        super().__init__(config)
        self._world = world

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave signals to the program around it."""
        yield

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Let nobody wait, then stop."""
        self._world.close()
        await super().shutdown(sockets)


@contextlib.asynccontextmanager
async def serving(world: World, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Run the simulator meanwhile; gives its address (port 0: any free one)."""
    listening = _listen(host, port)
    world.open()
    config = uvicorn.Config(
        create_app(world),
        log_config=None,
        access_log=False,
        date_header=False,  # the calls of the Bot API have the simulated time
        timeout_graceful_shutdown=3,
    )
    server = Server(config, world)
    failure: BaseException | None = None
    async with asyncio.TaskGroup() as group:
        task = group.create_task(server.serve(sockets=[listening]))
        try:
            while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.01)
            yield f"http://{host}:{listening.getsockname()[1]}"
        except BaseException as error:  # noqa: BLE001 - raised again when the server has ended
            failure = error
        server.should_exit = True
    if failure is not None:
        raise failure


def _listen(host: str, port: int) -> socket:
    """A listening socket; uvicorn itself would end the process where the port is taken."""
    family = AF_INET6 if ":" in host else AF_INET
    # Only where TCP is named does asyncio send at once; else each answer waits 40 ms for an ACK.
    listening = socket(family, SOCK_STREAM, IPPROTO_TCP)
    try:
        listening.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise OSError(f"the simulator cannot listen on {host}:{port}: {error}") from error
    return listening
