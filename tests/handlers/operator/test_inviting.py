"""The first invitation of a commune, and difficulties that several communes share."""

import re

from handlers.flow.press import pack
from storage.difficulties import difficulties
from storage.people import invitations
from storage.places import places


async def letters(village, commune):
    def look(tx):
        found = invitations.list_invitations(tx, commune)
        return [one for one in found if one.role == "officer" and one.valid(now)]

    now = village.deployment.clock.now()
    return await village.database.read(look)


async def test_an_officer_can_be_invited_by_a_link_and_join(village, people):
    phone = people.operator
    await phone.press("⚙️ Điều hành")
    await phone.press("✉️ Mời cán bộ xã")
    await phone.send("ben go")
    assert "Làm thư mời cán bộ Xã Bến Gỗ" in phone.screen
    assert "1 cán bộ, 0 thư mời" in phone.screen
    await phone.send("làm thư mời")
    letter = phone.screens[-2]  # with the QR code, for forwarding; the screen is below it
    assert "Đã làm thư mời" in phone.screen
    [made] = await letters(village, people.other)
    assert (made.uses, made.commune_id) == (1, people.other)
    code = re.search(r"start=(\S+)", letter)[1]
    newcomer = village.phone("Yến")
    await newcomer.send(f"/start {code}")
    assert "cán bộ Xã Bến Gỗ" in newcomer.screen
    await newcomer.press("✅")
    assert "Cán bộ Xã Bến Gỗ" in newcomer.screen


async def test_the_list_has_pages_and_communes_without_an_officer_come_first(village, people):
    def several(tx):
        for number in range(9):
            places.add_commune(tx, f"x{number}", f"Xã Số {number}", "Miền xuôi")

    await village.database.write(several)
    phone = people.far_operator
    await phone.send("/dieuhanh")
    await phone.press("✉️")
    assert phone.buttons[0] == "Xã Số 0"
    assert "Xã Số 0: chưa có cán bộ" in phone.screen
    await phone.press("Trang sau")
    assert len(phone.buttons) <= 8
    assert "Xã Bến Gỗ: 1 cán bộ" in phone.screen
    await phone.send("xã số")
    assert "Có mấy xã giống tên ấy" in phone.screen
    await phone.send("Đồi Chè")
    assert "Chưa thấy xã ấy" in phone.screen
    await phone.send("Xã Số 7")
    assert "cán bộ Xã Số 7" in phone.screen


async def test_the_operator_of_a_group_cannot_invite_to_another_commune(village, people):
    before = await letters(village, village.commune)
    for action in ("o.inv1", "o.make"):
        await people.far_operator.press_data(pack(action, village.commune))
        await people.far_operator.press_data(pack(action, 999))
        assert "thư mời" not in people.far_operator.screen
    assert await letters(village, village.commune) == before


async def test_difficulties_that_most_communes_share_come_first(village, people):
    now = village.deployment.clock.now()

    def passed(tx):
        def up(commune, code, text):
            made = difficulties.raise_difficulty(
                tx, commune_id=commune, round_id=village.round, indicator=code, text=text,
                by=None, now=now,
            )  # fmt: skip
            one = difficulties.difficulty_by_id(tx, made)
            difficulties.pass_up(tx, one, by=1, now=now)

        up(village.commune, None, "chung")
        up(village.commune, "KT1", "ngân hàng xa")
        up(village.commune, "KT1", "phí cao")
        up(village.commune, "HT1", "máy đắt")
        up(people.other, "HT1", "mất sóng")
        difficulties.raise_difficulty(
            tx, commune_id=people.other, indicator="KT1", text="chưa chuyển", by=None, now=now
        )

    await village.database.write(passed)
    phone = people.operator
    await phone.send("/vuongmac")
    assert phone.screen.startswith("💬 5 vướng mắc chờ trả lời")
    lines = [line for line in phone.screen.splitlines() if line[:2] in {"1.", "2.", "3."}]
    assert [line.split(": ")[1] for line in lines] == [
        "2 xã, 2 vướng mắc",
        "1 xã, 2 vướng mắc",
        "1 xã, 1 vướng mắc",
    ]
    assert "việc chung" in lines[2]
    await phone.send("1")
    assert "2 xã cùng vướng" in phone.screen
    assert "máy đắt" in phone.screen
    assert "mất sóng" in phone.screen
    await people.far_operator.send("/dieuhanh")
    await people.far_operator.press("💬 Vướng mắc (1)")
    assert "1 vướng mắc chờ" in people.far_operator.screen
    await people.far_operator.press("1.")
    assert "máy đắt" not in people.far_operator.screen
