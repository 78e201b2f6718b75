"""The first run of a newer program: it makes a backup before any change and says where."""

import asyncio
import tarfile

from storage.engine.database import Database
from storage.engine.schema_upgrade import (
    current_revision,
    downgrade,
    head_revision,
    known_revisions,
)
from tests.bot.service.test_web import REPEATING


async def test_an_older_database_is_backed_up_before_it_is_upgraded(deployment, log, tmp_path):
    url = deployment.settings.database_url.get_secret_value()
    async with Database(url):
        pass
    await asyncio.to_thread(downgrade, url, known_revisions()[-2])
    async with deployment.running(conversation=REPEATING):
        pass
    assert await asyncio.to_thread(current_revision, url) == head_revision()
    (kept,) = (deployment.settings.data_dir / "backups").glob("before-upgrade-*.tar")
    assert str(kept) in log.getvalue()
    with tarfile.open(kept) as tar:
        (tmp_path / "database.db").write_bytes(tar.extractfile("database.db").read())
    kept_one = f"sqlite+aiosqlite:///{tmp_path}/database.db"
    assert await asyncio.to_thread(current_revision, kept_one) == known_revisions()[-2]
    async with deployment.running(conversation=REPEATING):
        pass
    assert [*(deployment.settings.data_dir / "backups").iterdir()] == [kept]


async def test_the_log_says_where_the_database_is(deployment, log):
    async with deployment.running(conversation=REPEATING):
        pass
    assert (
        deployment.settings.database_url.get_secret_value().partition(":///")[2] in log.getvalue()
    )
