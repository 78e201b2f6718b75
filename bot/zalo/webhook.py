"""What comes to a Zalo bot's own address: events with the secret, probes, empty bodies."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from bot.zalo.updates import payloads

SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header


@dataclass(frozen=True, slots=True)
class Heard:
    """The events to store before `status` is answered; without any it is answered at once."""

    status: int
    events: tuple[dict[str, Any], ...] = ()


def hear(headers: Mapping[str, str], body: bytes, secret: str) -> Heard:
    """What a request holds. `headers` are looked up by name in any case.

    Zalo probes an address when it is set, with what and with which secret is not known, and posts
    empty bodies: what holds no event changes nothing and gets its 200. An event needs the secret.
    """
    given = headers.get(SECRET_HEADER, "")
    known = hmac.compare_digest(given.encode("utf-8", "surrogatepass"), secret.encode())
    if not body.strip():
        return Heard(HTTPStatus.OK)
    try:
        events = payloads(json.loads(body))
    except (ValueError, RecursionError):
        return Heard(HTTPStatus.BAD_REQUEST if known else HTTPStatus.FORBIDDEN)
    if events and not known:
        return Heard(HTTPStatus.FORBIDDEN)
    return Heard(HTTPStatus.OK, tuple(events))
