"""A commune of twelve areas in the middle of its round, directly in a small database."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from criteria.answers import Ratio, YesNo
from criteria.sets.set_file import shipped_text
from handlers import features  # noqa: F401 - registers the routes
from handlers.flow.channel import Incoming, Sender
from handlers.flow.context import Context
from handlers.flow.deployment import Deployment
from handlers.status.loading import load_status
from handlers.texts import texts_of
from storage.difficulties import difficulties
from storage.people import people
from storage.people.people import Membership, Person
from storage.places import places
from storage.reports import reports
from storage.rounds import rounds
from storage.tables import metadata

NOW = datetime(2026, 11, 22, 7, 5, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SET = "phu-tho-2024"
OLD = ("Đồi Chè", "Suối Vàng", "Bến Gỗ")
AREAS = 12
SENT = 9
OPENS = datetime(2026, 11, 11, 0, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Commune:
    tx: sa.Connection
    id: int
    areas: tuple[int, ...]
    office: int
    round: rounds.Round

    def status(self, now=NOW):
        return load_status(self.tx, rounds.round_by_id(self.tx, self.round.id), now)

    def look(self, role="officer", now=NOW, language="vi"):
        """The context of a person with a role in the commune."""
        return looking(self.tx, commune=self.id, role=role, now=now, language=language)

    def answer(self, unit, now=NOW, *, send=True, **values):
        report = reports.start_report(self.tx, self.round.id, unit, now)
        for code, value in values.items():
            reports.put_answer(self.tx, report, code, value, by=None, way="command", now=now)
        if send:
            reports.send_report(
                self.tx,
                reports.report_of(self.tx, self.round.id, unit),
                by=None,
                now=now,
                deadline=self.round.deadline,
            )


def looking(tx, *, commune=None, role="officer", areas=(), now=NOW, language="vi"):
    """The context of an officer or leader of a commune, or of a reporter of areas."""
    held = [Membership(2, "reporter", unit, None, None, None) for unit in areas]
    if commune is not None:
        held.append(Membership(1, role, None, commune, None, None))
    person = Person(1, "telegram", "1", "Mai", None, language, "1", None)
    incoming = Incoming(Sender("telegram", "1", "Mai"), "text")
    return Context(
        tx, now, Deployment(ZONE, "bot"), incoming, person, tuple(held), texts_of(language)
    )


def everywhere(tx):
    """The context of an operator of the whole installation."""
    context = looking(tx)
    return replace(context, memberships=(Membership(1, "operator", None, None, None, None),))


def open_round(tx, commune, name, opens):
    return rounds.open_round(
        tx,
        commune,
        name,
        SET,
        shipped_text(SET),
        None,
        opens,
        opens + timedelta(days=14, hours=14, minutes=59, seconds=59),
        opens + timedelta(days=19, hours=14, minutes=59, seconds=59),
        opens,
    )


def area_answers(number):
    return {
        "HT1": Ratio(320 + 4 * number, 400 + 2 * number),
        "HT2": Ratio(5 if number != 4 else 4, 5),
        "CQ3": YesNo(yes=number != 7),
        "CQ4": YesNo(yes=True),
        "KT1": Ratio(180 + 5 * number, 300),
        "KT2": Ratio(number // 2, number),
        "KT3": YesNo(yes=False),
        "XH1": YesNo(yes=number in {2, 5}),
    }


@pytest.fixture
def tx():
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def unopened(tx):
    """The commune, its areas and its office, before any round."""
    commune = places.add_commune(tx, "doi-che", "Xã Đồi Chè").id
    areas = []
    for number in range(1, AREAS + 1):
        label, old = 1 + (number - 1) % 4, OLD[(number - 1) // 4]
        unit = places.add_unit(
            tx, commune, f"k{number}", f"Khu {label}", number=number, old_commune=old
        )
        areas.append(unit.id)
        figures = {
            "adults": 400,
            "working_age": 300,
            "area_cadres": 5,
            "service_businesses": number,
        }
        for kind, value in figures.items():
            places.set_figure(tx, unit.id, kind, value, NOW, way="import")
    office = places.office_of(tx, commune).id
    places.set_figure(tx, office, "commune_cadres", 21, NOW, way="import")
    return commune, tuple(areas), office


@pytest.fixture
def empty(tx, unopened):
    """An open round without any report."""
    return Commune(tx, *unopened, open_round(tx, unopened[0], "Tháng 11/2026", OPENS))


@pytest.fixture
def commune(tx, unopened):
    """Nine of twelve areas have sent, the office has sent with a gap; there was a round before."""
    before = open_round(tx, unopened[0], "Tháng 10/2026", OPENS - timedelta(days=30))
    made = Commune(tx, *unopened, before)
    made.answer(made.areas[0], before.opens_at, **area_answers(1))
    rounds.close_round(tx, before.id, OPENS - timedelta(days=10))
    made = Commune(tx, *unopened, open_round(tx, unopened[0], "Tháng 11/2026", OPENS))
    for number, unit in enumerate(made.areas[:SENT], start=1):
        made.answer(unit, **area_answers(number))
        join(tx, unit, number)
    made.answer(made.areas[SENT], send=False, HT1=Ratio(400, 400))
    join(tx, made.areas[SENT], 20)
    made.answer(
        made.office,
        HT2=Ratio(21, 21),
        CQ1=Ratio(1150, 1234),
        CQ2=YesNo(yes=True),
        CQ5=YesNo(yes=True),
        XH2=YesNo(yes=False),
    )
    difficulties.raise_difficulty(tx, commune_id=made.id, text="mất sóng", by=None, now=NOW)
    return made


def join(tx, unit, number):
    somebody = people.add_person(
        tx,
        bot="telegram",
        address=str(number),
        name=f"Bác Tư {number}",
        handle=None,
        language="vi",
        consent_version="1",
        now=NOW,
    )
    people.add_membership(tx, somebody.id, "reporter", now=NOW, unit_id=unit)
