"""/lichsu: the changes of an area in sentences, for the people concerned."""

from datetime import date, time, timedelta

from criteria.answers import Ratio
from criteria.reminders import ReminderPlan
from criteria.schedule import Every, Schedule
from handlers.flow.press import pack
from storage.places import places
from storage.reminders import reminder_plans
from storage.reports import reports
from storage.rounds import rounds, schedules


async def test_a_reporter_reads_the_changes_of_the_area_with_the_newest_first(village, people):
    phone = people.reporter
    await phone.press("📝 Báo cáo")
    await phone.send("340")
    await phone.send("sửa câu 1: 350")
    await phone.send("nhầm")
    await phone.send("/lichsu")
    assert phone.screen.startswith("🕘 Lịch sử: Khu 1, mới nhất")
    lines = [line for line in phone.screen.splitlines() if "Hùng (" in line]
    assert "(bỏ câu ghi nhầm)" in lines[0]
    assert "350/400 = 87,5 % → 340/400 = 85,00 %" in lines[0]
    assert "(nhắn tin)" in lines[1]
    assert "340/400 = 85,00 % → 350/400 = 87,5 %" in lines[1]
    assert "09:00 02/03/2026" in lines[1]
    assert "Hùng: mở bản báo cáo" in phone.screen
    await phone.send("352")
    assert (await village.answers())["HT1"] == Ratio(352, 400)
    assert "Câu 2/8" in phone.screen


async def test_automatic_openings_and_reminders_are_described_in_words(village, people):
    def change(tx):
        commune, now = village.commune, village.deployment.clock.now()
        for schedule in (Schedule(Every.MONTH, 20, 25), None):
            schedules.set_schedule(tx, commune, "phu-tho-2024", schedule, date(2026, 4, 20), now)
        plan = ReminderPlan(reminder_plans.entries_from(["opening", "deadline-3"]), time(18))
        reminder_plans.set_plan(tx, village.round, plan, now, by=None, way="command")

    await village.database.write(change)
    await people.officer.send("/lichsu")
    await people.officer.send("Xã Đồi Chè")
    told = people.officer.screen
    assert "kỳ tự mở: Ngày 20 hằng tháng tự mở kỳ mới, hạn gửi ngày 25." in told
    assert "kỳ thôi tự mở, lại mở bằng tay" in told
    assert "đổi lịch nhắc: lúc mở kỳ, trước hạn 3 ngày, lúc 18:00" in told


async def test_pages_lead_to_the_oldest_entry_and_back(village, people):
    def many(tx):
        unit = village.areas["Khu 1"]
        for number in range(20):
            places.set_figure(tx, unit, "adults", 500 + number, village.deployment.clock.now(),
                              way="import")  # fmt: skip

    await village.database.write(many)
    phone = people.reporter
    await phone.send("/history")
    assert "Người cài đặt (nhập từ bảng): số liệu “người trưởng thành”: 518 → 519" in phone.screen
    seen = 1
    while "Trang sau ▶" in phone.buttons:
        await phone.press("Trang sau")
        assert len(phone.buttons) <= 8
        seen += 1
    assert "— → 400" in phone.screen
    await phone.send("trang trước")
    assert seen > 3
    await phone.press_data(pack("h.area", village.areas["Khu 1"], 9_999_999))
    assert "— → 400" in phone.screen


async def test_officers_and_leaders_can_choose_an_area_or_the_whole_commune(village, people):
    for phone in (people.officer, people.leader):
        await phone.send("/lichsu")
        assert phone.screen.startswith("Xem lịch sử của nơi nào")
        await phone.press("Khu 2")
        assert "Lịch sử: Khu 2," in phone.screen
        await phone.send("nơi khác")
        await phone.send("Xã Đồi Chè")
        assert "mở kỳ “Tháng 3/2026”, hạn gửi 11/03/2026" in phone.screen
        await phone.send("/lichsu khu 3")
        assert phone.screen.startswith("🕘 Lịch sử: Khu 3")


async def test_nobody_can_read_the_history_of_another_area(village, people):
    khu_2 = village.areas["Khu 2"]
    others = (people.reporter, people.stranger, people.neighbour, people.operator)
    for phone in others:
        await phone.press_data(pack("h.area", khu_2))
        assert "Lịch sử" not in phone.screen
        await phone.press_data(pack("h.area", village.office))
        assert "Lịch sử" not in phone.screen
    await people.operator.send("/lichsu")
    assert "Lịch sử xem theo khu" in people.operator.screen


async def test_a_deleted_person_is_shown_as_a_former_member(village, people):
    await people.reporter.press("📝 Báo cáo")
    await people.reporter.send("340")
    await people.reporter.send("/xoatoi")
    await people.reporter.press("🗑 Xoá hẳn")
    await people.officer.send("/lichsu khu 1")
    assert "một thành viên cũ (nhắn tin)" in people.officer.screen
    assert "Hùng" not in people.officer.screen


async def test_the_course_of_a_report_is_described_in_words(village, people):
    def live(tx):
        now = village.deployment.clock.now()
        report = reports.start_report(tx, village.round, village.areas["Khu 1"], now)
        reports.put_answer(tx, report, "HT1", Ratio(340, 400), by=1, way="office", now=now)
        report = reports.send_report(tx, report, by=1, now=now, deadline=now)
        report = reports.accept_report(tx, report, by=2, now=now)
        reports.return_report(tx, report, ["HT1"], "đếm lại giúp", by=2, now=now)
        rounds.reopen_round(
            tx, village.round, "bão", now + timedelta(days=1), now, by=2,
            unit_id=village.areas["Khu 1"],
        )  # fmt: skip

    await village.database.write(live)
    await people.officer.send("/lichsu khu 1")
    for words in (
        "(xã ghi giúp)",
        "gửi báo cáo, mã ",
        "duyệt báo cáo",
        "hỏi lại báo cáo: ",
        "Lý do: “đếm lại giúp”",
        "mở lại báo cáo tới 03/03/2026. Lý do: “bão”",
    ):
        assert words in people.officer.screen


async def test_the_history_in_english(village):
    ann = await village.joined("Ann", language="en")
    await ann.press("📝 Report")
    await ann.send("340")
    await ann.send("/history")
    assert ann.screen.startswith("🕘 History: Khu 1")
    assert "Ann (text)" in ann.screen
