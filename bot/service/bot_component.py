"""What the program asks of each bot that it runs, whatever its messenger."""

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
    """One bot: its way in, its way out, and what is wrong with it."""

    @property
    def name(self) -> str:
        """The bot's name, by which the database knows it."""

    @property
    def messenger(self) -> Messenger:
        """How its updates are read and its replies are shown."""

    @property
    def queue(self) -> BotQueue:
        """Its way out for messages of the outbox."""

    @property
    def files(self) -> FileSource:
        """What people sent to it."""

    def receive(self, offer: Offer, notice: DelayNotice) -> None:
        """Say to whom updates are passed once they are stored; called once, before `start`."""

    def routes(self, readiness: Readiness) -> list[Route]:
        """The endpoint of its webhook, if it has one."""

    async def start(self, stack: AsyncExitStack) -> None:
        """Poll, unless it has a webhook."""

    async def start_webhook(self, stack: AsyncExitStack, stop: asyncio.Event) -> None:
        """Set the webhook, if it has one; its endpoint answers already."""

    def trouble(self) -> str | None:
        """Why updates or messages may not pass, in one sentence; None while they do."""

    async def plan_nearly_used(self) -> PlanUse | None:
        """How far its monthly plan is used up, where it has one and little is left."""

    def pauses(self) -> list[str]:
        """Long pauses that the messenger demands, in words."""

    @property
    def commune(self) -> str | None:
        """The code of the only commune that it serves; None where it serves all."""

    @property
    def unreached(self) -> str | None:
        """Why no updates arrive, or None."""

    @property
    def age(self) -> float:
        """Seconds since updates could last arrive."""
