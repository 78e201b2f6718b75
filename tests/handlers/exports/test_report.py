"""The report: a draft in the form of Decree 30/2020, with unmet indicators and difficulties."""

import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta

import docx
import pytest
import sqlalchemy as sa

from handlers.exports.material import material_of
from handlers.exports.report import place_name, write_report
from handlers.texts import LANGUAGES, texts_of
from storage import history
from storage.difficulties import difficulties
from storage.places import places
from storage.rounds import rounds
from storage.tables import units
from tests.handlers.exports.conftest import OPENS, ZONE, called, found, made
from tests.handlers.exports.office import opened

VI = texts_of("vi")


def written(material, file, language="vi"):
    write_report(material, texts_of(language), file)
    return docx.Document(str(file))


def text_of(document):
    """The whole text: paragraphs and cells of the tables."""
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    said = [*(p.text for p in document.paragraphs), *cells]
    return "\n".join(said).replace("\u00a0", " ")


def test_the_report_has_the_required_form_and_stays_a_draft(material, tmp_path):
    document = written(material, tmp_path / "a.docx")
    text = text_of(document)
    for said in (
        "ỦY BAN NHÂN DÂN", "XÃ HÙNG LÔ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc", "BÁO CÁO", "Kính gửi", "Nơi nhận:", "CHỦ TỊCH", "./.",
        "Hùng Lô, ngày        tháng        năm ", "Số:          /BC-UBND",
    ):  # fmt: skip
        assert said in text
    section = document.sections[0]
    assert section.first_page_header.paragraphs[0].text == "DỰ THẢO"
    assert round(section.page_width.cm, 1) == 21.0
    assert round(section.left_margin.cm, 1) == 3.0
    assert document.styles["Normal"].font.name == "Times New Roman"


def test_the_report_has_results_reasons_and_difficulties(material, tmp_path):
    text = text_of(written(material, tmp_path / "a.docx"))
    assert "đạt 4/13 chỉ tiêu; chưa đạt 5" in text
    assert "Cán bộ dùng điện thoại: 75/76 (98,6 %); mới có 9/12 khu; thiếu 1 cán bộ" in text
    assert "còn nhiều nhất ở: Khu 4 · Hùng Lô (1)" in text
    assert "Khu chưa gửi báo cáo hoặc chờ sửa (3): Khu 2 · Bến Gỗ" in text
    assert "Khu 1 · Hùng Lô (Điện thoại thông minh): Xóm Trại chưa có sóng 4G" in text
    assert "Giáo dục số: chờ phần của xã." in text
    for one in material.status.criteria.indicators:
        assert one.wording in text


def test_names_come_from_the_data(material, tmp_path):
    other = called(material, "Phường \x07Vân <Phú>", "Quý I/2031")
    text = text_of(written(other, tmp_path / "a.docx"))
    assert "PHƯỜNG VÂN <PHÚ>" in text
    assert "Vân <Phú>, ngày" in text
    assert "Quý I/2031" in text
    assert "Hùng Lô, ngày" not in text


@pytest.mark.parametrize(("commune", "place"), [("Xã Hùng Lô", "Hùng Lô"), ("Xanh", "Xanh")])
def test_the_date_line_names_the_place(commune, place):
    assert place_name(commune) == place


def test_the_same_material_gives_the_same_bytes(material, tmp_path):
    write_report(material, VI, tmp_path / "a.docx")
    write_report(material, VI, tmp_path / "b.docx")
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


def test_the_report_begins_with_its_basis_and_ends_with_the_date_of_the_figures(material, tmp_path):
    letter = "Công văn số 1234/UBND-VX ngày 05/3/2026 của UBND tỉnh"
    document = written(replace(material, document=letter), tmp_path / "a.docx")
    said = [one.text for one in document.paragraphs]
    first = next(place for place, one in enumerate(said) if one.startswith("Thực hiện"))
    assert said[first].startswith(f"Thực hiện {letter}, Ủy ban nhân dân xã Hùng Lô báo cáo")
    assert said.index("I. TÌNH HÌNH THỰC HIỆN") > first
    at = material.status.as_of.astimezone(material.zone)
    foot = f"Số liệu lúc {at:%H:%M} ngày {at:%d/%m/%Y}"
    section = document.sections[0]
    for footer in (section.first_page_footer, section.footer):
        assert footer.paragraphs[0].text == foot


def test_an_office_that_sent_late_is_counted(material, tmp_path):
    office = material.status.facts.office
    assert (
        "gửi muộn" not in text_of(written(material, tmp_path / "a.docx")).split("văn phòng xã")[1]
    )
    status = replace(material.status, late=frozenset({office}))
    text = text_of(written(replace(material, status=status), tmp_path / "a.docx"))
    assert "phần của văn phòng xã: đã gửi, gửi muộn" in text
    assert "gửi muộn (1): Văn phòng xã" in text or "muộn (1): Xã" in text


@pytest.mark.office
@pytest.mark.parametrize("obstacles", range(0, 12, 2))
def test_the_signatures_are_on_the_page_of_the_last_line(material, tmp_path, obstacles):
    given = replace(material, difficulties=material.difficulties[:1] * obstacles)
    write_report(given, VI, tmp_path / "a.docx")
    printed = opened(tmp_path / "a.docx", "pdf")
    found = subprocess.run(
        ["pdftotext", "-layout", str(printed), "-"], check=True, capture_output=True, timeout=30
    )
    (page,) = [one for one in found.stdout.decode().split("\f") if "CHỦ TỊCH" in one]
    assert "./." in page


@pytest.mark.office
@pytest.mark.parametrize("language", LANGUAGES)
def test_libreoffice_prints_the_report(tx, tmp_path, language):
    assert shutil.which("pdftotext")
    write_report(made(tx, 50, language=language), texts_of(language), tmp_path / "a.docx")
    printed = opened(tmp_path / "a.docx", "pdf")
    found = subprocess.run(
        ["pdftotext", "-layout", str(printed), "-"], check=True, capture_output=True, timeout=30
    )
    pages = found.stdout.decode().split("\f")
    assert 3 <= len(pages) <= 8
    assert ("DỰ THẢO" if language == "vi" else "DRAFT") in pages[0]
    assert "XÃ HÙNG LÔ" in pages[0]


def _obstacles(tx, round_, tmp_path):
    """The lines of the Word draft about difficulties."""
    material = material_of(tx, rounds.round_by_id(tx, round_.id), VI, ZONE)
    text = text_of(written(material, tmp_path / "a.docx"))
    return [line for line in text.split("\n") if line.startswith("+ ")]


def test_an_area_outside_of_the_round_keeps_its_name(tx, tmp_path):
    round_ = found(tx, 3)
    commune = round_.commune_id
    later = places.add_unit(tx, commune, "k9", "Khu Mới", valid_from="2026-11-20")
    at = OPENS + timedelta(days=5)
    difficulties.raise_difficulty(
        tx, commune_id=commune, text="Chưa có nhà văn hoá", by=None, now=at, unit_id=later.id
    )
    difficulties.raise_difficulty(tx, commune_id=commune, text="Thiếu máy", by=None, now=at)
    lines = _obstacles(tx, round_, tmp_path)
    assert "+ Khu Mới: Chưa có nhà văn hoá" in lines
    assert "+ Cả xã: Thiếu máy" in lines


def test_the_report_of_a_closed_round_has_nothing_from_later(tx, tmp_path):
    round_ = found(tx, 3)
    commune, unit = round_.commune_id, rounds.units_of_round(tx, round_.id)[0].id
    closed = OPENS + timedelta(days=18)
    rounds.close_round(tx, round_.id, closed)
    before = _obstacles(tx, round_, tmp_path)
    assert len(before) == 1
    (one,) = difficulties.open_difficulties(tx, commune)
    after = closed + timedelta(days=3)
    difficulties.answer(tx, one, "Đã lắp trạm", by=None, now=after)
    difficulties.settle(tx, one.id, after + timedelta(days=1))
    difficulties.raise_difficulty(
        tx, commune_id=commune, text="Mất điện", by=None, now=after, unit_id=unit
    )
    old = {"label": places.unit(tx, unit).label}
    tx.execute(sa.update(units).where(units.c.id == unit).values(label="Khu Sau"))
    history.record(tx, "area", "button", after, unit_id=unit, old=old, new={"label": "Khu Sau"})
    assert _obstacles(tx, round_, tmp_path) == before
    material = material_of(tx, rounds.round_by_id(tx, round_.id), VI, ZONE)
    assert "Khu Sau" not in text_of(written(material, tmp_path / "a.docx"))
