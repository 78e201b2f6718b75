"""A cache of the last status of each round, for requests within the same second.

Many browsers fetch their page at once after a change. The program checks the right for each of
them, but reads the figures once.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass

from sqlalchemy import Connection

from handlers.flow.press import Press
from handlers.status.view import StatusView
from storage import change_numbers

SECONDS = 1.0
_MOST = 100  # rounds


@dataclass(frozen=True, slots=True)
class _Entry:
    status: StatusView
    number: int  # of the newest change when it was read
    until: float


class StatusCache:
    """Stores the statuses by the round that an address names."""

    def __init__(self) -> None:
        self._entries: OrderedDict[int, _Entry] = OrderedDict()

    def get(self, tx: Connection, press: Press) -> StatusView | None:
        """Return the status of the round of this address; None if it is old or has changed."""
        entry = self._entries.get(press.number(0) or 0)
        if entry is None or time.monotonic() > entry.until:
            return None
        changed = change_numbers.newest_since(tx, entry.status.commune.id, entry.number)
        return entry.status if changed is None else None

    def store(self, status: StatusView, number: int) -> None:
        """Store a status; `number` is the newest change of the transaction that read it."""
        self._entries[status.id] = _Entry(status, number, time.monotonic() + SECONDS)
        if len(self._entries) > _MOST:
            self._entries.popitem(last=False)
