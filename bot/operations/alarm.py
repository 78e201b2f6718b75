"""Tells the operators by Telegram that the program has ended by itself, without its database.

systemd runs it after every end of the service and says in the environment how that was.
"""

import os
import platform
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from telegram import Bot
from telegram.error import TelegramError

from bot.service.clock import Clock
from bot.service.exit_error import ANOTHER_POLLER, NOT_REACHED, TOKEN_REFUSED, WRONG_SET_UP
from bot.settings import Settings
from bot.telegram.connecting import opened_bot
from handlers.texts import DEFAULT_LANGUAGE, texts_of, without_tags

WRONG_USE = 2  # click's own exit code
NOT_STARTED_AGAIN = (WRONG_USE, TOKEN_REFUSED, ANOTHER_POLLER)  # as in the units
SECONDS_APART = 6 * 3600  # a program that ends every ten seconds isn't told every ten seconds
NOTED = "alarm-raised"  # in DATA_DIR; its time is that of the last alarm
_WHY = {
    WRONG_SET_UP: "alarm.why_set_up",
    TOKEN_REFUSED: "alarm.why_token",
    ANOTHER_POLLER: "alarm.why_another",
    NOT_REACHED: "alarm.why_network",
}


@dataclass(frozen=True, slots=True)
class Ending:
    """How the service ended."""

    result: str  # systemd's: success, exit-code, signal, watchdog, oom-kill …
    code: int | None  # the exit code, if it exited

    @property
    def starts_again(self) -> bool:
        """Whether systemd starts it again."""
        return self.code not in NOT_STARTED_AGAIN


def ending_of_service() -> Ending | None:
    """How systemd says that the service ended; None when a person runs the command."""
    result = os.environ.get("SERVICE_RESULT")
    if result is None:
        return None
    status = os.environ.get("EXIT_STATUS", "")
    exited = os.environ.get("EXIT_CODE") == "exited" and status.isdecimal()
    return Ending(result, int(status) if exited else None)


def due(ending: Ending, data_dir: Path) -> bool:
    """Whether this end is to be told: not one on request, not the next of a row."""
    if ending.result == "success":
        return False
    noted = data_dir / NOTED
    lately = noted.exists() and 0 <= time.time() - noted.stat().st_mtime < SECONDS_APART
    return not (lately and ending.starts_again)


async def raise_alarm(settings: Settings, ending: Ending | None) -> dict[str, str | None]:
    """Send it to each of OPERATOR_IDS; why somebody wasn't reached, else None.

    It is noted before it is sent: where nothing can be noted, a message every ten seconds would
    follow. It isn't noted when nobody got it.
    """
    noted = settings.data_dir / NOTED
    if ending is not None:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        noted.touch(mode=0o600)
    outcome = await _told(settings, _text(settings, ending))
    if ending is not None and all(outcome.values()):
        noted.unlink(missing_ok=True)
    return outcome


async def _told(settings: Settings, text: str) -> dict[str, str | None]:
    async with opened_teller(settings) as bot:
        return {one: await _sent(bot, one, text) for one in sorted(settings.operator_ids)}


@asynccontextmanager
async def opened_teller(settings: Settings) -> AsyncIterator[Bot]:
    """The bot that tells: the second one, or the bot itself where there is none."""
    token = settings.alarm_bot_token or settings.telegram_bot_token
    teller = settings.model_copy(update={"telegram_bot_token": token})
    async with opened_bot(teller) as (bot, _):
        yield bot


async def _sent(bot: Bot, operator: str, text: str) -> str | None:
    try:
        await bot.send_message(int(operator), text)
    except TelegramError as error:
        return str(error)
    return None


def _text(settings: Settings, ending: Ending | None) -> str:
    texts = texts_of(DEFAULT_LANGUAGE)
    at = {"machine": platform.node(), "at": texts.time(Clock().now(), settings.timezone)}
    if ending is None:
        return without_tags(texts.say("alarm.trial", **at))
    if ending.result == "watchdog":
        why = texts.say("alarm.why_hung")
    else:
        why = texts.say(_WHY.get(ending.code or 0, "alarm.why_broken"))
    then = texts.say("alarm.starts_again" if ending.starts_again else "alarm.stays_down")
    return without_tags(texts.say("alarm.ended", why=why, then=then, **at))
