"""Invitations from the telephone: made, forwarded, listed, revoked."""

import io
from datetime import timedelta

import pytest

from handlers.flow import code_rate_limit
from handlers.flow.code_rate_limit import CAREFUL, OF_ONE, CodeRateLimit
from tests.conftest import START


def code_in(phone):
    link = [one for one in phone.screens if "?start=" in one][-1]
    return link.split("?start=")[1].split()[0]


async def test_an_invitation_has_a_qr_code(village, officer, recorded):
    await officer.press("✉️ Thư mời")
    await officer.press("➕ Thư mời mới")
    assert "📭 Khu 1" in officer.buttons
    await officer.press("Khu 1")
    assert "Thư mời Khu 1: 9 người, trong 30 ngày" in officer.screen
    await officer.send("5 người")
    await officer.press("7 ngày")
    assert "5 người, trong 7 ngày" in officer.screen
    assert "9 người" in officer.buttons
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


async def test_the_number_of_uses_and_the_days_can_be_typed(village, officer):
    for text in ("thư mời", "thư mời mới", "khu 2", "12 người, 14 ngày"):
        await officer.send(text)
    assert "Khu 2: 12 người, trong 14 ngày" in officer.screen
    await officer.send("làm thư mời")
    assert "Đã vào 0/12 người" in officer.screen


async def test_one_invitation_can_be_for_several_leaders(village, officer):
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


async def test_an_account_that_guesses_codes_must_wait_and_nobody_else_is_refused(village):
    code = await village.code("reporter", "Khu 1")
    hung, lan = village.phone("Hùng"), village.phone("Lan")
    for number in range(OF_ONE):
        await hung.send(f"/start guess-{number}")
    assert "không dùng được nữa" in hung.screen
    await hung.send(f"/start {code}")
    assert "Xin đợi một giờ" in hung.screen
    await hung.press_data(f"1|join|{code}")
    assert "Xin đợi một giờ" in hung.screen
    await lan.send(f"/start {code}")
    assert "Tham gia báo cáo" in lan.screen
    village.deployment.clock.move_to(village.deployment.clock.now().replace(hour=5))
    await hung.send(f"/start {code}")
    assert "Tham gia báo cáo" in hung.screen


async def test_a_thousand_wrong_codes_of_many_accounts_block_no_valid_code(village, monkeypatch):
    monkeypatch.setattr(code_rate_limit, "DELAY_SECONDS", 0.01)
    for number in range(1000):
        village.deployment.program.deployment.code_rate_limit.wrong(f"telegram:{number}", START)
    once_wrong = village.phone("Hùng")
    await once_wrong.send("/start mistyped-code-of-hung")
    await once_wrong.send(f"/start {await village.code('reporter', 'Khu 1')}")
    await once_wrong.press("✅")
    assert "Đã tham gia" in once_wrong.screen
    again = await village.joined("Lan")
    await again.send(f"/start {await village.code('reporter', 'Khu 2')}")
    assert "Đã tham gia: Khu 2" in again.screen


async def test_a_member_who_opens_a_used_link_again_learns_that_they_are_a_member(village):
    code = await village.code("reporter", "Khu 1", uses=1)
    phone = village.phone("Lan")
    await phone.send(f"/start {code}")
    await phone.press("✅")
    await phone.send(f"/start {code}")
    assert "Đã tham gia Khu 1" in phone.screen
    assert "từ trước rồi" in phone.screen
    village.deployment.clock.move_to(village.deployment.clock.now() + timedelta(days=60))
    await phone.send(f"/start {code}")
    assert "từ trước rồi" in phone.screen
    other = await village.code("reporter", "Khu 2", uses=1)
    await (taken := village.phone("Hùng")).send(f"/start {other}")
    await taken.press("✅")
    await phone.send(f"/start {other}")
    assert "không dùng được nữa" in phone.screen


async def test_old_links_do_not_count_as_guesses(village):
    old = await village.code("reporter", "Khu 1", uses=1)
    await (first := village.phone("Lan")).send(f"/start {old}")
    await first.press("✅")
    hung = village.phone("Hùng")
    for _ in range(OF_ONE + 1):
        await hung.send(f"/start {old}")
    await hung.send(f"/start {await village.code('reporter', 'Khu 1')}")
    assert "Tham gia báo cáo" in hung.screen


def test_many_wrong_codes_in_total_delay_answers_for_an_hour():
    counted = CodeRateLimit()
    for number in range(CAREFUL - 1):
        counted.wrong(f"one-{number}", START)
    assert counted.delay(START) == 0
    counted.wrong("another", START)
    assert counted.delay(START) > 1
    assert not counted.too_many("another", START)
    assert counted.delay(START + timedelta(hours=1)) == 0


@pytest.mark.parametrize("held", ["Hùng", "12345678"])
def test_the_memory_of_guesses_reveals_no_account(held):
    counted = CodeRateLimit()
    counted.wrong(held, START)
    assert held not in repr(vars(counted))


async def test_an_operator_who_guessed_too_often_can_still_join(deployment):
    operators = {"operator_ids": frozenset({"7000009"})}
    deployment.settings = deployment.settings.model_copy(update=operators)
    async with deployment.running():
        phone = deployment.phone("Vân", user_id=7_000_009)
        for number in range(OF_ONE + 1):
            await phone.send(f"/start guess-{number}")
        await phone.send("/start")
        await phone.press("✅")
        assert "Đã tham gia: người điều hành" in phone.screen


def sheets_in(phone):
    """The newest file: its name and the lines of each page."""
    docx = pytest.importorskip("docx")
    given = [one["document"] for one in phone.messages if "document" in one][-1]
    content = phone.world.files.find(given["file_id"]).content
    lines = [one.text for one in docx.Document(io.BytesIO(content)).paragraphs]
    return given["file_name"], lines


async def test_sheets_for_areas_without_an_invitation_come_as_one_file(village, officer):
    for text in ("thư mời", "phiếu để in"):
        await officer.send(text)
    assert "Mỗi phiếu cho 9 người, dùng trong 30 ngày" in officer.screen
    await officer.send("12 người, 14 ngày")
    await officer.press("khu chưa có thư mời")
    assert "Đã làm phiếu cho" in officer.screen
    name, lines = sheets_in(officer)
    assert name == "phieu-moi_doi-che.docx"
    codes = [one.split(": ")[1][:12] for one in lines if one.startswith("Mã mời: ")]
    assert len(set(codes)) == len(codes) == lines.count("Xã Đồi Chè") > 1
    assert "🟢 Khu 1 · 0/12" in officer.buttons
    hung = village.phone("Hùng")
    await hung.send("/start")
    await hung.send(codes[0])
    await hung.press("✅ Đồng ý")
    assert "Khu 1" in hung.screen

    # Nothing is handed out twice unasked; a second press does nothing.
    await officer.press("🖨 Phiếu để in")
    assert not any("chưa có thư mời" in one for one in officer.buttons)
    await officer.press("🖨 Cả")
    assert "Đã làm phiếu cho" in officer.screen


async def test_a_sheet_for_one_area_is_made_once_by_two_presses(village, officer):
    for text in ("thư mời", "thư mời mới", "khu 2"):
        await officer.send(text)
    await officer.press("🖨 Phiếu để in")
    assert sheets_in(officer)[0] == "phieu-moi_doi-che_k2.docx"
    assert "Thư mời Khu 2: còn dùng được" in officer.screen
    for text in ("quay lại", "thư mời mới", "khu 2"):
        await officer.send(text)
    await officer.press("🖨 Phiếu để in")
    assert "vừa làm xong" in officer.screen
    assert sum("document" in one for one in officer.messages) == 1
