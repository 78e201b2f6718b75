"""Everything works by typing: captions, numbers where no number is asked, Vietnamese commands."""

import re


async def test_an_officer_can_read_the_whole_status_by_typing(village):
    officer = await village.joined("Mai", role="officer")
    await officer.send("tình hình")
    assert "Xã Đồi Chè" in officer.screen
    await officer.send("theo khu")
    assert "Theo khu" in officer.screen
    await officer.send("khu 2")
    assert officer.screen.startswith("Khu 2")
    await officer.send("ht1")
    assert "Điện thoại thông minh" in officer.screen
    await officer.send("viec can lam")
    assert "Việc cần làm" in officer.screen
    await officer.send("chép gửi zalo")
    assert "XÃ ĐỒI CHÈ" in officer.screen


async def test_words_in_the_help_of_an_officer_open_their_screens(village):
    officer = await village.joined("Mai", role="officer")
    await officer.send("/trogiup")
    named = re.findall(r"^• “(.+?)”:", officer.screen, re.MULTILINE)
    assert named == ["📊 Tình hình", "🗂 Duyệt", "📝 Báo cáo của xã", "⚙️ Quản lý"]
    for caption, seen in zip(named, ("Đạt 0/13", "báo cáo nào", "Câu 1/6", "Quản lý"), strict=True):
        await officer.send(caption)
        assert seen in officer.screen


async def test_the_start_screen_opens_by_caption_and_by_number(village):
    phone = await village.joined("Hùng")
    await phone.send("bao cao")
    assert "Câu 1/8" in phone.screen
    other = await village.joined("Lan", area="Khu 2")
    await other.send("1")
    assert "Câu 1/8" in other.screen


async def test_the_word_status_is_understood_on_the_summary_too(village):
    phone = await village.joined("Hùng")
    await phone.press("📝")
    await phone.send("xong")
    await phone.send("tình hình")
    assert "Cả xã" in phone.screen


async def test_choices_of_small_screens_can_be_typed_by_caption(village):
    phone = await village.joined("Hùng")
    await phone.press("📝")
    await phone.send("giải thích")
    assert "Trong công văn" in phone.screen
    await phone.send("về câu hỏi")
    await phone.send("thêm")
    await phone.send("vướng mắc")
    assert "đang vướng điều gì" in phone.screen
    await phone.send("quay lại")
    assert "Câu 1/8" in phone.screen


async def test_a_number_on_the_summary_opens_that_question(village):
    phone = await village.joined("Hùng")
    await phone.press("📝")
    await phone.send("xong")
    await phone.send("3")
    assert "Câu 3/8" in phone.screen


async def test_commands_of_both_languages_open_the_same_screens(village):
    phone = await village.joined("Hùng")
    for command in ("/baocao", "/report", "/BaoCao", "/baocao@smart_commune_bot"):
        await phone.send(command)
        assert "Câu 1/8" in phone.screen
    for command in ("/tinhhinh", "/status"):
        await phone.send(command)
        assert "Cả xã" in phone.screen
    await phone.send("/trogiup")
    assert "Cách làm" in phone.screen
    await phone.send("/dulieu")
    assert "Hùng" in phone.screen
