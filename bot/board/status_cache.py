"""The last status of each round that is looked at, for whoever looks within the same second.

Many browsers fetch their page at once when they are told of a change; the right to see it is
checked for each of them, the figures are read once.
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
class _Kept:
    status: StatusView
    number: int  # of the newest change when it was read
    until: float


class StatusCache:
    """Keeps them by the round that addresses name."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, _Kept] = OrderedDict()

    def known(self, tx: Connection, press: Press) -> StatusView | None:
        """The status of the round of this address, if nothing has changed since."""
        kept = self._kept.get(press.number(0) or 0)
        if kept is None or time.monotonic() > kept.until:
            return None
        changed = change_numbers.newest_since(tx, kept.status.commune.id, kept.number)
        return kept.status if changed is None else None

    def keep(self, status: StatusView, number: int) -> None:
        """Keep what was read in the transaction that saw this number."""
        self._kept[status.id] = _Kept(status, number, time.monotonic() + SECONDS)
        if len(self._kept) > _MOST:
            self._kept.popitem(last=False)
