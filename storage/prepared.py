"""Statements that every answer executes, compiled once for SQLite and run on its raw connection.

SQLAlchemy's way from a statement to the driver costs ten times what SQLite itself takes for it
(docs/decisions/0015). What is marked here takes the short way with the same text, the same types
and the same rows; everything else, and PostgreSQL, takes SQLAlchemy's.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.engine import Dialect, IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.sql.compiler import SQLCompiler

S = TypeVar("S", bound=sa.Executable)
Shape = tuple[object, ...]

LONGEST_LIST = 8  # of an IN; longer ones would each be a plan of their own
_marked: dict[int, sa.Executable] = {}  # also keeps them alive, so that an id is never another's
_plans: dict[tuple[int, Shape], "_Plan"] = {}


def prepared(statement: S) -> S:
    """Mark a statement of a module, which is executed often and with one set of parameters."""
    _marked[id(statement)] = statement
    return statement


@dataclass(frozen=True, slots=True)
class Changed:
    """What is told of a statement that gives no rows."""

    rowcount: int


@dataclass(frozen=True, slots=True)
class _Plan:
    sql: str
    # For each place its parameter and what turns its value into SQLite's, or a fixed value.
    places: tuple[tuple[str | None, Any], ...]
    rows: SimpleResultMetaData | None

    def bound(self, given: Mapping[str, Any]) -> list[Any]:
        """The values in their places."""
        return [
            how if name is None else given[name] if how is None else how(given[name])
            for name, how in self.places
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
        """As SQLAlchemy's; what a marked statement gives has rows or a rowcount, and no more."""
        if id(statement) not in _marked or isinstance(parameters, list):
            return super().execute(statement, parameters, **options)
        if not self.in_transaction():  # it begins one by itself there
            return super().execute(statement, parameters, **options)
        given = parameters or {}
        shape = _shape(given)
        if shape is None:
            return super().execute(statement, parameters, **options)
        plan = _plans.get((id(statement), shape))
        if plan is None:
            plan = _plans[id(statement), shape] = _planned(statement, given, self.dialect)
        if shape:
            given = _flat(given)
        cursor = self._raw.execute(plan.sql, plan.bound(given))
        if plan.rows is None:
            return Changed(cursor.rowcount)
        return IteratorResult(plan.rows, iter(cursor.fetchall()))

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


def _shape(given: Mapping[str, Any]) -> Shape | None:
    """What the text depends on: the lengths of the lists; None when one is too long."""
    lengths = [(n, len(v)) for n, v in given.items() if isinstance(v, list)]
    if not lengths:
        return ()
    return None if any(size > LONGEST_LIST for _, size in lengths) else (*lengths,)


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
    written = compiled.construct_expanded_state(given)  # with its lists written out
    lists = {name for name, value in given.items() if isinstance(value, list)}
    flat = {*given} - lists
    for name in lists:
        flat |= {*written.parameter_expansion[name]}
    how: dict[str, Any] = {**compiled._bind_processors, **written.processors}  # noqa: SLF001
    places = tuple(
        (name, how.get(name))
        if name in flat
        else (None, _fixed(written.parameters[name], how.get(name)))
        for name in written.positiontup or ()
    )
    columns = compiled._result_columns  # noqa: SLF001 - where SQLAlchemy keeps the types of rows
    rows = None
    if columns:
        rows = SimpleResultMetaData(
            [one.keyname for one in columns],
            _processors=[one.type._cached_result_processor(dialect, None) for one in columns],  # noqa: SLF001
        )
    return _Plan(written.statement, places, rows)


def _fixed(value: object, how: Callable[[Any], Any] | None) -> object:
    return how(value) if how is not None else value
