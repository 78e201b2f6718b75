"""Delivers events to the webhook: with the secret, in order, with retries; probes a new address."""

import json
import time
from typing import Any

from bot.simulator.zalo.updates import PROBE, Update
from bot.simulator.zalo.web import NotReached
from bot.simulator.zalo.world import World

SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
_PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0)


async def probe(world: World) -> dict[str, Any]:
    """Post a probe to the webhook; return the result in the form of setWebhook's answer."""
    try:
        status = await _post(world, PROBE)
    except NotReached as reason:
        return {"ok": False, "outcome": "unreachable", "status_code": 0, "hint": str(reason)}
    if 200 <= status < 300:
        return {"ok": True, "outcome": "verified", "status_code": status, "hint": ""}
    hint = "the address must answer 200"
    return {"ok": False, "outcome": "bad_status", "status_code": status, "hint": hint}


async def deliver(world: World) -> None:
    """Deliver until the world closes, one event after the other to preserve their order."""
    failures = 0
    while not world.closing:
        webhook = world.webhook
        update = world.updates.next()
        if not webhook.url or (update is None and not webhook.extra_bodies):
            await world.bell.wait(0.5)
            continue
        if webhook.extra_bodies:
            await _try(world, webhook.extra_bodies.popleft())  # once, without a retry
            continue
        if update is not None and await _try(world, _body(world, update)):
            world.updates.delivered(update)
            failures = 0
            continue
        until = time.monotonic() + _PAUSES[min(failures, len(_PAUSES) - 1)]
        failures += 1
        while not world.closing and (left := until - time.monotonic()) > 0:
            await world.bell.wait(left)


def _body(world: World, update: Update) -> bytes:
    return json.dumps({"ok": True, "result": update} if world.variants.wrapped else update).encode()


async def _try(world: World, body: bytes) -> bool:
    """Post the body once; return whether the webhook accepted it."""
    try:
        status = await _post(world, body)
    except NotReached:
        return False
    world.webhook.statuses.append(status)
    world.bell.ring()
    return 200 <= status < 300


async def _post(world: World, body: bytes) -> int:
    headers = {SECRET_HEADER: world.webhook.secret}
    return (await world.web.post(world.webhook.url, body, headers)).status
