"""Invitations from the telephone: made, passed on, seen, taken back."""

import pytest

from handlers.guesses import CAREFUL, OF_ALL, OF_ONE, Guesses
from tests.conftest import START


def code_in(phone):
    link = [one for one in phone.screens if "?start=" in one][-1]
    return link.split("?start=")[1].split()[0]


async def test_an_invitation_with_its_qr_code(village, officer, recorded):
    await officer.press("✉️ Thư mời")
    await officer.press("➕ Thư mời mới")
    assert "📭 Khu 1" in officer.buttons
    await officer.press("Khu 1")
    assert "Thư mời Khu 1: 9 người, trong 30 ngày" in officer.screen
    await officer.press("5 người")
    await officer.press("7 ngày")
    assert "5 người, trong 7 ngày" in officer.screen
    assert "● 5 người" in officer.buttons
    await officer.press("✅ Làm thư mời")
    letter = officer.message(-2)
    assert "photo" in letter
    assert "Thư mời: Khu 1, Xã Đồi Chè" in letter["caption"]
    assert "reply_markup" not in letter
    assert "đến hết 09/03/2026" in letter["caption"]
    assert "Đã vào 0/5 người" in officer.screen
    assert "Người mời: Mai" in officer.screen
    hung = village.phone("Hùng")
    await hung.send(f"/start {code_in(officer)}")
    await hung.press("✅ Đồng ý")
    await officer.send("/quanly")
    await officer.press("✉️ Thư mời")
    await officer.press("🟢 Khu 1 · 1/5")
    assert "• Hùng, ngày 2/3" in officer.screen
    assert (await recorded("invitation"))[-1].way == "button"


async def test_how_many_and_how_long_by_typing(village, officer):
    for text in ("thư mời", "thư mời mới", "khu 2", "12 người, 14 ngày"):
        await officer.send(text)
    assert "Khu 2: 12 người, trong 14 ngày" in officer.screen
    await officer.send("làm thư mời")
    assert "Đã vào 0/12 người" in officer.screen


async def test_several_leaders_by_one_invitation(village, officer):
    for text in ("thư mời", "thư mời mới", "lãnh đạo xã", "3 người", "làm thư mời"):
        await officer.send(text)
    code = code_in(officer)
    for name in ("Sơn", "Tùng"):
        phone = village.phone(name)
        await phone.send(f"/start {code}")
        await phone.press("✅ Đồng ý")
        assert "Lãnh đạo Xã Đồi Chè" in phone.screen


async def test_a_revoked_invitation_lets_nobody_in(village, officer):
    for text in ("thư mời", "thư mời mới", "khu 1", "làm thư mời"):
        await officer.send(text)
    await officer.press("🚫 Thu hồi")
    await officer.press("🚫 Thu hồi hẳn")
    assert "đã thu hồi" in officer.screen
    hung = village.phone("Hùng")
    await hung.send(f"/start {code_in(officer)}")
    assert "không dùng được nữa" in hung.screen


async def test_two_quick_presses_make_one_invitation(village, officer, recorded):
    for text in ("thư mời", "thư mời mới", "khu 1"):
        await officer.send(text)
    settings = dict(officer.message())
    await officer.press("✅ Làm thư mời")
    assert "✅ Làm thư mời" not in str(officer.message(-3))
    made = len(await recorded("invitation"))
    await officer.press("✅ Làm thư mời", on=settings)
    assert len(await recorded("invitation")) == made


async def test_a_picture_is_followed_by_a_new_message_when_its_screen_is_pressed(village, officer):
    for text in ("thư mời", "thư mời mới", "khu 1", "làm thư mời"):
        await officer.send(text)
    await officer.press_data("1|m.home", on=officer.message(-2))
    assert "Quản lý Xã Đồi Chè" in officer.screen


async def test_guessing_is_slowed_down_without_a_word(village):
    code = await village.code("reporter", "Khu 1")
    hung, lan = village.phone("Hùng"), village.phone("Lan")
    for number in range(OF_ONE):
        await hung.send(f"/start guess-{number}")
    refused = hung.screen
    await hung.send(f"/start {code}")
    assert hung.screen == refused
    await hung.press_data(f"1|join|{code}")
    assert hung.screen == refused
    await lan.send(f"/start {code}")
    assert "Tham gia báo cáo" in lan.screen
    village.house.clock.move_to(village.house.clock.now().replace(hour=5))
    await hung.send(f"/start {code}")
    assert "Tham gia báo cáo" in hung.screen


async def test_old_links_are_no_guesses(village):
    old = await village.code("reporter", "Khu 1", uses=1)
    await (first := village.phone("Lan")).send(f"/start {old}")
    await first.press("✅")
    hung = village.phone("Hùng")
    for _ in range(OF_ONE + 1):
        await hung.send(f"/start {old}")
    await hung.send(f"/start {await village.code('reporter', 'Khu 1')}")
    assert "Tham gia báo cáo" in hung.screen


def test_over_all_accounts_a_first_try_still_counts_until_the_ceiling():
    guesses = Guesses()
    for number in range(CAREFUL):
        guesses.wrong(f"one-{number}", START)
    assert guesses.too_many("one-1", START)
    assert not guesses.too_many("new", START)
    for number in range(OF_ALL):
        guesses.wrong(f"two-{number}", START)
    assert guesses.too_many("new", START)


@pytest.mark.parametrize("held", ["Hùng", "12345678"])
def test_nothing_of_an_account_can_be_read_in_memory(held):
    guesses = Guesses()
    guesses.wrong(held, START)
    assert held not in repr(vars(guesses))
