"""Databases to test on: a SQLite file, and a PostgreSQL cluster started for the session."""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.database import Database
from storage.migrating import migrate

_NUMBERS = count(1)


class Cluster:
    """A running PostgreSQL with a migrated template to copy databases from."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://smart@/{name}?host={self._socket}"

    async def create(self, template: str | None = None) -> str:
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


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    return Path(on_path).resolve().parent if on_path else None


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    programs = _programs()
    if programs is None or not (programs / "pg_ctl").exists():
        pytest.skip("no PostgreSQL server programs (Debian: apt-get install postgresql)")
    pytest.importorskip("asyncpg")
    as_owner: list[str] = []
    folder = Path(tempfile.mkdtemp(prefix="smart-pg-", dir="/tmp"))
    if os.geteuid() == 0:  # the server refuses to run as root
        try:
            owner = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("tests run as root and there is no user postgres to run the server as")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_owner = ["runuser", "-u", "postgres", "--"]

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [*as_owner, str(programs / program), *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout

    data = str(folder / "data")
    run("initdb", "-D", data, "-U", "smart", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=60"
    run("pg_ctl", "-D", data, "-l", str(folder / "log"), "-w", "-o", options, "start")
    try:
        made = Cluster(folder)
        asyncio.run(made._execute("CREATE DATABASE template_ready"))
        migrate(made.url("template_ready"))
        yield made
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'smart.db'}"


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
)
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server(dialect: str, request: pytest.FixtureRequest) -> Cluster | None:
    """The cluster, started only when a test needs it."""
    return request.getfixturevalue("cluster") if dialect == "postgresql" else None


@pytest.fixture
async def url(server: Cluster | None, sqlite_url: str) -> AsyncIterator[str]:
    """A database of the present schema, empty."""
    if server is None:
        yield sqlite_url
        return
    made = await server.create("template_ready")
    yield made
    await server.drop(made)


@pytest.fixture
async def empty_url(server: Cluster | None, sqlite_url: str) -> AsyncIterator[str]:
    """A database without any table."""
    if server is None:
        yield sqlite_url
        return
    made = await server.create()
    yield made
    await server.drop(made)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with Database(url) as opened:
        yield opened
