"""Telegram's bot as a part of the program: it receives updates and sends messages."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from urllib.parse import urlsplit

from starlette.routing import Route
from telegram.ext import ExtBot
from telegram.request import BaseRequest

from bot.intake.intake import Intake
from bot.messengers import Messenger
from bot.operations.metrics import Metrics
from bot.operations.readiness import Readiness
from bot.sending.bot_queue import BotQueue
from bot.sending.delay_notice import DelayNotice
from bot.sending.exporting import Exports
from bot.sending.outage import Outage
from bot.service.bot_component import Offer
from bot.service.clock import Clock
from bot.service.clock_watch import ClockWatch
from bot.service.tasks import Tasks
from bot.service.workers.conflict_monitor import ConflictMonitor
from bot.settings import Settings
from bot.telegram import updates
from bot.telegram.channel import TelegramChannel
from bot.telegram.connecting import set_webhook, take_by_webhook
from bot.telegram.delivery import TelegramDelivery
from bot.telegram.files import TelegramFiles
from bot.telegram.limiter import Limiter
from bot.telegram.polling import FORGIVEN_CONFLICTS, Poller, webhook
from bot.telegram.webhook_watch import WebhookWatch
from handlers.flow.channel import TELEGRAM
from handlers.operator.notices import PlanUse
from storage.engine.database import Database


class TelegramComponent:
    """The bot with the token TELEGRAM_BOT_TOKEN."""

    name = TELEGRAM

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        database: Database,
        bot: ExtBot[str],
        limiter: Limiter,
        metrics: Metrics,
        poll_request: BaseRequest,
        tasks: Tasks,
        watch: ClockWatch,
        exports: Exports,
        tell_of_rival: Callable[[], None],
    ) -> None:
        self.bot = bot
        self.limiter = limiter
        self._settings = settings
        self._clock = clock
        self._database = database
        self._metrics = metrics
        self._poll_request = poll_request
        self._tasks = tasks
        self._dated = watch.dated
        self.channel = TelegramChannel(
            bot, limiter, database, clock, tasks, metrics, settings.data_dir, exports
        )
        self.messenger = Messenger(updates, self.channel)
        outage = Outage()
        delivery = TelegramDelivery(self.channel, clock, outage)
        self.queue = BotQueue(self.channel, delivery, limiter.pacing, outage)
        self.files = TelegramFiles(bot)
        self._by_webhook = settings.webhook_url is not None
        self._conflicts = ConflictMonitor(
            tell_of_rival, forgiven=0 if self._by_webhook else FORGIVEN_CONFLICTS
        )
        self.watch = WebhookWatch(
            bot, settings.webhook_url, self._conflicts, partial(set_webhook, bot, settings)
        )
        self.intake: Intake
        self.poller: Poller

    def receive(self, offer: Offer, notice: DelayNotice) -> None:
        """Pass updates to the dispatcher (`offer`) once they are stored."""
        self.intake = Intake(
            self._database, self._clock, TELEGRAM, updates, offer, notice, self._metrics,
            self._dated,
        )  # fmt: skip
        self.poller = Poller(
            self.bot, self._poll_request, self.intake, self._metrics, self._conflicts
        )

    def routes(self, readiness: Readiness) -> list[Route]:
        """Return the endpoint of WEBHOOK_URL; nothing without the setting."""
        address = self._settings.webhook_url
        if address is None:
            return []
        endpoint = webhook(self.intake, self._settings.secret, self.watch, readiness)
        return [Route(urlsplit(address).path or "/", endpoint, methods=["POST"])]

    async def start(self, stack: AsyncExitStack) -> None:
        """Start to poll, unless WEBHOOK_URL is set."""
        if self._by_webhook:
            return
        polling = self._tasks.start(self.poller.run(), "poller", essential=True)
        stack.callback(polling.cancel)
        stack.callback(self._tasks.start(self.poller.watch(), "poll watch").cancel)

    async def start_webhook(self, stack: AsyncExitStack, stop: asyncio.Event) -> None:
        """Set the webhook and start to watch it, if WEBHOOK_URL is set."""
        if not self._by_webhook:
            return
        await take_by_webhook(self.bot, self._settings, stop)
        watching = self._tasks.start(self.watch.run(), "webhook watch", essential=True)
        stack.callback(watching.cancel)

    def trouble(self) -> str | None:
        """Return why updates or messages may not get through; None if they do."""
        return self.unreached or self.limiter.trouble()

    async def plan_nearly_used(self) -> PlanUse | None:
        """Return None: Telegram has no plan."""
        return None

    def pauses(self) -> list[str]:
        """Return the long pauses that Telegram demands, in words."""
        return self.limiter.pauses()

    @property
    def commune(self) -> None:
        """None: the bot serves all communes."""
        return

    @property
    def unreached(self) -> str | None:
        """Why no updates arrive; None while they arrive."""
        return self.watch.trouble() if self._by_webhook else self.poller.trouble()

    @property
    def age(self) -> float:
        """Seconds since a poll was answered, or the webhook was called."""
        return self.watch.age if self._by_webhook else self.poller.age
