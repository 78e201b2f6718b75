"""The workbook: formulas agree with the score, texts stay texts, the bytes are reproducible."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from criteria.answers import Ratio
from criteria.percent import percent_text
from criteria.scoring import Verdict, score
from handlers.exports.material import Material, material_of
from handlers.exports.workbook import write_workbook
from handlers.status.view import totals_by_method
from handlers.texts import LANGUAGES, texts_of
from storage.reports import reports
from tests.handlers.exports.conftest import OPENS, ZONE, called, found, made
from tests.handlers.exports.formulas import Sheets
from tests.handlers.exports.office import opened

VI = texts_of("vi")
HEAD = 5


def written(material, file, language="vi"):
    write_workbook(material, texts_of(language), file)
    return Sheets(file)


def rows(sheets, title="Tổng hợp"):
    """The rows of the indicators in the summary, by number."""
    page = sheets.written[title]
    found = {}
    for row in page.iter_rows(min_row=HEAD + 1):
        if isinstance(row[0].value, int):
            found[row[0].value] = row
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("areas", [1, 3, 12, 50])
def test_every_formula_gives_its_stored_value(tx, tmp_path, areas, language):
    sheets = written(made(tx, areas, language=language), tmp_path / "a.xlsx", language)
    formulas = list(sheets.formulas())
    assert len(formulas) > 20
    for sheet, cell, formula in formulas:
        computed, kept = sheets.compute(sheet, formula), sheets.kept[sheet][cell].value
        assert computed == kept, (sheet, cell, formula)


def test_sums_shares_and_verdicts_are_those_of_the_score(material, tmp_path):
    sheets = written(material, tmp_path / "a.xlsx")
    result = material.status.result
    words = {
        Verdict.MET: "Đạt", Verdict.NOT_MET: "Chưa đạt", Verdict.INSUFFICIENT: "Chưa đủ số liệu",
        Verdict.NOT_APPLICABLE: "Không có đối tượng",
    }  # fmt: skip
    found = rows(sheets)
    assert len(found) == result.total
    for one, row in zip(result.indicators, found.values(), strict=True):
        cells = [sheets.value("Tổng hợp", cell.coordinate) for cell in row]
        assert cells[7] == words[one.verdict]
        if one.ratio is not None:
            assert cells[4:6] == [one.ratio.numerator, one.ratio.denominator]
            assert Fraction(cells[4], cells[5]) == one.ratio.value
            assert cells[6] <= one.ratio.value
    total = sheets.written["Tổng hợp"].max_row
    said = [sheets.value("Tổng hợp", f"H{row}") for row in range(HEAD + 1, total + 1)]
    assert f"Đạt {result.met}/13" in said


def changed(material, code, values):
    """The same round, but every area gave these answers for an indicator."""
    facts = material.status.facts
    counted = dict(facts.counted)
    for unit, value in zip(facts.areas, values, strict=False):
        counted[unit, code] = value
    facts = replace(facts, counted=counted)
    status = replace(material.status, facts=facts, result=score(material.status.criteria, facts))
    return replace(material, status=status)


def test_a_share_just_below_the_threshold_is_never_shown_as_reaching_it(material, tmp_path):
    short = changed(material, "HT1", [Ratio(8496, 10000), *[Ratio(0, 0)] * 11])
    sheets = written(short, tmp_path / "a.xlsx")
    row = rows(sheets)[1]
    assert sheets.value("Tổng hợp", row[6].coordinate) == 0.8496
    assert row[6].number_format == "[$-42A]0.00\\ %"
    assert row[7].value == "Chưa đạt"


def test_a_missing_answer_is_a_dash_and_never_a_zero(tx, tmp_path):
    sheets = written(made(tx, 12), tmp_path / "a.xlsx")
    page = sheets.written["Từng khu"]
    last = [cell.value for cell in page[16]]
    assert last[1] == "Khu 4 · Bến Gỗ"
    assert set(last[3:]) == {"—"}


def test_texts_of_people_are_stored_as_text(material, tmp_path):
    evil = ["=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", "https://example.org", "\x00\x1b{=1}", "12"]
    status = called(material, evil[0], evil[3]).status
    units = {
        unit: replace(one, label=evil[number % len(evil)], shared_label=False)
        for number, (unit, one) in enumerate(material.status.units.items())
    }
    changes = tuple(
        replace(one, what=evil[number % len(evil)]) for number, one in enumerate(material.changes)
    )
    hostile = replace(material, status=replace(status, units=units), changes=changes)
    sheets = written(hostile, tmp_path / "a.xlsx")
    ours = ("=SUM(", "=COUNTIF(", "=ROWS(", "=IF(", "='Từng khu'!", '="Đạt "&COUNTIF(')
    for _, _, formula in sheets.formulas():
        assert formula.startswith(ours)
    for page in sheets.written.worksheets:
        assert not [cell for row in page.iter_rows() for cell in row if cell.hyperlink]
    names = [cell.value for cell in sheets.written["Từng khu"]["B"]]
    assert {"=1+1", "@SUM(1)", "12"} <= set(names)


def test_the_same_material_gives_the_same_bytes(material, tmp_path):
    kept = []
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(material, VI, tmp_path / name)
        kept.append(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert kept[0] == kept[1]


def test_the_sheets_and_their_print_settings(material: Material, tmp_path):
    sheets = written(material, tmp_path / "a.xlsx")
    assert sheets.written.sheetnames == [
        "Tổng hợp", "Từng khu", "Chưa gửi, gửi muộn", "Các kỳ", "Thay đổi", "Giải thích",
    ]  # fmt: skip
    for page in sheets.written.worksheets:
        assert page.page_setup.orientation == "landscape"
        assert page.page_setup.paperSize == 9
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.freeze_panes


def test_late_and_missing_areas_are_listed(material, tmp_path):
    status = replace(material.status, late=frozenset([material.status.areas[0]]))
    sheets = written(replace(material, status=status), tmp_path / "a.xlsx")
    page = sheets.written["Chưa gửi, gửi muộn"]
    listed = {row[1].value: row[4].value for row in page.iter_rows(min_row=2)}
    assert listed["Khu 1 · Hùng Lô"] == "Muộn"
    assert {"Khu 2 · Bến Gỗ", "Khu 3 · Bến Gỗ", "Khu 4 · Bến Gỗ"} <= set(listed)
    assert "Khu 2 · Hùng Lô" not in listed


def test_the_workbook_names_no_person(material, tmp_path):
    assert all(one.at - material.status.round.opens_at >= timedelta() for one in material.changes)
    sheets = written(material, tmp_path / "a.xlsx")
    heads = [cell.value for cell in sheets.written["Thay đổi"][1]]
    assert heads == ["Lúc", "Khu", "Thay đổi", "Bằng cách"]


@pytest.mark.office
def test_libreoffice_calculates_the_same_values(tx, tmp_path):
    sheets = written(made(tx, 12), tmp_path / "a.xlsx")
    sheets.written.save(tmp_path / "bare.xlsx")  # this removes the stored values of the formulas
    converted = opened(tmp_path / "bare.xlsx", "xlsx")
    again = Sheets(converted)
    for sheet, cell, _ in sheets.formulas():
        assert again.kept[sheet][cell].value == sheets.kept[sheet][cell].value, (sheet, cell)


def test_the_workbook_says_how_much_of_a_figure_was_counted_from_house_to_house(tx, tmp_path):
    round_ = found(tx, 12)
    sent = [r for r in reports.reports_of_round(tx, round_.id).values() if r.sends]
    counted = next(one for one in sent if "HT1" in reports.answers_of(tx, one.id))
    reports.set_counting_method(tx, counted, "HT1", "houses", by=None, way="button", now=OPENS)
    material = material_of(tx, round_, VI, ZONE)
    totals = totals_by_method(material.status, "HT1")
    ht1 = material.status.result.indicator("HT1").ratio
    assert totals["houses"] == reports.answers_of(tx, counted.id)["HT1"].value.denominator
    assert sum(totals.values()) == ht1.denominator
    said = f"đếm từng nhà {percent_text(totals['houses'], ht1.denominator, None, 'vi')}"
    summary = rows(written(material, tmp_path / "a.xlsx"))
    notes = [row[9].value or "" for row in summary.values()]
    assert [said in one for one in notes].count(True) == 1
    assert sum("Cách đếm" in one for one in notes) == 1
