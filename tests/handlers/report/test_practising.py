"""Practice: the real conversation about a sample area, marked, without any effect."""

import pytest

from criteria.answers import Ratio
from tests.phone import text_of

MARK = "🎓 Bài tập, số không tính"
# What practice may change: its place, the message that shows it, and the inbox.
BESIDE = {"shown_messages", "asks", "written", "inbox", "outbox"}


@pytest.fixture
async def hung(village):
    return await village.joined("Hùng")


async def everything(village):
    """Every row of every table, except those that practice may change."""

    def look(tx):
        names = [
            name
            for (name,) in tx.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name not in BESIDE
        ]
        rows = {name: tx.exec_driver_sql(f"SELECT * FROM {name}").all() for name in names}
        # The whole conversation except what was shown, which is recorded with the next update.
        rows["conversations"] = tx.exec_driver_sql(
            "SELECT person_id, report_id, place, revision, touched_at FROM conversations"
        ).all()
        return rows

    return await village.database.read(look)


async def test_practice_asks_the_same_questions_by_pressing_and_typing(village, hung):
    before = await everything(village)
    await hung.send("/tap")
    first = len(hung.messages)
    asked = []
    for text in ("350", "5", "✅ Có", "chưa", "240/300", "bảy", "1"):
        assert hung.screen.startswith(MARK)
        asked.append(next(line for line in hung.screen.splitlines() if line.startswith("Câu ")))
        if text.startswith("✅"):
            await hung.press(text)
        else:
            await hung.send(text)
    assert len(set(asked)) == 7
    assert "Khu Mẫu" in hung.screen
    assert "Câu 8/8" in hung.screen
    await hung.press("✅ Có")  # the last answer ends it
    assert "Bài tập xong rồi" in hung.screen
    assert all(text_of(one).startswith(MARK) for one in hung.messages[first - 1 :])
    assert await everything(village) == before
    assert await village.report() is None
    await hung.press("📝 Báo cáo")
    assert "Câu 1/8" in hung.screen
    assert MARK not in hung.screen
    assert "Khu 1" in hung.screen


async def test_the_real_report_stays_where_it_was(village, hung):
    await hung.press("📝 Báo cáo")
    await hung.send("350")
    before = await everything(village)
    await hung.send("/tap")
    await hung.send("111/400")
    await hung.press("✅ Đúng")
    await hung.send("5")
    assert await everything(village) == before
    await hung.press("🎓 Xong bài tập")
    await hung.press("📝 Báo cáo")
    assert "Câu 2/8" in hung.screen
    assert await village.answers() == {"HT1": Ratio(350, 400)}


async def test_the_buttons_and_words_of_practice(hung):
    await hung.send("/tap")
    assert len(hung.buttons) <= 8
    await hung.press("ℹ️")
    assert "Trong công văn" in hung.screen
    await hung.send("quay lại")
    await hung.press("🔁 Như kỳ trước: 300/400")
    assert "Câu 1 đã ghi: 300/400" in hung.screen
    await hung.send("quay lại")
    assert "Câu 1/8" in hung.screen
    await hung.send("quay lại")
    assert "Đây là câu đầu tiên" in hung.screen
    await hung.send("350")
    await hung.send("nhầm")
    assert "300/400" in hung.screen
    await hung.press("✏️ Sửa tổng số")
    await hung.send("420")
    assert "Trong 420 người" in hung.screen
    await hung.send("huỷ")
    assert hung.screen.startswith(MARK)
    await hung.send("401/400")
    assert hung.screen.startswith(MARK)
    await hung.send("xong")
    assert "Bài tập xong rồi" in hung.screen


async def test_practice_sends_nothing(village, hung):
    before = await everything(village)
    await hung.send("/tap")
    await hung.press("➕ Thêm")
    assert not any("Đếm từng nhà" in caption for caption in hung.buttons)
    await hung.press("💬 Vướng mắc")
    await hung.send("nhiều cụ không có điện thoại")
    assert "chưa gửi gì lên xã" in hung.screen
    assert "Câu 1/8" in hung.screen
    await hung.file("document", b"x" * 100, name="bien-ban.pdf")
    assert "chưa gửi gì lên xã" in hung.screen
    await hung.send("vướng mắc: đường hỏng")
    assert "chưa gửi gì lên xã" in hung.screen
    assert await everything(village) == before


async def test_practice_goes_on_after_another_screen_and_after_days(village, hung):
    await hung.send("/tap")
    await hung.send("350")
    practice = hung.message()
    await hung.send("/tinhhinh")
    await hung.press("⏭ Để sau", on=hung.find("⏭ Để sau")[0])
    assert "Câu 3/8" in next(
        text_of(one) for one in hung.messages if one["message_id"] == practice["message_id"]
    )
    await hung.send("/tap")
    assert "Câu 3/8" in hung.screen


async def test_an_old_button_of_practice_does_nothing(village, hung):
    await hung.send("/tap")
    old = next(
        button["callback_data"]
        for row in hung.message()["reply_markup"]["inline_keyboard"]
        for button in row
        if "Như kỳ trước" in button["text"]
    )
    await hung.send("350")
    await hung.press_data(old)
    assert "Câu 2/8" in hung.screen
    await hung.press("🎓 Xong bài tập")
    await hung.press_data(old)
    assert "Bài tập xong rồi" in hung.screen
    assert await village.report() is None


async def test_practice_is_only_for_reporters(village):
    chair = await village.joined("Chín", role="leader")
    await chair.send("/tap")
    assert "Bài tập dành cho thành viên tổ" in chair.screen
    assert "tap" not in chair.commands


async def test_practice_in_english_without_any_round(village):
    ann = await village.joined("Ann", area="Khu 3", language="en")
    assert "practice" in ann.commands
    await ann.send("/practice")
    assert ann.screen.startswith("🎓 Practice, nothing counts")
    await ann.send("done")
    assert "The practice is done" in ann.screen
