"""The token of a signed URL: a random name, the time until which it is valid, and a signature.

A token reveals nothing about its person or content. Nobody can make or change one without the key.
"""

import base64
import hmac
import re
from datetime import UTC, datetime
from typing import Literal

NAME_BYTES = 16
_UNTIL_BYTES, _SIGNATURE_BYTES = 5, 18
# 39 bytes in all, a multiple of three, so that no two base64 texts decode to the same bytes.
_TOKEN = re.compile(r"[\w-]{52}", re.ASCII)
_VERSION = b"1"

Refused = Literal["forged", "expired"]


def token_of(key: bytes, name: bytes, until: datetime) -> str:
    """Return the token of a name of NAME_BYTES bytes, valid before `until` (whole seconds)."""
    if len(name) != NAME_BYTES:
        raise ValueError(f"a name has {NAME_BYTES} bytes")
    signed = name + int(until.timestamp()).to_bytes(_UNTIL_BYTES, "big")
    return base64.urlsafe_b64encode(signed + _signature(key, signed)).decode()


def read_token(key: bytes, token: str, now: datetime) -> bytes | Refused:
    """Return the name in a token, or why the token is refused."""
    if not _TOKEN.fullmatch(token):
        return "forged"
    raw = base64.urlsafe_b64decode(token)
    signed, signature = raw[:-_SIGNATURE_BYTES], raw[-_SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(key, signed)):
        return "forged"
    until = datetime.fromtimestamp(int.from_bytes(signed[NAME_BYTES:], "big"), UTC)
    return signed[:NAME_BYTES] if now < until else "expired"


def _signature(key: bytes, signed: bytes) -> bytes:
    return hmac.digest(key, _VERSION + signed, "sha256")[:_SIGNATURE_BYTES]
