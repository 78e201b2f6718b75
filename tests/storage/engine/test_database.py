"""The one writer, the readers, and their behaviour after errors."""

import asyncio
import fcntl
import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage.engine.database import Database
from storage.engine.schema_upgrade import current_revision, downgrade, known_revisions, migrate
from storage.errors import (
    AlreadyRunning,
    BatchLost,
    Closed,
    DatabaseBehind,
    DatabaseLocked,
    DiskFull,
    NoDatabase,
    NotADatabase,
    NotWritable,
    StorageError,
    Unreachable,
    translate,
)
from storage.tables import communes


def add(name: str):
    def work(tx: Connection) -> str:
        tx.execute(sa.insert(communes).values(code=name, name=name))
        return name

    return work


def codes(tx: Connection) -> set[str]:
    return set(tx.scalars(sa.select(communes.c.code)))


async def test_a_written_row_can_be_read(database: Database) -> None:
    assert await database.write(add("a")) == "a"
    assert await database.read(codes) == {"a"}


async def test_concurrent_increments_lose_nothing(database: Database) -> None:
    await database.write(lambda tx: tx.execute(sa.insert(communes).values(code="n", name="0")))

    def increment(tx: Connection) -> None:
        value = int(tx.scalar(sa.select(communes.c.name)))
        tx.execute(sa.update(communes).values(name=str(value + 1)))

    await asyncio.gather(*(database.write(increment) for _ in range(200)))
    assert await database.read(lambda tx: tx.scalar(sa.select(communes.c.name))) == "200"


async def test_two_databases_writing_at_once_lose_nothing(url: str) -> None:
    async with Database(url) as one, Database(url) as two:
        await one.write(lambda tx: tx.execute(sa.insert(communes).values(code="n", name="0")))

        def increment(tx: Connection) -> None:
            value = int(tx.scalar(sa.select(communes.c.name)))
            tx.execute(sa.update(communes).values(name=str(value + 1)))

        for _ in range(20):
            await asyncio.gather(one.write(increment), two.write(increment))
        assert await two.read(lambda tx: tx.scalar(sa.select(communes.c.name))) == "40"


async def test_a_failing_unit_is_rolled_back_alone(database: Database) -> None:
    def fail(tx: Connection) -> None:
        add("bad")(tx)
        raise LookupError("mine")

    results = await asyncio.gather(
        database.write(add("a")),
        database.write(fail),
        database.write(add("b")),
        return_exceptions=True,
    )
    assert results[0] == "a"
    assert isinstance(results[1], LookupError)
    assert results[2] == "b"
    assert await database.read(codes) == {"a", "b"}


async def test_a_failing_unit_alone_in_its_batch_is_rolled_back(database: Database) -> None:
    def fail(tx: Connection) -> None:
        add("bad")(tx)
        raise LookupError("mine")

    with pytest.raises(LookupError):
        await database.write(fail)
    assert await database.read(codes) == set()


async def test_an_exception_that_a_future_cannot_carry_does_not_stop_the_writer(
    database: Database,
) -> None:
    for _ in range(2):
        with pytest.raises(RuntimeError, match="StopIteration"):
            await database.write(lambda tx: next(iter(())))
    assert await database.write(add("a")) == "a"


async def test_a_constraint_of_one_unit_does_not_touch_the_others(database: Database) -> None:
    results = await asyncio.gather(
        *(database.write(add("same")) for _ in range(3)),
        database.write(add("other")),
        return_exceptions=True,
    )
    assert [type(r).__name__ for r in results] == ["str", "IntegrityError", "IntegrityError", "str"]
    assert await database.read(codes) == {"same", "other"}


async def test_a_unit_cancelled_before_its_turn_never_runs(database: Database) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(tx: Connection) -> None:
        started.set()
        if database_is_sqlite(tx):
            go_on.wait(10)
        add("slow")(tx)

    first = asyncio.ensure_future(database.write(slow))
    await asyncio.to_thread(started.wait, 10)
    late = asyncio.ensure_future(database.write(add("late")))
    await asyncio.sleep(0)
    late.cancel()
    go_on.set()
    await first
    with pytest.raises(asyncio.CancelledError):
        await late
    seen = await database.read(codes)
    assert "slow" in seen


def database_is_sqlite(tx: Connection) -> bool:
    return tx.dialect.name == "sqlite"


async def test_the_unit_of_a_cancelled_caller_is_done_whole_or_not_at_all(
    database: Database,
) -> None:
    def both(name: str):
        def work(tx: Connection) -> None:
            add(f"{name}-1")(tx)
            add(f"{name}-2")(tx)

        return work

    tasks = [asyncio.ensure_future(database.write(both(f"u{n}"))) for n in range(60)]
    for n, task in enumerate(tasks):
        if n % 3 == 0:
            task.cancel()
        if n % 7 == 0:
            await asyncio.sleep(0.002)
    results = await asyncio.gather(*tasks, return_exceptions=True)
    seen = await database.read(codes)
    for n, result in enumerate(results):
        assert (f"u{n}-1" in seen) == (f"u{n}-2" in seen)
        if result is None:
            assert f"u{n}-1" in seen
    await database.write(add("after"))


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises((StorageError, sa.exc.DBAPIError)):
        await database.read(add("a"))
    assert await database.read(codes) == set()


async def test_a_failing_read_leaves_no_transaction_open(database: Database) -> None:
    for _ in range(10):
        with pytest.raises(LookupError):
            await database.read(lambda tx: (codes(tx), {}["nothing"]))
    assert await database.read(codes) == set()


async def test_closing_finishes_the_waiting_units(url: str) -> None:
    database = await Database(url).open()
    waiting = [asyncio.ensure_future(database.write(add(f"c{n}"))) for n in range(50)]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.gather(*waiting) == [f"c{n}" for n in range(50)]
    with pytest.raises(Closed):
        await database.write(add("late"))
    async with Database(url) as again:
        assert len(await again.read(codes)) == 50


async def test_closing_leaves_no_thread_behind(sqlite_url: str) -> None:
    before = set(threading.enumerate())
    async with Database(sqlite_url) as database:
        await database.read(codes)
        ours = [t for t in set(threading.enumerate()) - before if "connection_worker" in t.name]
        assert len(ours) == 4
    for thread in ours:
        thread.join(5)
    assert not any(thread.is_alive() for thread in ours)


async def test_sqlite_is_configured_to_be_durable(sqlite_url: str) -> None:
    def pragmas(tx: Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "query_only")
        return {name: tx.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}

    async with Database(sqlite_url) as database:
        assert await database.write(pragmas) == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "query_only": 0,
        }
        assert await database.read(pragmas) == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "query_only": 1,
        }


async def test_a_failed_commit_is_raised_to_every_waiter_and_the_writer_goes_on(
    sqlite_url: str,
) -> None:
    async with Database(sqlite_url) as database:

        def dangling(tx: Connection) -> None:
            tx.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            tx.exec_driver_sql("INSERT INTO figures (unit_id, kind, value) VALUES (99, 'x', 1)")

        results = await asyncio.gather(
            database.write(add("a")), database.write(dangling), return_exceptions=True
        )
        # The commit itself is refused: no caller may believe that its unit was written.
        assert all(isinstance(r, sa.exc.IntegrityError) for r in results)
        assert await database.write(add("b")) == "b"
        assert await database.read(codes) == {"b"}


async def test_a_full_disk_is_reported_and_writing_recovers(sqlite_url: str) -> None:
    async with Database(sqlite_url) as database:

        def limit(pages: int):
            return lambda tx: tx.exec_driver_sql(f"PRAGMA max_page_count={pages}").scalar()

        used = await database.read(lambda tx: tx.exec_driver_sql("PRAGMA page_count").scalar())
        await database.write(limit(used + 2))

        def much(tx: Connection) -> None:
            for n in range(60):
                tx.execute(sa.insert(communes).values(code=f"m{n}", name="x" * 2000))

        with pytest.raises(DiskFull, match="disk is full") as told:
            await database.write(much)
        assert told.value.place == database.file
        assert str(database.file) in str(told.value)
        results = await asyncio.gather(
            *(database.write(much) for _ in range(4)), return_exceptions=True
        )
        assert all(isinstance(r, DiskFull) for r in results)
        await database.write(limit(1 << 30))
        await database.write(add("a"))
        assert await database.read(codes) == {"a"}


@pytest.mark.parametrize("others", [0, 3])
async def test_a_transaction_that_the_database_dropped_fails_all_its_units(
    sqlite_url: str, others: int
) -> None:
    async with Database(sqlite_url) as database:

        def drop(tx: Connection) -> None:
            tx.connection.dbapi_connection.rollback()  # as SQLite does on some errors of the disk

        results = await asyncio.gather(
            *(database.write(add(f"a{n}")) for n in range(others)),
            database.write(drop),
            *(database.write(add(f"b{n}")) for n in range(others)),
            return_exceptions=True,
        )
        assert [type(r) for r in results] == [BatchLost] * (2 * others + 1)
        await database.write(add("after"))
        assert await database.read(codes) == {"after"}


async def test_a_lock_that_another_process_holds_is_reported(sqlite_url: str) -> None:
    migrate(sqlite_url)
    async with Database(sqlite_url, busy_seconds=0.2) as database:
        holder = sqlite3.connect(sa.make_url(sqlite_url).database, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseLocked, match="Another process"):
            await database.write(add("a"))
        assert await database.read(codes) == set()
        holder.execute("COMMIT")
        holder.close()
        assert await database.write(add("b")) == "b"


async def test_a_second_bot_is_refused_and_a_command_is_not(url: str) -> None:
    async with Database(url, exclusive=True):
        with pytest.raises(AlreadyRunning, match="already running"):
            await Database(url, exclusive=True).open()
        async with Database(url) as command:
            await command.write(add("a"))
    async with Database(url, exclusive=True) as again:
        assert await again.read(codes) == {"a"}


async def test_closing_releases_the_lock_file(sqlite_url: str, tmp_path: Path) -> None:
    async with Database(sqlite_url, exclusive=True):
        pass
    with (tmp_path / "smart.db.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


async def test_a_file_that_is_not_a_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8\xff" * 4000)
    with pytest.raises(NotADatabase, match="not a database of this program"):
        await Database(f"sqlite+aiosqlite:///{path}").open()
    assert path.read_bytes() == b"\xff\xd8\xff" * 4000


async def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE songs (title TEXT)")
    raw.close()
    with pytest.raises(NotADatabase):
        await Database(f"sqlite+aiosqlite:///{path}").open()
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT name FROM sqlite_master").fetchall() == [("songs",)]
    raw.close()


async def test_a_folder_that_cannot_be_created_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotWritable, match="can't be written"):
        await Database(f"sqlite+aiosqlite:///{tmp_path}/file/smart.db").open()


async def test_an_older_database_is_refused_without_permission_to_upgrade(empty_url: str) -> None:
    with pytest.raises(NoDatabase, match=r"There is no database at .*; go to the folder of .env"):
        await Database(empty_url, upgrade=False).open()
    first, *_ = known_revisions()
    await asyncio.to_thread(migrate, empty_url, first)
    with pytest.raises(DatabaseBehind, match="smart-commune migrate"):
        await Database(empty_url, upgrade=False).open()
    assert await asyncio.to_thread(current_revision, empty_url) == first


async def test_before_an_upgrade_the_caller_learns_the_revision_and_can_refuse(
    empty_url: str,
) -> None:
    told: list[str] = []

    def refuse(revision: str) -> None:
        told.append(revision)
        raise DiskFull

    async with Database(empty_url, before_upgrade=refuse):  # not called without a database
        pass
    *_, before, last = known_revisions()
    await asyncio.to_thread(downgrade, empty_url, before)
    with pytest.raises(DiskFull):
        await Database(empty_url, before_upgrade=refuse).open()
    assert await asyncio.to_thread(current_revision, empty_url) == before
    async with Database(empty_url, before_upgrade=told.append) as database:
        assert database.applied == [last]
    assert told == [before, before]


async def test_an_unreachable_server_is_reported(tmp_path: Path) -> None:
    pytest.importorskip("asyncpg")
    with pytest.raises(Unreachable, match="does not answer"):
        await Database(f"postgresql+asyncpg://smart@/x?host={tmp_path}").open()


def test_the_files_of_an_older_installation_are_made_private(sqlite_url: str) -> None:
    path = Path(sa.make_url(sqlite_url).database or "")
    migrate(sqlite_url)
    path.chmod(0o644)

    async def look() -> dict[str, str]:
        async with Database(sqlite_url) as database:
            await database.write(add("a"))
            return modes_in(path.parent)

    modes = asyncio.run(look())
    assert modes[path.name] == modes[f"{path.name}-wal"] == modes[f"{path.name}-shm"] == "0o600"


def modes_in(folder: Path) -> dict[str, str]:
    return {file.name: oct(file.stat().st_mode & 0o777) for file in folder.iterdir()}


@pytest.mark.postgres
async def test_a_lost_server_is_one_sentence_for_reads_and_writes(cluster) -> None:
    url = await cluster.create("template_ready")
    async with Database(url) as database:
        await database.read(codes)
        await database.write(add("a"))
        await cluster.drop(url)  # the connections are cut, and no new one is accepted
        for _ in range(3):
            with pytest.raises(StorageError):
                await database.read(codes)
            with pytest.raises(StorageError):
                await database.try_writing()
            with pytest.raises(StorageError):
                await database.write(add("b"))
        assert database.failing


def test_no_room_for_the_index_of_the_log_counts_as_a_full_disk():
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    assert isinstance(translate(error), DiskFull)


async def test_a_closed_database_takes_no_work(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    for _ in range(2):
        assert (database.waiting, database.failing, database.failures) == (0, False, 0)
        assert database.file == tmp_path / "smart.db"
        for work in (database.write, database.read, database.submit_soon):
            with pytest.raises(Closed):
                await work(lambda tx: None)
        with pytest.raises(Closed):
            await database.try_writing()
        async with database:
            assert (database.waiting, database.failing, database.failures) == (0, False, 0)
            await database.try_writing()
            assert await database.submit_soon(lambda tx: 7) == 7
    assert Database("postgresql+asyncpg://a/b").file is None
