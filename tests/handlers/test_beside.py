"""Screens beside a question: a typed text means their buttons, never the hidden question."""

import pytest

from criteria.answers import Ratio
from storage.results import confirmations


@pytest.fixture
async def phone(village):
    """A person of two areas, with the first question of one area open."""
    joined = await village.joined("Hùng", area="Khu 1")
    await joined.send(f"/start {await village.code('reporter', 'Khu 2')}")
    await joined.press("📝 Báo cáo")
    await joined.press("Khu 1")
    return joined


async def test_a_number_on_the_list_of_areas_picks_an_area(village, phone):
    await phone.send("báo cáo")
    await phone.send("2")
    assert "Khu 2" in phone.screen
    assert "Câu 1/8" in phone.screen
    assert await village.answers("Khu 1") == {}


async def test_an_area_is_picked_by_its_name(phone):
    await phone.send("báo cáo")
    await phone.send("khu 2")
    assert phone.screen.startswith("Câu 1/8. ")
    assert phone.screen.endswith("▱▱▱▱▱▱▱▱ Khu 2")


async def test_a_figure_typed_on_the_list_of_areas_answers_nothing(village, phone):
    await phone.send("báo cáo")
    await phone.send("340/400")
    assert await village.answers("Khu 1") == {}
    assert phone.screen.startswith("Chưa rõ là báo cáo nào.")
    await phone.send("khu 1")
    await phone.send("340/400")
    assert (await village.answers("Khu 1"))["HT1"] == Ratio(340, 400)


async def test_after_the_status_a_figure_is_an_answer_and_a_single_digit_is_asked_about(
    village, phone
):
    await phone.send("/tinhhinh")
    await phone.send("3")
    assert await village.answers("Khu 1") == {}
    assert "cho câu đang hỏi" in phone.screen
    await phone.press("✏️ Sửa")
    await phone.send("/tinhhinh")
    await phone.send("340")
    assert (await village.answers("Khu 1"))["HT1"] == Ratio(340, 400)


async def test_language_and_deletion_can_be_chosen_by_typing(phone):
    await phone.send("/ngonngu")
    await phone.send("english")
    assert "From now on in English" in phone.screen
    await phone.send("/deleteme")
    await phone.send("no, keep it")
    assert "Digital team" in phone.screen


async def test_a_confirmation_by_the_office_does_not_answer_its_report(village):
    officer = await village.joined("Mai", role="officer")
    await officer.press("📝 Báo cáo của xã")
    await officer.send("sửa câu 3")
    await officer.send("/tinhhinh cq3")
    await officer.press("Xác nhận cho cả xã")
    await officer.send("đúng")
    assert (
        await village.database.read(lambda tx: confirmations.confirmations_of(tx, village.round))
        == {}
    )
    await officer.send("sửa câu 3")
    assert "Đã ghi" not in officer.screen


async def test_a_reporters_own_total_stays_after_the_next_change(village):
    phone = await village.joined("Lan", area="Khu 2")
    await phone.press("📝 Báo cáo")
    await phone.press("✏️ Sửa tổng số")
    await phone.send("420")
    await phone.send("350")
    await phone.send("sửa câu 1: 360")
    assert (await village.answers("Khu 2"))["HT1"] == Ratio(360, 420)


async def test_an_edited_correction_is_offered_as_a_correction(village, phone):
    await phone.send("340")
    await phone.send("sửa câu 1: 350")
    await phone.edit(phone.mine[-1], "sửa câu 1: 355")
    assert "355/400" in phone.screen
    await phone.press("✅ Đúng")
    assert (await village.answers("Khu 1"))["HT1"] == Ratio(355, 400)


async def test_a_pasted_link_opens_the_consent_screen(village):
    phone = village.phone("Tư")
    code = await village.code("reporter", "Khu 1")
    await phone.send(f"https://t.me/smart_commune_bot?start={code}")
    assert "Tham gia báo cáo" in phone.screen


async def test_after_another_screen_a_figure_answers_the_question_and_a_word_does_not(
    village, phone
):
    await phone.send("/ngonngu")
    await phone.send("345")
    assert (await village.answers("Khu 1"))["HT1"] == Ratio(345, 400)
    await phone.send("sửa câu 3")
    await phone.send("/ngonngu")
    await phone.send("có")
    assert "CQ3" not in await village.answers("Khu 1")
    await phone.send("có")
    assert "CQ3" in await village.answers("Khu 1")
