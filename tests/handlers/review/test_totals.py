"""A total that differs from the commune's: both stay until the office settles it."""

from datetime import timedelta

import pytest

from criteria.answers import Ratio
from criteria.sets.set_file import shipped_text
from handlers.flow.press import pack
from storage import history
from storage.places import places
from storage.reports import reports
from storage.rounds import rounds
from tests.phone import text_of


@pytest.fixture
async def mai(village):
    return await village.joined("Mai", role="officer")


@pytest.fixture
async def hung(village):
    """A reporter who sent 350/412; the commune has 400."""
    phone = await village.joined("Hùng")
    await phone.press("📝 Báo cáo")
    await phone.press("✏️ Sửa tổng số")
    await phone.send("412")
    await phone.send("350")
    for text in ("5", "có", "có", "240", "7", "chưa", "có"):
        await phone.send(text)
    await phone.press("📨 Gửi báo cáo")
    return phone


async def figure(village):
    unit = village.areas["Khu 1"]
    return (await village.database.read(lambda tx: places.figures_of(tx, unit)))["adults"]


async def waits(village):
    report = await village.report()
    answers = await village.database.read(lambda tx: reports.answers_of(tx, report.id))
    return answers["HT1"].commune_total


async def at_the_choice(mai):
    await mai.send("duyệt")
    await mai.press("Khu 1")
    assert "theo tổng số của xã (400): 87,5 %" in mai.screen
    await mai.press("⚖️ Chốt tổng số")
    assert "Khu ghi: 350/412 = 84,9" in mai.screen
    assert "theo tổng số của xã (400): 87,5 %" in mai.screen


async def test_the_areas_total_becomes_the_communes_figure(village, hung, mai):
    await at_the_choice(mai)
    await mai.press("🏡 Lấy của khu: 412")
    assert "đã lấy tổng số của khu" in mai.screen
    assert (await figure(village), await waits(village)) == (412, None)
    assert (await village.answers())["HT1"] == Ratio(350, 412)
    assert "xã đã lấy tổng số 412 của khu" in hung.screen
    await hung.press("✏️ Xem, sửa báo cáo")
    assert "chờ xã xác nhận" not in hung.screen


async def test_the_communes_total_stays_and_the_area_is_asked(village, hung, mai):
    await at_the_choice(mai)
    await mai.press("🏛 Giữ của xã: 400")
    assert (await figure(village), await waits(village)) == (400, None)
    assert (await village.answers())["HT1"] == Ratio(350, 400)
    assert "350/412 = 84,9" in text_of(hung.message())
    assert "giữ tổng số của xã" in hung.screen
    await hung.press("❌ Sai")
    assert "Câu 1/8" in hung.screen


async def test_the_area_can_be_asked_about_the_total_again(village, hung, mai):
    await at_the_choice(mai)
    await mai.press("↩️ Hỏi lại khu")
    assert "☑ 1. " in mai.screen
    assert "☑ 2. " not in mai.screen


async def test_a_count_above_the_communes_total_excludes_that_total(village, hung, mai):
    await hung.send("sửa câu 1: 405/412")
    await mai.send("duyệt")
    await mai.press("Khu 1")
    await mai.press("⚖️")
    assert not any("Giữ của xã" in b for b in mai.buttons)
    report = await village.report()
    await mai.press_data(pack("v.totc", report.id, "HT1", 412, 400))
    assert (await village.answers())["HT1"] == Ratio(405, 412)


async def test_a_total_that_changed_meanwhile_is_not_settled_by_an_old_button(village, hung, mai):
    await at_the_choice(mai)
    await hung.send("sửa câu 1: 350/415")
    await mai.press("🏡 Lấy của khu: 412")
    assert "vừa thay đổi" in mai.screen
    assert (await figure(village), await waits(village)) == (400, 400)


async def test_only_officers_can_settle_a_total(village, hung):
    report = await village.report()
    for name, role, area in (("Sơn", "leader", "Khu 1"), ("Lan", "reporter", "Khu 2")):
        phone = await village.joined(name, role=role, area=area)
        for action in ("v.tota", "v.totc"):
            await phone.press_data(pack(action, report.id, "HT1", 412, 400))
    await hung.press_data(pack("v.tota", report.id, "HT1", 412, 400))
    assert (await figure(village), await waits(village)) == (400, 400)


async def test_other_answers_with_the_same_figure_are_compared_with_it(village, hung, mai):
    now, unit = village.deployment.clock.now(), village.areas["Khu 1"]

    def another_round(tx):
        text = shipped_text("phu-tho-2024").replace('id = "phu-tho-2024"', 'id = "khac"')
        later = now + timedelta(days=9)
        made = rounds.open_round(
            tx, village.commune, "Kỳ khác", "khac", text, None, now, later, later, now
        )
        report = reports.start_report(tx, made.id, unit, now)
        for code, value in (("HT1", Ratio(300, 400)), ("KT1", Ratio(200, 300))):
            reports.put_answer(tx, report, code, value, by=None, way="text", now=now)
        return report.id

    report = await village.database.write(another_round)
    await mai.send("duyệt")
    await mai.press("Khu 1")
    await mai.press("⚖️ Chốt tổng số")
    await mai.press("🏡 Lấy của khu: 412")
    found = await village.database.read(lambda tx: reports.answers_of(tx, report))
    assert (found["HT1"].value, found["HT1"].commune_total) == (Ratio(300, 400), 412)
    assert found["KT1"].commune_total is None
    area = await village.database.read(lambda tx: history.history_of_unit(tx, unit, limit=50))
    figures = [one for one in area if one.what == "figure"]
    assert (figures[0].new["value"], figures[0].way) == (412, "button")
