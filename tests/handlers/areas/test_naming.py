"""An officer renames an area; the history shows it."""


async def test_an_area_can_be_renamed_by_pressing(officer, areas, changes):
    await officer.press("Khu 2")
    await officer.press("🏷 Tên, nhập, tách")
    await officer.press("🏷 Đổi tên")
    await officer.send("Khu 12 Hạ")
    assert officer.screen.startswith("Đổi tên Khu 2 thành Khu 12 Hạ, ghi không ạ?")
    assert "Khu 2" in await areas()
    await officer.press("✅ Ghi")
    assert "✅ Khu 2 nay tên là Khu 12 Hạ" in officer.screen
    found = (await areas())["Khu 12 Hạ"]
    assert (found.number, found.code) == (12, "k2")  # the code never changes
    assert (await changes("Khu 2"))[0] == (
        "area", "Mai", {"v": 1, "label": "Khu 12 Hạ", "number": 12}
    )  # fmt: skip
    await officer.send("/lichsu khu 12 hạ")
    assert "Mai (bấm nút): đổi tên khu “Khu 2” → “Khu 12 Hạ”" in officer.screen


async def test_an_area_can_be_renamed_by_typing(officer, areas):
    for text in ("khu 2", "tên, nhập, tách khu", "đổi tên", "Khu Đồi", "ghi"):
        await officer.send(text)
    assert (await areas())["Khu Đồi"].number is None


async def test_an_invalid_name_is_asked_again(officer, areas):
    await officer.press("Khu 3")
    await officer.press("🏷 Tên, nhập, tách")
    await officer.press("🏷 Đổi tên")
    for text, sentence in (
        ("khu 1", "Đã có “khu 1” rồi"),  # of the same old commune
        ("gọi 0912345678", "Trông như số điện thoại"),
        ("Khu " + "ờ" * 60, "nhiều nhất 40 chữ cái"),
        ("Khu 3", "Đã có “Khu 3” rồi"),
    ):
        await officer.send(text)
        assert sentence in officer.screen
        assert "tên mới là gì ạ?" in officer.screen
    await officer.send("Khu 2")  # the other old commune has such an area, too
    await officer.press("✅ Ghi")
    assert [one.number for one in (await areas()).values()] == [1, 2]


async def test_another_name_typed_at_the_preview_replaces_the_first(officer, areas):
    for text in ("khu 1", "tên, nhập, tách khu", "đổi tên", "Khu Đồi Cao", "Khu Đồi Thấp"):
        await officer.send(text)
    assert "Đổi tên Khu 1 thành Khu Đồi Thấp, ghi không ạ?" in officer.screen
    await officer.send("đúng")
    assert "Khu Đồi Thấp" in await areas()
