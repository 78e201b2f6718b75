"""Short codes to type. They are stored only as a hash, whose key is not in the database.

A code has ten of Crockford's 32 letters and digits, which cannot be confused with each other.
"""

import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage.people.invitations import Invitation, by_short_code
from storage.secret_key import derived_key
from storage.tables import invitations

PURPOSE = "short codes of invitations"  # of the derived key
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
_GROUPS = (4, 3, 3)
_LONGEST_TYPED = 40
_PRINTED_BEFORE = re.compile(
    r"\s*(?:mã(?: mời)?|ma(?: moi)?|(?:invitation )?code)\s*:", re.IGNORECASE
)
_SPACES = re.compile(r"[\s\-–—]+")
# Letters that people type for one of ours; a Vietnamese keyboard makes "Ư" of "W".
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1", "Ư": "W"})
# It needs a letter and a digit other than 0 and 1, so that no telephone number is a code, nor is
# "khong co gia".
_CODE = re.compile(rf"(?=.*[A-Z])(?=.*[2-9])[{ALPHABET}]{{{LENGTH}}}")
# A Vietnamese keyboard (Telex, VNI) makes one letter with a mark of these keys.
_COMPOSED = re.compile(r"[AEY].*[AEYSFRXJWZ1-9]|D.*[D9]")
_KEY_NAME_LENGTH = 8

_GIVE = (
    sa.update(invitations)
    .where(invitations.c.id == bindparam("of_id"))
    .values(short_code_hash=bindparam("hashed"))
)


def new_code() -> str:
    """Return a random code of about 49 bits that a Vietnamese keyboard does not change."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if _CODE.fullmatch(code) and not _COMPOSED.search(code):
            return code


def read_code(typed: str) -> str | None:
    """Return the code that a whole text is, in any case, with spaces or dashes, or None."""
    if len(typed) > _LONGEST_TYPED:
        return None
    code = _SPACES.sub("", _PRINTED_BEFORE.sub("", typed)).upper().translate(_MEANT)
    return code if _CODE.fullmatch(code) else None


def grouped(code: str) -> str:
    """Return the code as it is shown: "7KQ4-M2X-9HB"."""
    parts, start = [], 0
    for length in _GROUPS:
        parts.append(code[start : start + length])
        start += length
    return "-".join(parts)


class ShortCodes:
    """Makes and finds codes with the installation's key; another key finds none of them."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        # It shows with which key a hash was made, so that `check` can report that the key was
        # changed.
        self._key_name = hmac.digest(key, b"name", "sha256").hex()[:_KEY_NAME_LENGTH]

    @classmethod
    def of(cls, data_dir: Path) -> Self:
        """Return the codes with the installation's key in this folder; make a missing key."""
        return cls(derived_key(data_dir, PURPOSE))

    def give(self, tx: Connection, invitation_ids: Sequence[int]) -> list[str]:
        """Return a new code for each of these invitations, in order; it replaces an earlier one."""
        codes = [new_code() for _ in invitation_ids]
        rows = [
            {"of_id": one, "hashed": self._hash(code)}
            for one, code in zip(invitation_ids, codes, strict=True)
        ]
        if rows:
            tx.execute(_GIVE, rows)
        return codes

    def find(self, tx: Connection, code: str) -> Invitation | None:
        """Return the invitation of a code from `read_code`, valid or not; None if unknown."""
        return by_short_code(tx, self._hash(code))

    def count_with_other_key(self, tx: Connection, now: datetime) -> int:
        """Return the number of open invitations whose code was made with another key."""
        return (
            tx.scalar(
                sa.select(sa.func.count()).where(
                    invitations.c.short_code_hash.is_not(None),
                    sa.not_(invitations.c.short_code_hash.startswith(self._key_name)),
                    invitations.c.revoked_at.is_(None),
                    invitations.c.used < invitations.c.uses,
                    invitations.c.expires_at > now,
                )
            )
            or 0
        )

    def linking_hash(self, code: str) -> str:
        """Return the keyed hash of a code that links two chats (`storage.people.linkings`)."""
        return self._hash(f"linking {code}")

    def board_hash(self, secret: str) -> str:
        """Return the keyed hash of a link, a code or a cookie of the board (`board_sessions`)."""
        return self._hash(f"board {secret}")

    def _hash(self, code: str) -> str:
        return f"{self._key_name}:{hmac.digest(self._key, code.encode(), 'sha256').hex()}"
