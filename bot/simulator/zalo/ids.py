"""The ids that Zalo gives: 20 hexadecimal digits."""

import hashlib
import secrets

_DIGITS = 20


def new_id() -> str:
    """An id that nothing else has."""
    return secrets.token_hex(_DIGITS // 2)


def id_at(bot: str, person: object) -> str:
    """The id of a person or group at this bot; another bot knows them by another one."""
    return hashlib.sha256(f"{bot}/{person}".encode()).hexdigest()[:_DIGITS]
