"""Joining by link, with consent; nothing is stored before it."""

import sqlalchemy as sa

from storage.tables import addresses, memberships, people


async def kept_people(village):
    count = sa.select(sa.func.count()).select_from(people)
    return await village.database.read(lambda tx: tx.execute(count).scalar_one())


async def test_a_stranger_learns_how_to_join_and_nothing_is_stored(village):
    phone = village.phone("Hùng")
    await phone.send("/start")
    assert "đường dẫn" in phone.screen
    await phone.send("350/400")
    assert await kept_people(village) == 0


async def test_after_the_link_and_the_consent_the_report_is_one_press_away(village):
    phone = village.phone("Hùng")
    await phone.send(f"/start {await village.code('reporter', 'Khu 1')}")
    assert "Tham gia báo cáo: Khu 1, Xã Đồi Chè" in phone.screen
    assert await kept_people(village) == 0
    await phone.press("✅ Đồng ý")
    assert "Đã tham gia" in phone.screen
    assert "📝 Báo cáo" in phone.buttons
    assert await kept_people(village) == 1
    assert "baocao" in phone.commands


async def test_declining_stores_nothing(village):
    phone = village.phone("Hùng")
    await phone.send(f"/start {await village.code('reporter', 'Khu 1')}")
    await phone.press("✋")
    assert "không có gì được giữ lại" in phone.screen
    assert await kept_people(village) == 0


async def test_wrong_used_and_revoked_codes_get_the_same_sentence(village):
    first, second = village.phone("Hùng"), village.phone("Lan")
    code = await village.code("reporter", "Khu 1", uses=1)
    await first.send(f"/start {code}")
    await first.press("✅")
    await second.send(f"/start {code}")
    used_up = second.screen
    await second.send("/start nothing-of-the-kind")
    assert second.screen == used_up
    assert "Thư mời này không dùng được nữa" in used_up


async def test_of_two_people_pressing_for_the_last_use_one_joins(village):
    first, second = village.phone("Hùng"), village.phone("Lan")
    code = await village.code("reporter", "Khu 1", uses=1)
    await first.send(f"/start {code}")
    await second.send(f"/start {code}")
    await first.press("✅")
    await second.press("✅")
    assert "không dùng được nữa" in second.screen
    count = sa.select(sa.func.count()).select_from(memberships)
    assert await village.database.read(lambda tx: tx.execute(count).scalar_one()) == 1


async def test_a_second_link_adds_a_second_area(village):
    phone = await village.joined("Hùng", area="Khu 1")
    await phone.send(f"/start {await village.code('reporter', 'Khu 2')}")
    assert "Đã tham gia: Khu 2" in phone.screen
    await phone.press("📝 Báo cáo")
    assert [b for b in phone.buttons if "Khu" in b] == ["▫️ Khu 1", "▫️ Khu 2"]
    await phone.press("Khu 2")
    assert "Câu 1/8" in phone.screen
    assert "Khu 2" in phone.screen


async def test_the_same_link_again_changes_nothing(village):
    phone = village.phone("Hùng")
    code = await village.code("reporter", "Khu 1")
    await phone.send(f"/start {code}")
    await phone.press("✅")
    await phone.send(f"/start {code}")
    assert "từ trước rồi" in phone.screen


async def test_english_comes_from_the_telephone_or_by_choice(village):
    phone = await village.joined("Ann", language="en")
    assert "Joined" in phone.screen
    assert "report" in phone.commands
    await phone.send("/language")
    await phone.press("Tiếng Việt")
    assert "Từ giờ dùng tiếng Việt" in phone.screen
    assert "baocao" in phone.commands


async def test_deleting_a_person_keeps_the_figures_of_the_area(village):
    phone = await village.joined("Hùng")
    await phone.press("📝 Báo cáo")
    await phone.send("350")
    await phone.send("/xoatoi")
    await phone.press("🗑 Xoá hẳn")
    assert "HT1" in await village.answers()
    row = await village.database.read(lambda tx: tx.execute(sa.select(people)).one())
    assert row.name is None
    assert await village.database.read(lambda tx: tx.execute(sa.select(addresses)).all()) == []
    await phone.send("xin chào")
    assert "đường dẫn" in phone.screen
