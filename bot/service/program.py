"""The parts of one installation, connected with each other; they close in reverse order."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.intake.chat_locks import SingleProcessLocks
from bot.intake.conversation import ConversationRunner
from bot.intake.difficulty_photos import DifficultyPhotos
from bot.intake.dispatcher import Dispatcher
from bot.intake.evidence import EvidenceFetching
from bot.intake.fetcher import Fetcher
from bot.intake.workbooks import Workbooks
from bot.language import gettext as _
from bot.messengers import Files
from bot.operations.logs import report
from bot.operations.metrics import Metrics
from bot.operations.metrics_page import MetricsPage
from bot.operations.readiness import Readiness
from bot.sending.delay_notice import DelayNotice
from bot.sending.exporting import Exports
from bot.sending.sender import OutboxSender
from bot.service.bot_component import BotComponent
from bot.service.clock import Clock
from bot.service.clock_watch import ClockWatch
from bot.service.contacts import Contacts
from bot.service.exit_error import BUG, ExitError
from bot.service.jobs import Jobs
from bot.service.tasks import Tasks
from bot.service.web import WebServer, routes
from bot.service.workers.bot_lock_watch import keep_bot_lock
from bot.service.workers.worker import ActiveWorkerCallbacks, Workers
from bot.settings import Settings
from bot.signed_urls.route import address_route
from bot.signed_urls.temporary_files import TemporaryFiles
from bot.telegram.component import TelegramComponent
from handlers.flow.channel import TELEGRAM
from handlers.flow.deployment import Deployment
from handlers.messages.claim import claim
from handlers.messages.kinds import BULK
from handlers.operator import notices
from storage.conversations import conversations
from storage.engine.database import Database
from storage.errors import StorageError

if TYPE_CHECKING:
    from bot.board.service import Board
    from storage.engine.worker_session import WorkerSession  # PostgreSQL only

log = structlog.get_logger(__name__)

SECONDS_TO_STOP = 20.0
SECONDS_TO_SHOW_AGAIN = 60.0
SHOWN_AGAIN_WITHIN = timedelta(days=2)


class Program:
    """The parts of one installation; start() starts them and pushes their ends onto a stack."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        database: Database,
        metrics: Metrics,
        deployment: Deployment,
        conversation: ConversationRunner,
        watch: ClockWatch,
        parts_of: "Callable[[Program], Sequence[BotComponent]]",
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.clock_watch = watch
        self.database = database
        self.deployment = deployment
        self.crashed: asyncio.Future[ExitError] = asyncio.get_running_loop().create_future()
        self.metrics = metrics
        self.tasks = Tasks(on_crash=self._crash)
        self.active = asyncio.Event()  # set while this is the active worker
        self.temporary_files = TemporaryFiles(settings.public_url, settings.data_dir, clock)
        self.exports = Exports(database, settings.data_dir, settings.timezone, clock.now)
        self.board = self._board()
        self.parts = {one.name: one for one in parts_of(self)}
        self.sender = OutboxSender(
            {name: one.queue for name, one in self.parts.items()}, database, clock, self.tasks,
            metrics, self.active, partial(claim, deployment=deployment),
            lambda: () if watch.trusted else BULK,
        )  # fmt: skip
        files = Files({name: one.files for name, one in self.parts.items()})
        kind_arguments = (database, clock, settings.data_dir, deployment, self.sender.wake)
        rosters = Workbooks(database, clock, deployment, self.sender.wake)
        kinds = (EvidenceFetching(*kind_arguments), DifficultyPhotos(*kind_arguments), rosters)
        self.fetcher = Fetcher(files, database, clock, kinds, self.active)
        messengers = {name: one.messenger for name, one in self.parts.items()}
        delay_notice = DelayNotice(messengers, self.tasks)
        self.dispatcher = Dispatcher(
            database, database.session or SingleProcessLocks(database), messengers, clock,
            deployment, conversation, self.tasks, self._handled, delay_notice, metrics,
        )  # fmt: skip
        for one in self.parts.values():
            one.receive(self.dispatcher.offer, delay_notice)
        self.readiness = Readiness(
            database,
            {name: one.trouble for name, one in self.parts.items()},
            watch.trouble,
            lambda: [pause for one in self.parts.values() for pause in one.pauses()],
        )
        self.metrics_page = MetricsPage(
            metrics, database, clock, self.readiness, settings.data_dir,
            lambda: min(one.age for one in self.parts.values()),
        )  # fmt: skip
        self.contacts = Contacts(database, clock, deployment, watch, self.parts)
        self.jobs = Jobs(
            database, self.sender, clock, deployment, settings, self.active, watch, self.contacts,
            [one.plan_nearly_used for one in self.parts.values()],
        )  # fmt: skip

    @property
    def telegram(self) -> TelegramComponent:
        """The bot of Telegram; KeyError if none runs."""
        part = self.parts[TELEGRAM]
        assert isinstance(part, TelegramComponent)
        return part

    async def start(
        self, stack: AsyncExitStack, server: WebServer | None, stop: asyncio.Event
    ) -> None:
        """Start all parts. The stack closes the part that is pushed last first."""
        stack.push_async_callback(self.tasks.close)
        if server is not None:  # it closes late, so that /readyz can say "not ready" meanwhile
            stack.push_async_callback(server.stop)
        stack.push_async_callback(self.sender.close, SECONDS_TO_STOP / 2)
        stack.push_async_callback(self.dispatcher.close, SECONDS_TO_STOP)
        stack.callback(self.clock.on_move(self._clock_moved))
        if self.database.session is not None:
            self._start_workers(self.database.session)
        else:
            if self.database.bot_lock is not None:
                self.tasks.start(keep_bot_lock(self.database.bot_lock), "one bot", essential=True)
            # At each start too: a program that restarts often may never reach the hourly sweep.
            self.tasks.start(self.jobs.drop_old(), "drop old")
            self.active.set()
        self.tasks.start(self.sender.run(), "sender", essential=True)
        self.tasks.start(self.fetcher.run(), "fetcher", essential=True)
        await self.dispatcher.start()
        await self._show_again()
        self.jobs.start(stack, self.tasks)
        for one in self.parts.values():
            self.tasks.start(self._show_what_was_lost(one), "show again", essential=True)
            await one.start(stack)
        if server is not None:
            await self.metrics_page.start()
            app = Starlette(routes=self._routes())
            self.tasks.start(server.serve(app), "web", essential=True)
        for one in self.parts.values():
            await one.start_webhook(stack, stop)
        if self.board is not None:
            stack.callback(self.board.hub.close)
        stack.callback(self._stopping)

    def _start_workers(self, session: "WorkerSession") -> None:
        callbacks = ActiveWorkerCallbacks(
            self._take_over, self._wake, self.dispatcher.check_chats, self._show_again
        )
        # Several workers share the pace of Telegram's bot; Zalo publishes none.
        first = self.parts.get(TELEGRAM) or next(iter(self.parts.values()))
        workers = Workers(session, first.queue.pacing, self.active, callbacks)
        self.tasks.start(workers.run(), "workers", essential=True)

    async def _take_over(self) -> None:
        """Start the work of the active worker."""
        await self.sender.take_over()
        self.tasks.start(self.jobs.drop_old(), "drop old")

    def _wake(self) -> None:
        self.sender.wake()
        self.fetcher.wake()

    async def idle(self) -> None:
        """Wait until all received updates are handled and all due messages are sent."""
        await self.dispatcher.idle()
        await self.sender.idle()
        await self.fetcher.idle()
        await self.sender.idle()
        await self.dispatcher.idle()

    def _handled(self, *, attached: bool) -> None:
        self.sender.wake()
        if attached:
            self.fetcher.wake()

    def tell_of_rival(self) -> None:
        """Tell the operators that another program takes a bot's messages; only if active."""
        if self.active.is_set():
            self.tasks.start(self._queue_rival_notice(), "tell of a rival")

    async def _queue_rival_notice(self) -> None:
        now = self.clock.now()
        await self.database.write(lambda tx: notices.tell_of_rival(tx, now, self.deployment))
        self.sender.wake()

    async def tell_of_files(
        self, aside: Mapping[str, str], key: str = "operating.left_aside"
    ) -> None:
        """Tell the operators which files are invalid, and why; the log and `check` do so too."""
        files = {file: hashlib.sha256(why.encode()).hexdigest()[:16] for file, why in aside.items()}
        now = self.clock.now()
        try:
            if files:
                await self.database.write(
                    lambda tx: notices.tell_of_files(tx, files, key, now, self.deployment)
                )
        except StorageError as error:
            report(log, "operators not told", error)
        self.sender.wake()

    def _stopping(self) -> None:
        self.readiness.stopping = True

    def _clock_moved(self) -> None:
        self.contacts.clock_moved()
        self._wake()
        self.tasks.start(self.jobs.tick(), "tick")

    def _crash(self, error: BaseException) -> None:
        ending = error if isinstance(error, ExitError) else None
        if isinstance(error, StorageError):  # the disk or the database server failed: not a bug
            ending = ExitError(str(error))
        if ending is None:
            report(log, "a part of the program failed", error)
            ending = ExitError(_("A part of the program failed; the log says where."), BUG)
        if not self.crashed.done():
            self.crashed.set_result(ending)

    async def _show_what_was_lost(self, part: BotComponent) -> None:
        """After an outage, show the people whose replies couldn't be sent their current screen."""
        channel = part.messenger.channel
        while True:
            await channel.lost.wait()
            await asyncio.sleep(SECONDS_TO_SHOW_AGAIN)
            try:
                if (why := await channel.probe(waits=False)) is not None:
                    log.warning("nothing shown again yet", bot=part.name, reason=why)
                    continue
                channel.lost.clear()
                await self._show_again(part.name)
            except StorageError as error:
                log.warning("nothing shown again yet", error=type(error).__name__)

    async def _show_again(self, bot: str | None = None) -> None:
        """Show people their current screen if their last reply may be lost with the old process.

        The screens are queued before the updates that came since then: most people saw the
        question, and only the record that it was shown is missing.
        """
        since = self.clock.now() - SHOWN_AGAIN_WITHIN
        for person in await self.database.read(lambda tx: conversations.not_shown(tx, since)):
            if person.bot in self.parts and bot in {None, person.bot}:
                self.dispatcher.show_again((person.bot, person.address), person.person_id)

    def _board(self) -> "Board | None":
        """Return the pages in a browser; None without a public address for them."""
        if self.deployment.board_url is None:
            return None
        from bot.board.http.responses import BoardContext
        from bot.board.service import Board

        web = BoardContext(
            self.deployment.board_url, self.database, self.clock, self.deployment,
            self.settings.data_dir, self._wake,
        )  # fmt: skip
        return Board(web, self.tasks, self.exports)

    def _routes(self) -> list[BaseRoute]:
        given: list[BaseRoute] = [*routes(self.readiness, self.metrics_page)]
        if self.settings.public_url is not None:
            given.append(address_route(self.temporary_files, self.settings.public_url))
        for one in self.parts.values():
            given += one.routes(self.readiness)
        if self.board is not None:  # the last, because it may be at the root of the public address
            given += self.board.routes()
        return given
