"""The commune in which people answer while the bot is killed, and its invariants."""

import asyncio
from collections import defaultdict
from datetime import UTC, datetime, timedelta

from bot.simulator.server import serving
from bot.simulator.telegram.world import World
from criteria.answers import YesNo
from criteria.sets.set_file import shipped_text
from storage.engine.database import Database
from storage.history import history_of_round
from storage.people import people
from storage.places import places
from storage.reports import reports
from storage.reports.answer_values import from_json
from storage.rounds import rounds
from tests.bot.crashing import (
    FIRST,
    Answered,
    Program,
    Record,
    Villager,
    database_url,
    free_port,
)

FIGURES = {"adults": 400, "working_age": 300, "area_cadres": 60, "service_businesses": 70}


class Village:
    """A commune with one area for each person; everybody answers while `killing` runs."""

    def __init__(self, folder, crowd, url=None, **habits):
        self.folder = folder
        self.url = url or database_url(folder)
        self.crowd = crowd
        self.habits = habits
        self.world = World()
        self.answered = Answered(self.world)
        self.first = self.world.updates.next_id
        self.villagers = []

    async def found(self):
        now = datetime.now(UTC) - timedelta(minutes=1)
        async with Database(self.url) as database:
            self.round, self.units = await database.write(
                lambda tx: settle_village(tx, self.crowd, now)
            )
        self.record = self.opened_record()
        for number in self.units:
            one = Villager(self.world, self.record, number, **self.habits)
            self.world.add_phone(f"Người {number}", user_id=one.id)
            self.villagers.append(one)

    def opened_record(self):
        return Record(self.folder)

    async def work(self, killing, way="polling", enough=None):
        """Everybody answers, the program is killed repeatedly and finally stopped."""
        async with serving(self.world) as address:
            webhook = f"127.0.0.1:{free_port()}" if way == "webhook" else None
            program = Program(self.folder, address, self.world.token, webhook)
            try:
                await program.start()
                async with asyncio.TaskGroup() as group:
                    group.create_task(killing(program))
                    self.begin_answering(group, enough)
                await self.all_taken_in()
                assert await program.stop() == 0, program.log.read_text()
            finally:
                await program.put_away()

    def begin_answering(self, group, enough=None):
        for one in self.villagers:
            group.create_task(one.answer_everything(self.answered, enough))

    async def all_taken_in(self):
        while self.world.updates.pending():
            await self.world.bell.wait(5)

    def check_after_a_kill(self, record=None):
        """Check that everything acknowledged or confirmed is on the disk of the killed program."""
        record = record or self.record
        stored, present = record.taken_in(), record.present()
        assert set(self.world.updates.confirmed()) - set(stored) == set()
        for one in self.villagers:
            for code, value in one.seen.items():
                later = one.said[code][one.said[code].index(value) :]
                assert present[one.number, code] in later, (one.number, code)

    async def check(self):
        """Check that every delivered update is stored once and done, and every answer once."""
        given = range(self.first, self.world.updates.next_id)
        assert self.record.taken_in() == dict.fromkeys(given, "done")
        assert self.record.whole()
        self.record.close()
        async with Database(self.url) as database:
            await database.read(
                lambda tx: check_answers(tx, self.villagers, self.round, self.units)
            )


def plain(value):
    """A value in the form of Villager."""
    if value is None:
        return None
    return value.yes if isinstance(value, YesNo) else (value.numerator, value.denominator)


def plain_kept(entry):
    """The old and the new value of an entry of the history."""
    return tuple(plain(from_json(side)) if side else None for side in (entry.old, entry.new))


def settle_village(tx, crowd, now, first=FIRST, code="doi-che"):
    """Create a commune with one area for each person, an open round, and everybody as a member."""
    commune = places.add_commune(tx, code, "Xã Đồi Chè", None)
    units = {}
    for number in range(1, crowd + 1):
        unit = places.add_unit(tx, commune.id, f"khu-{number}", f"Khu {number}", number=number)
        for kind, value in FIGURES.items():
            places.set_figure(tx, unit.id, kind, value, now, way="import")
        person = people.add_person(
            tx, bot="telegram", address=str(first + number), name="Người", handle=None,
            language="vi", consent_version="2026-11", now=now,
        )  # fmt: skip
        people.add_membership(tx, person.id, "reporter", unit_id=unit.id, now=now)
        units[number] = unit.id
    round_ = rounds.open_round(
        tx, commune.id, "Tháng này", "phu-tho-2024", shipped_text("phu-tho-2024"), now.date(),
        now, now + timedelta(days=5), now + timedelta(days=9), now,
    )  # fmt: skip
    return round_.id, units


def check_answers(tx, villagers, round_id, units):
    """Check that every answer is there once, and each history leads from nothing to it."""
    entries = defaultdict(list)
    for entry in history_of_round(tx, round_id):
        if entry.what == "answer":
            entries[entry.report_id, entry.indicator].append(entry)
    said = sum(len(values) for one in villagers for values in one.said.values())
    assert sum(map(len, entries.values())) == said
    for one in villagers:
        report = reports.report_of(tx, round_id, units[one.number])
        assert (report.state, report.sends) == ("sent", 1)
        stored = {code: plain(a.value) for code, a in reports.answers_of(tx, report.id).items()}
        assert stored == {code: values[-1] for code, values in one.said.items()}
        for code, values in one.said.items():
            steps = list(zip([None, *values], values, strict=False))
            assert [plain_kept(entry) for entry in entries[report.id, code]] == steps
