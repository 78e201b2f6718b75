"""Several workers on one PostgreSQL behind one webhook, killed at random while people write.

Besides reporters there are chairs who ask faster than they get answers, so that several workers
have updates of one chat at once, and people who wait for a reminder.
"""

import asyncio
import re
import threading
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
import sqlalchemy as sa
from aiohttp import ClientError, ClientSession, web

from bot.sending.sender import CLAIMED_AT_ONCE
from bot.simulator.faults import Fault
from bot.simulator.server import serving
from handlers.flow.channel import Screen
from storage.engine.database import Database
from storage.people import people
from tests.bot.crash_village import Village
from tests.bot.crashing import FIRST, Program, Record, free_port
from tests.outbox import enqueue
from tests.phone import text_of

FIRST_CHAIR, FIRST_WAITING = FIRST + 5000, FIRST + 10_000
LARGEST_BURST = 5
SLOW_REPLIES = 40
OUTAGE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
FINISHED = {"sent", "uncertain"}
# The reminders of the round wait for the morning, or come meanwhile.
OURS = "SELECT * FROM outbox WHERE kind = 'notice'"


class Front:
    """A proxy before the workers: gives an update to one of them, or to all at once."""

    def __init__(self, chance, doubled):
        self.chance = chance
        self.doubled = doubled
        self.ports = []
        self.given = {}

    @asynccontextmanager
    async def serving(self):
        app = web.Application()
        app.router.add_post("/telegram", self._forward)
        runner = web.AppRunner(app)
        await runner.setup()
        port = free_port()
        async with ClientSession() as self._session:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            try:
                yield f"http://127.0.0.1:{port}/telegram"
            finally:
                await runner.cleanup()

    async def _forward(self, request):
        body, headers = await request.read(), dict(request.headers)
        ports = self.chance.sample(self.ports, len(self.ports))
        if self.chance.random() < self.doubled:
            codes = await asyncio.gather(*(self._post(one, body, headers) for one in ports))
            return web.Response(status=min(codes))
        for port in ports:
            status = await self._post(port, body, headers)
            if status == 200:
                return web.Response()
        return web.Response(status=502)

    async def _post(self, port, body, headers):
        kept = {name: headers[name] for name in headers if name.startswith(("X-", "Content-Type"))}
        url = f"http://127.0.0.1:{port}/telegram"
        try:
            async with self._session.post(url, data=body, headers=kept) as answer:
                self.given[port] = self.given.get(port, 0) + (answer.status == 200)
                return answer.status
        except (ClientError, OSError):  # not started yet, or just killed
            return 502


class Chair:
    """Asks for the history of one area after another, several at once."""

    def __init__(self, village, number):
        self.village = village
        self.world = village.world
        self.id = FIRST_CHAIR + number
        self.asked = 0

    async def ask(self, enough, bursts):
        chance = self.village.chance
        while bursts > 0 or not enough.is_set():
            bursts -= 1
            await asyncio.sleep(chance.uniform(0, 0.3))
            kills = self.village.kills
            for _ in range(chance.randint(1, LARGEST_BURST)):
                self.world.send_text(self.id, f"/lichsu khu {self.area(self.asked)}")
                self.asked += 1
            await self.last_answered(kills)

    def area(self, place):
        return place % self.village.crowd + 1

    async def last_answered(self, kills):
        """Wait for the reply to the last request; a reply of a killed worker may be missing."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while self.asked - 1 not in self.answers()[-1:]:
            waited = loop.time() - began
            if waited > 8 and self.village.kills > kills:
                return
            assert waited < self.village.patience, (
                self.asked,
                self.answers()[-9:],
                [text_of(e.message) for e in self.world.phone(self.id).newest()[:4]],
            )
            await self.world.bell.wait(1)

    def answers(self):
        """Which request each reply of the bot is about, in the order of arrival."""
        places, last, self.repeated = [], -1, 0
        for entry in self.world.phone(self.id).entries.values():
            found = not entry.mine and re.match(r"🕘 Lịch sử: Khu (\d+)", text_of(entry.message))
            if found:
                crowd = self.village.crowd
                ahead = (int(found[1]) - self.area(last)) % crowd
                if not ahead:
                    self.repeated += 1
                    continue
                last += ahead
                places.append(last)
        return places

    def check(self):
        """Check that each request was answered once, in order; some not at all after kills."""
        places = self.answers()
        assert places[-1] < self.asked, "a reply came later than the next one"
        # If an answer was lost, it is unknown whether the message arrived: it is sent again.
        assert self.repeated <= self.village.answers_lost, "a reply came twice"
        lost = self.asked - len(places)
        assert lost <= self.village.kills * LARGEST_BURST, (lost, places)


class PostgresRecord(Record):
    """The same, read from PostgreSQL in a thread, so that callers are not blocked."""

    def __init__(self, url):
        self._url = sa.make_url(url)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.connection = None

    def rows(self, query, *given):
        parts = query.split("?")
        numbered = "".join(f"{part}${n}" for n, part in enumerate(parts[:-1], start=1)) + parts[-1]
        return [tuple(row) for row in self._do(self._fetch(numbered, given))]

    async def _fetch(self, query, given):
        """Query again on a new connection after an outage of the database."""
        for again in (True, False):
            try:
                if self.connection is None:
                    self.connection = await asyncpg.connect(
                        host=self._url.query["host"], user=self._url.username,
                        database=self._url.database,
                    )  # fmt: skip
                return await self.connection.fetch(query, *given)
            except OUTAGE:
                if self.connection is not None:
                    self.connection.terminate()
                self.connection = None
                if not again:
                    raise
        raise AssertionError

    def refused(self, update, area, code):
        try:
            return super().refused(update, area, code)
        except OUTAGE:
            return False

    def whole(self):
        return True

    def close(self):
        if self._thread.is_alive():
            if self.connection is not None:
                self._do(self.connection.close())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def _do(self, call):
        return asyncio.run_coroutine_threadsafe(call, self._loop).result(30)


class WorkerVillage(Village):
    """A village whose bot is several workers."""

    def __init__(self, folder, url, chance, crowd, *, chairs, waiting, patience=60.0, **habits):
        super().__init__(folder, crowd, url, patience=patience, **habits)
        self.chance = chance
        self.patience = patience
        self.chairs = [Chair(self, number) for number in range(chairs)]
        self.waiting = waiting
        self.kills = 0
        self.answers_lost = 0  # caused by requested network faults
        self.workers = []

    def opened_record(self):
        return PostgresRecord(self.url)

    async def found(self):
        await super().found()
        async with Database(self.url) as database:
            await database.write(self._more_people)
        for one in self.chairs:
            self.world.add_phone(f"Chủ tịch {one.id}", user_id=one.id)
        for number in range(self.waiting):
            self.world.add_phone("Người chờ", user_id=FIRST_WAITING + number).started = True

    def _more_people(self, tx):
        now = datetime.now(UTC) - timedelta(minutes=1)

        def person(address):
            return people.add_person(
                tx, bot="telegram", address=str(address), name="Người", handle=None,
                language="vi", consent_version="2026-11", now=now,
            )  # fmt: skip

        commune = tx.scalar(sa.text("SELECT id FROM communes"))
        for one in self.chairs:
            people.add_membership(tx, person(one.id).id, "leader", commune_id=commune, now=now)
        for number in range(self.waiting):
            reader = person(FIRST_WAITING + number)
            enqueue(tx, reader.id, "notice", Screen("Sắp đến hạn").to_json(), now)

    async def work_together(self, count, killing, *, doubled, bursts=8, enough=None):
        """Everybody writes, workers are killed and finally stopped.

        With `enough` people write until it is set, else each a fixed amount.
        """
        front = Front(self.chance, doubled)
        killed = enough or asyncio.Event()
        for _ in range(SLOW_REPLIES):  # tests the order of replies
            self.world.faults.add(Fault("sendMessage", skip=self.chance.randint(1, 5), delay=0.3))
        async with serving(self.world) as address, front.serving() as webhook:
            for number in range(count):
                port = free_port()
                folder = self.folder / f"worker-{number}"
                folder.mkdir()
                self.workers.append(
                    Program(
                        folder, address, self.world.token, f"127.0.0.1:{port}",
                        DATABASE_URL=self.url, WEBHOOK_URL=webhook,
                        DATA_DIR=str(self.folder / "data"),
                    )
                )  # fmt: skip
                front.ports.append(port)
            try:
                await asyncio.gather(*(one.start() for one in self.workers))
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._kill(killing, killed))
                    self.begin_answering(group, enough)
                    for one in self.chairs:
                        group.create_task(one.ask(killed, bursts))
                await self.all_taken_in()
                await self._reminded()
                for one in self.workers:
                    if one.process.returncode is None:
                        assert await one.stop() == 0, one.log.read_text()
            finally:
                for one in self.workers:
                    await one.put_away()
        return front

    async def _kill(self, killing, enough):
        await killing(self)
        enough.set()

    async def kill_one(self, *, for_good=False):
        """Kill a worker, and restart it after the others have had its work for a while."""
        one = self.chance.choice([one for one in self.workers if one.process.returncode is None])
        await one.kill()
        self.kills += 1
        self.check_after_a_kill()
        self.world.updates.repeat(self.chance.randint(0, 10))
        self.world.updates.double(self.chance.randint(0, 5))
        if not for_good:
            await asyncio.sleep(self.chance.uniform(0, 1.5))
            await one.start()

    async def _reminded(self):
        query = f"SELECT count(*) FROM ({OURS}) AS ours WHERE state IN ('waiting', 'sending')"
        async with asyncio.timeout(self.patience):
            while self.record.rows(query) != [(0,)]:
                await self.world.bell.wait(0.2)

    async def check(self):
        for one in self.chairs:
            one.check()
        counted = f"SELECT state, count(*) FROM ({OURS}) AS ours GROUP BY state"
        stand = dict(self.record.rows(counted))
        ends = f"SELECT state, reason, count(*) FROM ({OURS}) AS ours GROUP BY state, reason"
        assert stand.keys() <= FINISHED, self.record.rows(ends)
        copies = [
            len(self.world.phone(FIRST_WAITING + number).entries) for number in range(self.waiting)
        ]
        assert max(copies) == 1, "a reminder came twice"
        assert sum(stand.values()) == self.waiting
        assert copies.count(0) <= stand.get("uncertain", 0) <= self.kills * (CLAIMED_AT_ONCE + 2)
        await super().check()

    def logs(self):
        return "\n".join(one.log.read_text() for one in self.workers if one.log.exists())
