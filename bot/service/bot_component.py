"""The interface between the program and each bot that it runs, for every messenger."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any, Protocol

from starlette.routing import Route

from bot.messengers import FileSource, Messenger
from bot.operations.readiness import Readiness
from bot.sending.bot_queue import BotQueue
from bot.sending.delay_notice import DelayNotice
from handlers.operator.notices import PlanUse
from storage.messages.inbox import Update

Offer = Callable[[Sequence[Update], "asyncio.Future[Any]"], None]


class BotComponent(Protocol):
    """One bot: it receives updates, sends messages and reports what is wrong."""

    @property
    def name(self) -> str:
        """The bot's name, as stored in the database."""

    @property
    def messenger(self) -> Messenger:
        """The reader of its updates and the channel that shows its replies."""

    @property
    def queue(self) -> BotQueue:
        """The queue that sends its messages of the outbox."""

    @property
    def files(self) -> FileSource:
        """The source of the files that people sent to it."""

    def receive(self, offer: Offer, notice: DelayNotice) -> None:
        """Set where stored updates are passed to. The program calls it once, before `start`."""

    def routes(self, readiness: Readiness) -> list[Route]:
        """Return the endpoint of its webhook; nothing without a webhook."""

    async def start(self, stack: AsyncExitStack) -> None:
        """Start to poll, unless it has a webhook."""

    async def start_webhook(self, stack: AsyncExitStack, stop: asyncio.Event) -> None:
        """Set the webhook, if it has one. The web server already runs."""

    def trouble(self) -> str | None:
        """Return why updates or messages may not get through, in one sentence; None if they do."""

    async def plan_nearly_used(self) -> PlanUse | None:
        """Return the use of its monthly plan; None without a plan or when enough is left."""

    def pauses(self) -> list[str]:
        """Return the long pauses that the messenger demands, in words."""

    @property
    def commune(self) -> str | None:
        """The code of the only commune that it serves; None if it serves all."""

    @property
    def unreached(self) -> str | None:
        """Why no updates arrive; None while they arrive."""

    @property
    def age(self) -> float:
        """Seconds since an update could last arrive."""
