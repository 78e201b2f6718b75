"""Join links; they contain the bot's user name, which only Telegram knows."""

from bot.cli.session import settings
from bot.language import gettext as _


def no_name() -> str:
    """The sentence for a bot whose user name isn't known."""
    return _(
        "Telegram couldn't be asked for the bot's name, so there are codes and no links;"
        " a link is https://t.me/<name of the bot>?start=<code>."
    )


def join_link(username: str | None, code: str) -> str | None:
    """The link that opens the bot with this code; None without the bot's user name."""
    return f"https://t.me/{username}?start={code}" if username else None


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
