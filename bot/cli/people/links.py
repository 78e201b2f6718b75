"""Join links and short codes; links contain the bot's name, which only its messenger knows."""

from typing import TYPE_CHECKING

from bot.cli.session import settings
from bot.language import gettext as _

if TYPE_CHECKING:
    from handlers.flow.deployment import BotLink
    from storage.people.short_codes import ShortCodes


def no_link_reason() -> str:
    """Return the sentence for a bot whose user name isn't known."""
    return _(
        "Telegram couldn't be asked for the bot's name, so there are codes and no links;"
        " a link is https://t.me/<name of the bot>?start=<code>."
    )


def join_link(username: str | None, code: str) -> str | None:
    """Return the link that opens the bot with this code; None without the bot's user name."""
    return f"https://t.me/{username}?start={code}" if username else None


def short_codes() -> "ShortCodes":
    """Return the installation's short codes; create their key if there is none yet."""
    from storage.people.short_codes import ShortCodes

    return ShortCodes.of(settings().data_dir)


def zalo_links(commune: str) -> "list[BotLink]":
    """Ask Zalo for the links of the commune's bots; leave out bots without an answer."""
    import asyncio

    from bot.zalo.client import ZaloClient, ZaloError
    from bot.zalo.set_up import ZaloBot, zalo_bots, zalo_session

    bots = [one for one in zalo_bots(settings())[0] if one.commune == commune]

    async def ask(bot: ZaloBot) -> "BotLink | None":
        try:
            async with asyncio.timeout(10), zalo_session() as session:
                me = await ZaloClient(session, bot.token, bot.url).get_me()
        except (ZaloError, TimeoutError):
            return None
        return me.as_link(bot.name)

    async def ask_all() -> "list[BotLink | None]":
        return await asyncio.gather(*(ask(one) for one in bots))

    return [one for one in asyncio.run(ask_all()) if one is not None] if bots else []


def bot_username() -> str | None:
    """Ask Telegram for the bot's user name; None without a token or connection."""
    import asyncio

    from telegram.error import TelegramError

    from bot.telegram.connecting import opened_bot

    chosen = settings()
    if chosen.telegram_bot_token is None:
        return None

    async def ask() -> str | None:
        async with asyncio.timeout(10), opened_bot(chosen) as (bot, _):
            return (await bot.get_me()).username

    try:
        return asyncio.run(ask())
    except (TelegramError, TimeoutError):
        return None
