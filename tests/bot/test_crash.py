"""The real program is killed repeatedly while people answer: every answer is there once.

`python -m bot run` is its own process; it calls the simulator in this process over HTTP.
"""

import sys
from datetime import UTC, datetime, timedelta

import pytest

from bot.sending.sender import CLAIMED_AT_ONCE
from bot.simulator.faults import Fault
from bot.simulator.server import serving
from bot.simulator.telegram.world import World
from handlers.flow.channel import Screen
from storage.engine.database import Database
from storage.messages import outbox
from storage.people import people
from tests.bot.crash_village import Village
from tests.bot.crashing import Program, database_url, written
from tests.outbox import enqueue

PEOPLE = 20
ANSWERS = 10  # of each: eight questions, two answers corrected by editing the message
KILL_AT = (15, 45, 80, 120, 160, 195)  # answers written, of 200
FEW, KILL_FEW_AT = 6, (15, 40)  # the same through a webhook, a smaller crowd
FINISHED = {"sent", "uncertain"}


async def kill_again_and_again(village, program, kill_at):
    world = village.world
    for context, number in enumerate(kill_at):
        await village.answered.reach(number)
        if context % 3:  # Telegram has the reply, and the program does not know it yet
            await written(world, 2 * context)
        await program.kill()
        village.check_after_a_kill()
        world.updates.repeat(10)  # as if the last confirmations had been lost
        world.updates.double(3)
        world.updates.delay(2, 0.2)  # later ones come first
        await program.start()
        if context % 2:  # once more while it handles the backlog
            await written(world, 1)
            await program.kill()
            await program.start()


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("crowd", "kill_at", "way"),
    [(PEOPLE, KILL_AT, "polling"), (FEW, KILL_FEW_AT, "webhook")],
    ids=["polling", "webhook"],
)
async def test_every_answer_is_stored_exactly_once_however_often_the_bot_is_killed(
    tmp_path, crowd, kill_at, way
):
    village = Village(tmp_path, crowd)
    await village.found()
    village.world.faults.add(Fault("sendMessage", skip=20, times=3, lost=True))
    village.world.faults.add(Fault("editMessageText", skip=5, times=2, code=500))
    try:
        await village.work(lambda program: kill_again_and_again(village, program, kill_at), way)
    finally:
        sys.stdout.write((tmp_path / "log").read_text())  # shown when the test fails
    assert village.answered.count == crowd * ANSWERS
    await village.check()


@pytest.mark.timeout(120)
async def test_no_reminder_is_sent_twice_however_often_the_bot_is_killed(tmp_path):
    world = World()
    phones = [world.add_phone(f"Người {number}") for number in range(100)]
    for phone in phones:
        phone.started = True
    now = datetime.now(UTC) - timedelta(minutes=1)
    async with Database(database_url(tmp_path)) as database:
        await database.write(lambda tx: remind(tx, phones, now))
    async with serving(world) as address:
        program = Program(tmp_path, address, world.token)
        try:
            for messages in (20, 30):
                await program.start()
                await written(world, messages)
                await program.kill()
            await program.start()
            async with Database(database_url(tmp_path)) as database:
                while (stand := await database.read(outbox.counts)).keys() - FINISHED:
                    await world.bell.wait(0.2)
            assert await program.stop() == 0
        finally:
            await program.put_away()
            sys.stdout.write(program.log.read_text())  # shown when the test fails
    copies = [len(phone.entries) for phone in phones]
    assert max(copies) == 1
    assert stand["sent"] <= sum(copies) <= sum(stand.values()) == len(phones)
    # messages on their way at a kill are uncertain and not sent again
    assert stand.get("uncertain", 0) <= 2 * (CLAIMED_AT_ONCE + 2)
    assert copies.count(0) <= stand.get("uncertain", 0)


def remind(tx, phones, now):
    for phone in phones:
        person = people.add_person(
            tx, bot="telegram", address=str(phone.id), name="Người", handle=None,
            language="vi", consent_version="2026-11", now=now,
        )  # fmt: skip
        enqueue(tx, person.id, "notice", Screen("Sắp đến hạn").to_json(), now)
