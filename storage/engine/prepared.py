"""Statements of the hot path, compiled once for each database and run on the driver.

For a short statement SQLAlchemy takes ten times as long as SQLite itself
(docs/decisions/0015-the-way-of-an-answer.md). A statement marked `prepared` bypasses it, with the
same SQL, types and rows. All other statements use SQLAlchemy.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

S = TypeVar("S", bound=sa.Executable)

LONGEST_LIST = 8  # values of an IN; a statement with more of them uses SQLAlchemy


@dataclass(slots=True)
class _Marked:
    statement: sa.Executable  # a reference, so that no other object can get its id
    plans: dict[
        tuple[str, int], "PreparedStatement"
    ]  # by dialect and length of the IN list; 0 without one


_marked: dict[int, _Marked] = {}


def prepared(statement: S) -> S:
    """Mark a module's statement that runs often, always with the same parameter names; return it.

    At most one parameter may be a list. The rows are plain tuples.
    """
    _marked[id(statement)] = _Marked(statement, {})
    return statement


class Rows:
    """The result of a prepared statement, with those methods of a SQLAlchemy result that we use."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: Sequence[tuple[Any, ...]], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._rows)

    def all(self) -> Sequence[tuple[Any, ...]]:
        """Return every row."""
        return self._rows

    def first(self) -> tuple[Any, ...] | None:
        """Return the first row; None without rows."""
        return self._rows[0] if self._rows else None

    def scalar(self) -> Any:  # noqa: ANN401 - a column's value
        """Return the first column of the first row; None without rows."""
        return self._rows[0][0] if self._rows else None


@dataclass(frozen=True, slots=True)
class PreparedStatement:
    """A statement in the driver's form, with the conversions of its values."""

    sql: str
    returns_rows: bool
    # For each placeholder its parameter name and converter, or None and a constant.
    places: tuple[tuple[str | None, Any], ...]
    # The columns whose values must be converted, each with its converter.
    columns: tuple[tuple[int, Callable[[Any], Any]], ...]

    def bound(self, given: Mapping[str, Any]) -> list[Any]:
        """Return the values for the placeholders, in order."""
        return [
            convert if name is None else given[name] if convert is None else convert(given[name])
            for name, convert in self.places
        ]

    def rows(self, found: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
        """Return the rows with their values converted to Python types."""
        return [self._converted(row) for row in found] if self.columns else found

    def _converted(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for place, convert in self.columns:
            values[place] = convert(values[place])
        return tuple(values)


class QuickConnection(sa.Connection):
    """A Core connection that runs prepared statements on the driver."""

    @abstractmethod
    def run(self, plan: PreparedStatement, values: Sequence[Any]) -> Rows:
        """Run a plan with these values for its placeholders, inside a transaction."""

    @abstractmethod
    def run_many(self, plan: PreparedStatement, values: Sequence[Sequence[Any]]) -> Rows:
        """Run a plan that returns no rows once for each of these."""

    @abstractmethod
    def control(self, *statements: str) -> None:
        """Run statements that control savepoints, one after the other."""

    def execute(
        self,
        statement: sa.Executable,
        parameters: Any = None,  # noqa: ANN401 - SQLAlchemy's signature
        **options: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Execute a statement as SQLAlchemy does; a prepared statement returns Rows."""
        marked = _marked.get(id(statement))
        # Only inside a transaction, in which SQLAlchemy has executed BEGIN already.
        if marked is None or not self.in_transaction():
            return super().execute(statement, parameters, **options)
        if isinstance(parameters, list):  # rows to insert, which all have the same columns
            plan = self._plan(marked, parameters[0], 0)
            return self.run_many(plan, [plan.bound(given) for given in parameters])
        given = parameters or {}
        length = 0
        for value in given.values():
            if isinstance(value, list):
                # an empty IN is left to SQLAlchemy, which has its own form of it
                length = len(value) or LONGEST_LIST + 1
        if length > LONGEST_LIST:
            return super().execute(statement, parameters, **options)
        plan = self._plan(marked, given, length)
        return self.run(plan, plan.bound(_flat(given) if length else given))

    def _plan(self, marked: _Marked, given: Mapping[str, Any], length: int) -> PreparedStatement:
        key = self.dialect.name, length
        plan = marked.plans.get(key)
        if plan is None:
            plan = marked.plans[key] = _made(marked.statement, given, self.dialect)
        return plan

    def scalar(
        self,
        statement: sa.Executable,
        parameters: Any = None,  # noqa: ANN401 - SQLAlchemy's signature
        **options: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Return the first column of the first row; None without rows."""
        if id(statement) not in _marked:
            return super().scalar(statement, parameters, **options)
        return self.execute(statement, parameters, **options).scalar()


# Names as in SQLAlchemy's expanded IN: "ids_1", "ids_2", …
def _flat(given: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in given.items():
        if isinstance(value, list):
            flat |= {f"{name}_{number}": one for number, one in enumerate(value, 1)}
        else:
            flat[name] = value
    return flat


def _made(
    statement: sa.Executable, given: Mapping[str, Any], dialect: Dialect
) -> PreparedStatement:
    keys: Sequence[str] | None = list(given) if isinstance(statement, sa.Insert) else None
    element = cast("sa.sql.ClauseElement", statement)
    compiled = element.compile(dialect=dialect, column_keys=keys)
    assert isinstance(compiled, SQLCompiler)
    assert not compiled.prefetch, "a prepared statement has no defaults made in Python"
    expanded = compiled.construct_expanded_state(given)  # the IN list as single placeholders
    converters = {name: to_driver(one.type, dialect) for name, one in compiled.binds.items()}
    converters |= expanded.processors  # those of the IN list
    flat = _flat(given)
    places = tuple(
        (name, converters.get(name))
        if name in flat
        else (None, _constant(expanded.parameters[name], converters.get(name)))
        for name in expanded.positiontup or ()
    )
    assert isinstance(statement, sa.ReturnsRows)
    columns = [from_driver(one.type, dialect) for one in statement.exported_columns]
    converted = tuple((at, one) for at, one in enumerate(columns) if one is not None)
    return PreparedStatement(expanded.statement, bool(columns), places, converted)


def to_driver(type_: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return the function that converts a value of this type for the driver; None if not needed."""
    return type_.dialect_impl(dialect).bind_processor(dialect)


def from_driver(type_: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return the function that converts the driver's value to this type; None if not needed."""
    return type_.dialect_impl(dialect).result_processor(dialect, None)


def _constant(value: object, convert: Callable[[Any], Any] | None) -> object:
    return convert(value) if convert is not None else value
