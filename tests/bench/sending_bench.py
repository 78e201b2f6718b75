"""15,000 reminders through the real sender, channel and HTTP client against models of the limit;
and how long a person waits for a reply meanwhile."""

# ruff: noqa: T201 - it prints its tables
import asyncio
import logging
import random
import tempfile
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection

from bot.intake.conversation import ConversationRunner
from bot.operations.metrics import Metrics
from bot.sending.bot_queue import BotQueue
from bot.sending.outage import Outage
from bot.sending.pacing import Pacing
from bot.sending.sender import OutboxSender
from bot.service.clock import Clock
from bot.service.running import started
from bot.service.tasks import Tasks
from bot.settings import Settings
from bot.simulator.server import serving
from bot.simulator.telegram.floods import Limits
from bot.simulator.telegram.world import World
from bot.telegram.channel import TelegramChannel
from bot.telegram.connecting import opened_bot
from bot.telegram.delivery import TelegramDelivery
from bot.telegram.limiter import Limiter
from bot.telegram.transport import AiohttpRequest
from handlers.flow.channel import TELEGRAM, Button, Reply, Screen, Shown
from handlers.messages.claim import Claimed
from storage.engine.database import Database
from storage.messages import inbox, outbox
from storage.people import people
from tests.bench.virtual_time import CountedDatabase, VirtualClock, run_virtually
from tests.outbox import enqueue

PEOPLE = 15_000
REAL_SECONDS = 25.0
WARM_SECONDS = 3.0
LOOKS_APART = 0.5  # virtual seconds
SHORT = {"PEOPLE": 40, "REAL_SECONDS": 1.5, "WARM_SECONDS": 0.5}
SCREEN = Screen(
    "⏰ Kỳ tháng 11: khu mình chưa gửi, hạn 25/11.", ((Button("📝 Báo cáo", "1|rep"),),)
)
MODELS = {
    "30 in any second": Limits(overall=30, model="window"),
    "bucket: leaks 30 a second, holds 3": Limits(overall=30, model="bucket", burst=3),
    "20 in any second": Limits(overall=20, model="window"),
}


class Distant(AiohttpRequest):
    """A delay of 40 to 160 ms for each call, as to a distant Telegram."""

    asked = 0

    async def do_request(self, *args: Any, **more: Any) -> tuple[int, bytes]:
        """Delay the request and the answer."""
        await asyncio.sleep(random.uniform(0.02, 0.08))
        self.asked += 1
        try:
            answer = await super().do_request(*args, **more)
        finally:
            self.asked -= 1
        await asyncio.sleep(random.uniform(0.02, 0.08))
        return answer


@dataclass
class Result:
    """The result of sending to all: virtual seconds, refused calls, states."""

    seconds: float
    refused: int
    states: dict[str, int]
    copies: int
    took: float


def _settings(folder: Path, world: World, address: str) -> Settings:
    return Settings(
        _env_file=None,
        telegram_bot_token=world.token,
        telegram_api_url=address,
        telegram_proxy_url=None,
        database_url=f"sqlite+aiosqlite:///{folder}/bench.db",
        data_dir=folder,
        webhook_url=None,
        listen=None,
    )


def _crowd(world: World, number: int) -> list[int]:
    phones = [world.add_phone(f"Người {n}") for n in range(number)]
    for phone in phones:
        phone.started = True
    return [phone.id for phone in phones]


def _remind(tx: Connection, addresses: list[int], now: datetime) -> None:
    for address in addresses:
        person = people.add_person(
            tx,
            bot="telegram",
            address=str(address),
            name="Người",
            handle=None,
            language="vi",
            consent_version="2026-11",
            now=now,
        )
        key = f"reminder:{address}"
        enqueue(tx, person.id, "notice", SCREEN.to_json(), now, dedupe_key=key)


def _claim(
    tx: Connection, now: datetime, limit: int, paused_kinds: Collection[str], shut: Collection[str]
) -> Claimed:
    return Claimed(outbox.claim(tx, now, limit, paused_kinds, shut), {})


async def _all_sent(database: Database, sending: "asyncio.Task[None]") -> None:
    """Return when no message waits; raise the error that ended the sender before that."""
    while {"waiting", "sending"} & (await database.read(outbox.counts)).keys():
        if sending.done():
            sending.result()
        await asyncio.sleep(LOOKS_APART)


async def send_to_all(
    database: Database, request: AiohttpRequest, world: World, folder: Path
) -> Result:
    """Send to everybody in virtual time; the world has the limits."""
    loop = asyncio.get_running_loop()
    clock = VirtualClock()
    addresses = _crowd(world, PEOPLE)
    pacing = Pacing()
    async with database, serving(world) as address:
        await database.write(lambda tx: _remind(tx, addresses, clock.now()))
        settings = _settings(folder, world, address)
        metrics = Metrics()
        limiter = Limiter(pacing, metrics, lambda _: None)
        async with opened_bot(settings, request, AiohttpRequest(), limiter) as (bot, _):
            tasks = Tasks()
            channel = TelegramChannel(bot, limiter, database, clock, tasks, metrics)
            active = asyncio.Event()
            active.set()
            outage = Outage()
            delivery = TelegramDelivery(channel, clock, outage)
            queues = {TELEGRAM: BotQueue(channel, delivery, pacing, outage)}
            sender = OutboxSender(queues, database, clock, tasks, metrics, active, _claim)
            began, really = loop.time(), time.perf_counter()
            sender.wake()
            sending = tasks.start(sender.run(), "sender")
            await _all_sent(database, sending)
            seconds, took = loop.time() - began, time.perf_counter() - really
            states = await database.read(outbox.counts)
            await sender.close(10)
            await tasks.close()
    copies = max(len(phone.entries) for phone in world.phones.values())
    return Result(seconds, world.floods.refused, states, copies, took)


def _virtually(limits: Limits) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        database = CountedDatabase(f"sqlite+aiosqlite:///{folder}/bench.db")
        request = Distant()

        async def main() -> Result:
            world = World(monotonic=asyncio.get_running_loop().time)
            world.floods.limit(limits)
            return await send_to_all(database, request, world, Path(folder))

        result: Result = run_virtually(main(), lambda: database.asked + request.asked > 0)
        return result


# --- in real time -------------------------------------------------------------------------------


def _answer(tx: Connection, incoming: Any, now: datetime, deployment: Any) -> Reply:
    inbox.finish(tx, incoming.sender.bot, incoming.update)
    return Reply((Shown(SCREEN),))


@asynccontextmanager
async def _program(world: World, folder: Path) -> AsyncIterator[Any]:
    talking = ConversationRunner(_answer, lambda *_: Reply())
    async with serving(world) as address:
        settings = _settings(folder, world, address)
        async with started(settings, Clock(), conversation=talking) as program:
            yield program


async def _reply_times(world: World, seconds: float) -> list[float]:
    """Milliseconds from a message to the reply on the telephone; a new person each time."""
    times: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        phone = world.add_phone("Lan")
        began = time.perf_counter()
        world.send_text(phone.id, "350/400")
        while len(phone.entries) < 2:
            await world.bell.wait(5)
        times.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(random.uniform(0.1, 0.4))
    return sorted(times)


async def replies_meanwhile() -> tuple[list[float], list[float], float, int]:
    """Reply times without and with bulk messages, bulk messages a second, refusals."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world = World()
        addresses = _crowd(world, PEOPLE)
        world.floods.limit(MODELS["30 in any second"])
        async with _program(world, folder) as program:
            await _reply_times(world, WARM_SECONDS)
            idle = await _reply_times(world, REAL_SECONDS)
            now = datetime.now(UTC) - timedelta(seconds=1)
            await program.database.write(lambda tx: _remind(tx, addresses, now))
            program.sender.wake()
            before, began = _sent(program), time.perf_counter()
            busy = await _reply_times(world, REAL_SECONDS)
            rate = (_sent(program) - before) / (time.perf_counter() - began)
        return idle, busy, rate, world.floods.refused


def _sent(program: Any) -> float:
    name, labels = "smart_commune_messages_total", {"state": "sent"}
    return float(program.metrics.registry.get_sample_value(name, labels))


def _share(some: list[float], part: float) -> float:
    return some[min(int(len(some) * part), len(some) - 1)]


def main() -> None:
    """Print both tables."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    print(f"{PEOPLE} reminders, real sender, channel and HTTP, in virtual time: the clock stands")
    print("still while the machine works; the network takes 20 to 80 ms each way (invented)")
    print(f"{'Telegram allows':>36}{'a second':>10}{'of it':>7}{'refused':>9}{'minutes':>9}")
    for name, limits in MODELS.items():
        result = _virtually(limits)
        assert result.states == {"sent": PEOPLE}, result.states
        assert result.copies == 1
        rate = PEOPLE / result.seconds
        share = rate / (limits.overall or rate)
        print(
            f"{name:>36}{rate:>10.1f}{share:>7.0%}{result.refused:>9}{result.seconds / 60:>9.1f}"
            f"   (really {result.took:.0f} s)"
        )
    idle, busy, rate, refused = asyncio.run(replies_meanwhile())
    print(f"a person's message to the reply, really, {REAL_SECONDS:.0f} s each, ms (no network)")
    print(f"{'':>36}{'p50':>10}{'p99':>10}{'replies':>10}")
    for name, some in (("idle", idle), (f"while {PEOPLE} are being sent to", busy)):
        print(f"{name:>36}{_share(some, 0.5):>10.1f}{_share(some, 0.99):>10.1f}{len(some):>10}")
    ratios = [_share(busy, part) / _share(idle, part) for part in (0.5, 0.99)]
    print(f"{'ratio':>36}" + "".join(f"{ratio:>10.1f}" for ratio in ratios))
    replies = len(busy) / REAL_SECONDS
    print(
        f"meanwhile {rate:.1f} bulk messages and {replies:.1f} replies a second,"
        f" {refused} refused (30 in any second)"
    )


if __name__ == "__main__":
    main()
