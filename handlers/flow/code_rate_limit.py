"""A limit of wrong joining codes: an account is refused after a few, for one hour.

Many wrong codes of many accounts delay every answer to a code. Only a count in memory is stored
about a stranger, under a hash with a key that is new in each process.
"""

import hashlib
import secrets
from collections import Counter, deque
from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)
# Joining codes are too long to guess, so for them these limits are only a second defence
# (docs/decisions/0010-guessed-codes-in-memory.md).
OF_ONE = 5  # wrong codes of one account
# Wrong codes of all accounts, from which every answer to a code is delayed. Without `most` codes
# are still looked up: else one attacker could lock out a commune on the day of its invitations.
CAREFUL = 100
DELAY_SECONDS = 5.0


class CodeRateLimit:
    """The wrong codes of the last hour; after `most` of all accounts, no code is looked up."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._key = secrets.token_bytes(32)
        self._wrong: deque[tuple[datetime, bytes]] = deque()
        self._by_account: Counter[bytes] = Counter()

    def too_many(self, account: str, now: datetime) -> bool:
        """Return whether a code of this account must not be looked up."""
        self._forget(now)
        if self._most is not None and len(self._wrong) >= self._most:
            return True
        return self._by_account[self._hash(account)] >= OF_ONE

    def delay(self, now: datetime) -> float:
        """Return the delay, in seconds, of the answer to any code, also to a right one."""
        self._forget(now)
        return DELAY_SECONDS if len(self._wrong) >= CAREFUL else 0.0

    def wrong(self, account: str, now: datetime) -> None:
        """Count a code that was never issued."""
        key = self._hash(account)
        self._wrong.append((now, key))
        self._by_account[key] += 1

    def _forget(self, now: datetime) -> None:
        while self._wrong and self._wrong[0][0] <= now - WINDOW:
            _, key = self._wrong.popleft()
            self._by_account[key] -= 1
            if not self._by_account[key]:
                del self._by_account[key]

    def _hash(self, account: str) -> bytes:
        return hashlib.blake2b(account.encode(), key=self._key, digest_size=16).digest()
