"""The clock of the running program: the real one, or one that the demo and tests can move.

The other packages get the time as an argument; the program takes it from this clock.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial


class Clock:
    """A clock that returns the present instant in UTC and can only be moved forwards."""

    def __init__(self, start: datetime | None = None, *, ticking: bool = True) -> None:
        began = datetime.now(UTC)
        self._ahead = timedelta() if start is None else start - began
        self._stopped_at = None if ticking else (start or began)
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """Return the present instant of this clock."""
        if self._stopped_at is not None:
            return self._stopped_at
        return datetime.now(UTC) + self._ahead

    def move_to(self, when: datetime) -> None:
        """Jump forwards to `when`, and call the listeners."""
        if when < self.now():
            raise ValueError("a clock moves only forwards")
        if self._stopped_at is not None:
            self._stopped_at = when.astimezone(UTC)
        else:
            self._ahead += when - self.now()
        for listener in tuple(self._listeners):
            listener()

    def on_move(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each jump; return a function that removes it."""
        self._listeners.append(listener)
        return partial(self._listeners.remove, listener)
