"""The connection between the bot and Telegram, which can be disturbed."""

import asyncio
from contextlib import asynccontextmanager

from bot.telegram.transport import AiohttpRequest

# A connection is closed at once; broken; accepted and never answered; answered by a proxy that
# has lost its server; or everything is done and the answer is lost.
ILLS = ("closed", "reset", "silent", "front", "lost")
_PAGE = b"<html>502 Bad Gateway</html>"
_FRONT = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (
    len(_PAGE),
    _PAGE,
)


class Wire:
    """Forwards to Telegram while it is not disturbed (`ill` is None)."""

    def __init__(self, target):
        self.host, port = target.removeprefix("http://").split(":")
        self.port = int(port)
        self.ill = None
        self.address = ""
        self.met = 0  # connections and requests that were disturbed
        self._open = set()

    def fall_ill(self, ill):
        """Disturb connections from now on, including open ones."""
        self.ill = ill
        for writer in [] if ill in {"silent", "lost"} else list(self._open):
            writer.transport.abort()

    async def talk(self, reader, writer):
        self._open.add(writer)
        there = None
        try:
            there, back = await asyncio.open_connection(self.host, self.port)
            self._open.add(back)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._forward(reader, back, writer))
                group.create_task(self._answer(there, writer, back))
        except* (ConnectionError, OSError):
            pass
        finally:
            writer.close()
            self._open -= {writer}

    async def _forward(self, reader, back, writer):
        while data := await reader.read(65536):
            if self.ill is None or self.ill == "lost":
                back.write(data)
                continue
            self.met += 1
            if self.ill == "front":
                writer.write(_FRONT)
            if self.ill != "silent":
                break
        back.close()
        if self.ill in {"reset", "closed"}:
            writer.transport.abort()
        else:
            writer.close()

    async def _answer(self, there, writer, back):
        while data := await there.read(65536):
            if self.ill == "lost":
                self.met += 1
                writer.transport.abort()
                break
            if self.ill is None:
                writer.write(data)
        self._open -= {back}


@asynccontextmanager
async def wire_to(target):
    wire = Wire(target)
    server = await asyncio.start_server(wire.talk, "127.0.0.1", 0)
    async with server:
        wire.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield wire
        wire.fall_ill("closed")


class Via(AiohttpRequest):
    """The client of the bot, over its own wire."""

    def __init__(self, address, wire, watch):
        super().__init__(answered=watch.answered)
        self.address = address
        self.wire = wire

    async def do_request(self, url, method, *rest, **more):
        return await super().do_request(
            url.replace(self.address, self.wire.address), method, *rest, **more
        )
