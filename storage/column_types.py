"""Column types for both SQLite's STRICT tables and PostgreSQL: instants, flags, free texts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from storage.masking import without_phones

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored as an integer so that SQLite orders it exactly."""

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> "sa.types.TypeEngine[int]":
        """Return INTEGER for SQLite: its STRICT tables have no BIGINT."""
        kind: sa.types.TypeEngine[int] = sa.BigInteger()
        if dialect.name == "sqlite":
            kind = sa.Integer()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return microseconds since 1970; ValueError for a naive datetime, which has no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime can't be stored")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return an aware datetime in UTC."""
        return None if value is None else _EPOCH + value * _MICROSECOND


class Flag(TypeDecorator[bool]):
    """True or false. STRICT tables of SQLite have no BOOLEAN."""

    impl = sa.Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> "sa.types.TypeEngine[Any]":
        """Return INTEGER (0 or 1) for SQLite."""
        kind: sa.types.TypeEngine[Any] = sa.Boolean()
        if dialect.name == "sqlite":
            kind = sa.Integer()
        return dialect.type_descriptor(kind)

    def process_result_value(self, value: int | bool | None, dialect: Dialect) -> bool | None:  # noqa: ARG002
        """Return a bool, not SQLite's 0 or 1."""
        return None if value is None else bool(value)


class FreeTextType(TypeDecorator[str]):
    """Text that people write freely. Telephone numbers are masked before it is stored."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the text without telephone numbers."""
        return None if value is None else without_phones(value)
