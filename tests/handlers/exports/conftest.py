"""Communes of any size in the middle of a round, as material of exports."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from criteria.answers import Ratio, YesNo
from criteria.sets.set_file import shipped_text
from handlers.exports.material import material_of
from handlers.texts import texts_of
from storage.difficulties import difficulties
from storage.evidence import evidence
from storage.places import places
from storage.reports import reports
from storage.rounds import rounds
from storage.tables import metadata

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OPENS = datetime(2026, 11, 11, 1, 0, tzinfo=UTC)
SET = "phu-tho-2024"
OLD = ("Hùng Lô", "Suối Vàng", "Bến Gỗ")


@pytest.fixture
def tx():
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def material(tx):
    """A commune of twelve areas; nine have reported."""
    return made(tx, 12)


def made(tx, areas, *, periods=2, language="vi", seed=7):
    """The newest round of a new commune with so many areas; three of four areas have sent."""
    return material_of(tx, found(tx, areas, periods, seed), texts_of(language), ZONE)


def called(material, commune, name):
    """The material of a commune and a round of these names."""
    status = material.status
    named = replace(
        status,
        commune=replace(status.commune, name=commune),
        round=replace(status.round, name=name),
    )
    return replace(material, status=named)


def found(tx, areas, periods=2, seed=7):
    """The same commune, as the round."""
    chance = random.Random(seed)
    commune = places.add_commune(tx, "hung-lo", "Xã Hùng Lô")
    units = [_area(tx, commune.id, number, areas, chance) for number in range(1, areas + 1)]
    office = places.office_of(tx, commune.id)
    places.set_figure(tx, office.id, "commune_cadres", 21, OPENS, way="import")
    for back in reversed(range(periods)):
        opens = OPENS - timedelta(days=30 * back)
        name = f"Tháng {opens.astimezone(ZONE):%m/%Y}"
        round_ = _open(tx, commune.id, name, opens)
        _report(tx, round_, units, office, chance, back)
        if back:
            rounds.close_round(tx, round_.id, round_.closes_at)
    difficulties.raise_difficulty(
        tx, commune_id=commune.id, round_id=round_.id, unit_id=units[0].id, indicator="HT1",
        text="Xóm Trại chưa có sóng 4G, bà con có máy mà không vào mạng được.", by=None,
        now=OPENS + timedelta(days=4),
    )  # fmt: skip
    return rounds.round_by_id(tx, round_.id)


def _area(tx, commune_id, number, areas, chance):
    third = -(-areas // 3)
    label, old = 1 + (number - 1) % third, OLD[(number - 1) // third]
    unit = places.add_unit(
        tx, commune_id, f"k{number}", f"Khu {label}", number=number, old_commune=old
    )
    figures = {
        "adults": chance.randint(200, 600),
        "working_age": chance.randint(150, 400),
        "area_cadres": chance.randint(4, 8),
        "service_businesses": chance.choice([0, 3, 8, 14]),
    }
    for kind, value in figures.items():
        places.set_figure(tx, unit.id, kind, value, OPENS, way="import")
    return unit


def _open(tx, commune_id, name, opens):
    return rounds.open_round(
        tx, commune_id, name, SET, shipped_text(SET), opens.date(), opens,
        datetime(opens.year, opens.month, opens.day, 16, 59, 59, tzinfo=UTC) + timedelta(days=14),
        opens + timedelta(days=19), opens,
    )  # fmt: skip


def _report(tx, round_, units, office, chance, back):
    sent = units if back else units[: len(units) * 3 // 4]
    for place, unit in enumerate(sent):
        own = places.figures_of(tx, unit.id)
        at = round_.opens_at + timedelta(days=1 + place % 11, hours=place % 9)
        values = {
            "HT1": Ratio(own["adults"] * chance.randint(780 - 10 * back, 930) // 1000,
                         own["adults"]),
            "HT2": Ratio(own["area_cadres"] - (place == 3), own["area_cadres"]),
            "CQ3": YesNo(place != 7),
            "CQ4": YesNo(True),
            "KT1": Ratio(own["working_age"] * chance.randint(650, 900) // 1000,
                         own["working_age"]),
            "KT2": Ratio(own["service_businesses"] * 7 // 10, own["service_businesses"]),
            "KT3": YesNo(False),
            "XH1": YesNo(place % 4 == 1),
        }  # fmt: skip
        if place == 5:
            del values["KT1"]
        report = _sent(tx, round_, unit, values, at)
        if place == 1:
            evidence.add_link(tx, report, "KT3", "https://example.org/htx", by=None, now=at)
    values = {
        "HT2": Ratio(21, 21), "CQ1": Ratio(1150, 1234), "CQ2": YesNo(True), "CQ5": YesNo(True),
        "XH2": YesNo(False),
    }  # fmt: skip
    _sent(tx, round_, office, values, round_.opens_at + timedelta(days=6))


def _sent(tx, round_, unit, values, at):
    report = reports.start_report(tx, round_.id, unit.id, at)
    for code, value in values.items():
        reports.put_answer(tx, report, code, value, by=None, way="command", now=at)
    return reports.send_report(tx, report, by=None, now=at, deadline=round_.deadline)
