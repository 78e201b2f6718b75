"""The real program is killed again and again while people answer: every answer is there once.

`python -m bot run` as its own process, talking over HTTP to the simulator in this one.
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.sender import CLAIMED_AT_ONCE
from bot.simulator.faults import Fault
from bot.simulator.server import serving
from bot.simulator.world import World
from criteria.answers import YesNo
from criteria.set_file import shipped_text
from handlers.channel import Screen
from handlers.screen_json import to_json
from storage import outbox, people, places, reports, rounds
from storage.answer_values import from_json
from storage.database import Database
from storage.history import history_of_round
from storage.tables import inbox
from tests.bot.crashing import (
    FIRST,
    Answered,
    Program,
    Record,
    Villager,
    database_url,
    free_port,
    written,
)

FIGURES = {"adults": 400, "working_age": 300, "area_cadres": 60, "service_businesses": 70}
PEOPLE = 20
ANSWERS = 10  # of each: eight questions, two answers corrected by editing the message
KILL_AT = (15, 45, 80, 120, 160, 195)  # answers written, of 200
FEW, KILL_FEW_AT = 6, (15, 40)  # the same through a webhook, a smaller crowd
FINISHED = {"sent", "uncertain"}


def plain(value):
    """A value in the villager's form."""
    if value is None:
        return None
    return value.yes if isinstance(value, YesNo) else (value.numerator, value.denominator)


def plain_kept(entry):
    """What a line of the history says: from what to what."""
    return tuple(plain(from_json(side)) if side else None for side in (entry.old, entry.new))


def settle_village(tx, crowd, now):
    """A commune of as many areas as people, an open round, everybody a member."""
    commune = places.add_commune(tx, "doi-che", "Xã Đồi Chè", None)
    units = {}
    for number in range(1, crowd + 1):
        unit = places.add_unit(tx, commune.id, f"khu-{number}", f"Khu {number}", number=number)
        for kind, value in FIGURES.items():
            places.set_figure(tx, unit.id, kind, value, now, way="import")
        person = people.add_person(
            tx, channel="telegram", address=str(FIRST + number), name="Người", handle=None,
            language="vi", consent_version="2026-11", now=now,
        )  # fmt: skip
        people.add_membership(tx, person.id, "reporter", unit_id=unit.id, now=now)
        units[number] = unit.id
    round_ = rounds.open_round(
        tx, commune.id, "Tháng này", "phu-tho-2024", shipped_text("phu-tho-2024"), now.date(),
        now, now + timedelta(days=5), now + timedelta(days=9), now,
    )  # fmt: skip
    return round_.id, units


async def kill_again_and_again(program, world, answered, kill_at):
    for turn, number in enumerate(kill_at):
        await answered.reach(number)
        if turn % 3:  # Telegram has the reply, and the program is about to hear of it
            await written(world, 2 * turn)
        await program.kill()
        world.updates.repeat(10)  # as if the last confirmations had been lost
        world.updates.double(3)
        await program.start()
        if turn % 2:  # once more when it is in the middle of what has piled up
            await written(world, 1)
            await program.kill()
            await program.start()


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("crowd", "kill_at", "way"),
    [(PEOPLE, KILL_AT, "polling"), (FEW, KILL_FEW_AT, "webhook")],
    ids=["polling", "webhook"],
)
async def test_every_answer_is_there_exactly_once_however_often_the_program_is_killed(
    tmp_path, crowd, kill_at, way
):
    world = World()
    now = datetime.now(UTC) - timedelta(minutes=1)
    async with Database(database_url(tmp_path)) as database:
        round_id, units = await database.write(lambda tx: settle_village(tx, crowd, now))
    record = Record(tmp_path)
    villagers = [Villager(world, record, number) for number in units]
    for one in villagers:
        world.add_phone(f"Người {one.number}", user_id=one.id)
    answered = Answered(world)
    world.faults.add(Fault("sendMessage", skip=20, times=3, lost=True))
    world.faults.add(Fault("editMessageText", skip=5, times=2, code=500))
    async with serving(world) as address:
        webhook = f"127.0.0.1:{free_port()}" if way == "webhook" else None
        program = Program(tmp_path, address, world.token, webhook)
        try:
            await program.start()
            async with asyncio.TaskGroup() as group:
                group.create_task(kill_again_and_again(program, world, answered, kill_at))
                for one in villagers:
                    group.create_task(one.answer_everything(answered))
            while world.updates.pending():
                await world.bell.wait(5)
            assert await program.stop() == 0, program.log.read_text()
        finally:
            await program.put_away()
            sys.stdout.write(program.log.read_text())  # seen when the test fails
            record.connection.close()
    assert answered.count == crowd * ANSWERS
    async with Database(database_url(tmp_path)) as database:
        await database.read(lambda tx: check_everything(tx, villagers, round_id, units))


def check_everything(tx, villagers, round_id, units):
    entries = [entry for entry in history_of_round(tx, round_id) if entry.what == "answer"]
    assert len(entries) == len(villagers) * ANSWERS
    for one in villagers:
        report = reports.report_of(tx, round_id, units[one.number])
        assert (report.state, report.sends) == ("sent", 1)
        stored = {code: plain(a.value) for code, a in reports.answers_of(tx, report.id).items()}
        assert stored == {code: values[-1] for code, values in one.said.items()}
        for code, values in one.said.items():
            mine = [e for e in entries if e.report_id == report.id and e.indicator == code]
            steps = list(zip([None, *values], values, strict=False))
            assert [plain_kept(entry) for entry in mine] == steps
    undone = tx.execute(select(inbox).where(inbox.c.state != "done")).all()
    assert undone == []


@pytest.mark.timeout(120)
async def test_no_reminder_comes_twice_however_often_the_program_is_killed(tmp_path):
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
            sys.stdout.write(program.log.read_text())  # seen when the test fails
    copies = [len(phone.entries) for phone in phones]
    assert max(copies) == 1
    assert stand["sent"] <= sum(copies) <= sum(stand.values()) == len(phones)
    # what was on its way when the program died: nobody can know, so it isn't sent again
    assert stand.get("uncertain", 0) <= 2 * (CLAIMED_AT_ONCE + 2)
    assert copies.count(0) <= stand.get("uncertain", 0)


def remind(tx, phones, now):
    for phone in phones:
        person = people.add_person(
            tx, channel="telegram", address=str(phone.id), name="Người", handle=None,
            language="vi", consent_version="2026-11", now=now,
        )  # fmt: skip
        outbox.enqueue(tx, person.id, "notice", to_json(Screen("Sắp đến hạn")), now)
