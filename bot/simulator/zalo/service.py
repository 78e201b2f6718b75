"""The API methods for everything but messages: getMe, updates, webhook."""

from typing import Any

from bot.simulator.refusal import ApiRefusal
from bot.simulator.zalo.addresses import check_public
from bot.simulator.zalo.delivery import probe
from bot.simulator.zalo.specification import SECRET_LENGTH, Parameters, wrong
from bot.simulator.zalo.world import World

_SECONDS_TO_POLL = 30


async def get_me(world: World, _: Parameters) -> dict[str, Any]:
    """Answer a call of getMe."""
    return {
        "id": world.bot_id,
        "account_name": world.account_name,
        "account_type": "BASIC",
        "can_join_groups": True,
    }


async def get_updates(world: World, parameters: Parameters) -> dict[str, Any]:
    """Answer a call of getUpdates with one event; raise a 408 when none comes in time."""
    if world.webhook.url:
        raise wrong("getUpdates doesn't go beside a webhook; call deleteWebhook first")
    update = await world.updates.poll(parameters.get("timeout", _SECONDS_TO_POLL))
    if update is None:
        raise ApiRefusal(408, "Request timeout")
    return update if world.variants.named else {"message": update["message"]}


async def set_webhook(world: World, parameters: Parameters) -> dict[str, Any]:
    """Answer a call of setWebhook; probe the address at once, and set it even if that fails."""
    url, secret = parameters["url"], parameters["secret_token"]
    check_public("url", url, loopback=world.loopback, https_only=True)
    if len(secret) not in SECRET_LENGTH:
        raise wrong("secret_token must have 8 to 256 characters")
    world.webhook.url, world.webhook.secret = url, secret
    world.webhook.updated_at = world.stamp()
    world.updates.polled = False
    verification = await probe(world)
    world.bell.ring()
    return {**world.webhook.described(), "verification": verification}


async def delete_webhook(world: World, _: Parameters) -> dict[str, Any]:
    """Answer a call of deleteWebhook."""
    world.webhook.url, world.webhook.secret = "", ""
    world.updates.polled = not world.closing
    world.webhook.updated_at = world.stamp()
    return world.webhook.described()


async def get_webhook_info(world: World, _: Parameters) -> dict[str, Any]:
    """Answer a call of getWebhookInfo."""
    return world.webhook.described()
