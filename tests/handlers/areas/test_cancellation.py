"""A planned merger or split of an area is called off by telephone before its day."""

from datetime import timedelta

from handlers.roster.writing import export_roster
from storage.people import invitations
from storage.places import places


async def successors(village, area):
    unit = village.areas[area]
    return await village.database.read(lambda tx: places.successors_of(tx, unit))


async def split(officer):
    for text in ("khu 2", "tên, nhập, tách khu", "tách khu", "Khu 2A, Khu 2B", "31/3", "tách khu"):
        await officer.send(text)


async def test_a_future_merger_can_be_called_off(village, officer, areas):
    for text in ("khu 1", "tên, nhập, tách khu", "nhập khu", "khu 2", "31/3", "nhập khu"):
        await officer.send(text)
    await officer.press("🏷 Tên, nhập, tách")
    await officer.press("↩️ Bỏ, giữ như cũ")
    assert officer.screen.startswith(
        "Khu 1 nhập vào Khu 2, hết ngày 31/03/2026. Bỏ việc này ạ?\n\nKhu 1 giữ nguyên như bây giờ."
    )
    assert "🗑" not in officer.screen
    await officer.press("✅ Bỏ, giữ như cũ")
    assert officer.screen.startswith("✅ Khu 1 vẫn như cũ.")
    assert "🗓" not in officer.screen
    assert (await areas())["Khu 1"].valid_to is None
    assert (await areas())["Khu 2"].valid_to is None
    assert await successors(village, "Khu 1") == []
    await officer.press("🏷 Tên, nhập, tách")
    assert "🔀 Nhập khu" in officer.buttons
    await officer.send("/lichsu khu 1")
    assert "thôi nhập, tách khu" in officer.screen
    assert "bỏ ngày cuối 31/03/2026 của khu" in officer.screen


async def test_the_areas_of_a_split_that_is_called_off_never_begin(
    village, officer, areas, tmp_path
):
    await split(officer)
    now, new = village.deployment.clock.now(), (await areas())["Khu 2A"]
    await village.database.write(
        lambda tx: invitations.create_invitation(
            tx, "reporter", now=now, expires_at=now + timedelta(days=60), uses=9,
            commune_id=village.commune, unit_id=new.id,
        )
    )  # fmt: skip
    for text in ("tên, nhập, tách khu", "bỏ, giữ như cũ", "đúng"):
        await officer.send(text)
    assert officer.screen.startswith("✅ Khu 2 vẫn như cũ.")
    found = await areas()
    assert [found[one].called_off for one in ("Khu 2", "Khu 2A", "Khu 2B")] == [False, True, True]
    given = await village.database.read(invitations.list_invitations)
    assert all(one.revoked_at for one in given if one.unit_id == new.id)
    await officer.press("◀")
    assert not [one for one in officer.buttons if "2A" in one]
    counts = await village.database.read(lambda tx: export_roster(tx, tmp_path / "a.xlsx", now))
    assert counts["areas"] == 3
    await split(officer)  # under the same names, any number of times
    assert "✅ Khu 2 tách thành" in officer.screen


async def test_a_new_area_with_members_still_begins(village, officer, areas):
    await split(officer)
    village.areas["Khu 2A"] = (await areas())["Khu 2A"].id
    await village.joined("Lan", area="Khu 2A")
    await officer.send("tên, nhập, tách khu")
    await officer.send("bỏ, giữ như cũ")
    assert "🗑 Khu 2B chưa lập nên bỏ luôn" in officer.screen
    await officer.send("đúng")
    assert [(await areas())[one].called_off for one in ("Khu 2A", "Khu 2B")] == [False, True]


async def test_a_merger_cannot_be_called_off_after_its_day(village, officer, areas):
    for text in ("khu 1", "tên, nhập, tách khu", "nhập khu", "khu 2", "31/3", "nhập khu"):
        await officer.send(text)
    await officer.send("tên, nhập, tách khu")
    await officer.send("bỏ, giữ như cũ")
    village.deployment.clock.move_to(village.deployment.clock.now() + timedelta(days=40))
    await officer.press("✅ Bỏ, giữ như cũ")
    assert (await areas())["Khu 1"].valid_to == "2026-03-31"
