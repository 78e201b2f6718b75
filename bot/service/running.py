"""Starts the program from its settings and runs it until it is stopped.

All dependencies are arguments of `started`, so tests run the same program in their own process.
"""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import structlog
from telegram.request import BaseRequest

from bot.bots_file import FILE as BOTS_FILE
from bot.criteria_sets import sets_of
from bot.intake.conversation import ConversationRunner, ReadOnlyScreens
from bot.intake.evidence_files import clear_unfinished
from bot.language import gettext as _
from bot.operations.backups import backup_first
from bot.operations.folders import free_bytes, why_not_as_root, why_not_usable
from bot.operations.logs import log_loop_error, report
from bot.operations.metrics import Metrics
from bot.sending.pacing import Pacing
from bot.sending.pause_file import write_pauses
from bot.service import systemd
from bot.service.bot_component import BotComponent
from bot.service.clock import Clock
from bot.service.clock_watch import ClockWatch
from bot.service.exit_error import ExitError
from bot.service.program import Program
from bot.service.tasks import Tasks
from bot.service.web import WebServer
from bot.settings import Settings
from bot.telegram.component import TelegramComponent
from bot.telegram.connecting import (
    StopRequested,
    opened_bot,
    username_of,
)
from bot.telegram.limiter import Limiter
from bot.zalo.channel import ZALO
from bot.zalo.client import ZALO as ZALO_SERVER
from bot.zalo.component import ZaloComponent
from bot.zalo.set_up import ZaloBot, zalo_bots, zalo_session
from handlers.flow.channel import TELEGRAM, Capabilities
from handlers.flow.deployment import Deployment
from storage.engine.database import Database
from storage.engine.schema_upgrade import location_of
from storage.errors import StorageError
from storage.evidence.evidence_files import FOLDER as EVIDENCE
from storage.messages.inbox import last_contacts
from storage.people.short_codes import ShortCodes
from storage.places import places

log = structlog.get_logger(__name__)


@asynccontextmanager
async def started(
    settings: Settings,
    clock: Clock,
    *,
    stop: asyncio.Event | None = None,
    request: BaseRequest | None = None,
    poll_request: BaseRequest | None = None,
    conversation: ConversationRunner | None = None,
    pacing: Pacing | None = None,
    watch: ClockWatch | None = None,
) -> AsyncIterator[Program]:
    """Run the program within the context.

    It raises StopRequested when the program is stopped before it is ready, and ExitError when it
    can't start.
    """
    async with AsyncExitStack() as stack:
        loop = asyncio.get_running_loop()
        stack.callback(loop.set_exception_handler, loop.get_exception_handler())
        loop.set_exception_handler(log_loop_error)
        sets, aside = sets_of(settings.data_dir)
        for one in aside:
            log.error("criteria file left aside", why=one.why)
        why = why_not_usable(settings.data_dir, EVIDENCE) or why_not_as_root(settings.data_dir)
        if why is not None:
            raise ExitError(_("DATA_DIR can't be used: {why}.", why=why))
        file = settings.database_file
        if file is not None and (why := why_not_as_root(file.parent)) is not None:
            raise ExitError(_("DATABASE_URL can't be used: {why}.", why=why))
        zalo, wrong = _checked_zalo_bots(settings)
        server = listening(settings, stack)
        url = settings.database_url.get_secret_value()
        log.info("database", at=location_of(url))
        database = await stack.enter_async_context(
            Database(
                url,
                before_upgrade=backup_first(settings, clock.now(), _backed_up),
                exclusive=True,
                shared=settings.by_webhook,
            )
        )
        await remove_unfinished(settings, database)
        watch = watch or ClockWatch(clock)
        watch.last_contact = max((await database.read(last_contacts)).values(), default=None)
        metrics = Metrics()
        limiter = Limiter(pacing or Pacing(), metrics, partial(write_pauses, settings.data_dir))
        stop = stop or asyncio.Event()
        telegram, username = None, ""
        if settings.telegram_bot_token is not None:
            telegram = await stack.enter_async_context(
                opened_bot(settings, request, poll_request, limiter, watch)
            )
            username = await username_of(telegram[0], stop)
        own_server = settings.zalo_api_url != ZALO_SERVER  # it may serve pictures on this machine
        session = await stack.enter_async_context(zalo_session(public=not own_server))

        zalo_parts: list[ZaloComponent] = []

        def parts_of(program: Program) -> list[BotComponent]:
            parts: list[BotComponent] = []
            if telegram is not None:
                bot, polls = telegram
                parts.append(
                    TelegramComponent(
                        settings, clock, database, bot, limiter, metrics, polls, program.tasks,
                        program.clock_watch, program.exports, program.tell_of_rival,
                    )
                )  # fmt: skip
            zalo_parts.extend(
                ZaloComponent(
                    one, session, clock, database, metrics, program.tasks,
                    program.clock_watch, program.exports, settings.data_dir,
                    program.temporary_files,
                )
                for one in zalo
            )  # fmt: skip
            return [*parts, *zalo_parts]

        program = Program(
            settings,
            clock,
            database,
            metrics,
            Deployment(
                settings.timezone,
                username,
                settings.operator_ids,
                sets,
                room=partial(free_bytes, settings.data_dir),
                short_codes=ShortCodes.of(settings.data_dir),
                evidence_months=settings.keep_evidence_months,
                round_years=settings.keep_rounds_years,
                board_url=settings.public_url,
                code_bots=lambda commune: [
                    link for one in zalo_parts if (link := one.link_for(commune)) is not None
                ],
                bots={
                    **({TELEGRAM: Capabilities()} if telegram is not None else {}),
                    **{one.name: replace(ZALO, most_people=one.people) for one in zalo},
                },
            ),
            conversation or _conversation(),
            watch,
            parts_of,
        )
        await program.start(stack, server, stop)
        await program.tell_of_files({one.file: one.why for one in aside})
        if wrong:
            await program.tell_of_files({BOTS_FILE: " ".join(wrong)}, "operating.bots_aside")
        yield program


def _checked_zalo_bots(settings: Settings) -> tuple[tuple[ZaloBot, ...], tuple[str, ...]]:
    """Return the Zalo bots and what is wrong in bots.toml; raise ExitError without any bot."""
    bots, wrong = zalo_bots(settings)
    if settings.telegram_bot_token is None and not bots:
        if wrong:
            raise ExitError(wrong[0])
        settings.token  # noqa: B018 - raises the error that says what to do
    for sentence in wrong:
        log.error("bot left aside", why=sentence)
    return bots, wrong


async def run_program(settings: Settings, clock: Clock) -> None:
    """Run until SIGTERM or Ctrl-C; raise the ExitError when the program can't continue."""
    stop = asyncio.Event()
    on_stop_signal(stop.set)
    try:
        async with started(settings, clock, stop=stop) as program:
            tune_garbage_collector()
            await _log_ready(program.database, program.deployment)
            systemd.notify(systemd.READY)
            program.tasks.start(systemd.keep_alive(program.database), "watchdog", essential=True)
            await until_stopped(program, stop)
            log.info("stopping")
            systemd.notify(systemd.STOPPING)
    except StopRequested:
        pass
    log.info("stopped")


async def _log_ready(database: Database, deployment: Deployment) -> None:
    """Log the bot's link, and what to do first if there is no commune yet.

    It logs and doesn't print: writing the log never blocks, writing to standard output may.
    """
    name = deployment.bot_username
    if name:
        log.info("running", bot=name, link=f"https://t.me/{name}")
    if not await database.read(places.communes):
        log.info(
            "nothing is set up yet",
            first="smart-commune roster template data/communes.xlsx",
            then="smart-commune roster import data/communes.xlsx",
        )


def _backed_up(revision: str, file: Path) -> None:
    log.info("backup made before the upgrade", revision=revision, file=str(file))


async def until_stopped(program: Program, stop: asyncio.Event) -> None:
    """Wait for the request to stop; raise the ExitError when the program can't continue."""
    waiting = Tasks()
    stopping = waiting.start(stop.wait(), "told to stop")
    await asyncio.wait({stopping, program.crashed}, return_when=asyncio.FIRST_COMPLETED)
    await waiting.close()
    if program.crashed.done():
        raise program.crashed.result()


def _conversation() -> ConversationRunner:
    from handlers.conversation import dispatch, read_only

    screens = ReadOnlyScreens(read_only.reads, read_only.look, read_only.finish)
    return ConversationRunner(dispatch.handle, dispatch.present, screens)


async def remove_unfinished(settings: Settings, database: Database) -> None:
    """Remove unfinished files of killed processes; log a failure and ignore it."""
    try:
        await clear_unfinished(settings.data_dir, database)
    except (OSError, StorageError) as error:
        report(log, "unfinished files not removed", error)


def tune_garbage_collector() -> None:
    """Make the garbage collector run rarely, and never over objects that exist for the whole run.

    Scanning them took a tenth of the time of each answer (docs/performance.md).
    """
    gc.collect()
    gc.freeze()  # what exists now (catalogues, models, libraries) is never garbage
    gc.set_threshold(20_000, 10, 50)


def listening(settings: Settings, stack: AsyncExitStack) -> WebServer | None:
    """Return the web server that listens on LISTEN's address; None without the setting."""
    if settings.address is None:
        return None
    server = WebServer(settings.forwarded_allow_ips)
    stack.callback(server.close)
    port = server.listen(*settings.address)
    log.info("listening", host=settings.address[0], port=port)
    return server


def on_stop_signal(stop: Callable[[], None]) -> None:
    """Call `stop` in the running event loop when the process is told to stop."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:  # on Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
