"""The workbook of many communes: a row each, "—" for what is missing, no text is a formula."""

from datetime import timedelta

import openpyxl
import pytest

from criteria.sets.set_file import shipped_text
from handlers.exports.communes_material import many_of
from handlers.exports.formats import OF_MANY, make
from handlers.texts import texts_of
from storage.places import places
from storage.rounds import rounds
from tests.handlers.two_communes import HOUSE, NOW, both


@pytest.fixture
def many():
    """Ta and Kín with their round, a commune without any, and one with a round and no report."""
    world = both()
    tx = world.tx
    places.add_commune(tx, "trong", "=1+1", "@Vùng")
    empty = places.add_commune(tx, "moi", "Xã Mới", None)
    places.add_unit(tx, empty.id, "k1", "-Khu", number=1)
    rounds.open_round(
        tx, empty.id, "+Kỳ", "phu-tho-2024", shipped_text("phu-tho-2024"), NOW.date(), NOW,
        NOW + timedelta(days=5), NOW + timedelta(days=9), NOW,
    )  # fmt: skip
    told = []
    yield many_of(tx, places.communes(tx), NOW, HOUSE.zone, lambda *how_far: told.append(how_far))
    assert told[-1][0] == told[-1][1] == 4
    tx.close()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_commune_has_a_row_and_what_is_missing_is_a_dash(many, tmp_path, language):
    (file,) = make("xlsx", many, texts_of(language), tmp_path, tmp_path, OF_MANY)
    assert file.name == f"so-lieu-cac-xa_4-xa_{NOW.astimezone(HOUSE.zone).date()}.xlsx"
    book = openpyxl.load_workbook(file)
    communes, indicators, missing = book.worksheets
    rows = {row[0]: row for row in communes.iter_rows(min_row=2, values_only=True)}
    assert len(rows) == 4
    assert rows["=1+1"] == ("=1+1", "@Vùng", "—", "—", "—", "—", 0, 0)
    assert rows["Xã Mới"][2:5] == ("+Kỳ", "0/13", "0/2")
    new = next(r for r in indicators.iter_rows(min_row=2, values_only=True) if r[0] == "Xã Mới")
    assert 0 not in new
    assert len(new) == 3 + 13
    assert ("Xã Mới", None, "+Kỳ", "-Khu") in {
        (r[0], r[1] or None, r[2], r[3]) for r in missing.iter_rows(min_row=2, values_only=True)
    }
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
