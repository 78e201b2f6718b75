"""Statements that every answer executes, compiled once for SQLite and run on its raw connection.

SQLAlchemy's way from a statement to the driver costs ten times what SQLite itself takes for it
(docs/decisions/0015). What is marked here takes the short way with the same text, the same types
and the same rows; everything else, and PostgreSQL, takes SQLAlchemy's.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

S = TypeVar("S", bound=sa.Executable)

LONGEST_LIST = 8  # of an IN; a longer one takes SQLAlchemy's way


@dataclass(slots=True)
class _Marked:
    statement: sa.Executable  # kept alive, so that its id is never another's
    plans: dict[int, "_Plan"]  # by the length of its list; 0 without one


_marked: dict[int, _Marked] = {}


def prepared(statement: S) -> S:
    """Mark a statement of a module that is executed often, always with the same parameters.

    At most one of them is a list. Its rows are plain tuples.
    """
    _marked[id(statement)] = _Marked(statement, {})
    return statement


class Rows:
    """What a marked statement gives, as far as it is asked for."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: Sequence[tuple[Any, ...]], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._rows)

    def all(self) -> Sequence[tuple[Any, ...]]:
        """Every row."""
        return self._rows

    def first(self) -> tuple[Any, ...] | None:
        """The first row; None without any."""
        return self._rows[0] if self._rows else None

    def scalar(self) -> Any:  # noqa: ANN401 - a column's value
        """The first column of the first row; None without any."""
        return self._rows[0][0] if self._rows else None


@dataclass(frozen=True, slots=True)
class _Plan:
    sql: str
    # For each place its parameter and what turns its value into SQLite's, or a fixed value.
    places: tuple[tuple[str | None, Any], ...]
    columns: tuple[Callable[[Any], Any] | None, ...] | None  # None: as SQLite gives them

    def bound(self, given: Mapping[str, Any]) -> list[Any]:
        """The values in their places."""
        return [
            how if name is None else given[name] if how is None else how(given[name])
            for name, how in self.places
        ]

    def rows(self, found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The rows with Python's types."""
        if self.columns is None:
            return found
        return [
            tuple(
                one if how is None else how(one) for one, how in zip(row, self.columns, strict=True)
            )
            for row in found
        ]


class QuickConnection(sa.Connection):
    """A Core connection to SQLite on which marked statements take the short way."""

    def __init__(self, engine: sa.Engine, raw: sqlite3.Connection) -> None:
        super().__init__(engine)
        self._raw = raw

    def execute(
        self,
        statement: sa.Executable,
        parameters: Any = None,  # noqa: ANN401 - SQLAlchemy's signature
        **options: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """As SQLAlchemy's; a marked statement gives Rows."""
        marked = _marked.get(id(statement))
        if marked is None or not self.in_transaction():
            return super().execute(statement, parameters, **options)
        if isinstance(parameters, list):
            return self._execute_many(marked, parameters)
        given = parameters or {}
        length = 0
        for value in given.values():
            if isinstance(value, list):
                length = len(value) or LONGEST_LIST + 1
        if length > LONGEST_LIST:
            return super().execute(statement, parameters, **options)
        plan = marked.plans.get(length)
        if plan is None:
            plan = marked.plans[length] = _planned(statement, given, self.dialect)
        cursor = self._raw.execute(plan.sql, plan.bound(_flat(given) if length else given))
        return Rows(plan.rows(cursor.fetchall()), cursor.rowcount)

    def _execute_many(self, marked: _Marked, many: list[Mapping[str, Any]]) -> Rows:
        """An INSERT of rows that all have the same columns."""
        plan = marked.plans.get(0)
        if plan is None:
            plan = marked.plans[0] = _planned(marked.statement, many[0], self.dialect)
        cursor = self._raw.executemany(plan.sql, [plan.bound(given) for given in many])
        return Rows((), cursor.rowcount)

    def scalar(
        self,
        statement: sa.Executable,
        parameters: Any = None,  # noqa: ANN401 - SQLAlchemy's signature
        **options: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """The first column of the first row."""
        if id(statement) not in _marked:
            return super().scalar(statement, parameters, **options)
        return self.execute(statement, parameters, **options).scalar()


def _flat(given: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in given.items():
        if isinstance(value, list):
            flat |= {f"{name}_{number}": one for number, one in enumerate(value, 1)}
        else:
            flat[name] = value
    return flat


def _planned(statement: sa.Executable, given: Mapping[str, Any], dialect: Dialect) -> _Plan:
    keys: Sequence[str] | None = list(given) if isinstance(statement, sa.Insert) else None
    element = cast("sa.sql.ClauseElement", statement)
    compiled = element.compile(dialect=dialect, column_keys=keys)
    assert isinstance(compiled, SQLCompiler)
    assert not compiled.prefetch, "defaults made in Python are SQLAlchemy's"
    written = compiled.construct_expanded_state(given)  # with its list written out
    how = {name: to_sqlite(one.type, dialect) for name, one in compiled.binds.items()}
    how |= written.processors  # of the list's places
    flat = _flat(given)
    places = tuple(
        (name, how.get(name))
        if name in flat
        else (None, _fixed(written.parameters[name], how.get(name)))
        for name in written.positiontup or ()
    )
    assert isinstance(statement, sa.ReturnsRows)
    columns = tuple(from_sqlite(one.type, dialect) for one in statement.exported_columns)
    return _Plan(written.statement, places, columns if any(columns) else None)


def to_sqlite(type_: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What turns a value of this type into SQLite's; None where nothing does."""
    return type_.dialect_impl(dialect).bind_processor(dialect)


def from_sqlite(type_: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What turns SQLite's value into one of this type; None where nothing does."""
    return type_.dialect_impl(dialect).result_processor(dialect, None)


def _fixed(value: object, how: Callable[[Any], Any] | None) -> object:
    return how(value) if how is not None else value
