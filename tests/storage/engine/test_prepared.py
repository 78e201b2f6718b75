"""Prepared statements return the same rows and make the same changes as SQLAlchemy."""

import pkgutil
import sqlite3
from datetime import timedelta
from importlib import import_module

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

import storage
from criteria.answers import Ratio, YesNo
from storage.conversations import asks, conversations
from storage.engine import prepared
from storage.engine.prepared import LONGEST_LIST, Rows, from_driver, to_driver
from storage.engine.sqlite import CoreConnection, core_engine
from storage.messages import inbox
from storage.messages.inbox import Update
from storage.people import people as members
from storage.places import places
from storage.reports import reports
from storage.rounds import criteria_texts
from storage.rounds.criteria_texts import digest_of
from storage.tables import Flag, FreeTextType, Instant, metadata, people
from tests.storage.sample import NOW, Sample, sample

# Values by the name of the parameter; any other parameter is 1, as its type has it.
VALUES = {
    "of_bot": "telegram",
    "of_chat": "1",
    "of_identity": "1",
    "of_purpose": "question",
    "of_message": "11",
    "of_indicator": "HT1",
    "of_criteria": "phu-tho-2024",
    "of_hash": digest_of("a text"),
    "new_place": "{}",
    "new_message": "12",
    "new_state": "ratio",
    "new_yes": None,
    "new_office": "entered",
    "new_how": "books",
    "opened": NOW + timedelta(days=1),
    "now": NOW,
    "at": NOW,
    "since": NOW,
    "new_given_at": NOW,
    "of_units": [1, 2, 3],
    "of_communes": [1],
    "ids": [1, 2],
    "below": 1 << 30,
}
for _module in pkgutil.walk_packages(storage.__path__, "storage."):
    if not _module.name.startswith("storage.migrations."):
        import_module(_module.name)  # so that all its statements are marked
EVERY = [one.statement for one in prepared._marked.values()]


@pytest.fixture(autouse=True)
def own_plans(monkeypatch):
    """Forget afterwards which statements were executed here."""
    marked = {key: prepared._Marked(one.statement, {}) for key, one in prepared._marked.items()}
    monkeypatch.setattr(prepared, "_marked", marked)


@pytest.fixture
def raw():
    made = sqlite3.connect(":memory:", isolation_level=None)
    yield made
    made.close()


@pytest.fixture
def tx(raw):
    connection = CoreConnection(core_engine(raw, "BEGIN"), raw)
    with connection.begin():
        metadata.create_all(connection)
        fill(connection, sample(connection))
        yield connection


def fill(tx, one: Sample):
    inbox.take_in(tx, [Update("telegram", "1", "1", "{}"), Update("telegram", "2", "1", "{}")], NOW)
    for area in one.areas:
        report = reports.start_report(tx, one.round.id, area.id, NOW, by=one.person.id)
        for code, value in (("HT1", Ratio(1, 2)), ("CQ3", YesNo(True)), ("KT1", None)):
            reports.put_answer(tx, report, code, value, by=1, way="text", now=NOW)
    criteria_texts.store(tx, "a text")
    members.add_membership(tx, 1, "reporter", now=NOW, unit_id=one.areas[0].id)
    for unit in one.areas:
        places.set_figure(tx, unit.id, "adults", 400, NOW, way="import")
    conversations.save_place(tx, one.person.id, 1, "{}", NOW)
    conversations.remember_shown(tx, one.person.id, "telegram", "question", "11", 1)
    asks.record(tx, one.person.id, "telegram", "11", "{}", NOW, replaced=False)
    asks.store_written(tx, one.person.id, "telegram", "11", "340", NOW)


def given(statement):
    wanted = [one for one in statement.compile().binds.values() if one.required]
    return {one.key: _typed(VALUES.get(one.key, 1), one.type) for one in wanted}


def _typed(value, kind):
    """SQLite takes a number for a text; PostgreSQL doesn't."""
    if not isinstance(kind, sa.String | FreeTextType):
        return value
    return [*map(str, value)] if isinstance(value, list) else value and str(value)


def slowly(tx, statement, parameters):
    """Execute with SQLAlchemy on the same connection."""
    return sa.Connection.execute(tx, statement, parameters)


# A value of each type, and the value that SQLite stores.
OF_TYPE = {
    sa.BigInteger: (7, 7),
    sa.Integer: (7, 7),
    sa.Text: ("x", "x"),
    FreeTextType: ("0912 345 678", None),
    sa.Boolean: (True, 1),
    Flag: (True, 1),
    Instant: (NOW, None),
}


def turned(how, value):
    return how(value) if how is not None else value


@pytest.mark.parametrize("statement", EVERY, ids=str)
def test_values_are_converted_as_sqlalchemy_converts_them(statement):
    """The processors of the public interface are those that SQLAlchemy uses in execution."""
    dialect = sqlite.dialect(paramstyle="qmark")
    keys = statement.table.columns.keys() if isinstance(statement, sa.Insert) else None
    compiled = statement.compile(dialect=dialect, column_keys=keys)
    assert {*compiled.bind_names.values()} <= {*compiled.binds}  # some parameters occur twice
    for name in compiled.bind_names.values():
        one = compiled.binds[name]
        for value in (OF_TYPE[type(one.type)][0], None):
            theirs = turned(compiled._bind_processors.get(name), value)
            ours = turned(to_driver(one.type, dialect), value)
            assert (ours, type(ours)) == (theirs, type(theirs))
    ours = [one.type for one in statement.exported_columns]
    theirs = [one.type for one in compiled._result_columns]
    for our, their in zip(ours, theirs, strict=True):
        assert type(our) is type(their)
        given, kept = OF_TYPE[type(our)]
        for value in (kept or turned(to_driver(our, dialect), given), None):
            found = turned(from_driver(our, dialect), value)
            wanted = turned(their._cached_result_processor(dialect, None), value)
            assert found == wanted
            assert type(found) is type(wanted)


@pytest.mark.parametrize("statement", [s for s in EVERY if isinstance(s, sa.Select)], ids=str)
def test_prepared_statements_return_the_same_rows(tx, statement):
    parameters = given(statement)
    quick = tx.execute(statement, parameters)
    assert isinstance(quick, Rows)
    plain = [tuple(row) for row in slowly(tx, statement, parameters)]
    assert quick.all() == plain
    assert [[type(one) for one in row] for row in quick] == [[*map(type, row)] for row in plain]
    assert tx.scalar(statement, parameters) == (plain[0][0] if plain else None)
    assert quick.first() == (plain[0] if plain else None)


def test_most_statements_find_rows(tx):
    found = [bool(tx.execute(one, given(one)).all()) for one in EVERY if isinstance(one, sa.Select)]
    assert sum(found) > len(found) * 2 / 3


@pytest.mark.parametrize(
    "statement", [s for s in EVERY if isinstance(s, sa.Update | sa.Delete)], ids=str
)
def test_prepared_statements_make_the_same_changes(tx, raw, statement):
    parameters, after = given(statement), []
    for way in (tx.execute, lambda *given: slowly(tx, *given)):
        raw.execute("SAVEPOINT before")
        result = way(statement, parameters)
        gave = result.scalar() if statement._returning else result.rowcount
        after.append((gave, "\n".join(raw.iterdump())))
        raw.execute("ROLLBACK TO SAVEPOINT before")
    assert after[0] == after[1]


def test_many_rows_are_inserted_as_sqlalchemy_inserts_them(tx, raw):
    statement = prepared.prepared(sa.insert(people))
    row = {"name": "Lan", "language": "vi", "created_at": NOW, "withdrawn_at": None}
    after = []
    for way in (tx.execute, lambda *given: slowly(tx, *given)):
        raw.execute("SAVEPOINT before")
        assert way(statement, [row, {**row, "name": "Hùng"}]).rowcount == 2
        after.append("\n".join(raw.iterdump()))
        raw.execute("ROLLBACK TO SAVEPOINT before")
    assert after[0] == after[1]
    assert "Hùng" in after[0]


def test_a_list_parameter_may_have_any_length(tx):
    statement = prepared.prepared(
        sa.select(people.c.id).where(people.c.id.in_(sa.bindparam("ids", expanding=True)))
    )
    longest = list(range(LONGEST_LIST))
    for ids in ([], [1], [1, 2, 2], longest, [*longest, 9], [], longest, [*longest, 9, 10]):
        found = tx.execute(statement, {"ids": ids})
        assert isinstance(found, Rows) == (0 < len(ids) <= LONGEST_LIST)
        quick = [tuple(row) for row in found]
        assert quick == [tuple(row) for row in slowly(tx, statement, {"ids": ids})]


def test_outside_a_transaction_sqlalchemy_executes_the_statement(raw):
    connection = CoreConnection(core_engine(raw, "BEGIN"), raw)
    metadata.create_all(connection)
    connection.commit()
    select = next(one for one in EVERY if isinstance(one, sa.Select))
    assert not isinstance(connection.execute(select, given(select)), Rows)
    connection.rollback()
