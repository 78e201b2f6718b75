"""The check of the alarm: who gets a message when the bot has ended by itself."""

import asyncio

from telegram.error import InvalidToken, TelegramError

from bot.language import gettext as _
from bot.operations.alarm import opened_alarm_bot
from bot.operations.check.result import CheckResult
from bot.settings import Settings

SECONDS = 15


async def alarm_results(settings: Settings) -> list[CheckResult]:
    """Check whether anybody gets the alarm, and from which bot."""
    if not settings.operator_ids:
        text = _("OPERATOR_IDS is not set: nobody is told when the bot has ended")
        return [CheckResult("alarm", ok=True, text=text)]
    if settings.alarm_bot_token is None:
        text = _("by the bot itself, so not when its token is refused: see ALARM_BOT_TOKEN")
        return [CheckResult("alarm", ok=True, text=text)]
    try:
        async with asyncio.timeout(SECONDS), opened_alarm_bot(settings) as bot:
            me = await bot.get_me()
    except InvalidToken:
        return [CheckResult("alarm", ok=False, text=_("Telegram refuses ALARM_BOT_TOKEN"))]
    except (TelegramError, TimeoutError):
        return [CheckResult("alarm", ok=False, text=_("Telegram can't be reached"))]
    text = _("by @{username}; try it with `smart-commune alarm`", username=me.username)
    return [CheckResult("alarm", ok=True, text=text)]
