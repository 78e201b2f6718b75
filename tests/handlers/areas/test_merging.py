"""An officer merges and splits areas: with a date and a preview of the effects."""

from storage.places import places

TODAY, YESTERDAY = "2026-03-02", "2026-03-01"


async def successors(village, area):
    unit = village.areas[area]
    return await village.database.read(
        lambda tx: [one.label for one in places.units_by_ids(tx, places.successors_of(tx, unit))]
    )


async def test_areas_can_be_merged_by_pressing(village, officer, areas, changes):
    hung = await village.joined("Hùng", area="Khu 1")
    await hung.press("📝")
    await hung.send("350")
    await officer.press("Khu 1")
    await officer.press("🏷 Tên, nhập, tách")
    await officer.press("🔀 Nhập khu")
    assert "Khu 1" not in officer.buttons
    await officer.press("Khu 2")
    assert "ngày cuối của Khu 1 là ngày nào ạ?" in officer.screen
    await officer.press("📅 31/3")
    assert officer.screen.startswith("Khu 1 nhập vào Khu 2, hết ngày 31/03/2026. Đúng không ạ?")
    assert "👥 Khu 1 có 1 người: Hùng" in officer.screen
    assert "Tháng 3/2026: Khu 1 vẫn báo cáo riêng tới khi chốt (đang làm dở)" in officer.screen
    assert "người trưởng thành 800" in officer.screen
    assert (await areas())["Khu 1"].valid_to is None
    await officer.press("✅ Nhập khu")
    assert (await areas())["Khu 1"].valid_to == "2026-03-31"
    assert await successors(village, "Khu 1") == ["Khu 2"]
    assert "🗓 Nhập vào Khu 2, hết ngày 31/03/2026" in officer.screen
    await officer.press("🏷 Tên, nhập, tách")
    assert officer.buttons == ["🏷 Đổi tên", "↩️ Bỏ, giữ như cũ", "🕘 Lịch sử", "◀ Quay lại"]
    assert [one[0] for one in (await changes("Khu 1"))[:2]] == ["merger", "area"]
    await officer.send("/lichsu khu 1")
    assert "nhập khu vào Khu 2" in officer.screen
    assert "ngày cuối của khu: 31/03/2026" in officer.screen


async def test_two_areas_can_be_merged_into_a_new_one_by_typing(village, officer, areas):
    for text in (
        "khu 1",
        "tên, nhập, tách khu",
        "nhập khu",
        "khu mới",
        "Khu Đồi",
        "31/3",
        "nhập khu",
    ):
        await officer.send(text)
    new = (await areas())["Khu Đồi"]
    assert (new.valid_from, new.old_commune, new.code) == ("2026-04-01", "Đồi Chè", "khu-doi")
    assert await successors(village, "Khu 1") == ["Khu Đồi"]
    await officer.send("quay lại")
    assert "🗓 Khu Đồi" in officer.buttons
    for text in ("khu 3", "tên, nhập, tách khu", "nhập khu", "khu đồi"):
        await officer.send(text)
    assert "Khu 3 nhập vào Khu Đồi" in officer.screen
    await officer.send("30/3")
    assert "Ngày 30/03/2026 sớm quá; sớm nhất là 31/03/2026" in officer.screen
    for text in ("31/3", "nhập khu"):
        await officer.send(text)
    assert await successors(village, "Khu 3") == ["Khu Đồi"]


async def test_an_area_can_be_split(village, officer, areas):
    for text in ("khu 2", "tên, nhập, tách khu", "tách khu", "Khu 2A"):
        await officer.send(text)
    assert "từ 2 đến 6 tên" in officer.screen
    await officer.send("Khu 2A, Khu 2B")
    assert "Khu 2 tách thành Khu 2A, Khu 2B: ngày cuối của Khu 2" in officer.screen
    await officer.send("ngày mốt ngày kia")
    assert "Chưa hiểu ngày này" in officer.screen
    assert "tách thành Khu 2A, Khu 2B" in officer.screen
    await officer.send("31/3")
    assert "🆕 Khu 2A, Khu 2B: có từ ngày 01/04/2026" in officer.screen
    await officer.press("✅ Tách khu")
    found = await areas()
    assert [found[name].valid_from for name in ("Khu 2A", "Khu 2B")] == ["2026-04-01"] * 2
    assert found["Khu 2"].valid_to == "2026-03-31"
    assert await successors(village, "Khu 2") == ["Khu 2A", "Khu 2B"]
    await officer.send("/lichsu khu 2")
    assert "tách khu thành Khu 2A, Khu 2B" in officer.screen


async def test_a_day_far_away_is_refused(officer, areas):
    for text in ("khu 1", "tên, nhập, tách khu", "nhập khu", "khu 2", "1/1/2031"):
        await officer.send(text)
    assert "còn xa quá" in officer.screen
    await officer.send("1/1/2020")
    assert "Ngày 01/01/2020 đã lâu quá" in officer.screen
    assert "ngày cuối của Khu 1 là ngày nào ạ?" in officer.screen
    assert (await areas())["Khu 1"].valid_to is None


async def test_another_day_typed_at_the_preview_replaces_the_first(officer, areas):
    for text in ("khu 1", "tên, nhập, tách khu", "nhập khu", "khu 2", "31/3", "15/4"):
        await officer.send(text)
    assert "hết ngày 15/04/2026. Đúng không ạ?" in officer.screen
    await officer.send("1/1/2031")
    assert "còn xa quá" in officer.screen
    await officer.send("30/4")
    await officer.send("đúng")
    assert (await areas())["Khu 1"].valid_to == "2026-04-30"
