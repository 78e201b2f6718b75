"""Raising a difficulty: at a question, by /vuongmac, with a photo, for one of several areas."""

from datetime import timedelta

import pytest

from criteria.answers import Ratio
from storage.difficulties import difficulties
from storage.people import invitations, roles
from storage.people import people as people_of
from tests.handlers.difficulties.conftest import open_ones


async def test_a_difficulty_can_be_typed_without_an_open_report(village):
    phone = await village.joined("Hùng")
    await phone.send("/vuongmac")
    assert phone.screen.startswith("Khu 1 đang vướng điều gì ạ?")
    await phone.send("mất sóng cả khu từ đầu tuần")
    assert "Đã gửi vướng mắc của Khu 1" in phone.screen
    [one] = await open_ones(village)
    assert (one.text, one.indicator) == ("mất sóng cả khu từ đầu tuần", None)
    assert (one.unit_id, one.round_id) == (village.areas["Khu 1"], village.round)


async def test_a_difficulty_can_be_raised_in_one_message_or_after_its_word(village):
    phone = await village.joined("Hùng")
    await phone.send("/vuongmac mất sóng")
    assert [one.text for one in await open_ones(village)] == ["mất sóng"]
    await phone.send("vướng mắc")
    assert "đang vướng điều gì" in phone.screen
    await phone.send("huỷ")
    assert "không ghi gì cả" in phone.screen
    assert len(await open_ones(village)) == 1


async def test_a_difficulty_at_a_question_belongs_to_its_indicator(village):
    phone = await village.joined("Hùng")
    await phone.press("📝 Báo cáo")
    await phone.send("/vuongmac nhiều cụ không có điện thoại")
    assert "Đã gửi vướng mắc" in phone.screen
    assert "Câu 1/8" in phone.screen
    await phone.send("/vuongmac")
    assert "đang vướng điều gì" in phone.screen
    await phone.send("xa trạm sóng")
    await phone.send("340")
    assert (await village.answers())["HT1"] == Ratio(340, 400)
    found = [(one.indicator, one.text) for one in await open_ones(village)]
    assert found == [("HT1", "nhiều cụ không có điện thoại"), ("HT1", "xa trạm sóng")]


@pytest.mark.parametrize("reporting", [True, False])
async def test_a_word_of_the_conversation_is_not_a_difficulty(village, reporting):
    phone = await village.joined("Hùng")
    if reporting:
        await phone.press("📝 Báo cáo")
    await phone.send("/vuongmac")
    for again in ("/vuongmac", "vướng mắc", "khó quá", "trợ giúp"):
        await phone.send(again)
        assert "đang vướng điều gì" in phone.screen
    for out in ("xong", "bỏ qua", "quay lại"):
        await phone.send("/vuongmac")
        await phone.send(out)
        assert "đang vướng điều gì" not in phone.screen
    assert await open_ones(village) == []


async def test_the_office_can_see_the_list_while_its_own_question_is_open(village, people):
    await people.reporter.send("/vuongmac mất sóng")
    await people.officer.send("/baocao")
    assert people.officer.screen.startswith("Câu 1")
    await people.officer.send("/vuongmac")
    assert people.officer.screen.startswith("💬 Xã Đồi Chè: 1 vướng mắc chưa xong")


async def test_at_a_question_a_photo_can_come_before_the_sentence_or_with_it(village, picture):
    phone = await village.joined("Hùng")
    await phone.press("📝 Báo cáo")
    await phone.press("➕")
    await phone.press("💬 Vướng mắc")
    await phone.photo(picture)
    assert phone.screen.startswith("📷 Đã nhận ảnh")
    await phone.send("cột sóng bị đổ")
    assert "Câu 1/8" in phone.screen
    await phone.press("➕")
    await phone.press("💬 Vướng mắc")
    await phone.photo(picture, caption="và mất điện")
    assert "Câu 1/8" in phone.screen
    found = await open_ones(village)
    assert [one.text for one in found] == ["cột sóng bị đổ", "và mất điện"]
    assert all(one.photo for one in found)


async def test_elsewhere_a_photo_can_come_before_with_or_after_the_sentence(village, picture):
    phone = await village.joined("Hùng")
    await phone.send("/vuongmac")
    await phone.photo(picture)
    assert phone.screen.startswith("📷 Đã nhận ảnh")
    await phone.send("cột sóng bị đổ")
    await phone.send("/vuongmac")
    await phone.photo(picture, caption="mất điện")
    await phone.send("/vuongmac mất nước")
    assert [bool(one.photo) for one in await open_ones(village)] == [True, True, False]
    await phone.send("thêm ảnh")
    assert phone.screen.startswith("Xin gửi một tấm ảnh")
    await phone.file("document", b"%PDF-1.4", name="a.pdf", media_type="application/pdf")
    assert "chỉ nhận ảnh" in phone.screen
    await phone.photo(picture)
    assert "Đã thêm ảnh" in phone.screen
    assert all(one.photo for one in await open_ones(village))


async def test_a_photo_that_comes_too_late_gets_a_sentence(village, people, picture):
    phone = people.reporter
    await phone.send("/vuongmac mất nước")
    await phone.send("thêm ảnh")
    [one] = await open_ones(village)
    now = village.deployment.clock.now()
    await village.database.write(lambda tx: difficulties.settle(tx, one.id, now))
    await phone.photo(picture)
    assert phone.screen.startswith("Vướng mắc này đã giải quyết xong")


@pytest.mark.parametrize("photo_first", [True, False])
async def test_a_former_member_cannot_raise_a_difficulty_and_learns_why(
    village, picture, photo_first
):
    phone = await village.joined("Hùng")
    await phone.send("/vuongmac")

    def dismiss(tx):
        [member] = people_of.members_of_unit(tx, village.areas["Khu 1"])
        roles.end_role(tx, member, by=None, now=village.deployment.clock.now(), why="removed")

    await village.database.write(dismiss)
    await (phone.photo(picture) if photo_first else phone.send("mất sóng"))
    assert "không ghi gì cả" in phone.screen
    assert await open_ones(village) == []


async def test_a_person_of_several_areas_is_asked_which_one(village):
    phone = await village.joined("Hùng")
    now = village.deployment.clock.now()
    _, code = await village.database.write(
        lambda tx: invitations.create_invitation(
            tx, "reporter", now=now, expires_at=now + timedelta(days=9),
            commune_id=village.commune, unit_id=village.areas["Khu 2"],
        )
    )  # fmt: skip
    await phone.send(f"/start {code}")
    await phone.send("/vuongmac")
    assert phone.screen.startswith("Vướng mắc của nơi nào")
    await phone.send("2")
    assert phone.screen.startswith("Khu 2 đang")
    await phone.send("đường lầy")
    await phone.send("/vuongmac cầu hỏng")
    assert phone.screen.startswith("Vướng mắc của nơi nào")
    await phone.press("Khu 2")
    assert "Đã gửi vướng mắc của Khu 2" in phone.screen
    found = await open_ones(village)
    assert [one.text for one in found] == ["đường lầy", "cầu hỏng"]
    assert {one.unit_id for one in found} == {village.areas["Khu 2"]}


async def test_a_press_elsewhere_ends_raising_a_difficulty(village):
    phone = await village.joined("Hùng")
    await phone.press("📝 Báo cáo")
    await phone.send("340")
    await phone.send("sửa câu 1")
    await phone.send("/trogiup")
    await phone.send("/dulieu")
    await phone.send("/vuongmac")
    await phone.send("huỷ")
    await phone.send("345")
    assert await open_ones(village) == []
    assert (await village.answers())["HT1"] == Ratio(345, 400)


async def test_nobody_can_raise_a_difficulty_for_another_area(village, people):
    from handlers.flow.press import pack

    for phone in (people.neighbour, people.stranger, people.leader, people.operator):
        await phone.press_data(pack("d.pick", village.areas["Khu 1"]))
        await phone.send("phá")
    assert await open_ones(village) == []


async def test_raising_a_difficulty_in_english(village):
    ann = await village.joined("Ann", language="en")
    await ann.send("/difficulty")
    assert ann.screen.startswith("What stands in the way of Khu 1")
    await ann.send("no network")
    assert "has gone to the commune" in ann.screen
