"""Pasted figures: read by the workbook's rules, for areas that are there; every bad cell is told."""

from datetime import date

import pytest
import sqlalchemy as sa

from handlers.roster.pasting import pasted
from handlers.roster.planning import plan_records
from handlers.roster.rows import Problems, read_cells
from handlers.texts import texts_of
from storage.places import places, roster
from storage.places.roster import Author
from storage.tables import metadata
from tests.conftest import START

VI = texts_of("vi")
HEADINGS = "Khu\tNgười trưởng thành\tTrong độ tuổi lao động\n"


@pytest.fixture
def tx():
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    metadata.create_all(engine)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def commune(tx):
    """A commune with Khu 1, two called Khu 5, one of which had an old name, and one that ended."""
    made = places.add_commune(tx, "doi-che", "Xã Đồi Chè")
    for code, label, old, number in (
        ("k1", "Khu 1", None, 1),
        ("k5a", "Khu 5", "Yên Kiện", 5),
        ("k5b", "Khu 5", "Vụ Quang", 5),
        ("k7", "Khu 7 Đồng Bãi", None, None),
    ):
        unit = places.add_unit(tx, made.id, code, label, number=number, old_commune=old)
        places.set_figure(tx, unit.id, "adults", 400, START, way="import")
    return made


def planned(tx, commune, text):
    sheet = pasted(text, commune.code, VI)
    assert not isinstance(sheet, str), sheet
    return plan_records(read_cells([sheet]), tx, START, communes={commune.id})


def edits(plan):
    assert not isinstance(plan, Problems), [one.sentence(VI) for one in plan.problems]
    return [(one.unit, one.kind, one.old, one.new) for one in plan.figures]


def problems(plan):
    return [one.sentence(VI) for one in plan.problems]


def test_rows_with_headings_change_the_figures_that_differ(tx, commune):
    text = HEADINGS + "Khu 1\t1.412\t268\r\nKhu 5 · Yên Kiện\t400\t\nKhu 5 Vụ Quang\t-\t1 001\n\n"
    assert edits(planned(tx, commune, text)) == [
        ("k1", "adults", 400, 1412),
        ("k1", "working_age", None, 268),
        ("k5b", "adults", 400, None),
        ("k5b", "working_age", None, 1001),
    ]


def test_rows_without_headings_have_all_columns_in_order(tx, commune):
    assert edits(planned(tx, commune, "Khu 1\t412\t268\t6\t9")) == [
        ("k1", "adults", 400, 412),
        ("k1", "working_age", None, 268),
        ("k1", "area_cadres", None, 6),
        ("k1", "service_businesses", None, 9),
    ]
    plan = planned(tx, commune, "Khu 1\t650\t412\t268\t6\t9")
    assert ("k1", "population", None, 650) in edits(plan)
    for text in ("Khu 1\t412", "Khu 1 412 268 6 9", "Khu 1\t1\t2\t3\t4\t5\t6"):
        assert pasted(text, "doi-che", VI) == "paste.no_headings"
    assert pasted(" \n\t\n", "doi-che", VI) == "paste.nothing"
    assert pasted("1\t2\n" * 501, "doi-che", VI) == "paste.too_much"


@pytest.mark.parametrize("name", ["Khu 7 Đồng Bãi", "khu 7 dong bai", "7", "k7"])
def test_an_area_is_known_by_its_name_its_number_and_its_code(tx, commune, name):
    assert edits(planned(tx, commune, HEADINGS + f"{name}\t7\t")) == [("k7", "adults", 400, 7)]


def test_a_cell_may_hold_a_line_break(tx, commune):
    text = 'Khu\t"Người trưởng\nthành"\tXã cũ\n"Khu 5"\t7\tVụ Quang\n'
    assert edits(planned(tx, commune, text)) == [("k5b", "adults", 400, 7)]


def test_every_bad_cell_is_named_and_nothing_else_is_planned(tx, commune):
    text = HEADINGS + (
        "Khu 1\tnhiều\t268\nKhu 9\t1\t2\nKhu 5\t1\t2\nKhu 1\t-3\t2,5\n\t1\t2\n"
        "Khu 7 Đồng Bãi\t#N/A\t1\nKhu 7 Đồng Bãi\t2\t1\n"
    )
    said = problems(planned(tx, commune, text))
    for place, why in (
        ("dòng 2, cột “Người trưởng thành”", "“nhiều”"),
        ("dòng 3, cột “Khu”", "“Khu 9”"),
        ("dòng 4, cột “Khu”", "k5a, k5b"),
        ("dòng 5, cột “Người trưởng thành”", "-3"),
        ("dòng 5, cột “Trong độ tuổi lao động”", "2,5"),
        ("dòng 6, cột “Khu”", "trống"),
        ("dòng 7, cột “Người trưởng thành”", "#N/A"),
        ("dòng 8, cột “Khu”", "đã có"),
    ):
        assert any(place in one and why in one for one in said), (place, said)


def test_a_part_is_never_more_than_the_population(tx, commune):
    said = problems(planned(tx, commune, "Khu 1\t300\t412\t268\t6\t9"))
    assert len(said) == 1
    assert "412" in said[0]


def test_no_area_is_added_or_renamed_and_another_commune_is_refused(tx, commune):
    other = places.add_commune(tx, "kin", "Xã Kín")
    places.add_unit(tx, other.id, "x1", "Khu 1")
    text = "Xã\tKhu\tNgười trưởng thành\nXã Kín\tKhu 1\t5\n"
    assert "Xã Kín" in problems(planned(tx, commune, text))[0]
    plan = planned(tx, commune, "Mã khu\tTên khu\tNgười trưởng thành\nk1\tTên mới\t5\n")
    assert edits(plan) == [("k1", "adults", 400, 5)]
    assert not plan.areas
    assert not plan.new_areas


def test_an_area_that_ended_gives_way_to_the_one_that_stands(tx, commune):
    ended = places.area_by(tx, commune.id, "k5a")
    change = roster.AreaChange(
        ended.id, {"valid_to": None}, {"valid_to": date(2025, 6, 30).isoformat()}
    )
    roster.change_areas(tx, [change], START, Author("import"))
    assert edits(planned(tx, commune, HEADINGS + "5\t7\t")) == [("k5b", "adults", 400, 7)]
    assert edits(planned(tx, commune, HEADINGS + "Khu 5\t7\t")) == [("k5b", "adults", 400, 7)]
