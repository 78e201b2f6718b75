"""The real program in its own process: its start time and its memory."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
POLL = 0.005


@asynccontextmanager
async def running(
    database: Path, address: str, token: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, float]]:
    """`python -m bot run` on a database, and the seconds until its log says that it runs."""
    settings = {"TELEGRAM_BOT_TOKEN": token, "TELEGRAM_API_URL": address}
    async with started(database, settings, lambda said: "running" in said) as process:
        yield process


@asynccontextmanager
async def started(
    database: Path, settings: dict[str, str], ready: Callable[[str], bool]
) -> AsyncIterator[tuple[asyncio.subprocess.Process, float]]:
    """The same with these settings, and the seconds until `ready` finds its log so."""
    log = database.with_suffix(".log")
    log.unlink(missing_ok=True)
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": f"sqlite+aiosqlite:///{database}",
        "DATA_DIR": str(database.parent / "data"),
        **settings,
    }
    began = time.perf_counter()
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            cwd=database.parent, env=environment, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        while not ready(said := log.read_text()):
            if process.returncode is not None or time.perf_counter() - began > PATIENCE:
                raise RuntimeError(said)
            await asyncio.sleep(POLL)
        yield process, time.perf_counter() - began
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def processor_seconds(pid: int) -> float:
    """The processor time that the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """The process's resident memory, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)
