"""The few scheduled jobs. What they have to do is stored as rows in the database."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from functools import partial, wraps

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Connection

from bot.intake.evidence_files import clear_unfinished
from bot.operations.backups import drop_before_upgrades, drop_old_nights, make_nightly
from bot.operations.logs import report
from bot.sending.sender import OutboxSender
from bot.service.clock import Clock
from bot.service.clock_watch import ClockWatch
from bot.service.contacts import Contacts
from bot.service.exit_error import ExitError
from bot.service.tasks import Tasks
from bot.settings import Settings
from bot.signed_urls import temporary_files
from handlers.announcements.delivery import notices_work
from handlers.flow.deployment import Deployment
from handlers.operator.notices import PlanUse, tell_of_plan
from handlers.personal_data import forgetting
from handlers.reminders.planning import reminders_work
from handlers.rounds.jobs import Work, put_right_work, rounds_work
from storage.conversations import asks
from storage.difficulties import difficulty_photos
from storage.engine.database import Database
from storage.errors import StorageError
from storage.evidence import evidence
from storage.evidence.evidence_files import UnsafeName, path_of
from storage.messages import inbox, outbox
from storage.people import board_sessions, linkings
from storage.personal_data import retention, unmasked_texts, withdrawal
from storage.places import workbooks
from storage.rounds.schedules import schedules_without_set

log = structlog.get_logger(__name__)

TICK_SECONDS = 30
SWEEP_HOURS = 1
BACKUP_HOUR = 2  # local time, when nobody reports
DAYS_A_MONTH = timedelta(days=30.4375)
_LEEWAY = timedelta(seconds=5)
SECONDS_TO_END = 5  # that a running job gets when the program stops


class Jobs:
    """Opens and closes rounds, plans reminders, wakes the sender, deletes old data."""

    def __init__(
        self,
        database: Database,
        sender: OutboxSender,
        clock: Clock,
        deployment: Deployment,
        settings: Settings,
        active: asyncio.Event,
        watch: ClockWatch,
        contacts: Contacts,
        plans: Sequence[Callable[[], Awaitable[PlanUse | None]]] = (),
    ) -> None:
        self._database = database
        self._sender = sender
        self._active = active
        self._clock = clock
        self._deployment = deployment
        self._clock_watch = watch
        self._plans = plans  # one per bot: the use of its plan, or None when enough is left
        self._contacts = contacts
        self._doubted = True  # whether the clock was doubtful at the last tick
        self._folder = settings.data_dir
        self._evidence_kept = DAYS_A_MONTH * settings.keep_evidence_months
        self._rounds_kept = settings.rounds_kept
        self._url = settings.database_url.get_secret_value()
        self._ticking = asyncio.Lock()
        self._running: set[asyncio.Task[object]] = set()
        self._missing_sets: frozenset[str] = frozenset()  # as last logged
        self.scheduler = AsyncIOScheduler(
            timezone=UTC,
            # A late job runs once, even if several of its times have passed.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def start(self, stack: AsyncExitStack, tasks: Tasks) -> None:
        """Run the jobs until the stack is closed."""
        self.scheduler.add_job(self._tracked(self.tick), "interval", seconds=TICK_SECONDS)
        self.scheduler.add_job(self._tracked(self.sweep), "interval", hours=SWEEP_HOURS)
        at_once = datetime.now(UTC)
        self.scheduler.add_job(
            self._tracked(self.look_for_sets), "interval", hours=SWEEP_HOURS, next_run_time=at_once
        )
        self.scheduler.start()
        stack.push_async_callback(self._stop)
        watching = tasks.start(self._watch(), "watch")
        stack.callback(watching.cancel)

    def _tracked(self, job: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """Return the job with its task in `_running`, so that `_stop` can wait for it."""

        @wraps(job)
        async def run() -> None:
            task = asyncio.current_task()
            if task is not None:
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            with suppress(asyncio.CancelledError):  # APScheduler would log it as an error
                await job()

        return run

    async def _stop(self) -> None:
        """Wait up to SECONDS_TO_END for running jobs, because the database closes next."""
        self.scheduler.pause()
        if self._running:
            await asyncio.wait(self._running, timeout=SECONDS_TO_END)
        self.scheduler.shutdown(wait=False)

    async def _watch(self) -> None:
        """Check the scheduler every tick; asyncio.sleep doesn't depend on the machine's clock."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self.reschedule_late_jobs(datetime.now(UTC))

    def reschedule_late_jobs(self, now: datetime) -> None:
        """Run a job now if its next time is too far ahead, because the machine's clock went back.

        Otherwise the scheduler would wait until the clock reaches that time again.
        """
        for job in self.scheduler.get_jobs():
            if job.next_run_time > now + job.trigger.interval + _LEEWAY:
                log.warning("the clock went back", job=job.func.__name__)
                job.modify(next_run_time=now)

    async def tick(self) -> None:
        """Do all work that is due, then wake the sender; only on the active worker."""
        if not self._active.is_set():
            self._contacts.forget()
            return
        async with self._ticking:
            trusted = self._clock_watch.trusted
            await self._contacts.note(trusted=trusted)
            if not trusted:
                self._doubted = True
            else:
                # The first trusted tick after a doubtful clock repairs what that clock did.
                if self._doubted:
                    await self._work(put_right_work)
                    self._doubted = False
                # Rounds first: reminders depend on which rounds are open.
                await self._work(rounds_work)
                await self._work(reminders_work)
                await self._work(notices_work)
                await self._tell_of_plans()
        self._sender.wake()

    async def _tell_of_plans(self) -> None:
        """Tell officers when their bot's plan is nearly used up."""
        now = self._clock.now()
        for use in self._plans:
            try:
                plan = await use()
                if plan is not None:
                    await self._database.write(
                        partial(tell_of_plan, plan=plan, now=now, deployment=self._deployment)
                    )
            except StorageError as error:
                report(log, "officers not told of a plan", error)

    async def look_for_sets(self) -> None:
        """Log the schedules whose criteria set is missing, once and not every hour.

        It reads every schedule, so it isn't part of the tick.
        """
        if not self._active.is_set():
            return
        known = {one.id for one in self._deployment.sets}
        try:
            found = await self._database.read(lambda tx: schedules_without_set(tx, known))
        except StorageError as error:
            report(log, "schedules not read", error)
            return
        gone = frozenset(one.criteria_id for one in found)
        if gone and gone != self._missing_sets:
            log.error(
                "criteria sets of schedules are gone", sets=sorted(gone), schedules=len(found)
            )
        self._missing_sets = gone

    async def _work(self, due: Callable[[Connection, datetime, Deployment], list[Work]]) -> None:
        """Do each piece of due work in its own transaction; the next tick retries failed ones."""
        now = self._clock.now()
        try:
            work = await self._database.read(lambda tx: due(tx, now, self._deployment))
        except StorageError as error:
            report(log, "what is due was not read", error)
            return
        for one in work:
            try:
                await self._database.write(one)
            except StorageError as error:
                report(log, "what was due was not done", error)
            except Exception as error:  # noqa: BLE001 - one round must not stop all the others
                report(log, "what was due failed", error)

    async def sweep(self) -> None:
        """Delete expired data and make the nightly backup."""
        if not self._active.is_set():
            return
        await self.drop_old()
        try:
            await clear_unfinished(self._folder, self._database)  # left by killed commands
            await asyncio.to_thread(temporary_files.sweep, self._folder, self._clock.now())
            await self._back_up(self._clock.now())
        except (StorageError, OSError, ExitError) as error:
            report(log, "not cleared or backed up", error)

    async def drop_old(self) -> None:
        """Delete expired data. A reader finds it, so the writer is used only briefly.

        While the clock is doubtful it deletes nothing, because deleted data can't be restored.
        """
        if not self._clock_watch.trusted:
            return
        now = self._clock.now()
        try:
            await self._database.write(lambda tx: inbox.empty_failed(tx, now))
            await self._drop(lambda tx: inbox.old(tx, now), inbox.drop)
            await self._drop(lambda tx: outbox.old(tx, now), outbox.drop)
            await self._drop(lambda tx: asks.old(tx, now), asks.drop)
            await self._database.write(lambda tx: asks.drop_written(tx, now))
            await self._database.write(lambda tx: linkings.drop_expired(tx, now))
            await self._database.write(lambda tx: board_sessions.drop_expired(tx, now))
            await self._drop(
                lambda tx: withdrawal.due_to_be_forgotten(tx, now),
                lambda tx, some: forgetting.forget_withdrawn(tx, some, now, self._deployment),
            )
            await self._database.write(lambda tx: unmasked_texts.drop_old(tx, now))
            await self._drop(lambda tx: workbooks.old(tx, now), workbooks.drop)
            await self._drop(
                lambda tx: evidence.past_retention(tx, now - self._evidence_kept),
                lambda tx, some: evidence.remove_all(tx, some, by=None, now=now, way="clock"),
            )
            await self._drop(
                lambda tx: difficulty_photos.past_retention(tx, now - self._evidence_kept),
                difficulty_photos.remove,
            )
            await self._erase_old_rounds(now)
            # Delete files after the commit: a crash in between leaves a file without a row, but
            # never a row without its file.
            await self._delete_files()
            await self._database.scrub()
        except (StorageError, OSError) as error:
            report(log, "not swept", error)

    async def _drop(
        self,
        find: Callable[[Connection], list[int]],
        drop: Callable[[Connection, list[int]], object],
    ) -> None:
        """Delete in small parts until `find` finds nothing more."""
        while some := await self._database.read(find):
            await self._database.write(lambda tx: drop(tx, some))

    async def _erase_old_rounds(self, now: datetime) -> None:
        """Erase people and their texts of rounds that closed long ago, and old ones of no round."""
        before, erased = now - self._rounds_kept, 0
        while some := await self._database.read(lambda tx: retention.rounds_past(tx, before)):
            erased += await self._database.write(lambda tx: retention.erase_some(tx, some[0], now))
        await self._drop(
            lambda tx: retention.communes_past(tx, before),
            lambda tx, some: retention.erase_some_of_commune(tx, some[0], before, now),
        )
        if erased:
            log.info("people erased from old rounds", rounds=erased)

    async def _back_up(self, now: datetime) -> None:
        """Make the nightly backup in a thread, on SQLite only: PostgreSQL has its own tools."""
        local = now.astimezone(self._deployment.zone)
        await asyncio.to_thread(drop_before_upgrades, self._folder, now)
        if local.hour >= BACKUP_HOUR and self._url.startswith("sqlite"):
            nightly = make_nightly(self._url, self._folder, local.date(), now)
            made = await asyncio.to_thread(asyncio.run, nightly)
            if made is not None:
                log.info("backup made", file=made.name)
                if self._clock_watch.trusted:
                    await asyncio.to_thread(drop_old_nights, self._folder)

    async def _delete_files(self) -> None:
        """Delete the files of removed evidence, and of removed photos of difficulties."""
        for number, path in await self._database.read(evidence.files_to_delete):
            await self._delete_file(path)
            await self._database.write(
                lambda tx: evidence.file_deleted(tx, number)  # noqa: B023 - used at once
            )
        for number, path in await self._database.read(difficulty_photos.to_delete):
            await self._delete_file(path)
            await self._database.write(
                lambda tx: difficulty_photos.deleted(tx, number)  # noqa: B023 - used at once
            )

    async def _delete_file(self, name: str) -> None:
        try:
            file = path_of(self._folder, name)
        except UnsafeName as error:  # not a file of the bot: change only the row
            report(log, "a removed file has a name that isn't ours", error)
        else:
            await asyncio.to_thread(file.unlink, missing_ok=True)
