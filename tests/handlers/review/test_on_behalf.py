"""The office enters or corrects answers for an area; the area confirms them."""

from datetime import timedelta

import pytest

from criteria.answers import Ratio, YesNo
from handlers.flow.press import pack
from storage import history
from storage.people import people
from storage.reports import reports
from tests.handlers.review.test_review import REPLIES, elsewhere, sends


@pytest.fixture
async def mai(village):
    return await village.joined("Mai", role="officer")


@pytest.fixture
async def hung(village):
    return await village.joined("Hùng")


async def words(village, area="Khu 1"):
    """The answers that the office entered, and the reply of the area."""

    def look(tx):
        report = reports.report_of(tx, village.round, village.areas[area])
        return {a.indicator: a.office for a in reports.answers_of(tx, report.id).values()}

    return await village.database.read(look)


async def enters(mai, area="Khu 1"):
    """Enter a report by telephone, up to the receipt."""
    await mai.send("duyệt")
    await mai.press("☎️ Ghi giúp khu")
    await mai.press(area)
    assert f"Đang ghi giúp {area}" in mai.screen
    for text in REPLIES:
        await mai.send(text)
    await mai.press("📨 Gửi báo cáo")


async def test_a_report_by_telephone_is_marked_and_the_area_confirms_it(village, mai, hung):
    await enters(mai)
    assert "đánh dấu là xã ghi giúp" in mai.screen
    assert "1 người ở khu đang được hỏi" in mai.screen
    assert (await village.report()).state == "sent"
    assert set((await words(village)).values()) == {"entered"}
    assert "Xã vừa ghi giúp báo cáo của Khu 1" in hung.screen
    assert "1. Điện thoại thông minh: 340/400" in hung.screen
    await hung.press("✅ Đúng")
    assert "đã ghi nhận là đúng" in hung.screen
    assert set((await words(village)).values()) == {"right"}
    entries = await village.database.read(lambda tx: history.history_of_round(tx, village.round))
    assert {e.way for e in entries if e.what == "answer" and e.report_id} >= {"office"}
    await mai.press("🗂 Duyệt")
    await mai.press("Khu 1")
    assert "☎️" in mai.screen


async def test_the_chair_sees_what_the_office_entered(village, mai):
    chair = await village.joined("Sơn", role="leader")
    await enters(mai)
    await chair.send("/tinhhinh khu 1")
    assert "☎️ Xã ghi giúp: Điện thoại thông minh" in chair.screen
    assert not any("☎️" in button for button in chair.buttons)


async def test_the_area_corrects_what_it_finds_wrong(village, mai, hung):
    await enters(mai)
    await mai.press("🗂 Duyệt")
    await mai.press("✅ Duyệt 1")
    await hung.press("❌ Sai")
    assert mai.screen.startswith("🙅 Khu 1 báo số xã ghi giúp chưa đúng")
    assert (await village.report()).state == "sent"  # it must be reviewed again
    assert "Báo cáo đã gửi: Khu 1" in hung.screen
    await mai.send("duyệt")
    assert "🙅" in mai.screen
    await hung.press("✏️ 1")
    assert "Cán bộ xã (ghi giúp) đã ghi 340/400" in hung.screen
    await hung.send("350")
    await hung.press("✅ Đúng")
    assert (await village.answers())["HT1"] == Ratio(350, 400)
    assert (await words(village))["HT1"] is None


async def test_the_area_can_confirm_in_words(village, mai, hung):
    await enters(mai)
    await hung.send("đúng")
    assert set((await words(village)).values()) == {"right"}


async def test_an_old_confirmation_button_does_not_cover_later_entries(village, mai, hung):
    await enters(mai)
    asked = hung.message()
    village.deployment.clock.move_to(village.deployment.clock.now().replace(minute=40))
    await mai.press("🗂 Duyệt")
    await mai.press("Khu 1")
    await mai.press("✏️ Sửa giúp")
    await mai.press("✏️ 1")
    await mai.send("345")
    await mai.send("nghe nhầm")
    await hung.press("✅ Đúng", on=asked)
    assert (await words(village))["HT1"] == "entered"
    assert (await words(village))["CQ3"] == "right"


async def test_the_officer_stops_in_the_middle_and_goes_on(village, mai, hung):
    await mai.send("duyệt")
    await mai.press("☎️ Ghi giúp khu")
    await mai.press("Khu 1")
    await mai.send("340")
    await mai.send("/start")
    assert "Câu 2/8" in mai.screen
    await mai.press("⏭")
    assert "Câu 3/8" in mai.screen
    await mai.press("✅ Có")
    assert (await village.answers())["CQ3"] == YesNo(yes=True)
    assert (await village.report()).state == "draft"


async def test_overwriting_the_areas_own_answers_is_confirmed_first(village, mai, hung):
    await hung.press("📝 Báo cáo")
    await hung.send("350")
    await mai.send("duyệt")
    await mai.press("☎️")
    await mai.press("✍️ Khu 1")
    assert "Câu 2/8" in mai.screen
    await mai.send("sửa câu 1: 341")
    assert "Ghi đè lên ạ?" in mai.screen
    assert (await village.answers())["HT1"] == Ratio(350, 400)


async def test_a_sent_report_can_be_corrected_only_with_a_reason(village, mai, hung):
    await enters(mai)
    report = await village.report()
    for data in (pack("edit", report.id, "HT1", 0), pack("sum", report.id, "", 0)):
        await mai.press_data(data)
        await mai.send("1/400")
    assert (await village.answers())["HT1"] == Ratio(340, 400)


async def test_a_report_can_be_entered_from_the_area_in_the_status(village, mai):
    await mai.send("/tinhhinh khu 2")
    await mai.press("☎️ Ghi giúp khu này")
    assert "Đang ghi giúp Khu 2" in mai.screen
    await mai.send("đổi")


async def test_an_area_that_nobody_joined_is_mentioned(village, mai):
    await enters(mai)
    assert "chưa ai nhận được tin" in mai.screen


async def test_a_slip_is_corrected_with_a_reason_and_the_area_is_asked(village, mai, hung):
    await sends(hung)
    await mai.send("duyệt")
    await mai.press("Khu 1")
    await mai.press("✏️ Sửa giúp")
    await mai.press("✏️ 1")
    assert "số đúng là bao nhiêu" in mai.screen
    await mai.send("500")
    assert "lớn hơn tổng số" in mai.screen
    await mai.send("mấy trăm")
    assert "chưa hiểu được" in mai.screen
    await mai.send("350")
    assert "350/400 = 87,5 %" in mai.screen
    assert (await village.answers())["HT1"] == Ratio(340, 400)
    await mai.send("gõ nhầm 5 thành 4")
    assert (await village.answers())["HT1"] == Ratio(350, 400)
    assert "Đã sửa câu 1" in mai.screen
    assert "340/400 = 85,00 % → 350/400 = 87,5 %" in hung.screen
    assert "gõ nhầm 5 thành 4" in hung.screen
    entries = await village.database.read(lambda tx: history.history_of_round(tx, village.round))
    [entry] = [e for e in entries if e.what == "answer" and e.way == "office"]
    assert entry.new["reason"] == "gõ nhầm 5 thành 4"
    await hung.press("❌ Sai")
    assert "Câu 1/8" in hung.screen
    await hung.send("340")
    await hung.press("✅ Đúng")
    assert (await village.answers())["HT1"] == Ratio(340, 400)
    assert "Báo cáo đã gửi" in hung.screen


async def test_at_night_corrections_and_returns_wait_for_the_morning(village, mai, hung):
    await sends(hung)
    clock = village.deployment.clock
    clock.move_to(clock.now() + timedelta(hours=13))  # ten in the evening
    await mai.send("duyệt")
    await mai.press("Khu 1")
    await mai.press("✏️ Sửa giúp")
    await mai.press("✏️ 1")
    await mai.send("350")
    await mai.send("gõ nhầm")
    assert "Xã vừa sửa giúp" not in hung.screen
    await mai.press("↩️ Trả lại")
    await mai.send("2")
    await mai.press("✍️")
    await mai.send("đếm lại giúp")
    assert "7 giờ sáng mới báo cho 1 người" in mai.screen
    assert "đếm lại giúp" not in hung.screen
    clock.move_to(clock.now() + timedelta(hours=9))
    await hung.settled()
    assert any("Xã vừa sửa giúp" in one for one in hung.screens)
    assert any("đếm lại giúp" in one for one in hung.screens)


async def test_a_yes_no_answer_is_corrected_by_its_button(village, mai, hung):
    await sends(hung)
    await mai.send("duyệt")
    await mai.press("Khu 1")
    await mai.press("✏️ Sửa giúp")
    await mai.press("✏️ 7")
    await mai.press("✅ Có")
    await mai.send("huỷ")
    assert (await village.answers())["KT3"] == YesNo(yes=False)
    await mai.press("✏️ 7")
    await mai.send("có")
    await mai.send("hợp tác xã đã làm từ tháng trước")
    assert (await village.answers())["KT3"] == YesNo(yes=True)


async def test_a_concurrent_change_by_the_area_is_not_overwritten(village, mai, hung):
    await sends(hung)
    await mai.send("duyệt")
    await mai.press("Khu 1")
    await mai.press("✏️ Sửa giúp")
    await mai.press("✏️ 1")
    await mai.send("350")
    await hung.send("sửa câu 1: 345")
    await mai.send("gõ nhầm")
    assert "vừa có thay đổi" in mai.screen
    assert (await village.answers())["HT1"] == Ratio(345, 400)


async def test_an_officer_of_another_commune_cannot_enter_a_report(village, hung):
    far = await elsewhere(village)
    await far.press_data(pack("v.open", village.round, village.areas["Khu 1"]))
    await far.send("340/400")
    assert await village.report() is None


async def test_another_area_cannot_confirm_the_report(village, mai, hung):
    await enters(mai)
    lan = await village.joined("Lan", area="Khu 2")
    report = await village.report()
    for action in ("obyes", "obno"):
        await lan.press_data(pack(action, report.id, 10**16, ""))
        await mai.press_data(pack(action, report.id, 10**16, ""))
    assert set((await words(village)).values()) == {"entered"}


async def test_a_former_officer_cannot_go_on(village, mai, hung):
    await mai.send("duyệt")
    await mai.press("☎️")
    await mai.press("Khu 1")

    def ends(tx):
        found = people.find_person(tx, "telegram", str(mai.id))
        for held in people.memberships_of(tx, found.id):
            people.end_membership(tx, held.id, village.deployment.clock.now())

    await village.database.write(ends)
    await mai.send("340")
    await mai.press("⏭")
    assert await village.answers() == {}
