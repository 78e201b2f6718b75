"""Choosing one of many reports: pages, typed names and numbers, different captions."""

from datetime import timedelta

import pytest

from criteria.sets.set_file import shipped_text
from handlers.rounds.changes import move
from storage.people import people
from storage.places import places
from storage.rounds import rounds


@pytest.fixture
async def hung(village):
    """Hùng reports for "Khu 1" of the village, and for eleven areas of two others."""
    phone = await village.joined("Hùng")
    now = village.deployment.clock.now()

    def add(tx):
        person = people.find_person(tx, "telegram", str(phone.id))
        end = now + timedelta(days=9)
        for code, name, areas in (("khac", "Xã Khác", 10), ("nua", "Xã Nữa", 1)):
            commune = places.add_commune(tx, code, name)
            for number in range(1, areas + 1):
                unit = places.add_unit(tx, commune.id, f"k{number}", f"Khu {number}", number=number)
                people.add_membership(tx, person.id, "reporter", now=now, unit_id=unit.id)
            rounds.open_round(
                tx, commune.id, "Tháng 3/2026", "phu-tho-2024", shipped_text("phu-tho-2024"),
                None, now, end, end + timedelta(days=5), now,
            )  # fmt: skip

    await village.database.write(add)
    await phone.send("/baocao")
    return phone


async def test_two_areas_of_one_name_are_shown_with_their_commune(hung):
    captions = hung.buttons
    await hung.press("Trang sau")
    captions = [one for one in (*captions, *hung.buttons) if "Trang" not in one]
    assert {"▫️ Khu 1 · Xã Khác", "▫️ Khu 1 · Xã Nữa", "▫️ Khu 2"} <= set(captions)
    assert len(captions) == len(set(captions)) == 12


async def test_the_list_of_reports_has_pages(hung):
    assert len(hung.buttons) == 8
    await hung.press("▶")
    assert any("Khu 10" in one for one in hung.buttons)


@pytest.mark.parametrize("text", ["Khu 9", "khu 9", "KHU 9"])
async def test_a_typed_name_opens_the_report(hung, text):
    await hung.send(text)
    assert "Khu 9" in hung.screen
    assert "Câu 1/8" in hung.screen


async def test_a_number_opens_the_report_with_that_number_in_the_list(hung):
    label = hung.buttons[2].partition(" ")[2]
    await hung.send("3")
    assert "Câu 1/8" in hung.screen
    assert label.partition(" · ")[0] in hung.screen


async def test_a_name_that_matches_none_or_several_is_asked_again(hung):
    for text in ("Khu 99", "Khu 1", "12/12"):
        await hung.send(text)
        assert hung.screen.startswith("Chưa rõ là báo cáo nào.")


async def test_a_question_names_the_commune_for_a_person_who_reports_in_several(hung):
    await hung.press("Khu 1 · Xã Khác")
    assert "Khu 1 · Xã Khác" in hung.screen
    assert "Câu 1/8" in hung.screen


async def test_an_answer_that_names_the_other_commune_is_not_taken_for_this_one(village, hung):
    await hung.press("Khu 1 · Xã Khác")
    for text in ("khu 1 xã đồi chè: 350/400", "Khu 1 Đồi Chè, 350/400"):
        await hung.send(text)
        assert "Câu 1. Điện thoại thông minh: 350/400 = 87,5 %. Đúng không ạ?" in hung.screen
        assert "ghi tên khu khác, mà đây là báo cáo của Khu 1 · Xã Khác" in hung.screen
        await hung.press("✏️ Sửa")
    await hung.send("khu 1: 350/400")
    assert "✅ Câu 1 đã ghi: 350/400" in hung.screen


async def test_a_question_names_only_the_area_for_a_person_of_one_commune(village):
    lan = await village.joined("Lan")
    await lan.press("📝")
    assert "Xã Đồi Chè" not in lan.screen


async def test_areas_of_one_name_are_shown_differently_on_every_list(hung):
    for text, route in (("/dem", "đếm"), ("/vuongmac", "vướng mắc"), ("/lichsu", "lịch sử")):
        await hung.send(text)
        captions = hung.buttons
        while any("▶" in one for one in hung.buttons):
            await hung.press("▶")
            captions += hung.buttons
        areas = [one for one in captions if "Khu 1" in one and "Khu 10" not in one]
        assert len(areas) == len(set(areas)) == 3, route


async def test_the_start_screen_shows_areas_of_one_name_differently(hung):
    await hung.send("/start")
    lines = [line for line in hung.screen.splitlines() if line.startswith("📝")]
    assert len(lines) == len(set(lines)) == 12


WHOLE = "1: 350/400, 2: 5/5, 3 có, 4 có, 5: 250/300, 6: 9/10, 7 chưa, 8 có"


@pytest.mark.parametrize("chosen", ["Khu 9", "Trang sau ▶", "2"])
async def test_a_whole_report_is_kept_until_its_area_is_chosen(hung, chosen):
    await hung.send(WHOLE)
    assert "Báo cáo vừa nhắn là của khu nào" in hung.screen
    if "▶" in chosen:
        await hung.press(chosen)
        await hung.press("Khu 7")
    else:
        await hung.send(chosen)
    assert hung.screen.startswith("Đọc được như sau")
    assert "350/400 =" in hung.screen
    await hung.press("✅ Đúng cả")
    assert "Xem lại rồi gửi" in hung.screen
    assert "350/400 = 87,5 %" in hung.screen


async def test_a_whole_report_with_an_unknown_area_is_asked_for_the_area_again(hung):
    await hung.send(WHOLE)
    await hung.send("Khu 99")
    assert "Báo cáo vừa nhắn là của khu nào" in hung.screen


async def test_after_one_report_is_sent_a_whole_report_is_asked_for_its_area(village, hung):
    await hung.press("Khu 1 · Xã Khác")
    await hung.send(WHOLE)
    assert hung.screen.startswith("Đọc được như sau")
    await hung.press("✅ Đúng cả")
    await hung.press("📨 Gửi báo cáo")
    assert "Đã gửi báo cáo: Khu 1" in hung.screen
    await hung.send(WHOLE)
    assert "Báo cáo vừa nhắn là của khu nào" in hung.screen
    await hung.send("khu 9")
    assert "Khu 9 · Xã Khác, Tháng 3/2026" in hung.screen


async def test_a_commune_names_the_one_report_there_is_in_it(village, hung):
    await hung.send("xã nữa")
    assert "Khu 1 · Xã Nữa" in hung.screen
    await hung.send("350")
    await hung.send("/baocao")  # another one is chosen: the open one isn't meant any more
    await hung.send(WHOLE)
    assert "Báo cáo vừa nhắn là của khu nào" in hung.screen
    await hung.send("khu 1 nữa")
    assert "Khu 1 · Xã Nữa, Tháng 3/2026" in hung.screen
    await hung.press("✅ Đúng cả")
    await hung.press("📨 Gửi báo cáo")
    assert "Đã gửi báo cáo: Khu 1 · Xã Nữa" in hung.screen
    await hung.send("/tinhhinh")
    assert hung.screen.index("🏘 Xã Khác") < hung.screen.index("🏘 Xã Nữa")


async def test_notices_name_the_commune_to_a_person_of_several(village, hung):
    lan = await village.joined("Lan")
    mai = await village.joined("Mai", role="officer")
    chair = await village.joined("Sơn", role="leader")
    await chair.send("/status")
    await chair.press("⏰ Nhắc")
    assert any("Mời Khu 1 · Xã Đồi Chè làm báo cáo" in one for one in hung.screens)
    assert any("Mời Khu 1 làm báo cáo" in one for one in lan.screens)
    await lan.send(f"{WHOLE}, gửi luôn")
    await lan.press("✅ Đúng cả, gửi")
    await mai.send("duyệt")
    await mai.send("1")
    await mai.press("✏️ Sửa giúp")
    await mai.send("1")
    await mai.send("340")
    await mai.send("gõ nhầm")
    assert any("Khu 1 · Xã Đồi Chè" in one and "gõ nhầm" in one for one in hung.screens)
    assert not any("Xã Đồi Chè" in one and "gõ nhầm" in one for one in lan.screens)
    await mai.press("↩️ Trả lại")
    await mai.send("1")
    await mai.press("✍️")
    await mai.send("đếm lại giúp")
    assert any("Khu 1 · Xã Đồi Chè" in one and "đếm lại giúp" in one for one in hung.screens)
    assert not any("Xã Đồi Chè" in one and "đếm lại giúp" in one for one in lan.screens)
    round_ = await village.round_()
    later = round_.deadline + timedelta(days=2)
    zone = village.deployment.settings.timezone
    move_ = lambda tx: move(tx, round_, village.deployment.clock.now(), zone, deadline=later)  # noqa: E731
    await village.database.write(move_)
    await hung.send("/start")  # a handled update wakes the sender
    assert any("Tháng 3/2026 · Xã Đồi Chè đổi ngày" in one for one in hung.screens)
    assert any("Tháng 3/2026 đổi ngày" in one for one in lan.screens)
