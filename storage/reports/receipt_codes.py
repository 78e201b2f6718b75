"""The short code on a receipt, such as "DC-7K4Q", which people read out on the telephone."""

import secrets
import unicodedata

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.tables import communes, reports, units

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without 0 O, 1 I L, and U, which looks like V
_LENGTH = 4
_KINDS = {"xã", "phường", "thị", "trấn", "đặc", "khu"}


def new_code(tx: Connection, unit_id: int) -> str:
    """Return a new unique code that begins with the commune's initials."""
    name = tx.scalar(
        sa.select(communes.c.name).join_from(units, communes).where(units.c.id == unit_id)
    )
    prefix = initials(name or "")
    # 30^4 codes for each prefix: a collision is rare, so a second try is enough.
    while True:
        code = f"{prefix}-{''.join(secrets.choice(_LETTERS) for _ in range(_LENGTH))}"
        if tx.scalar(sa.select(reports.c.id).where(reports.c.code == code)) is None:
            return code


def initials(name: str) -> str:
    """Return the initials of a commune's name without "xã" or "phường": "DC" for "Xã Đồi Chè"."""
    words = [word for word in name.split() if word.casefold() not in _KINDS]
    letters = "".join(word[0] for word in words[:4]).replace("Đ", "D").replace("đ", "d")
    plain = unicodedata.normalize("NFD", letters)
    kept = "".join(letter for letter in plain.upper() if "A" <= letter <= "Z")
    return kept or "BC"
