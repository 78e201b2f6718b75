"""The office: its own report, and its confirmation of a yes/no indicator."""

from handlers.flow.press import pack
from storage.results import confirmations


async def word(village):
    return await village.database.read(lambda tx: confirmations.confirmations_of(tx, village.round))


async def test_the_office_reports_its_six_indicators(village):
    officer = await village.joined("Mai", role="officer")
    await officer.press("📝 Báo cáo của xã")
    assert "Câu 1/6" in officer.screen
    for text in ("20/21", "1.150/1.234", "có", "có", "chưa", "có"):
        await officer.send(text)
    await officer.press("📨 Gửi báo cáo")
    assert "Đã gửi báo cáo: Văn phòng xã" in officer.screen


async def test_a_confirmation_has_a_reason_and_can_be_revoked(village):
    officer = await village.joined("Mai", role="officer")
    await officer.press_data(pack("conf", village.round, "KT3"))
    await officer.press("▫️ Chưa có")
    assert await word(village) == {}
    await officer.send("hợp tác xã mới ngừng")
    assert "Xã đã xác nhận" in officer.screen
    found = (await word(village))["KT3"]
    assert (found.answer, found.reason) == (False, "hợp tác xã mới ngừng")
    await officer.press_data(pack("conf", village.round, "KT3"))
    await officer.press("↩️ Bỏ xác nhận")
    assert await word(village) == {}


async def test_leaving_the_reason_confirms_nothing(village):
    officer = await village.joined("Mai", role="officer")
    await officer.press_data(pack("confy", village.round, "KT3"))
    await officer.send("huỷ")
    assert await word(village) == {}


async def test_only_officers_can_confirm(village):
    for name, role in (("Hùng", "reporter"), ("Sơn", "leader")):
        phone = await village.joined(name, role=role)
        await phone.press_data(pack("confy", village.round, "KT3"))
        await phone.send("vì thế")
    assert await word(village) == {}


async def test_only_indicators_of_the_areas_can_be_confirmed(village):
    officer = await village.joined("Mai", role="officer")
    await officer.press_data(pack("confy", village.round, "CQ2"))
    await officer.press_data(pack("confy", village.round, "HT1"))
    await officer.send("vì thế")
    assert await word(village) == {}
