"""Migrations go up and down, agree with the tables, and refuse newer databases."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import TypeVar

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from storage import history
from storage.engine.database import Database
from storage.engine.schema_upgrade import (
    config,
    current_revision,
    downgrade,
    head_revision,
    known_revisions,
    migrate,
)
from storage.errors import DatabaseNewer
from storage.rounds import rounds
from storage.tables import metadata
from tests.storage.sample import NOW

T = TypeVar("T")


async def _by_hand(url: str, work: Callable[[Connection], T]) -> T:
    """Execute SQL on a database of an older revision, which the program would refuse."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        done = await connection.run_sync(work)
    await engine.dispose()
    return done


async def test_every_migration_goes_up_down_and_up_again(empty_url: str) -> None:
    scripts = ScriptDirectory.from_config(config())
    for script in reversed(list(scripts.walk_revisions())):
        await asyncio.to_thread(migrate, empty_url, script.revision)
        await asyncio.to_thread(downgrade, empty_url, script.down_revision or "base")
        assert await asyncio.to_thread(migrate, empty_url, script.revision) == [script.revision]
    assert await asyncio.to_thread(current_revision, empty_url) == head_revision()


def test_the_names_of_migration_files_match_their_revisions() -> None:
    scripts = ScriptDirectory.from_config(config())
    assert [one.revision for one in scripts.walk_revisions()] == known_revisions()[::-1]
    assert scripts.get_current_head() == head_revision()


async def test_migrating_twice_changes_nothing(empty_url: str) -> None:
    assert await asyncio.to_thread(migrate, empty_url) != []
    assert await asyncio.to_thread(migrate, empty_url) == []


async def test_the_migrations_produce_the_tables(empty_url: str) -> None:
    def difference(tx: Connection) -> list[object]:
        context = MigrationContext.configure(
            tx, opts={"compare_type": True, "compare_server_default": True}
        )
        found = compare_metadata(context, metadata)
        each = [one for some in found for one in (some if isinstance(some, list) else [some])]
        return [
            one
            for one in each  # SQLite has one type for all whole numbers
            if one[0] != "modify_type" or tx.dialect.name != "sqlite"
        ]

    async with Database(empty_url) as database:
        assert await database.read(difference) == []
        checks = await database.read(_checks)
    declared = {
        (table.name, constraint.name)
        for table in metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }
    assert {name for name, _ in checks} >= {table for table, _ in declared}
    assert len(checks) == len(declared)


def _checks(tx: Connection) -> list[tuple[str, str | None]]:
    inspector = sa.inspect(tx)
    return [
        (table, check["name"])
        for table in metadata.tables
        for check in inspector.get_check_constraints(table)
    ]


def test_the_tables_of_sqlite_are_strict(sqlite_url: str) -> None:
    migrate(sqlite_url)
    raw = sqlite3.connect(sa.make_url(sqlite_url).database)
    loose = [
        name
        for name, strict in raw.execute("SELECT name, strict FROM pragma_table_list")
        if not strict and name in metadata.tables
    ]
    raw.close()
    assert loose == []


async def test_a_newer_database_is_refused(empty_url: str) -> None:
    async with Database(empty_url) as database:
        await database.write(
            lambda tx: tx.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        )
    for upgrade in (True, False):
        with pytest.raises(DatabaseNewer, match="newer version"):
            await Database(empty_url, upgrade=upgrade).open()


@pytest.mark.parametrize("statement", ["UPDATE history SET way = 'x'", "DELETE FROM history"])
async def test_the_database_refuses_to_change_history(database: Database, statement: str) -> None:
    await database.write(lambda tx: history.record(tx, "round", "command", NOW))
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        await database.write(lambda tx: tx.exec_driver_sql(statement))
    entries = "SELECT count(*), max(way) FROM history"
    found = await database.read(lambda tx: tuple(tx.exec_driver_sql(entries).one()))
    assert found == (1, "command")


async def test_the_criteria_texts_of_rounds_are_stored_once_and_survive_a_downgrade(
    empty_url: str,
) -> None:
    """Migration 0011 and back, with two rounds of one text and one of another."""
    texts = ["đúng 1", "đúng 1", "khác 2"]

    def fill(tx: Connection) -> None:
        tx.exec_driver_sql("INSERT INTO communes (id, code, name) VALUES (1, 'a', 'Xã A')")
        for number, text in enumerate(texts, 1):
            tx.execute(
                sa.text(
                    "INSERT INTO rounds (id, commune_id, name, criteria_id, opens_at, deadline,"
                    " closes_at, state, criteria) VALUES (:id, 1, 'k', :set, 1, 2, 3, 'open', :text)"
                ),
                {"id": number, "set": str(number), "text": text},
            )

    await asyncio.to_thread(migrate, empty_url, "0008")
    await _by_hand(empty_url, fill)
    await asyncio.to_thread(migrate, empty_url)
    async with Database(empty_url) as database:
        found = await database.read(lambda tx: rounds.rounds_by_ids(tx, [1, 2, 3]))
        count = "SELECT count(*) FROM criteria_texts"
        assert await database.read(lambda tx: tx.exec_driver_sql(count).scalar()) == 2
        second = "UPDATE rounds SET criteria_id = '1' WHERE id = 2"
        with pytest.raises(Exception, match=r"(?i)unique"):  # one open round of a set, as before
            await database.write(lambda tx: tx.exec_driver_sql(second))
        closed = "UPDATE rounds SET criteria_id = '1', state = 'closed' WHERE id = 2"
        await database.write(lambda tx: tx.exec_driver_sql(closed))
    assert [one.criteria for one in found] == texts
    await asyncio.to_thread(downgrade, empty_url, "0008")
    back = "SELECT criteria FROM rounds ORDER BY id"
    assert await _by_hand(empty_url, lambda tx: list(tx.exec_driver_sql(back).scalars())) == texts


async def test_a_unit_that_the_set_asks_nothing_leaves_the_round(empty_url: str) -> None:
    """Migration 0017: a unit without answers is removed from rounds whose set does not ask it."""
    only_areas = '[[indicators]]\ncode = "A"\nasked_of = "area"\n'
    both = '[[indicators]]\ncode = "A"\nasked_of = "both"\n'
    statements = (
        "INSERT INTO communes (id, code, name) VALUES (1, 'a', 'Xã A')",
        (
            "INSERT INTO units (id, commune_id, kind, code, label)"
            " VALUES (1, 1, 'area', 'k1', 'Khu 1'), (2, 1, 'office', 'office', '')"
        ),
        f"INSERT INTO criteria_texts (hash, text) VALUES ('1', '{only_areas}'), ('2', '{both}')",
        (
            "INSERT INTO rounds (id, commune_id, name, criteria_id, opens_at, deadline, closes_at,"
            " state, criteria_hash) VALUES (1, 1, 'k', 'x', 1, 2, 3, 'closed', '1'),"
            " (2, 1, 'k', 'x', 1, 2, 3, 'closed', '1'), (3, 1, 'k', 'y', 1, 2, 3, 'closed', '2')"
        ),
        (
            "INSERT INTO round_units (round_id, unit_id, position)"
            " VALUES (1, 1, 0), (1, 2, 1), (2, 1, 0), (2, 2, 1), (3, 1, 0), (3, 2, 1)"
        ),
        (
            "INSERT INTO reports (id, round_id, unit_id, state, sends)"
            " VALUES (1, 1, 2, 'draft', 0), (2, 2, 2, 'sent', 1)"
        ),
    )

    def fill(tx: Connection) -> None:
        for one in statements:
            tx.exec_driver_sql(one)

    await asyncio.to_thread(migrate, empty_url, "0016")
    await _by_hand(empty_url, fill)
    await asyncio.to_thread(migrate, empty_url)
    left = "SELECT round_id, unit_id FROM round_units ORDER BY round_id, unit_id"
    found = await _by_hand(empty_url, lambda tx: [tuple(row) for row in tx.exec_driver_sql(left)])
    assert found == [(1, 1), (2, 1), (2, 2), (3, 1), (3, 2)]
