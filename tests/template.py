"""SQLite files that are made once and copied by each test: a copy takes a hundredth of the time."""

import asyncio
import shutil

import pytest

from storage.engine.database import Database
from storage.engine.schema_upgrade import migrate
from storage.engine.snapshots import url_of


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """An empty file of the present schema."""
    file = tmp_path_factory.mktemp("template") / "smart.db"
    migrate(url_of(file))
    return file


def filled(template, file, work):
    """Copy the template to `file` and store there what `work(tx)` does; gives what it returns."""

    async def write():
        async with Database(url_of(file)) as database:
            return await database.write(work)

    shutil.copyfile(template, file)
    return asyncio.run(write())
