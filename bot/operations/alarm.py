"""Sends the operators a Telegram message when the program has ended by itself; needs no database.

systemd runs it after every end of the service, with the result in environment variables.
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
NOT_STARTED_AGAIN = (WRONG_USE, TOKEN_REFUSED, ANOTHER_POLLER)  # as in the systemd units
SECONDS_APART = 6 * 3600  # between alarms, because a program may end every ten seconds
LAST_ALARM = "alarm-raised"  # a file in DATA_DIR; its time is that of the last alarm
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
        """Whether systemd starts the service again."""
        return self.code not in NOT_STARTED_AGAIN


def ending_of_service() -> Ending | None:
    """Return how the service ended, from systemd's variables; None if a person runs the command."""
    result = os.environ.get("SERVICE_RESULT")
    if result is None:
        return None
    status = os.environ.get("EXIT_STATUS", "")
    exited = os.environ.get("EXIT_CODE") == "exited" and status.isdecimal()
    return Ending(result, int(status) if exited else None)


def due(ending: Ending, data_dir: Path) -> bool:
    """Return whether to send an alarm: not for a requested end, nor soon after the last alarm."""
    if ending.result == "success":
        return False
    last = data_dir / LAST_ALARM
    lately = last.exists() and 0 <= time.time() - last.stat().st_mtime < SECONDS_APART
    return not (lately and ending.starts_again)


async def raise_alarm(settings: Settings, ending: Ending | None) -> dict[str, str | None]:
    """Send the alarm to each of OPERATOR_IDS; return the error for each of them, None if sent.

    The time is stored before sending. If it can't be stored, no alarm is sent, because one would
    follow every ten seconds. If nobody got the alarm, the stored time is deleted.
    """
    last = settings.data_dir / LAST_ALARM
    if ending is not None:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        last.touch(mode=0o600)
    outcome = await _send_to_all(settings, _text(settings, ending))
    if ending is not None and all(outcome.values()):
        last.unlink(missing_ok=True)
    return outcome


async def _send_to_all(settings: Settings, text: str) -> dict[str, str | None]:
    async with opened_alarm_bot(settings) as bot:
        return {one: await _send(bot, one, text) for one in sorted(settings.operator_ids)}


@asynccontextmanager
async def opened_alarm_bot(settings: Settings) -> AsyncIterator[Bot]:
    """Open the bot that sends alarms: that of ALARM_BOT_TOKEN, else the program's own."""
    token = settings.alarm_bot_token or settings.telegram_bot_token
    changed = settings.model_copy(update={"telegram_bot_token": token})
    async with opened_bot(changed) as (bot, _):
        yield bot


async def _send(bot: Bot, operator: str, text: str) -> str | None:
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
