"""Communes and areas: found by their names, sorted by the alphabet, valid for days."""

from datetime import date

import pytest
from sqlalchemy import Connection

from storage.engine.database import Database
from storage.places import places, roster
from storage.places.places import Unit
from tests.storage.sample import NOW, sample

DAY = date(2026, 11, 20)


def area(**values) -> Unit:
    usual = {
        "id": 1, "commune_id": 1, "kind": "area", "code": "k", "label": "Khu", "number": None,
        "old_commune": None, "valid_from": None, "valid_to": None,
    }  # fmt: skip
    return Unit(**(usual | values))


@pytest.mark.parametrize(
    ("first", "last", "valid"),
    [
        (None, None, True), ("2026-11-20", "2026-11-20", True), ("2026-11-21", None, False),
        (None, "2026-11-19", False), ("2026-11-01", "2026-11-30", True),
    ],
)  # fmt: skip
def test_an_area_exists_on_its_first_and_its_last_day(first, last, valid) -> None:
    assert area(valid_from=first, valid_to=last).valid(DAY) is valid


def test_areas_are_sorted_by_number_then_by_name_with_the_office_last() -> None:
    names = [
        area(number=1, label="Khu 1"),
        area(number=2, old_commune="Dân Hạ", label="Khu 2"),
        area(number=2, old_commune="Đa Phúc", label="Khu 2"),
        area(number=2, old_commune="Em", label="Khu 2"),
        area(number=10, label="Khu 10"),
        area(label="An"),
        area(label="Ấp Bắc"),
        area(label="Đông"),
        area(label="Em"),
        area(kind="office", label=""),
    ]
    backwards = names[::-1]
    assert sorted(backwards, key=lambda one: one.order) == names


async def test_a_label_that_two_areas_share_is_recognised(database: Database) -> None:
    def work(tx: Connection) -> None:
        commune = places.add_commune(tx, "x", "Xã X")
        other = places.add_commune(tx, "y", "Xã Y")
        for code, old in (("a", "Yên Kiện"), ("b", "Bến Gỗ")):
            places.add_unit(tx, commune.id, code, "Khu 5", number=5, old_commune=old)
        places.add_unit(tx, commune.id, "c", "Khu 6", number=6)
        places.add_unit(tx, other.id, "c", "Khu 6", number=6)
        found = places.units_of(tx, commune.id)
        assert [(one.code, one.shared_label) for one in found] == [
            ("b", True), ("a", True), ("c", False),
        ]  # fmt: skip
        assert places.area_by(tx, commune.id, "Khu 5") is None
        assert [one.code for one in places.areas_named(tx, commune.id, "khu 5")] == ["b", "a"]
        for text in ("Khu 5 · Yên Kiện", "khu 5 yên kiện", " a "):
            assert places.area_by(tx, commune.id, text).code == "a"
        assert places.units_by_ids(tx, []) == []
        assert [one.id for one in places.units_by_ids(tx, [found[1].id, found[0].id])] == sorted(
            one.id for one in found[:2]
        )

    await database.write(work)


async def test_two_communes_of_one_name_are_found_only_by_code(database: Database) -> None:
    def work(tx: Connection) -> None:
        one, two = (places.add_commune(tx, code, "Xã Tân An") for code in ("tan-an-1", "tan-an-2"))
        ward = places.add_commune(tx, "viet-tri", "Phường Việt Trì")
        assert places.commune_by(tx, "Tân An") is None
        assert places.commune_by(tx, "tan-an-2") == two
        assert places.commune_by(tx, "TAN-AN-1") == one
        assert places.commune_by(tx, "việt trì") == ward
        assert places.find_commune(tx, ward.id) == places.commune(tx, ward.id) == ward
        assert places.find_commune(tx, 999) is None
        with pytest.raises(KeyError):
            places.commune(tx, 999)

    await database.write(work)


async def test_the_areas_of_a_day_do_not_include_the_office(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        places.add_unit(tx, s.commune.id, "old", "Khu cũ", valid_to="2026-11-19")
        assert s.office.office
        assert not s.areas[0].office
        assert [one.code for one in places.units_of(tx, s.commune.id, DAY)] == [
            "khu-1", "khu-2", "khu-3",
        ]  # fmt: skip
        assert len(places.units_of(tx, s.commune.id)) == 4

    await database.write(work)


async def test_an_area_that_went_wholly_into_another_is_its_predecessor(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        one, two, three = (unit.id for unit in s.areas)
        new = places.add_unit(tx, s.commune.id, "new", "Khu mới").id
        roster.set_successors(tx, one, [new], NOW, roster.IMPORT)
        roster.set_successors(tx, two, [new, new], NOW, roster.IMPORT)
        roster.set_successors(
            tx, three, [new, one], NOW, roster.IMPORT
        )  # split, so wholly in neither
        assert places.predecessors_of(tx, [new, one]) == {new: [one, two]}
        assert places.predecessors_of(tx, [two]) == {}
        roster.set_successors(tx, two, [], NOW, roster.IMPORT)
        assert places.predecessors_of(tx, [new]) == {new: [one]}

    await database.write(work)


async def test_setting_an_equal_figure_changes_nothing(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        one, two = s.areas[0].id, s.areas[1].id
        places.set_figure(tx, one, "adults", 0, NOW, way="import")
        places.set_figure(tx, two, "adults", 7, NOW, way="import")
        assert places.figures_of(tx, one) == {"adults": 0}
        assert not places.set_figure(tx, one, "adults", 0, NOW, way="import")
        assert places.set_figure(tx, one, "adults", None, NOW, way="import")
        assert not places.set_figure(tx, one, "adults", None, NOW, way="import")
        assert places.figures_of(tx, one) == {}
        assert places.figures_of(tx, two) == {"adults": 7}

    await database.write(work)
