"""Slows down who tries joining codes: nothing is kept of a stranger but a number in memory.

One account is refused after a few wrong codes; many accounts together only make all wait a little.

An account is counted under a hash whose key lives and dies with the process, for one hour.
"""

import hashlib
import secrets
from collections import Counter, deque
from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)
OF_ONE = 5  # wrong codes of one account
CAREFUL = 100  # wrong codes over all: from here on every answer to a code is held back
SECONDS_HELD_BACK = 5.0


class CodeRateLimit:
    """The wrong codes of the last hour; after `most` over all, none is looked up at all."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._key = secrets.token_bytes(32)
        self._wrong: deque[tuple[datetime, bytes]] = deque()
        self._by_account: Counter[bytes] = Counter()

    def too_many(self, account: str, now: datetime) -> bool:
        """Whether a code of this account isn't to be looked up at all."""
        self._forget(now)
        if self._most is not None and len(self._wrong) >= self._most:
            return True
        return self._by_account[self._name(account)] >= OF_ONE

    def held_back(self, now: datetime) -> float:
        """Seconds that the answer to a code is held back, a right one's too."""
        self._forget(now)
        return SECONDS_HELD_BACK if len(self._wrong) >= CAREFUL else 0.0

    def wrong(self, account: str, now: datetime) -> None:
        """Count a code that never was one."""
        name = self._name(account)
        self._wrong.append((now, name))
        self._by_account[name] += 1

    def _forget(self, now: datetime) -> None:
        while self._wrong and self._wrong[0][0] <= now - WINDOW:
            _, name = self._wrong.popleft()
            self._by_account[name] -= 1
            if not self._by_account[name]:
                del self._by_account[name]

    def _name(self, account: str) -> bytes:
        return hashlib.blake2b(account.encode(), key=self._key, digest_size=16).digest()
