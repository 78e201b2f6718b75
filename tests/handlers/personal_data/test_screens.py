"""Stored data of a person: seen, corrected, withdrawn, deleted; by button, command and words."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from handlers.joining.consent import CONSENT_VERSION
from handlers.joining.person_names import clean_name
from storage.tables import history, memberships, people


@pytest.fixture
async def hung(village):
    return await village.joined("Hùng")


async def kept(village, *columns):
    return await village.database.read(lambda tx: tx.execute(sa.select(*columns)).all())


async def test_everything_stored_about_a_person_is_on_one_screen(village, hung):
    await hung.press("📝 Báo cáo")
    await hung.send("350")
    await hung.send("/dulieu")
    for line in (
        "Tên: Hùng", f"Số tài khoản: {hung.id}", "Số điện thoại: không giữ", "Tiếng Việt",
        f"(bản {CONSENT_VERSION})", "Đang là: Khu 1, Xã Đồi Chè", "Số lần ghi, sửa:",
        "Minh chứng đã gửi: 0", "Vướng mắc đã nêu: 0", "Tin đang chờ gửi: 0",
    ):  # fmt: skip
        assert line in hung.screen
    assert len(hung.buttons) == 5


async def test_a_new_name_is_asked_for_shown_and_stored(village, hung):
    await hung.send("/dulieu")
    await hung.press("✏️ Sửa tên")
    assert hung.screen.startswith("Tên đúng là gì ạ?")
    await hung.send("  Nguyễn\u202e Văn\nHùng ")
    assert "“Nguyễn Văn Hùng”" in hung.screen
    assert await kept(village, people.c.name) == [("Hùng",)]
    await hung.send("Nguyễn Mạnh Hùng")  # typed again on the preview screen
    await hung.press("✅")
    assert "Đã ghi tên: Nguyễn Mạnh Hùng" in hung.screen
    assert await kept(village, people.c.name) == [("Nguyễn Mạnh Hùng",)]
    for old, new in await kept(village, history.c.old, history.c.new):
        assert "Hùng" not in f"{old}{new}"


async def test_an_empty_name_or_leaving_changes_nothing(village, hung):
    await hung.send("/suaten")
    await hung.send("12345 !!!")
    assert "Chưa thấy tên nào" in hung.screen
    await hung.send("huỷ")
    assert "Đang giữ về mình" in hung.screen
    assert await kept(village, people.c.name) == [("Hùng",)]


async def test_an_old_preview_button_stores_no_name(village, hung):
    await hung.send("/suaten")
    await hung.send("Nguyễn Văn Hùng")
    preview = dict(hung.message())
    await hung.send("/start")
    await hung.press("✅", on=preview)
    assert hung.screens[-2].startswith("Tên đúng là gì ạ?")
    assert await kept(village, people.c.name) == [("Hùng",)]


async def test_withdrawing_ends_roles_and_messages_at_once(village, hung):
    await hung.send("/rut")
    assert "30 ngày" in hung.screen
    await hung.press("⏸ Rút")
    assert "Đã rút đồng ý" in hung.screen
    assert hung.commands == []
    assert [one for (one,) in await kept(village, memberships.c.ended_at)] != [None]
    before = len(hung.messages)
    village.deployment.clock.move_to(village.deployment.clock.now() + timedelta(days=6))
    await village.deployment.program.jobs.tick()
    await village.deployment.quiet()
    assert len(hung.messages) == before


async def test_a_person_who_returns_in_time_is_known_but_has_no_role(village, hung):
    await hung.send("/suaten")
    await hung.send("Bùi Văn Hùng")
    await hung.press("✅")
    await hung.send("/rut")
    await hung.press("⏸ Rút")
    village.deployment.clock.move_to(village.deployment.clock.now() + timedelta(days=29))
    await hung.send("/start")
    assert "Muốn quay lại" in hung.screen
    assert (await kept(village, people.c.withdrawn_at))[0][0] is not None
    await hung.press("✅ Đồng ý")
    assert "Mừng quay lại" in hung.screen
    assert await kept(village, people.c.name, people.c.withdrawn_at) == [("Bùi Văn Hùng", None)]
    await hung.send("/baocao")
    assert hung.buttons == ["❓ Trợ giúp"]
    assert not {"tinhhinh", "baocao", "dem"} & set(hung.commands)
    await hung.press("❓ Trợ giúp")
    assert hung.screen.startswith("Hiện không còn tham gia nơi nào.")
    await hung.send("/tinhhinh")
    assert hung.screen == "Chưa có gì để xem. Xin mở thư mời của xã."
    await hung.send(f"/start {await village.code('reporter', 'Khu 1')}")
    assert "Đã tham gia: Khu 1" in hung.screen


async def test_a_person_who_declines_to_return_stays_withdrawn(village, hung):
    await hung.send("/rut")
    await hung.press("⏸ Rút")
    await hung.send("/start")
    await hung.press("✋")
    assert (await kept(village, people.c.withdrawn_at))[0][0] is not None


async def test_the_last_officer_is_warned_and_may_leave(village):
    mai = await village.joined("Mai", role="officer")
    await mai.send("/xoatoi")
    assert "không còn cán bộ nào" in mai.screen
    await mai.press("🗑 Xoá hẳn")
    assert await kept(village, people.c.name) == [(None,)]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("said", "screens"),
    [
        (("/dulieu", "/mydata", "dữ liệu của tôi", "My data"), ("Đang giữ", "held about you")),
        (("/suaten", "/rename", "sửa tên", "change my name"), ("Tên đúng", "What is your name")),
        (("/rut", "/withdraw", "rút đồng ý", "withdraw"), ("Rút đồng ý", "Withdraw your consent")),
        (("/xoatoi", "/deleteme", "xoá tôi", "delete me"), ("Xoá hẳn tên", "Delete your name")),
    ],
)
async def test_commands_and_words_work_also_at_an_open_question(village, language, said, screens):
    phone = await village.joined("Ann", language=language)
    await phone.send("/baocao")
    for one in said:
        await phone.send(one)
        assert screens[language == "en"] in phone.screen
        await phone.send("/baocao")
    assert await village.answers() == {}


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_the_help_names_the_commands(village, language):
    phone = await village.joined("Ann", language=language)
    await phone.send("/help")
    names = ("/mydata", "/rename", "/withdraw", "/deleteme")
    for name in names if language == "en" else ("/dulieu", "/suaten", "/rut", "/xoatoi"):
        assert name in phone.screen


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nguyễn Thị Bưởi", "Nguyễn Thị Bưởi"),
        ("  a\u0000b\u200e\u202ec\n\td ", "abc d"),
        ("Z\u0351\u0351\u0351\u0351\u0351algo", "Z\u0351\u0351algo"),
        ("<b>Lan</b> & Tý", "<b>Lan</b> & Tý"),
        ("🌸🌸", None),
        ("12345", None),
        ("", None),
        ("x" * 500, "x" * 60),
    ],
)
def test_a_name_must_be_one_line_of_letters(text, name):
    assert clean_name(text) == name
