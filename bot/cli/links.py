"""Join links and short codes; links contain the bot's user name, which only Telegram knows."""

from typing import TYPE_CHECKING

from bot.cli.session import settings

if TYPE_CHECKING:
    from storage.short_codes import ShortCodes

NO_NAME = (
    "Telegram couldn't be asked for the bot's name, so there are codes and no links;"
    " a link is https://t.me/<name of the bot>?start=<code>."
)


def join_link(username: str | None, code: str) -> str | None:
    """The link that opens the bot with this code; None without the bot's user name."""
    return f"https://t.me/{username}?start={code}" if username else None


def short_codes() -> "ShortCodes":
    """The installation's short codes; their key is made if there is none yet."""
    from storage.short_codes import ShortCodes

    return ShortCodes.of(settings().data_dir)


def bot_username() -> str | None:
    """The bot's user name from Telegram; None without a token or connection."""
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
