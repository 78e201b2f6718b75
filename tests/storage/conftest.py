"""Databases for tests: a SQLite file, and a PostgreSQL cluster started for the session."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.engine.database import Database
from storage.engine.snapshots import url_of
from tests.postgresql import Cluster, cluster
from tests.template import template

__all__ = ["cluster", "template"]


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
async def url(server: Cluster | None, template: Path, tmp_path: Path) -> AsyncIterator[str]:
    """An empty database of the present schema."""
    if server is None:
        file = tmp_path / "smart.db"
        shutil.copyfile(template, file)
        yield url_of(file)
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
