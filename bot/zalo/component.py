"""A Zalo bot as a part of the program: it receives events and sends messages."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import structlog
from starlette.routing import Route

from bot.intake.intake import Intake
from bot.language import later
from bot.messengers import Messenger
from bot.operations.metrics import Metrics
from bot.operations.readiness import Readiness
from bot.sending.bot_queue import BotQueue
from bot.sending.delay_notice import DelayNotice
from bot.sending.exporting import Exports
from bot.sending.outage import Outage
from bot.sending.pacing import Pacing
from bot.service.bot_component import Offer
from bot.service.clock import Clock
from bot.service.clock_watch import ClockWatch
from bot.service.tasks import Tasks
from bot.signed_urls.temporary_files import TemporaryFiles
from bot.zalo.calls import Calls
from bot.zalo.channel import ZaloChannel, ZaloDelivery
from bot.zalo.client import ZaloClient
from bot.zalo.enclosures import Enclosures
from bot.zalo.files import ZaloFiles
from bot.zalo.polling import ZaloPoller
from bot.zalo.quota import Quota, month_of
from bot.zalo.reader import Strangers, ZaloReader
from bot.zalo.set_up import ZaloBot
from bot.zalo.webhook import ZaloHook, endpoint
from handlers.flow.deployment import BotLink
from handlers.operator.notices import PlanUse
from storage.engine.database import Database

log = structlog.get_logger(__name__)

PACE = 10.0  # messages a second; Zalo publishes no limit, and a bot has at most 50 people
BY_POLLING = later(
    "by polling, which is for trying it out: a message that is read just before the program is"
    " killed may be lost; service is by webhook, set PUBLIC_URL"
)


class ZaloComponent:
    """One bot of the file bots.toml."""

    def __init__(
        self,
        bot: ZaloBot,
        session: aiohttp.ClientSession,
        clock: Clock,
        database: Database,
        metrics: Metrics,
        tasks: Tasks,
        watch: ClockWatch,
        exports: Exports,
        folder: Path,
        temporary_files: TemporaryFiles,
    ) -> None:
        self.name = bot.name
        self._bot = bot
        self._clock = clock
        self._database = database
        self._metrics = metrics
        self._tasks = tasks
        self._dated = watch.dated
        self.client = ZaloClient(session, bot.token, bot.url, watch.answered)
        self.quota = Quota(bot.name, database, clock, bot.messages_a_month)
        calls = Calls(self.client, clock, self.quota)
        strangers = Strangers()
        self.channel = ZaloChannel(
            bot.name, calls, self.quota, database, clock, metrics, strangers,
            Enclosures(bot.name, calls, exports, folder, temporary_files),
        )  # fmt: skip
        self._reader = ZaloReader(bot.name, strangers)
        self.messenger = Messenger(self._reader, self.channel)
        outage = Outage()
        delivery = ZaloDelivery(bot.name, self.channel, self.quota, outage)
        self.queue = BotQueue(self.channel, delivery, Pacing(rate=PACE), outage, self.quota.count)
        self.files = ZaloFiles(session)
        self._hook = (
            ZaloHook(bot.name, self.client, bot.hook, bot.secret) if bot.hook is not None else None
        )
        self._intake: Intake
        self._poller: ZaloPoller

    def link_for(self, commune: str) -> BotLink | None:
        """Return the link to the bot; None for another commune, or until Zalo has answered."""
        me = self.client.me
        return me.as_link(self.name) if me is not None and commune == self._bot.commune else None

    def receive(self, offer: Offer, notice: DelayNotice) -> None:
        """Pass events to the dispatcher (`offer`) once they are stored."""
        self._intake = Intake(
            self._database, self._clock, self.name, self._reader, offer, notice, self._metrics,
            self._dated,
        )  # fmt: skip
        self._poller = ZaloPoller(self.name, self.client, self._intake)

    def routes(self, readiness: Readiness) -> list[Route]:
        """Return the endpoint of its webhook; nothing without a webhook."""
        if self._bot.hook is None:
            return []
        receive = endpoint(self._intake, self._bot.secret, readiness)
        return [Route(urlsplit(self._bot.hook).path, receive, methods=["GET", "POST"])]

    async def start(self, stack: AsyncExitStack) -> None:
        """Start to poll, unless it has a webhook."""
        # The first answer of Zalo also compares its clock with this machine's.
        self._tasks.start(self.channel.probe(), "ask Zalo")
        if self._hook is not None:
            return
        log.warning("a Zalo bot runs", bot=self.name, how=BY_POLLING)
        polling = self._tasks.start(self._poller.run(), "zalo poller", essential=True)
        stack.callback(polling.cancel)

    async def start_webhook(
        self,
        stack: AsyncExitStack,
        stop: asyncio.Event,  # noqa: ARG002 - nothing here takes long
    ) -> None:
        """Start the task that sets the webhook, retries after a failure and keeps it set."""
        if self._hook is None:
            return
        log.info("a Zalo bot runs", bot=self.name, how="by webhook")
        watching = self._tasks.start(self._hook.run(), "zalo webhook", essential=True)
        stack.callback(watching.cancel)

    def trouble(self) -> str | None:
        """Return why events or messages may not get through; None if they do."""
        return self._hook.trouble() if self._hook is not None else self._poller.trouble()

    async def plan_nearly_used(self) -> PlanUse | None:
        """Return the use of its monthly plan; None when enough is left."""
        if not await self.quota.nearly_used():
            return None
        sent, most = await self.quota.used()
        month = month_of(self._clock.now())
        return PlanUse(self.name, self._bot.commune, month, sent, most)

    def pauses(self) -> list[str]:
        """Return nothing: Zalo demands no pauses."""
        return []

    @property
    def commune(self) -> str:
        """The code of the commune that it serves."""
        return self._bot.commune

    @property
    def unreached(self) -> str | None:
        """Why no events arrive; None while they arrive."""
        if self._hook is None and not self._poller.answered:
            return "no poll was answered yet"
        return self.trouble()

    @property
    def age(self) -> float:
        """Seconds since an event could last arrive."""
        return self._hook.age if self._hook is not None else self._poller.age
