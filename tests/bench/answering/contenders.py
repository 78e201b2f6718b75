"""The measured bots, each in its own process, with their processor time."""

import asyncio
import hashlib
import json
import os
import resource
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from storage.engine.database import Database
from tests.bench.answering.model import FIRST, TOKEN, Model, Talk
from tests.bench.answering.script import REPORT
from tests.bot.crash_village import settle_village
from tests.bot.crashing import ROOT, free_port

OURS = "ours"
STOCK = "PTB as it comes"
BARE = "PTB on our transport"
AIOGRAM = "aiogram 3"
CONVERSATION = "ConversationHandler + pickle"
AIOGRAM_PYTHON = ROOT / ".venv-aiogram" / "bin" / "python"
AREAS = 30  # of a commune
WEBHOOK_CONNECTIONS = 40  # the default of Telegram
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Running:
    """A bot that answers the people of the model."""

    model: Model
    process: asyncio.subprocess.Process

    def seconds(self) -> float:
        """Processor time used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory(self) -> float:
        """Megabytes of memory in use."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 1e6


@asynccontextmanager
async def running(
    name: str, folder: Path, way: str = "polling", people: int = 0, url: str | None = None
) -> AsyncIterator[Running]:
    """The named bot, polling or called by webhook, until it has answered; ours with its people."""
    model = Model(REPORT)
    server = await asyncio.get_running_loop().create_server(lambda: Talk(model), "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    port = free_port() if way == "webhook" else None
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    if name == OURS:
        url = url or f"sqlite+aiosqlite:///{folder}/bot.db"
        await _settle(url, people)
        environment |= _settings(folder, address, port, url)
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *_command(name, address, port, folder),
            env=environment,
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    webhook = None
    try:
        if port is None:
            await asyncio.wait_for(model.polled.wait(), 30)
        else:
            await _open(port)
            webhook = Webhook(port)
            model.deliver = webhook.deliver
        yield Running(model, process)
        if process.returncode is not None:
            raise RuntimeError((folder / "log").read_text()[-2000:])
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        if webhook is not None:
            await webhook.close()
        server.close()


def _command(name: str, address: str, port: int | None, folder: Path) -> list[str]:
    way = "polling" if port is None else str(port)
    bots = "tests.bench.answering.bots"
    if name == OURS:
        return [sys.executable, "-m", "bot", "run"]
    if name == AIOGRAM:
        return [str(AIOGRAM_PYTHON), "-m", f"{bots}.aiogram_bare", address, way]
    if name == CONVERSATION:
        return [sys.executable, "-m", f"{bots}.ptb_conversation", address, str(folder / "kept")]
    transport = "stock" if name == STOCK else "ours"
    return [sys.executable, "-m", f"{bots}.ptb_bare", address, transport, way]


def _settings(folder: Path, address: str, port: int | None, url: str) -> dict[str, str]:
    given = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": address,
        "DATABASE_URL": url,
        "DATA_DIR": str(folder / "data"),
    }
    if port is not None:
        given |= {"LISTEN": f"127.0.0.1:{port}", "WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram"}
    return given


async def _settle(url: str, people: int) -> None:
    """Create communes of thirty areas with an open round; each area has one member."""
    now = datetime.now(UTC) - timedelta(minutes=1)
    async with Database(url) as database:
        for start in range(0, people, AREAS):
            await database.write(partial(_settle_one, start=start, now=now))


def _settle_one(tx: Connection, start: int, now: datetime) -> None:
    settle_village(tx, AREAS, now, first=FIRST - 1 + start, code=f"c{start}")


async def _open(port: int) -> None:
    for _ in range(600):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        await asyncio.sleep(0.05)
    raise RuntimeError("the bot doesn't listen")


class Webhook:
    """The side of Telegram of a webhook: up to forty connections, one update at a time on each."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._secret = hashlib.sha256(f"webhook of {TOKEN}".encode()).hexdigest()
        self._queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._tasks = [
            asyncio.get_running_loop().create_task(self._serve())
            for _ in range(WEBHOOK_CONNECTIONS)
        ]

    def deliver(self, update: dict[str, Any]) -> None:
        """Send it as soon as a connection is free."""
        self._queue.put_nowait(update)

    async def close(self) -> None:
        """Deliver no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        while True:
            body = json.dumps(await self._queue.get()).encode()
            writer.write(
                b"POST /telegram HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
                + f"X-Telegram-Bot-Api-Secret-Token: {self._secret}\r\n".encode()
                + f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head.split(b"\r\n", 1)[0]:
                raise RuntimeError(head.decode())
            size = next(
                int(line.split(b":")[1])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length")
            )
            await reader.readexactly(size)
