"""Two criteria sets in one installation: the set is asked for, and their rounds stay apart."""

import shutil
from pathlib import Path

import pytest

from criteria.answers import Ratio
from handlers.exports.formats import make
from handlers.exports.material import material_of
from handlers.texts import texts_of
from storage.reports import reports
from storage.rounds import rounds
from tests.handlers.roles import everybody

SECOND = Path(__file__).parents[1] / "xa-sach-2026.toml"
CLEAN = "Xã sạch (2026)"


@pytest.fixture(autouse=True)
def second_set(deployment):
    """Put the file into the folder before the bot starts."""
    folder = deployment.settings.data_dir / "criteria-sets"
    folder.mkdir(parents=True)
    shutil.copy(SECOND, folder)


async def opened(village, commune):
    """The names of the open rounds, by set."""
    now = village.deployment.clock.now()
    found = await village.database.read(lambda tx: rounds.open_rounds(tx, commune, now))
    return {one.criteria_id: one.name for one in found}


async def open_clean(officer):
    """An officer opens a round of the second set, by typing."""
    await officer.send("/quanly")
    for text in ("kỳ báo cáo", "mở kỳ mới", "xã sạch (2026)", "Tháng 3/2026", "20/3"):
        await officer.send(text)
    assert f"Bộ chỉ tiêu: {CLEAN}" in officer.screen
    await officer.send("mở kỳ")


async def test_an_officer_can_open_a_round_of_each_set(village):
    officer = await village.joined("Mai", role="officer")
    await officer.press("⚙️ Quản lý")
    await officer.press("🗓 Kỳ báo cáo")
    await officer.press("➕ Mở kỳ mới")
    assert officer.screen.startswith("Mở kỳ theo bộ chỉ tiêu nào ạ?")
    await officer.press("Phú Thọ, 2024")
    assert "Kỳ “Tháng 3/2026” đang mở" in officer.screen
    await officer.send("quay lại")
    await officer.press("➕ Mở kỳ mới")
    await officer.press(CLEAN)
    await officer.press("Tháng 3/2026")
    await officer.press("📅 9/3")
    assert f"Bộ chỉ tiêu: {CLEAN}" in officer.screen
    await officer.press("✅ Mở kỳ")
    names = {"phu-tho-2024": "Tháng 3/2026", "xa-sach-2026": f"Tháng 3/2026 · {CLEAN}"}
    assert await opened(village, village.commune) == names
    await officer.send("/quanly")
    for text in ("kỳ báo cáo", "mở kỳ mới", "xã sạch (2026)"):
        await officer.send(text)
    assert f"Kỳ “Tháng 3/2026 · {CLEAN}” đang mở" in officer.screen


async def test_an_operator_is_asked_which_set(village):
    people = await everybody(village)
    phone = people.operator
    await phone.press("⚙️ Điều hành")
    await phone.press("📅 Mở kỳ cho tất cả")
    await phone.send("2")
    await phone.press("Tháng 4/2026")
    await phone.send("cuối tháng")
    assert "cho 2 xã ạ?" in phone.screen
    assert f"Bộ chỉ tiêu: {CLEAN}" in phone.screen
    await phone.press("✅ Mở cho 2 xã")
    assert await opened(village, people.other) == {"xa-sach-2026": "Tháng 4/2026"}
    assert (await opened(village, village.commune))["xa-sach-2026"] == "Tháng 4/2026"


async def test_the_report_and_the_status_ask_for_the_round(village):
    officer = await village.joined("Mai", role="officer")
    chair = await village.joined("Sơn", role="leader")
    hung = await village.joined("Hùng")
    await open_clean(officer)
    await hung.send("/baocao")
    assert hung.buttons == [
        "▫️ Khu 1 · Tháng 3/2026 · Xã thông minh",
        "▫️ Khu 1 · Tháng 3/2026 · Xã sạch (2026)",
    ]
    await hung.send("2")
    assert "Câu 1/2" in hung.screen
    await hung.send("60/100")
    await hung.send("có")
    await hung.press("📨 Gửi báo cáo")
    assert "Đã gửi báo cáo" in hung.screen
    assert "Tháng 3/2026 · Xã sạch (2026)" in hung.screen
    await hung.send("/baocao")
    await hung.press("▫️")
    assert "Câu 1/8" in hung.screen
    await chair.send("/tinhhinh")
    assert len(chair.buttons) == 3
    await chair.send("2")
    assert "Đã gửi 1/3 khu" in chair.screen
    assert "Đạt 0/3" in chair.screen
    assert "Xã Đồi Chè · Tháng 3/2026 · Xã sạch (2026)" in chair.screen
    unit = village.areas["Khu 1"]

    def look(tx):
        found = rounds.open_rounds(tx, village.commune, village.deployment.clock.now())
        clean = next(one for one in found if one.criteria_id == "xa-sach-2026")
        report = reports.report_of(tx, clean.id, unit)
        return {code: one.value for code, one in reports.answers_of(tx, report.id).items()}

    assert (await village.database.read(look))["RA1"] == Ratio(60, 100)
    assert await village.answers() == {}


async def test_the_review_asks_for_the_round(village):
    officer = await village.joined("Mai", role="officer")
    await open_clean(officer)
    await officer.send("duyệt")
    assert "kỳ nào" in officer.screen
    assert len(officer.buttons) == 3


async def test_files_of_two_sets_have_different_names(village, tmp_path):
    officer = await village.joined("Mai", role="officer")
    await open_clean(officer)
    texts, zone = texts_of("vi"), village.deployment.settings.timezone

    def look(tx):
        now = village.deployment.clock.now()
        found = rounds.open_rounds(tx, village.commune, now)
        return [material_of(tx, one, texts, zone) for one in found]

    both = await village.database.read(look)
    names = [path.name for one in both for path in make("json", one, texts, tmp_path, tmp_path)]
    assert names == [
        "du-lieu_doi-che_phu-tho-2024_thang-3-2026.json",
        "du-lieu_doi-che_xa-sach-2026_thang-3-2026.json",
    ]
