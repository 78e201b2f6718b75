"""The checks of Telegram: connection, token, clock, webhook, and long pauses."""

import asyncio
from urllib.parse import urlsplit

from telegram import WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.language import gettext as _
from bot.operations.check.result import CheckResult
from bot.sending.pause_file import pauses_result, read_pauses
from bot.service.clock import Clock
from bot.service.clock_watch import ClockWatch
from bot.settings import Settings
from bot.telegram.connecting import opened_bot
from bot.telegram.proxy_errors import ProxyFailed

SECONDS = 15


async def telegram(settings: Settings) -> list[CheckResult]:
    """Check whether Telegram accepts the token, agrees with the clock, and has the webhook."""
    if settings.telegram_bot_token is None:
        return []
    try:
        watch = ClockWatch(Clock())
        async with asyncio.timeout(SECONDS), opened_bot(settings, watch=watch) as (bot, _request):
            me = await bot.get_me()
            hook = await bot.get_webhook_info()
    except InvalidToken:
        return [CheckResult("telegram", ok=False, text=_("refuses TELEGRAM_BOT_TOKEN"))]
    except ProxyFailed as error:
        text = _(
            "{place}: {trouble}; correct TELEGRAM_PROXY_URL, or ask who keeps the proxy",
            place=_host_of(settings.proxy or ""),
            trouble=error.translated(),
        )
        return [CheckResult("proxy", ok=False, text=text)]
    except (TelegramError, TimeoutError) as error:
        reason = str(error) or _("no answer")
        text = _(
            "{address} can't be reached ({reason}); {advice}",
            address=settings.telegram_api_url,
            reason=reason,
            advice=_advice(settings),
        )
        return [CheckResult("telegram", ok=False, text=text)]
    reached = CheckResult(
        "telegram", ok=True, text=_("reached; the bot is @{username}", username=me.username)
    )
    wrong = watch.trouble(_)
    clock = CheckResult("clock", ok=wrong is None, text=wrong or _("it agrees with Telegram's"))
    return [reached, clock, _webhook(settings, hook)]


def _host_of(proxy: str) -> str:
    """Return host and port of the proxy, without its password."""
    return urlsplit(proxy).netloc.rpartition("@")[2]


def _advice(settings: Settings) -> str:
    """Return what to check when Telegram can't be reached."""
    return _("look at the proxy too") if settings.proxy else _("is a proxy needed?")


async def pauses(settings: Settings) -> list[CheckResult]:
    """Check whether Telegram demands a long pause."""
    return pauses_result(await asyncio.to_thread(read_pauses, settings.data_dir))


def _webhook(settings: Settings, hook: WebhookInfo) -> CheckResult:
    wanted = settings.webhook_url or ""
    waiting = _("{count} updates wait", count=hook.pending_update_count)
    if hook.last_error_message and wanted:
        text = _(
            "Telegram's last call failed: {last_error_message}; {waiting}",
            last_error_message=hook.last_error_message,
            waiting=waiting,
        )
        return CheckResult("webhook", ok=False, text=text)
    if hook.url != wanted:
        text = _(
            "{url} is set, {wanted} wanted; `run` sets it; {waiting}",
            url=hook.url or _("none"),
            wanted=wanted or _("none"),
            waiting=waiting,
        )
        return CheckResult("webhook", ok=True, text=text)
    return CheckResult(
        "webhook",
        ok=True,
        text=_("{wanted}, as wanted; {waiting}", wanted=wanted or _("none"), waiting=waiting),
    )
