"""A set of numbers, from the first question to the files: reported, judged, shown, exported."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from criteria.answers import Quantity, YesNo
from handlers.exports.data_files import round_fields, write_csv
from handlers.exports.material import material_of
from handlers.exports.pictures import pictures_of
from handlers.exports.report import write_report
from handlers.exports.workbook import write_workbook
from handlers.status.view import status_fields
from handlers.texts import LANGUAGES, texts_of
from storage.places import places
from storage.reports import reports
from storage.rounds import rounds
from tests.conftest import START
from tests.handlers.conftest import Village
from tests.handlers.exports.formulas import Sheets

TEXT = (Path(__file__).parents[1] / "xa-hoc-tap-2026.toml").read_text(encoding="utf-8")
SET = "xa-hoc-tap-2026"
VI = texts_of("vi")


def opened(tx, commune, name, at):
    """A round of the set."""
    days = timedelta(days=1)
    return rounds.open_round(
        tx, commune, name, SET, TEXT, None, at, at + 9 * days, at + 14 * days, at
    )


def found_commune(tx, now):
    """Three areas; Khu 1 reported last month; this month's round is open."""
    commune = places.add_commune(tx, "doi-che", "Xã Đồi Chè")
    areas = {}
    for number in (1, 2, 3):
        label = f"Khu {number}"
        unit = places.add_unit(tx, commune.id, f"k{number}", label, number=number, old_commune=None)
        areas[label] = unit.id
    began = now - timedelta(days=40)
    old = opened(tx, commune.id, "Tháng 2/2026", began)
    report = reports.start_report(tx, old.id, areas["Khu 1"], began)
    for code, value in {"LH1": Quantity(2), "LH2": Quantity(3), "LH3": YesNo(yes=True)}.items():
        reports.put_answer(tx, report, code, value, by=None, way="command", now=began)
    reports.send_report(tx, report, by=None, now=began, deadline=old.deadline)
    rounds.close_round(tx, old.id, now - timedelta(days=20))
    present = opened(tx, commune.id, "Tháng 3/2026", now)
    return commune.id, areas, places.office_of(tx, commune.id).id, present.id


@pytest.fixture
async def village(deployment):
    async with deployment.running() as program:
        made = await program.database.write(lambda tx: found_commune(tx, START))
        yield Village(deployment, *made)


async def sent(village, area, *answers):
    """An area's report, typed by one of its members."""
    phone = await village.joined(f"Cô {area}", area=area)
    await phone.press("📝 Báo cáo")
    for answer in answers:
        await phone.send(answer)
    await phone.press("📨 Gửi báo cáo")
    return phone


async def material(village, texts=VI):
    """The round as exports see it."""
    zone = village.deployment.program.deployment.zone

    def load(tx):
        return material_of(tx, rounds.round_by_id(tx, village.round), texts, zone)

    return await village.database.read(load)


async def test_a_reporter_answers_with_numbers(village):
    phone = await village.joined("Hoa")
    await phone.press("📝 Báo cáo")
    assert phone.screen.startswith("Câu 1/3. Kỳ này khu mình đã mở bao nhiêu lớp kỹ năng số?")
    assert "Kỳ trước: 2 lớp" in phone.screen
    assert "Xin nhắn số lớp. Chưa có thì nhắn 0" in phone.screen
    assert "🔁 Như kỳ trước: 2" in phone.buttons
    await phone.send("có rồi")
    assert "Câu này cần một con số ạ." in phone.screen
    await phone.send("3/5")
    assert "Câu này cần một con số ạ." in phone.screen
    await phone.send("khoảng 3 lớp")
    assert "Câu 1. Lớp kỹ năng số: 3 lớp. Đúng không ạ?" in phone.screen
    await phone.send("đúng")
    assert "3 lớp" in phone.screen
    assert "Câu 2/3." in phone.screen
    await phone.send("chưa có")
    assert "Buổi hỗ trợ tại nhà: 0 buổi. Đúng không ạ?" in phone.screen
    await phone.send("2 buổi")
    assert "Câu 3/3." in phone.screen
    await phone.press("✅ Có")
    assert "1. Lớp kỹ năng số: 3 lớp" in phone.screen
    assert "2. Buổi hỗ trợ tại nhà: 2 buổi" in phone.screen
    await phone.press("📨 Gửi báo cáo")
    assert "Lớp kỹ năng số: cả xã 3 lớp (1/3 khu), còn thiếu 2 lớp." in phone.screen
    stored = await village.answers()
    assert stored == {"LH1": Quantity(3), "LH2": Quantity(2), "LH3": YesNo(yes=True)}


async def test_a_quantity_can_be_kept_corrected_and_undone(village):
    phone = await village.joined("Hoa")
    await phone.press("📝 Báo cáo")
    await phone.press("🔁 Như kỳ trước: 2")
    assert (await village.answers())["LH1"] == Quantity(2)
    await phone.send("sửa câu 1: 9 lớp")
    assert "Khác nhiều so với kỳ trước (2 lớp)." in phone.screen
    await phone.send("đúng")
    assert (await village.answers())["LH1"] == Quantity(9)
    await phone.send("hoàn tác")
    assert (await village.answers())["LH1"] == Quantity(2)
    await phone.send("không có đối tượng")
    assert "Câu này cần một con số ạ." in phone.screen


async def test_the_chair_sees_the_sum_and_the_areas_below(village):
    leader = await village.joined("Chủ tịch", role="leader")
    await leader.send("/status")
    assert "⏳ Lớp kỹ năng số: chưa có số liệu" in leader.screen
    await sent(village, "Khu 1", "3", "2", "có")
    await sent(village, "Khu 2", "1 lớp", "1 buổi", "đúng", "chưa")
    await leader.send("/status")
    assert "⏳ Lớp kỹ năng số: hiện 4 lớp (cần 5 lớp), 2/3 khu, thiếu 1 lớp" in leader.screen
    assert "❌ Buổi hỗ trợ tại nhà: 1/3 khu đủ (mỗi khu cần 2 buổi), thiếu 1 buổi" in leader.screen
    assert "⏳ Máy phục vụ dân: chờ xã" in leader.screen
    fields = status_fields((await material(village)).status)
    one, two, *_ = fields["indicators"]
    assert (one["kind"], one["verdict"], one["numerator"], one["threshold"], one["gap"]) == (
        "quantity", "insufficient", 4, 5, 1,
    )  # fmt: skip
    assert (two["yes"], two["no"], two["unknown"], two["certain"]) == (1, 1, 1, True)


async def test_the_page_of_an_indicator_says_what_decides(village):
    leader = await village.joined("Chủ tịch", role="leader")
    await sent(village, "Khu 2", "1 lớp", "1 buổi", "đúng", "chưa")
    await leader.send("/status")
    await leader.press_data(f"1|s.ind|{village.round}|LH1")
    assert "Cộng cả xã, cần ít nhất 5 lớp." in leader.screen
    assert "Khi các nơi gửi đủ: ít nhất 1 lớp" in leader.screen
    await leader.press_data(f"1|s.ind|{village.round}|LH2")
    assert "Khu nào cũng phải có ít nhất 2 buổi." in leader.screen
    assert "Chắc chắn chưa đạt" in leader.screen
    assert "Còn thiếu ở: Khu 2 (1)" in leader.screen


async def test_a_quantity_has_what_if_and_actions(village):
    leader = await village.joined("Chủ tịch", role="leader")
    await sent(village, "Khu 1", "3", "2", "có")
    await leader.send("/neu Khu 2 LH1 đạt 2 lớp")
    assert "🔮 Nếu Khu 2 đạt 2" in leader.screen
    assert "✅ Lớp kỹ năng số: 3 → 5" in leader.screen
    await leader.send("/neu Khu 2 đạt 1")
    assert leader.screen.startswith("🔮 Nếu Khu 2 đạt 1: chỉ tiêu nào ạ?")
    await leader.press("Buổi hỗ trợ tại nhà")
    assert "❌ Buổi hỗ trợ tại nhà: 1/3 khu → 1/3 khu" in leader.screen
    await leader.send("/status")
    await leader.press("🎯 Việc cần làm")
    assert "Nhắc gửi: Khu 2, Khu 3" in leader.screen
    await sent(village, "Khu 2", "0", "1 buổi", "đúng", "chưa")
    await leader.send("/status việc")
    assert "Lớp kỹ năng số: cần thêm 2 lớp, nhất là ở: Khu 2." in leader.screen
    assert "Buổi hỗ trợ tại nhà: cần thêm 1 buổi, nhất là ở: Khu 2 (1)." in leader.screen


async def test_an_officer_reviews_and_corrects_a_number(village):
    officer = await village.joined("Mai", role="officer")
    await sent(village, "Khu 1", "9 lớp", "đúng", "2", "có")
    await officer.send("/quanly")
    report = await village.report()
    await officer.press_data(f"1|v.one|{report.id}")
    assert "Lớp kỹ năng số: 9 lớp" in officer.screen
    assert "❗" in officer.screen
    await officer.press_data(f"1|v.fixq|{report.id}|LH1")
    assert "Xin nhắn số lớp." in officer.screen
    await officer.send("4 lớp")
    assert "9 lớp" in officer.screen
    assert "4 lớp" in officer.screen
    await officer.send("Gõ nhầm")
    assert (await village.answers())["LH1"] == Quantity(4)
    await officer.send("/lichsu Khu 1")
    assert "Lớp kỹ năng số: 9 lớp → 4 lớp" in officer.screen


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_file_has_the_numbers(village, tmp_path, language):
    texts = texts_of(language)
    await sent(village, "Khu 1", "3", "2", "có")
    await sent(village, "Khu 2", "1 lớp", "1 buổi", "đúng", "chưa")
    given = await material(village, texts)
    write_workbook(given, texts, tmp_path / "a.xlsx")
    sheets = Sheets(tmp_path / "a.xlsx")
    for sheet, cell, formula in sheets.formulas():
        assert sheets.compute(sheet, formula) == sheets.kept[sheet][cell].value, (sheet, cell)
    summary = sheets.written.worksheets[0]
    texts_shown = {str(cell.value) for row in summary.iter_rows() for cell in row}
    assert "≥ 5" in texts_shown
    write_report(given, texts, tmp_path / "a.docx")
    document = zipfile.ZipFile(tmp_path / "a.docx").read("word/document.xml").decode()
    assert "≥ 2" in document
    assert "Khu 2 (1)" in document
    write_csv(given, texts, tmp_path / "a.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"))))
    first = next(row for row in rows if row["indicator"] == "LH1")
    assert (first["kind"], first["numerator"], first["denominator"]) == ("quantity", "3", "")
    fields = json.loads(json.dumps(round_fields(given, texts), default=str))
    assert fields["how_counted"] == []
    assert [one["numerator"] for one in fields["answers"] if one["indicator"] == "LH2"] == [
        2, 1, None,
    ]  # fmt: skip
    assert {name for name, _ in pictures_of(given, texts)} >= {"chi-tieu.png", "cac-ky.png"}
