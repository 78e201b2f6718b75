"""Filling in a report: by pressing, by typing, with corrections, to the receipt."""

import pytest

from criteria.answers import Ratio, YesNo
from tests.phone import text_of

YES, NO = YesNo(yes=True), YesNo(yes=False)


@pytest.fixture
async def phone(village):
    joined = await village.joined("Hùng")
    await joined.press("📝 Báo cáo")
    return joined


async def test_a_report_can_be_filled_in_by_pressing(village, phone):
    assert "Câu 1/8" in phone.screen
    assert "Kỳ trước: 340/400 = 85,00 %" in phone.screen
    await phone.press("🔁 Như kỳ trước: 340/400")
    await phone.send("5")
    await phone.press("🔁 Như kỳ trước: Có")
    await phone.press("▫️ Chưa có")
    await phone.press("🔁 Như kỳ trước: 240/300")
    await phone.send("7")
    await phone.press("▫️ Chưa có")
    await phone.press("✅ Có")
    assert "Xem lại rồi gửi" in phone.screen
    await phone.press("📨 Gửi báo cáo")
    assert "Đã gửi báo cáo: Khu 1, Tháng 3/2026" in phone.screen
    assert "8/8" in phone.screen
    assert await village.answers() == {
        "HT1": Ratio(340, 400),
        "HT2": Ratio(5, 5),
        "CQ3": YES,
        "CQ4": NO,
        "KT1": Ratio(240, 300),
        "KT2": Ratio(7, 10),
        "KT3": NO,
        "XH1": YES,
    }
    report = await village.report()
    assert (report.state, report.sends, report.late) == ("sent", 1, False)


async def test_a_report_can_be_filled_in_by_typing_alone(village, phone):
    for text in ("như kỳ trước", "5", "có rồi ạ", "chưa", "240/300", "bảy", "ko", "1"):
        await phone.send(text)
    assert "Xem lại rồi gửi" in phone.screen
    await phone.send("gửi")
    assert "Đã gửi báo cáo" in phone.screen
    assert (await village.answers())["KT2"] == Ratio(7, 10)


async def test_each_screen_is_one_message(phone):
    before = len(phone.messages)
    await phone.press("⏭ Để sau")
    assert len(phone.messages) == before
    await phone.send("5")
    assert len(phone.messages) == before + 1
    assert "reply_markup" not in phone.message(-2)


async def test_every_typed_answer_is_repeated_with_its_percentage(phone):
    await phone.send("350")
    assert "Câu 1 đã ghi: 350/400 = 87,5 %" in phone.screen
    assert "Câu 2/8" in phone.screen


async def test_a_count_above_the_total_can_only_be_corrected(village, phone):
    await phone.send("401")
    assert "Câu 1/8" in phone.screen
    assert "401" in phone.screen
    assert "HT1" not in await village.answers()
    await phone.send("-5")
    assert "HT1" not in await village.answers()


async def test_a_number_far_from_last_time_is_confirmed_once(village, phone):
    await phone.send("200")
    assert "Đúng không ạ?" in phone.screen
    assert "HT1" not in await village.answers()
    await phone.send("đúng")
    assert (await village.answers())["HT1"] == Ratio(200, 400)


async def test_a_full_reply_replaces_the_value_to_be_confirmed(village, phone):
    await phone.send("200")
    await phone.send("342/400")
    assert (await village.answers())["HT1"] == Ratio(342, 400)


async def test_the_digit_one_is_one_person_where_a_number_is_expected(village, phone):
    await phone.press("⏭")
    await phone.send("1")
    assert (await village.answers())["HT2"] == Ratio(1, 5)


async def test_numbers_choose_buttons_on_yes_no_screens(village, phone):
    await phone.send("340")
    await phone.send("5")
    await phone.send("2")
    assert (await village.answers())["CQ3"] == NO
    await phone.send("1")
    assert (await village.answers())["CQ4"] == YES


async def test_a_percentage_alone_is_not_enough(village, phone):
    await phone.send("87,5%")
    assert "phần trăm" in phone.screen
    assert await village.answers() == {}


async def test_not_known_nobody_and_zero_are_three_different_answers(village, phone):
    await phone.send("chưa biết")
    await phone.press("➕")
    await phone.press("🚫 Không có đối tượng")
    await phone.press("✅ Đúng")
    await phone.press("⏭")
    await phone.press("⏭")
    await phone.send("0")
    await phone.press("✅ Đúng")
    found = await village.answers()
    assert (found["HT1"], found["HT2"], found["KT1"]) == (None, Ratio(0, 0), Ratio(0, 300))


async def test_a_skipped_question_is_asked_again_before_the_summary(phone):
    await phone.send("để sau")
    for text in ("5", "có", "có", "240", "7", "có"):
        await phone.send(text)
    await phone.send("có")
    assert "Câu 1/8" in phone.screen


async def test_back_moves_and_changes_nothing(village, phone):
    await phone.send("350")
    await phone.send("quay lại")
    assert "Câu 1/8" in phone.screen
    assert "Đã ghi: 350/400 = 87,5 %" in phone.screen
    assert not any("Quay lại" in caption for caption in phone.buttons)
    await phone.send("quay lại")
    assert "Đây là câu đầu tiên" in phone.screen
    assert await village.answers() == {"HT1": Ratio(350, 400)}


async def test_the_explanation_leads_back_to_the_question(phone):
    await phone.press("ℹ️")
    assert "Trong công văn" in phone.screen
    await phone.press("◀ Về câu hỏi")
    assert "Câu 1/8" in phone.screen


async def test_an_answer_can_be_corrected_by_words(village, phone):
    await phone.send("350")
    await phone.send("sửa câu 1: 360/400")
    assert "Câu 1 đã ghi: 360/400 = 90,0 %" in phone.screen
    assert "Câu 2/8" in phone.screen
    await phone.send("sửa câu 1")
    assert "Câu 1/8" in phone.screen
    await phone.send("355")
    assert "Câu 2/8" in phone.screen
    assert (await village.answers())["HT1"] == Ratio(355, 400)


async def test_undo_restores_the_earlier_answer(village, phone):
    await phone.send("350")
    await phone.send("sửa câu 1: 360/400")
    await phone.send("nhầm")
    assert "350/400" in phone.screen
    assert (await village.answers())["HT1"] == Ratio(350, 400)
    await phone.send("hoàn tác")
    assert "HT1" not in await village.answers()
    await phone.send("nhầm")
    assert "Chưa ghi câu nào nên không có gì để bỏ" in phone.screen


async def test_a_differing_total_is_stored_beside_the_communes(village, phone):
    await phone.press("✏️ Sửa tổng số")
    await phone.send("412")
    assert "Trong 412 người" in phone.screen
    await phone.send("350")
    assert "Tổng số đang có là 400" in phone.screen
    await phone.send("xong")
    assert "tổng số chờ xã xác nhận, xã ghi 400" in phone.screen
    assert (await village.answers())["HT1"] == Ratio(350, 412)


async def test_a_total_that_was_given_survives_a_look_at_another_screen(village, phone):
    await phone.press("✏️ Sửa tổng số")
    await phone.send("412")
    await phone.send("/tinhhinh")
    await phone.send("/baocao")
    assert "Trong 412 người" in phone.screen
    await phone.send("350")
    await phone.send("/baocao")
    assert "Câu 2/8." in phone.screen
    assert "412" not in phone.screen
    assert (await village.answers())["HT1"] == Ratio(350, 412)


async def test_the_stored_answer_is_shown_above_the_next_question(village, phone):
    await phone.send("350")
    assert phone.screen.startswith("✅ Câu 1 đã ghi: 350/400 = 87,5 %\n\nCâu 2/8. ")
    assert phone.screen.count("Câu 2") == 1


async def test_sending_with_gaps_warns_and_leaves_them_missing(village, phone):
    await phone.send("350")
    await phone.send("gửi")
    await phone.press("📨 Gửi báo cáo")
    assert "Còn 7 câu chưa có" in phone.screen
    await phone.press("📨 Vẫn gửi")
    assert "1/8" in phone.screen
    assert await village.answers() == {"HT1": Ratio(350, 400)}


async def test_an_empty_report_cannot_be_sent(village, phone):
    await phone.send("gửi")
    await phone.press("📨 Gửi báo cáo")
    assert "Chưa có câu nào được trả lời" in phone.screen
    assert (await village.report()).state == "draft"


async def test_a_correction_after_sending_counts_at_once_and_the_receipt_says_so(village, phone):
    await phone.send("350")
    for _ in range(3):
        await phone.send("gửi")
    receipt = phone.message()["message_id"]
    assert "Điện thoại thông minh: cả xã 87,5 %" in phone.screen
    await phone.send("sửa câu 1: 390/400")
    assert "97,5 %" in next(text_of(m) for m in phone.messages if m["message_id"] == receipt)
    assert (await village.report()).state == "sent"


async def test_the_place_survives_a_restart(village, deployment, phone):
    await phone.send("350")
    number = len(phone.messages)
    await phone.send("/start")
    assert len(phone.messages) == number + 1
    assert "Câu 2/8" in phone.screen


@pytest.mark.parametrize("kind", ["voice", "sticker"])
async def test_an_unreadable_reply_leaves_the_question_open(phone, kind):
    await phone.file(kind, b"x" * 10)
    assert "Xin trả lời bằng chữ" in phone.screen
    assert "Câu 1/8" in phone.screen


async def test_an_unknown_command_in_the_middle_leaves_the_question_open(phone):
    await phone.send("/nosuchthing")
    assert "Không có lệnh này" in phone.screen
    assert "Câu 1/8" in phone.screen


async def test_status_in_the_middle_leaves_the_question_open(village, phone):
    await phone.send("/tinhhinh")
    await phone.send("350")
    assert (await village.answers())["HT1"] == Ratio(350, 400)


async def test_an_edited_message_is_offered_as_a_correction(village, phone):
    await phone.send("350")
    said = phone.mine[-1]
    await phone.edit(said, "360")
    assert "360/400 = 90,0 %. Đúng không ạ?" in phone.screen
    assert (await village.answers())["HT1"] == Ratio(350, 400)
    await phone.press("✅ Đúng")
    assert (await village.answers())["HT1"] == Ratio(360, 400)
    assert "Câu 2/8" in phone.screen


async def test_a_difficulty_is_recorded_and_the_question_stays_open(phone):
    await phone.press("➕")
    await phone.press("💬 Vướng mắc")
    await phone.send("nhiều cụ không có điện thoại")
    assert "Đã gửi vướng mắc" in phone.screen
    assert "Câu 1/8" in phone.screen


async def test_the_report_in_english(village):
    ann = await village.joined("Ann", language="en")
    await ann.press("📝 Report")
    assert "Question 1/8" in ann.screen
    for text in ("350 out of 400", "5", "yes", "not yet", "same as last time", "7", "no", "yes"):
        await ann.send(text)
    await ann.press("📨 Send the report")
    assert "Report sent" in ann.screen
    assert len(await village.answers()) == 8


async def test_a_number_that_names_another_area_is_asked_about(village):
    hung = await village.joined("Hùng")
    await hung.press("📝")
    await hung.send("khu 2: 350/400")
    assert "Câu 1. Điện thoại thông minh: 350/400 = 87,5 %. Đúng không ạ?" in hung.screen
    assert "ghi tên khu khác, mà đây là báo cáo của Khu 1" in hung.screen
    assert await village.answers() == {}
    await hung.send("không")
    await hung.send("khu 1: 340/400")
    assert "Câu 2/8" in hung.screen
    await hung.send("khu 2: câu 2: 5/5, câu 3 có, câu 4 có")
    assert "ghi tên khu khác, mà đây là báo cáo của Khu 1" in hung.screen
    assert "đúng cả chưa ạ?" in hung.screen
