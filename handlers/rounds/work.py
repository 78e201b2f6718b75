"""A piece of work that is due by the clock: one transaction."""

from collections.abc import Callable

from sqlalchemy import Connection

Work = Callable[[Connection], None]
