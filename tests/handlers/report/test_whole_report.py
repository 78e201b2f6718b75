"""A whole report in one message: the table, one press, and the questions after it."""

import pytest

from criteria.answers import Ratio, YesNo
from storage import history
from storage.conversations import asks
from tests.conftest import START
from tests.handlers.conftest import Village, found_commune

YES, NO = YesNo(yes=True), YesNo(yes=False)
WHOLE = "1: 350/400, 2: 5/5, 3 có, 4 có, 5: 250/300, 6: 9/10, 7 chưa, 8 có"
READ = {
    "HT1": Ratio(350, 400),
    "HT2": Ratio(5, 5),
    "CQ3": YES,
    "CQ4": YES,
    "KT1": Ratio(250, 300),
    "KT2": Ratio(9, 10),
    "KT3": NO,
    "XH1": YES,
}
TABLE = "Đọc được như sau, đúng cả chưa ạ?"


@pytest.fixture
async def hung(village):
    return await village.joined("Hùng")


async def ways(village):
    """The ways of the answers of this round, with their authors, by indicator."""
    entries = await village.database.read(lambda tx: history.history_of_round(tx, village.round))
    return {one.indicator: (one.way, one.name) for one in entries if one.what == "answer"}


async def test_nothing_is_stored_before_the_press_and_everything_with_it(village, hung):
    await hung.send(WHOLE)
    assert hung.screen.startswith(TABLE)
    assert "Khu 1, Tháng 3/2026" in hung.screen
    assert "✅ 1. Điện thoại thông minh: 350/400 = 87,5 %" in hung.screen
    assert await village.answers() == {}
    await hung.press("✅ Đúng cả")
    assert await village.answers() == READ
    assert "Xem lại rồi gửi" in hung.screen
    assert await ways(village) == dict.fromkeys(READ, ("one_message", "Hùng"))
    await hung.press("📨 Gửi báo cáo")
    assert "Đã gửi báo cáo: Khu 1" in hung.screen


@pytest.mark.parametrize("opening", [None, "question", "summary"])
@pytest.mark.parametrize("word", ["đúng", "có"])
async def test_a_whole_report_is_read_at_a_question_at_the_summary_and_before(
    village, hung, opening, word
):
    if opening is not None:
        await hung.press("📝 Báo cáo")
    if opening == "summary":
        await hung.send("xong")
    await hung.send(WHOLE)
    assert hung.screen.startswith(TABLE)
    await hung.send(word)
    assert await village.answers() == READ


async def test_at_a_yes_no_question_a_yes_answers_the_table(village, hung):
    await hung.press("📝 Báo cáo")
    await hung.send("sửa câu 3")
    await hung.send("câu 1: 350, câu 2: 5")
    await hung.send("có")
    assert await village.answers() == {"HT1": Ratio(350, 400), "HT2": Ratio(5, 5)}


async def test_a_whole_report_takes_four_calls_and_can_end_with_send(village, hung):
    await hung.press("📝 Báo cáo")
    world = village.deployment.world
    before = len(world.calls)
    await hung.send(f"{WHOLE}, gửi luôn")
    await hung.press("✅ Đúng cả, gửi")
    calls = [one.method for one in list(world.calls)[before:] if one.method != "getUpdates"]
    assert len(calls) <= 4, calls
    assert "Đã gửi báo cáo: Khu 1" in hung.screen
    assert (await village.report()).state == "sent"


async def test_the_rest_can_be_as_last_time_except_one(village, hung):
    await hung.send("còn lại như kỳ trước, trừ câu 1: 360/400, câu 4 có")
    assert "✅ 1. Điện thoại thông minh: 360/400" in hung.screen
    assert "✅ 3. Tổ công nghệ số: Có, như kỳ trước" in hung.screen
    assert "✅ 5. Tài khoản thanh toán: 240/300 = 80,0 %, như kỳ trước" in hung.screen
    await hung.press("✅ Đúng cả")
    found = await village.answers()
    assert found == {"HT1": Ratio(360, 400), "CQ3": YES, "CQ4": YES, "KT1": Ratio(240, 300)}
    assert "Câu 2/8" in hung.screen  # there is no earlier answer


async def test_two_unclear_answers_are_asked_before_the_report_is_sent(village, hung):
    text = "1: 350/400, 2: hỏng, 3 có, 4 có, 5: 90/300, 6: 9/10, 7 chưa, 8 có. gửi luôn"
    await hung.send(text)
    assert "⚠️ 2." in hung.screen
    assert "⚠️ 5. Tài khoản thanh toán: 90/300" in hung.screen
    assert "Hỏi xong câu cuối thì gửi luôn" in hung.screen
    await hung.press("✅ Đúng cả")
    assert "Câu 2/8" in hung.screen
    assert set(await village.answers()) == set(READ) - {"HT2", "KT1"}
    await hung.send("5")
    assert "Câu 5. Tài khoản thanh toán: 90/300 = 30,0 %. Đúng không ạ?" in hung.screen
    assert (await village.report()).state == "draft"
    await hung.press("✅ Đúng")
    assert "Đã gửi báo cáo: Khu 1" in hung.screen
    assert await village.answers() == READ | {"KT1": Ratio(90, 300)}


async def test_an_unknown_last_answer_is_warned_of_before_sending(village, hung):
    await hung.send("1: 350/400, 2: hỏng, 3 có, 4 có, 5: 250, 6: 9/10, 7 chưa, 8 có. gửi luôn")
    await hung.press("✅ Đúng cả")
    await hung.send("chưa biết")
    assert "Vẫn gửi ạ?" in hung.screen
    assert (await village.report()).state == "draft"


async def test_a_number_without_a_known_total_is_asked_for_the_total(village):
    binh = await village.joined("Bình", area="Khu 3")
    await binh.send("1: 350, 2: 5/5, 3 có")
    assert "⚠️ 1. Điện thoại thông minh: 350, còn thiếu tổng số" in binh.screen
    await binh.press("✅ Đúng cả")
    await binh.send("400")
    assert (await village.answers("Khu 3"))["HT1"] == Ratio(350, 400)
    assert "Câu 4/8" in binh.screen


async def test_leaving_the_open_questions_says_what_is_not_stored(village, hung):
    await hung.send("1: 90/400, 5: 90/300, 3 có")
    await hung.press("✅ Đúng cả")
    await hung.send("xong")
    assert "Chưa ghi" in hung.screen or "Đúng không ạ?" in hung.screen
    assert set(await village.answers()) == {"CQ3"}


async def test_the_table_can_be_left_and_corrected(village, hung):
    await hung.press("📝 Báo cáo")
    await hung.send(WHOLE)
    await hung.press("✏️ Sửa")
    assert "xin nhắn lại" in hung.screen
    await hung.send("câu 7 có")
    assert "✅ 7. Hợp tác xã số: Có" in hung.screen
    await hung.send("câu 1: 351, câu 2: 4")
    assert "351/400" in hung.screen
    assert "✅ 2. Cán bộ dùng điện thoại: 4/5" in hung.screen
    await hung.press("✋ Thôi")
    assert "Chưa ghi gì" in hung.screen
    assert "Câu 1/8" in hung.screen
    assert await village.answers() == {}


async def test_a_double_press_counts_once(village, hung):
    await hung.send("1: 350/400, 5: 90/300")
    table = hung.message()
    data = table["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await hung.press("✅ Đúng cả")
    await hung.press_data(data, on=table)
    assert await village.answers() == {"HT1": Ratio(350, 400)}
    assert "Đúng không ạ?" in hung.screen


async def test_a_change_by_another_member_is_shown_first(village, hung):
    await hung.send("1: 350/400, 3 có")
    lan = await village.joined("Lan")
    await lan.press("📝 Báo cáo")
    await lan.send("345")
    await hung.press("✅ Đúng cả")
    assert "Trong lúc đó báo cáo đã có thay đổi" in hung.screen
    assert "⚠️ 1. Điện thoại thông minh: 350/400 = 87,5 % (đang ghi 345/400 = 86,2 %)" in hung.screen
    assert await village.answers() == {"HT1": Ratio(345, 400)}
    await hung.press("✅ Đúng cả")
    assert "Ghi đè lên ạ?" in hung.screen
    assert await village.answers() == {"HT1": Ratio(345, 400), "CQ3": YES}
    await hung.press("✅ Đúng")
    assert (await village.answers())["HT1"] == Ratio(350, 400)


async def test_the_table_survives_a_restart_and_an_answer_in_between(deployment):
    async with deployment.running() as program:
        made = await program.database.write(lambda tx: found_commune(tx, START))
        village = Village(deployment, *made)
        hung = await village.joined("Hùng")
        await hung.press("📝 Báo cáo")
        await hung.send("1: 350/400, 3 có")
        table = hung.message()
    async with deployment.running():
        await hung.press("✅ Đúng cả", on=table)
        assert await village.answers() == {"HT1": Ratio(350, 400), "CQ3": YES}


async def test_a_number_answers_the_question_while_the_table_waits(village, hung):
    await hung.press("📝 Báo cáo")
    await hung.send("2: 5/5, 3 có")
    table = hung.message()
    await hung.send("350")
    assert "350" in hung.screen
    await hung.press("✅ Đúng cả", on=table)
    await hung.press("✅ Đúng cả")
    found = await village.answers()
    assert (found["HT2"], found["CQ3"]) == (Ratio(5, 5), YES)


async def test_an_edited_message_makes_a_new_table(village, hung):
    await hung.send("1: 350/400, 3 có")
    await hung.edit(hung.mine[-1], "1: 351/400, 3 có")
    assert "351/400" in hung.screen
    await hung.send("đúng")
    assert await village.answers() == {"HT1": Ratio(351, 400), "CQ3": YES}


async def test_the_text_of_a_whole_report_is_kept_only_with_its_screen(village, hung):
    await hung.send(WHOLE)
    # What was shown is stored with the next write, so a reader may not see it yet.
    kept = await village.database.write(
        lambda tx: [one.content for one in asks.recent(tx, 1) if WHOLE in one.content]
    )
    assert len(kept) == 1  # with its screen, and deleted with it after 60 days


async def test_several_numbers_without_questions_must_be_named(village, hung):
    await hung.press("📝 Báo cáo")
    await hung.send("350/400, 9/10, có, có")
    assert "Xin ghi số câu ở trước" in hung.screen
    assert await village.answers() == {}


async def test_the_office_can_report_in_one_message_too(village):
    mai = await village.joined("Mai", role="officer")
    await mai.send("1: 10/20, 3 có")
    assert mai.screen.startswith(TABLE)
    await mai.send("đúng")
    found = await village.database.read(lambda tx: history.history_of_round(tx, village.round))
    assert {one.unit_id for one in found if one.what == "answer"} == {village.office}


async def test_a_whole_report_goes_to_the_area_whose_question_was_shown(village):
    """A late message goes to the report that was shown when it was written, not to the open one."""
    hung = await village.joined("Hùng")
    code = await village.code("reporter", "Khu 2")
    await hung.send(f"/start {code}")
    await hung.send("/baocao")
    await hung.press("Khu 1")
    hung.hold()
    await hung.send("1: 350/400, 3 có")
    await hung.send("/baocao")
    await hung.press("Khu 2")
    await hung.release()
    assert "Khu 1, Tháng 3/2026" in hung.screen
    await hung.press("✅ Đúng cả")
    assert await village.answers("Khu 2") == {}
    assert await village.answers("Khu 1") == {"HT1": Ratio(350, 400), "CQ3": YES}


async def test_practice_reads_a_whole_report_and_stores_nothing(village, hung):
    await hung.send("/tap")
    await hung.send("1: 350/400, 2: 5/5, 3 có")
    assert TABLE in hung.screen
    assert hung.screen.startswith("🎓")
    await hung.press("✋ Thôi")
    assert "350/400" not in hung.screen
    await hung.send("1: 350/400, 2: 5/5, 3 có")
    await hung.send("đúng")
    assert "Câu 4/8" in hung.screen
    assert hung.screen.startswith("🎓")
    assert await village.report() is None
