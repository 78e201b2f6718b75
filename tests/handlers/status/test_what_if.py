"""`/neu`: read as people type it, answered by the score, and not stored."""

import re

import pytest

from handlers.flow.press import pack
from handlers.status.what_if import Supposition, asked, supposed
from handlers.texts import texts_of

VI = texts_of("vi")


def plain(screen):
    return re.sub(r"</?(b|i|code)>", "", screen.text).replace("\u00a0", " ")


def screen(status, unit, code, value):
    return supposed(status, unit, code, value, VI)


@pytest.mark.parametrize(
    ("text", "code", "value"),
    [
        ("Khu 1 · Đồi Chè 90%", "", "90%"),
        ("khu 1 đồi chè HT1 90,5 %", "HT1", "90.5%"),
        ("KT1 k1 350/400", "KT1", "350/400"),
        ("Khu 1 Đồi Chè điện thoại thông minh 90%", "HT1", "90%"),
        ("khu 1 doi che kt3 có", "KT3", "yes"),
        ("khu 1 doi che KT3 chưa có", "KT3", "no"),
    ],
)
def test_a_what_if_is_read_as_people_type_it(commune, text, code, value):
    assert asked(commune.status(), text, VI) == Supposition((commune.areas[0],), code, value)


def test_a_what_if_means_all_areas_of_that_name_and_no_other(commune):
    status = commune.status()
    assert len(asked(status, "khu 1 90%", VI).units) == 3
    assert asked(status, "khu 77 90%", VI).units == ()
    assert asked(status, "khu 1", VI) is None


def test_the_outcome_of_a_what_if_equals_the_score(commune):
    status = commune.status()
    text = plain(screen(status, commune.areas[9], "HT1", "100%"))
    assert text.startswith("🔮 Nếu Khu 2 · Bến Gỗ đạt 100 % (400/400)")
    assert "⏳ Điện thoại thông minh: 82,9 % → 84,5 %" in text
    assert "Vẫn chưa đủ số liệu." in text
    assert "Cả xã: vẫn đạt 4/13" in text
    assert "không ghi vào đâu cả" in text


def test_one_yes_decides_an_indicator_that_needs_any_area(commune):
    text = plain(screen(commune.status(), commune.areas[0], "KT3", "yes"))
    assert "Từ chưa đủ số liệu thành đạt." in text
    assert "Cả xã: đạt 4/13 → 5/13" in text


def test_an_impossible_what_if_is_not_computed(commune):
    status = commune.status()
    for code, value in (("HT1", "101%"), ("HT1", "5/4"), ("HT1", "yes"), ("KT3", "90%"),
                        ("CQ1", "90%"), ("HT1", "1e9%"), ("XX", "90%")):  # fmt: skip
        assert screen(status, commune.areas[0], code, value) is None
    assert screen(status, commune.office, "HT2", "90%") is None


async def test_a_chair_can_ask_step_by_step_and_nothing_is_stored(town):
    chair = town.chair
    await chair.send("/neu Khu 5 90%")
    assert chair.screen == "🔮 Khu nào ạ?"
    await chair.press("Khu 5 · Suối Vàng")
    assert "chỉ tiêu nào ạ?" in chair.screen
    assert len(chair.buttons) <= 8
    await chair.press("Tài khoản thanh toán")
    assert chair.screen.startswith("🔮 Nếu Khu 5 · Suối Vàng đạt 90 % (193/214)")
    await chair.press("100%", exact=True)
    assert "(214/214)" in chair.screen
    await chair.press("📊 Cả xã")
    before = chair.screen
    await chair.send("/status")
    assert chair.screen == before
    await chair.send("/whatif linh tinh")
    assert "/neu Khu 1 90%" in chair.screen


async def test_a_what_if_needs_the_right_to_read_the_commune(town):
    await town.head.send("/start")
    await town.head.send("/neu Khu 2 HT1 90%")
    assert "Nếu" not in town.head.screen
    await town.head.press_data(pack("s.if", town.sample.round_id, 1, "HT1", "90%"))
    assert "Nếu" not in town.head.screen
