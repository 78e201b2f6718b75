"""A commune with an open round, its people on telephones, and the running bot between them."""

import shutil
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from criteria.answers import Ratio, YesNo
from criteria.sets.set_file import shipped_text
from storage.people import invitations
from storage.places import places
from storage.reports import reports
from storage.rounds import rounds
from tests.conftest import START, Deployment
from tests.phone import Phone
from tests.template import filled

FIGURES = {"adults": 400, "working_age": 300, "area_cadres": 5, "service_businesses": 10}
SET = "phu-tho-2024"


@dataclass
class Village:
    """The commune's ids, and telephones that have joined."""

    deployment: Deployment
    commune: int
    areas: dict[str, int]
    office: int
    round: int
    phones: dict[str, Phone] = field(default_factory=dict)

    @property
    def database(self):
        assert self.deployment.program is not None
        return self.deployment.program.database

    async def code(self, role, area=None, uses=9):
        """A joining code."""
        now = self.deployment.clock.now()
        return await self.database.write(
            lambda tx: invitations.create_invitation(
                tx,
                role,
                now=now,
                expires_at=now + timedelta(days=30),
                uses=uses,
                commune_id=self.commune,
                unit_id=self.areas[area] if area else None,
            )[1]
        )

    def phone(self, name, language="vi"):
        """A telephone that has not written yet."""
        phone = Phone(self.deployment.world, self.deployment.quiet, name, language)
        self.phones[name] = phone
        return phone

    async def joined(self, name, role="reporter", area="Khu 1", language="vi"):
        """The telephone of a person who has joined."""
        phone = self.phone(name, language)
        code = await self.code(role, area if role == "reporter" else None)
        await phone.send(f"/start {code}")
        await phone.press("✅")
        return phone

    async def answers(self, area="Khu 1"):
        """The answers in the report of an area in this round, by indicator."""

        def look(tx):
            report = reports.report_of(tx, self.round, self.areas[area])
            return reports.answers_of(tx, report.id) if report else {}

        found = await self.database.read(look)
        return {code: answer.value for code, answer in found.items()}

    async def round_(self):
        """The round of the village."""
        return await self.database.read(lambda tx: rounds.round_by_id(tx, self.round))

    async def report(self, area="Khu 1"):
        """The report of the area."""
        unit = self.areas[area]
        return await self.database.read(lambda tx: reports.report_of(tx, self.round, unit))


def found_commune(tx, now, *, earlier=True):
    """Create two areas with figures and one without; last month is accepted, this month is open."""
    commune = places.add_commune(tx, "doi-che", "Xã Đồi Chè")
    areas = {}
    for number in (1, 2, 3):
        label = f"Khu {number}"
        unit = places.add_unit(
            tx,
            commune.id,
            f"k{number}",
            label,
            number=number,
            old_commune="Suối Vàng" if number == 2 else "Đồi Chè",
        )
        areas[label] = unit.id
        for kind, value in FIGURES.items() if number < 3 else ():
            places.set_figure(tx, unit.id, kind, value, now, way="import")
    text = shipped_text(SET)
    if earlier:
        began = now - timedelta(days=40)
        old = rounds.open_round(
            tx,
            commune.id,
            "Tháng 2/2026",
            SET,
            text,
            None,
            began,
            began + timedelta(days=9),
            began + timedelta(days=14),
            began,
        )
        report = reports.start_report(tx, old.id, areas["Khu 1"], began)
        values = {"HT1": Ratio(340, 400), "CQ3": YesNo(yes=True), "KT1": Ratio(240, 300)}
        for code, value in values.items():
            reports.put_answer(tx, report, code, value, by=None, way="command", now=began)
        reports.send_report(tx, report, by=None, now=began, deadline=old.deadline)
        rounds.close_round(tx, old.id, now - timedelta(days=20))
    present = rounds.open_round(
        tx,
        commune.id,
        "Tháng 3/2026",
        SET,
        text,
        None,
        now,
        now + timedelta(days=9),
        now + timedelta(days=14),
        now,
    )
    office = places.office_of(tx, commune.id)
    return commune.id, areas, office.id, present.id


@pytest.fixture(scope="session")
def village_file(tmp_path_factory, template):
    """A database with the commune, and the commune's ids; tests copy the file."""
    file = tmp_path_factory.mktemp("village") / "bot.db"
    return file, filled(template, file, lambda tx: found_commune(tx, START))


@pytest.fixture
async def village(deployment, village_file, tmp_path):
    """The bot running in a commune of three areas."""
    file, (commune, areas, office, round_) = village_file
    shutil.copyfile(file, tmp_path / "bot.db")
    async with deployment.running():
        yield Village(deployment, commune, {**areas}, office, round_)
