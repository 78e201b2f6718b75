"""A browser on the board, as far as a measurement needs one: pages, and looking on as board.js does."""

import asyncio
import random
import re
import time
from dataclasses import dataclass, field

FIRST = "/b/start"
_SPREAD = 0.4  # seconds; SPREAD_MS of board.js
_RETRY = 2.0  # seconds, as the stream says
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_LOCATION = re.compile(rb"location: *(\S+)", re.IGNORECASE)
_LIVE = re.compile(rb'data-live="([^"]+)"')


@dataclass(frozen=True)
class Page:
    """An answer."""

    status: int
    head: bytes
    body: bytes


@dataclass
class Browser:
    """One browser with its cookie; its pages come over one connection that stays open."""

    port: int
    cookie: str
    address: str = FIRST  # of the page that it shows
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def page(self) -> Page:
        """The page that it shows, after any redirections."""
        while (found := await self.get(self.address)).status == 303:
            self.address = _LOCATION.search(found.head)[1].decode()  # type: ignore[index]
        if found.status != 200:
            raise AssertionError(f"{self.address}: {found.status}")
        return found

    async def get(self, address: str) -> Page:
        """One request; a connection that the server has closed meanwhile is opened anew."""
        for _ in range(2):
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self.port)
            reader, writer = self._streams
            try:
                writer.write(self.request(address))
                head = await reader.readuntil(b"\r\n\r\n")
                size = _LENGTH.search(head)
                body = await reader.readexactly(int(size[1])) if size else b""
                return Page(int(head.split(b" ", 2)[1]), head, body)
            except (ConnectionError, asyncio.IncompleteReadError):
                self.close()
        raise AssertionError(f"{address}: no answer")

    def request(self, address: str, last: str = "") -> bytes:
        """What a browser sends; `last` is the id of the stream's newest event."""
        told = f"Last-Event-ID: {last}\r\n" if last else ""
        return (
            f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Cookie: board={self.cookie}\r\nAccept-Language: vi\r\n{told}\r\n"
        ).encode()

    def close(self) -> None:
        """Close the connection."""
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None


@dataclass
class Looker:
    """Somebody who has the page open."""

    browser: Browser
    chance: random.Random
    late: list[float] = field(default_factory=list)  # seconds from being told to the new page
    listening: asyncio.Event = field(default_factory=asyncio.Event)
    _told: asyncio.Event = field(default_factory=asyncio.Event)
    _told_at: float = 0.0

    def forget(self) -> None:
        """Begin to count."""
        self.late.clear()

    async def look(self) -> None:
        """Until cancelled."""
        page = await self.browser.page()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._refresh())
                group.create_task(self._listen(_LIVE.search(page.body)[1].decode()))  # type: ignore[index]
        finally:
            self.browser.close()

    async def _refresh(self) -> None:
        while True:
            await self._told.wait()
            self._told.clear()
            told_at = self._told_at
            await asyncio.sleep(self.chance.random() * _SPREAD)
            await self.browser.page()
            self.late.append(time.perf_counter() - told_at)

    async def _listen(self, address: str) -> None:
        """Hear of changes; a stream that ended is opened anew."""
        last = ""
        while True:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.browser.port)
            try:
                writer.write(self.browser.request(address, last))
                head = await reader.readuntil(b"\r\n\r\n")
                if b" 200 " not in head[:16]:
                    raise AssertionError(head.decode())
                self.listening.set()
                while line := await reader.readline():
                    if line.startswith(b"id: "):
                        last = line[4:].strip().decode()
                    if line.startswith(b"event: change"):
                        self._told_at = time.perf_counter()
                        self._told.set()
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.close()
            await asyncio.sleep(_RETRY)
