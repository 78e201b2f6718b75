"""Through PgBouncer with `pool_mode = session`, as docs/scale.md allows it."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.engine.database import Database
from storage.errors import AlreadyRunning
from storage.messages import inbox
from storage.messages.inbox import Update
from tests.storage.sample import NOW

pytestmark = pytest.mark.postgres

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
PORT = 6543  # of a socket in a separate folder


@pytest.fixture
def bouncer(cluster):
    """The folder of a running PgBouncer's socket."""
    if PROGRAM is None:
        pytest.skip("no PgBouncer (Debian: apt-get install pgbouncer)")
    server = sa.make_url(cluster.url("postgres")).query["host"]
    folder = Path(tempfile.mkdtemp(prefix="smart-pgb-", dir="/tmp"))
    (folder / "users").write_text('"smart" ""\n')
    (folder / "ini").write_text(
        f"[databases]\n* = host={server}\n[pgbouncer]\nlisten_addr =\n"
        f"listen_port = {PORT}\nunix_socket_dir = {folder}\nauth_type = trust\n"
        f"auth_file = {folder}/users\npool_mode = session\nlogfile = {folder}/log\n"
    )
    owner = []
    if os.geteuid() == 0:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, "postgres")
        owner = ["runuser", "-u", "postgres", "--"]
    process = subprocess.Popen([*owner, PROGRAM, "-q", str(folder / "ini")])
    end = time.monotonic() + 10
    while not (folder / f".s.PGSQL.{PORT}").exists():
        assert time.monotonic() < end
        time.sleep(0.02)
    yield folder
    process.terminate()
    process.wait(10)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def through(cluster, bouncer):
    """The address of an empty database through a PgBouncer."""
    made = await cluster.create("template_ready")
    name = sa.make_url(made).database
    yield f"postgresql+asyncpg://smart@/{name}?host={bouncer}&port={PORT}"
    await cluster.drop(made)


async def test_one_bot_can_start_write_and_read(through):
    async with Database(through, exclusive=True) as database:
        await database.write(
            lambda tx: inbox.take_in(tx, [Update("telegram", "1", "lan", "{}")], NOW)
        )
        assert await database.read(inbox.oldest) == {("telegram", "lan"): 1}
        only = sa.text("SHOW default_transaction_read_only")
        assert await database.read(lambda tx: tx.scalar(only)) == "on"
        assert await database.write(lambda tx: tx.scalar(only)) == "off"
        with pytest.raises(AlreadyRunning):
            await Database(through, exclusive=True).open()


async def test_several_workers_can_share_it(through):
    async with (
        Database(through, exclusive=True, shared=True) as one,
        Database(through, exclusive=True, shared=True) as other,
    ):
        assert await one.session.begin(("telegram", "lan")) is not None
        assert await other.session.begin(("telegram", "lan")) is None
        assert await one.session.try_become_active()
        assert not await other.session.try_become_active()
