"""A separate PostgreSQL server: for a session of tests, a benchmark, or a long run by hand."""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.engine.schema_upgrade import migrate

_NUMBERS = count(1)


class NotInstalled(Exception):  # noqa: N818
    """What is missing, in one sentence."""


class Cluster:
    """A PostgreSQL server with a migrated template to copy databases from."""

    def __init__(self, folder: Path, programs: Path, *, fsync: bool) -> None:
        self._folder = folder
        self._programs = programs
        self._options = f"-k {folder} -c listen_addresses='' -c max_connections=60" + (
            "" if fsync else " -c fsync=off"
        )
        self._as_owner: list[str] = []
        if os.geteuid() == 0:  # the server refuses to run as root
            try:
                owner = pwd.getpwnam("postgres")
            except KeyError:
                sentence = "there is no user postgres to run the server as, and root may not"
                raise NotInstalled(sentence) from None
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            self._as_owner = ["runuser", "-u", "postgres", "--"]

    def begin(self) -> None:
        """Create the server and start it."""
        self._run("initdb", *self._data, "-U", "smart", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()
        asyncio.run(self._execute("CREATE DATABASE template_ready"))
        migrate(self.url("template_ready"))

    @property
    def stands(self) -> bool:
        return (self._folder / "data" / "postmaster.pid").exists()

    def stop(self) -> None:
        """Stop the server; every connection breaks."""
        self._run("pg_ctl", *self._data, "-m", "immediate", "stop")

    def start(self) -> None:
        log = str(self._folder / "log")
        self._run("pg_ctl", *self._data, "-l", log, "-w", "-o", self._options, "start")

    @property
    def _data(self) -> tuple[str, str]:
        return "-D", str(self._folder / "data")

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://smart@/{name}?host={self._folder}"

    async def create(self, template: str | None = None) -> str:
        if not self.stands:  # a test that stopped it has failed
            await asyncio.to_thread(self.start)
        name = f"test_{next(_NUMBERS)}"
        copied = f" TEMPLATE {template}" if template else ""
        await self._execute(f"CREATE DATABASE {name}{copied}")
        return self.url(name)

    async def drop(self, url: str) -> None:
        await self._execute(f"DROP DATABASE {sa.make_url(url).database} WITH (FORCE)")

    async def _execute(self, statement: str) -> None:
        engine = create_async_engine(
            self.url("postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        async with engine.connect() as connection:
            await connection.execute(sa.text(statement))
        await engine.dispose()

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [*self._as_owner, str(self._programs / program), *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout


@contextmanager
def running_cluster(*, fsync: bool = False) -> Iterator[Cluster]:
    """Run a server; with `fsync` it is as durable, and as slow, as a real one."""
    programs = _programs()
    if programs is None or not (programs / "pg_ctl").exists():
        raise NotInstalled("no PostgreSQL server programs (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="smart-pg-", dir="/tmp"))
    try:
        made = Cluster(folder, programs, fsync=fsync)
        made.begin()
        try:
            yield made
        finally:
            if made.stands:
                made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    return Path(on_path).resolve().parent if on_path else None


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    pytest.importorskip("asyncpg")
    try:
        with running_cluster() as made:
            yield made
    except NotInstalled as missing:
        pytest.skip(str(missing))
