"""Snapshots: the state of a database in use, restored into another one, SQLite or PostgreSQL."""

import asyncio
import errno
import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa

from criteria.answers import Ratio
from storage.engine import snapshots
from storage.engine.database import Database
from storage.engine.schema_upgrade import current_revision, downgrade, known_revisions
from storage.engine.snapshots import check_snapshot, fill_from_snapshot, take_snapshot, url_of
from storage.errors import DatabaseNewer, NotADatabase, NotEmpty
from storage.people import board_sessions
from storage.personal_data import withdrawal
from storage.reports import reports
from storage.tables import metadata
from tests.storage.sample import NOW, person, sample


def contents(tx):
    """Every row of every table."""
    return {
        table.name: sorted(map(repr, tx.execute(sa.select(table)).all()))
        for table in metadata.sorted_tables
    }


@pytest.fixture
async def filled(empty_url):
    """The URL of a database with content, and the content."""
    async with Database(empty_url) as database:
        await database.write(sample)
        return empty_url, await database.read(contents)


async def test_a_restored_snapshot_equals_the_original(filled, tmp_path):
    url, wanted = filled
    await take_snapshot(url, tmp_path / "one.db")
    other = url_of(tmp_path / "other.db")
    await fill_from_snapshot(other, tmp_path / "one.db", tmp_path)
    async with Database(other) as database:
        assert await database.read(contents) == wanted


async def test_nobody_comes_into_the_board_by_what_was_open_at_the_backup(tmp_path):
    source, other = url_of(tmp_path / "source.db"), url_of(tmp_path / "other.db")

    def open_board(tx):
        lan = sample(tx).person.id
        board_sessions.add_ticket(tx, lan, "link", "code", NOW)
        board_sessions.open_session(tx, lan, "cookie", "Edge", NOW)

    async with Database(source) as database:
        await database.write(open_board)
    await take_snapshot(source, tmp_path / "one.db")
    await fill_from_snapshot(other, tmp_path / "one.db", tmp_path)
    async with Database(other) as database:
        assert await database.read(lambda tx: board_sessions.session(tx, "cookie", NOW)) is None
        assert await database.write(lambda tx: board_sessions.redeem_code(tx, "code", NOW)) is None
    async with Database(source) as database:
        assert await database.read(lambda tx: board_sessions.session(tx, "cookie", NOW))


async def test_a_snapshot_of_sqlite_can_be_restored_into_either_database(empty_url, tmp_path):
    source = url_of(tmp_path / "source.db")
    async with Database(source) as database:
        made = await database.write(sample)
        wanted = await database.read(contents)
    await take_snapshot(source, tmp_path / "one.db")
    await fill_from_snapshot(empty_url, tmp_path / "one.db", tmp_path)
    async with Database(empty_url) as database:
        assert await database.read(contents) == wanted
        # New ids continue after the copied ones.
        new = await database.write(lambda tx: person(tx, "77"))
        assert new.id > max(made.person.id, made.other.id)


async def test_a_snapshot_is_not_restored_over_existing_data(filled, tmp_path):
    url, wanted = filled
    await take_snapshot(url, tmp_path / "one.db")
    with pytest.raises(NotEmpty):
        await fill_from_snapshot(url, tmp_path / "one.db", tmp_path)
    async with Database(url) as database:
        assert await database.read(contents) == wanted


async def test_a_snapshot_taken_during_writes_is_consistent(tmp_path):
    url = url_of(tmp_path / "busy.db")
    async with Database(url) as database:
        made = await database.write(sample)
        report = await database.write(
            lambda tx: reports.start_report(tx, made.round.id, made.areas[0].id, NOW)
        )
        done = asyncio.Event()

        async def write():
            count = 0
            while not done.is_set():
                count += 1
                value = Ratio(count, 100_000)
                await database.write(
                    lambda tx, value=value: reports.put_answer(
                        tx, report, "HT1", value, by=None, way="text", now=NOW
                    )
                )
            return count

        writing = asyncio.gather(write())
        for number in range(5):
            await take_snapshot(url, tmp_path / f"{number}.db")
            check_snapshot(tmp_path / f"{number}.db")
            with closing(sqlite3.connect(tmp_path / f"{number}.db")) as raw, raw:
                present = raw.execute("SELECT numerator FROM answers").fetchone()
                history = raw.execute(
                    "SELECT count(*) FROM history WHERE what = 'answer'"
                ).fetchone()[0]
            raw.close()
            assert (present[0] if present else 0) == history  # never the one without the other
        done.set()
        assert (await writing)[0] > 0


async def test_a_damaged_snapshot_is_recognised(filled, tmp_path):
    url, _ = filled
    file = tmp_path / "one.db"
    await take_snapshot(url, file)
    whole = file.read_bytes()
    file.write_bytes(whole[:-5000])
    with pytest.raises(NotADatabase):
        await fill_from_snapshot(url_of(tmp_path / "other.db"), file, tmp_path)
    file.write_bytes(b"not a database" * 1000)
    with pytest.raises(NotADatabase):
        await fill_from_snapshot(url_of(tmp_path / "other.db"), file, tmp_path)
    assert not (tmp_path / "other.db").exists()


async def test_a_snapshot_with_broken_references_names_the_table(tmp_path):
    url = url_of(tmp_path / "source.db")
    async with Database(url) as database:
        await database.write(sample)
    await take_snapshot(url, tmp_path / "one.db")
    check_snapshot(tmp_path / "one.db")
    with closing(sqlite3.connect(tmp_path / "one.db")) as raw, raw:
        raw.execute("UPDATE round_units SET unit_id = 999 WHERE unit_id = 1")
    with pytest.raises(NotADatabase, match="a row of round_units has a broken reference"):
        check_snapshot(tmp_path / "one.db")


async def test_a_full_disk_is_named(tmp_path, monkeypatch):
    url = url_of(tmp_path / "source.db")
    async with Database(url) as database:
        await database.write(sample)
    connect = sqlite3.connect

    def small(*given, **more):
        """A file that can't grow: SQLite's own error, as on a full disk."""
        made = connect(*given, **more)
        made.execute("PRAGMA max_page_count=3")
        return made

    (tmp_path / "full").mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(snapshots.sqlite3, "connect", small)
        with pytest.raises(OSError, match="No space") as full:
            await take_snapshot(url, tmp_path / "full" / "one.db")
    assert (full.value.errno, full.value.filename) == (errno.ENOSPC, str(tmp_path / "full"))
    (tmp_path / "full" / "one.db").write_bytes(b"not a database" * 1000)
    with pytest.raises(NotADatabase):
        await take_snapshot(url, tmp_path / "full" / "one.db")


async def test_a_snapshot_of_a_newer_program_is_refused(tmp_path):
    url = url_of(tmp_path / "source.db")
    async with Database(url) as database:
        await database.write(sample)
    await take_snapshot(url, tmp_path / "one.db")
    with closing(sqlite3.connect(tmp_path / "one.db")) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    with pytest.raises(DatabaseNewer):
        await fill_from_snapshot(url_of(tmp_path / "other.db"), tmp_path / "one.db", tmp_path)


async def test_a_snapshot_holds_nothing_of_a_forgotten_person(filled, tmp_path):
    url, _ = filled
    async with Database(url) as database:
        await database.write(lambda tx: withdrawal.forget(tx, 1, NOW))
    await take_snapshot(url, tmp_path / "one.db")
    assert "Bác Tư".encode() not in (tmp_path / "one.db").read_bytes()


async def test_a_snapshot_of_an_older_program_is_copied_unchanged(filled, tmp_path):
    url, wanted = filled
    *_, older, _ = known_revisions()
    await asyncio.to_thread(downgrade, url, older)
    await take_snapshot(url, tmp_path / "one.db")
    assert current_revision(url_of(tmp_path / "one.db")) == older
    assert await asyncio.to_thread(current_revision, url) == older
    await fill_from_snapshot(url_of(tmp_path / "other.db"), tmp_path / "one.db", tmp_path)
    async with Database(url_of(tmp_path / "other.db"), upgrade=False) as database:
        assert await database.read(contents) == wanted
