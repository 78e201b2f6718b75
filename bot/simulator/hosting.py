"""Runs a web application on a server that doesn't hang when it stops."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable, Generator
from socket import AF_INET, AF_INET6, IPPROTO_TCP, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket

import uvicorn
from starlette.types import ASGIApp


class Server(uvicorn.Server):
    """A uvicorn server that ends the long polls and the event streams before it stops."""

    def __init__(self, config: uvicorn.Config, end_waiting: Callable[[], None]) -> None:
        super().__init__(config)
        self._let_go = end_waiting

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Install no signal handler; the program has its own."""
        yield

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """End the waiting requests, then shut down."""
        self._let_go()
        await super().shutdown(sockets)


@contextlib.asynccontextmanager
async def hosting(
    app: ASGIApp,
    end_waiting: Callable[[], None] = lambda: None,
    host: str = "127.0.0.1",
    port: int = 0,
) -> AsyncIterator[str]:
    """Run the application within the context; yield its address (port 0: any free port).

    The server calls `end_waiting` before it stops, to end the requests that wait.
    """
    listening = _listen(host, port)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        date_header=False,  # the answers of a Bot API have the simulated time
        timeout_graceful_shutdown=3,
    )
    server = Server(config, end_waiting)
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
    """Return a listening socket; uvicorn itself would end the process when the port is in use."""
    family = AF_INET6 if ":" in host else AF_INET
    # asyncio sets TCP_NODELAY only for IPPROTO_TCP; without it each answer waits 40 ms for an ACK.
    listening = socket(family, SOCK_STREAM, IPPROTO_TCP)
    try:
        if os.name == "posix":  # on Windows the option would let two programs bind the port
            listening.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise OSError(f"the simulator cannot listen on {host}:{port}: {error}") from error
    return listening
