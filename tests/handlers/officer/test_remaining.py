"""Texts that may still name a forgotten person: shown to the officer, masked or left."""

import pytest

from storage import history
from storage.difficulties import difficulties
from storage.personal_data import unmasked_texts
from storage.places import places

NAME = "Trần Thị Bưởi"
SURE = f"Đã gọi cô Bưởi ({NAME})"
PERHAPS = "Bưởi bảo: vườn có hai quả bưởi"


@pytest.fixture
async def texts(village):
    """Texts of others that certainly or possibly name her."""
    area = await village.database.read(lambda tx: places.area_by(tx, village.commune, "Khu 1"))
    now = village.deployment.clock.now()

    def write(tx):
        for text in (SURE, PERHAPS):
            difficulties.raise_difficulty(
                tx, commune_id=village.commune, round_id=None, unit_id=area.id, text=text,
                photo=None, by=None, now=now,
            )  # fmt: skip
        history.record(
            tx, "round", "command", now, commune_id=village.commune, new={"reason": PERHAPS}
        )

    await village.database.write(write)

    async def standing():
        def look(tx):
            found = [one.text for one in difficulties.open_difficulties(tx, village.commune)]
            rows = tx.exec_driver_sql("SELECT new FROM history WHERE what = 'round'").scalars()
            return found, [row for row in rows if row and "bảo" in row]

        return await village.database.read(look)

    return standing


async def test_the_officer_can_mask_a_text_that_means_her(village, officer, texts):
    buoi = await village.joined(NAME, area="Khu 1")
    await buoi.send("/xoatoi")
    await buoi.press("🗑 Xoá hẳn")
    assert [one for one in (await texts())[0] if "gọi" in one] == ["Đã gọi … (…)"]
    assert "Còn 1 chỗ có thể nói tới người đó" in officer.screen
    assert NAME not in officer.screen
    await officer.press("🖍 Xem từng chỗ")
    assert PERHAPS in officer.screen.replace("*", "")
    await officer.press("🖍 Phải, che đi")
    assert "Không còn chỗ nào" in officer.screen
    found, kept = await texts()
    masked = "… bảo: vườn có hai quả bưởi"
    assert masked in found
    assert [masked in one for one in kept] == [True]
    assert (
        await village.database.read(lambda tx: unmasked_texts.of_commune(tx, village.commune)) == []
    )


async def test_a_text_that_means_something_else_is_left(village, officer, texts):
    buoi = await village.joined(NAME, area="Khu 1")
    await buoi.send("/xoatoi")
    await buoi.press("🗑 Xoá hẳn")
    await officer.send("/quanly")
    await officer.press("🖍 Tên có thể còn sót (1)")
    await officer.press("Không, để nguyên")
    assert PERHAPS in (await texts())[0]
    await officer.send("/quanly")
    assert "🖍" not in " ".join(officer.buttons)


async def test_without_remaining_texts_nobody_is_told(village, officer):
    other = await village.joined("Lý Văn Tám", area="Khu 2")
    before = len(officer.screens)
    await other.send("/xoatoi")
    await other.press("🗑 Xoá hẳn")
    assert not any("có thể nói tới" in one for one in officer.screens[before:])
