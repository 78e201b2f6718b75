"""One person on two messengers: both sides agree; then roles, place and data are shared."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from handlers.flow.channel import Capabilities
from handlers.flow.code_rate_limit import OF_ONE
from storage.people import people
from storage.personal_data import withdrawal
from storage.tables import addresses, linkings
from storage.tables import people as people_table
from tests.handlers.linking.conftest import BOT


def code_on(phone):
    """The newest code on a telephone."""
    return re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{3}-[0-9A-Z]{3}", "\n".join(phone.screens))[-1]


async def code_from(phone):
    await phone.send("/lienket")
    return code_on(phone)


async def rows(village, table):
    return await village.database.read(lambda tx: tx.execute(sa.select(table)).all())


async def joined_on_zalo(village, zalo, name, address, area):
    chat = zalo(name, address)
    await chat.send(f"/start {await village.code('reporter', area)}")
    await chat.press("✅")
    return chat


async def linked(phone, chat):
    await chat.send(await code_from(phone))
    await chat.press("Đúng, nối lại")
    await phone.press("✅ Đã nhắn mã")
    await phone.press("Đúng, nối lại")


async def test_a_chat_of_a_stranger_is_linked_when_both_sides_agree(village, zalo):
    phone, chat = await village.joined("Lan", area="Khu 1"), zalo("Lan Zalo", "z1")
    code = await code_from(phone)
    await chat.send(code.lower())
    assert "Lan (Telegram)" in chat.screen
    assert "Khu 1, Xã Đồi Chè" in chat.screen
    assert len(await rows(village, addresses)) == 1
    await chat.press("Đúng, nối lại")
    assert "Xin quay lại Telegram" in chat.screen
    assert await chat.person() is None
    await phone.press("✅ Đã nhắn mã")
    assert "Lan Zalo (Zalo)" in phone.screen
    await phone.press("Đúng, nối lại")
    assert "Đã nối với Zalo" in phone.screen
    assert await chat.roles() == [("reporter", "Khu 1")]
    [row] = await rows(village, linkings)
    assert (row.chat, row.account_name, row.code_hash) == (None, None, None)


async def test_both_chats_share_place_and_draft_and_messages_go_to_the_last_used_one(village, zalo):
    phone, chat = await village.joined("Lan", area="Khu 1"), zalo("Lan Zalo", "z1")
    await linked(phone, chat)
    person = await chat.person()
    await phone.send("/baocao")
    await phone.send("350/400")
    await chat.send("/start")
    assert "Câu 2/8" in chat.screen
    used = await village.database.read(lambda tx: people.person(tx, person.id))
    assert (used.bot, used.address) == (chat.bot, "z1")
    await chat.send("5/5")
    assert set(await village.answers("Khu 1")) == {"HT1", "HT2"}
    await phone.send("/start")
    assert "Câu 3/8" in phone.screen
    used = await village.database.read(lambda tx: people.person(tx, person.id))
    assert used.bot == "telegram"


async def test_two_known_people_become_one_with_the_roles_of_both(village, zalo):
    phone = await village.joined("Lan", area="Khu 1")
    chat = await joined_on_zalo(village, zalo, "Lan Zalo", "z1", "Khu 2")
    before = await chat.person()
    code = await code_from(phone)
    await chat.send(code)
    assert "Lan (Telegram)" in chat.screen
    assert "“tách ra” trong vòng một ngày" in chat.screen
    await chat.press("Đúng, nối lại")
    await phone.press("✅ Đã nhắn mã")
    assert "Khu 2, Xã Đồi Chè" in phone.screen
    await phone.press("Đúng, nối lại")
    assert await chat.roles() == [("reporter", "Khu 1"), ("reporter", "Khu 2")]
    after = await chat.person()
    assert after.id != before.id
    kept = await village.database.read(lambda tx: people.person(tx, before.id))
    assert (kept.name, kept.address) == ("Lan Zalo", None)


@pytest.mark.parametrize("where", ["telegram", "zalo"])
async def test_unlinking_within_a_day_restores_everything(village, zalo, where):
    phone = await village.joined("Lan", area="Khu 1")
    chat = await joined_on_zalo(village, zalo, "Lan Zalo", "z1", "Khu 2")
    before = await chat.person()
    await linked(phone, chat)
    there = phone if where == "telegram" else chat
    await there.send("tách ra")
    assert "Zalo lại là của Lan Zalo" in there.screen
    await there.press("✂️ Tách ra")
    assert "Đã tách ra" in there.screen
    assert (await chat.person()).id == before.id
    assert await chat.roles() == [("reporter", "Khu 2")]
    await phone.send("/baocao")
    assert "Câu 1/8" in phone.screen
    await chat.send("/baocao")
    assert "Khu 2" in chat.screen
    await phone.send("tách ra")
    assert "Không có gì để tách ra" in phone.screen


async def test_after_a_day_two_people_stay_one_and_a_chat_can_still_be_removed(village, zalo):
    phone = await village.joined("Lan", area="Khu 1")
    chat = await joined_on_zalo(village, zalo, "Lan Zalo", "z1", "Khu 2")
    await linked(phone, chat)
    village.deployment.clock.move_to(village.deployment.clock.now() + timedelta(days=1, hours=1))
    await phone.send("tách ra")
    assert "đã quá một ngày" in phone.screen
    other, alone = await village.joined("Tám", area="Khu 3"), zalo("Tám Zalo", "z2")
    await linked(other, alone)
    village.deployment.clock.move_to(village.deployment.clock.now() + timedelta(days=3))
    await alone.send("tách ra")
    await alone.press("✂️ Tách ra")
    assert await alone.person() is None
    await alone.send("xin chào")
    assert "mã mời" in alone.screen


async def test_after_unlinking_both_people_have_their_common_role_again(village, zalo):
    phone = await village.joined("Lan", area="Khu 1")
    chat = await joined_on_zalo(village, zalo, "Lan Zalo", "z1", "Khu 1")
    await linked(phone, chat)
    assert await chat.roles() == [("reporter", "Khu 1")]
    await phone.send("tách ra")
    await phone.press("✂️ Tách ra")
    assert await chat.roles() == [("reporter", "Khu 1")]
    await phone.send("/baocao")
    assert "Câu 1/8" in phone.screen


async def test_a_third_person_with_the_code_is_seen_and_refused(village, zalo):
    phone, thief = await village.joined("Lan", area="Khu 1"), zalo("Kẻ Lạ", "z9")
    await thief.send(await code_from(phone))
    await thief.press("Đúng, nối lại")
    await phone.press("✅ Đã nhắn mã")
    assert "Kẻ Lạ (Zalo)" in phone.screen
    await phone.press("Không phải")
    assert "không nối gì cả" in phone.screen
    assert await thief.person() is None
    assert await rows(village, linkings) == []


async def test_the_other_side_can_decline_and_nothing_is_stored(village, zalo):
    phone, chat = await village.joined("Lan", area="Khu 1"), zalo("Lan Zalo", "z1")
    code = await code_from(phone)
    await chat.send(code)
    await chat.press("Không nối")
    assert "không nối gì cả" in chat.screen
    await phone.press("✅ Đã nhắn mã")
    assert "Chưa thấy bên kia đồng ý" in phone.screen
    known = await joined_on_zalo(village, zalo, "Tám", "z2", "Khu 2")
    await known.send(code)
    await known.press("Không nối")
    await phone.press("✅ Đã nhắn mã")
    assert "hết giờ" in phone.screen


async def test_a_code_works_once_within_ten_minutes(village, zalo):
    phone, chat = await village.joined("Lan", area="Khu 1"), zalo("Lan Zalo", "z1")
    late = await code_from(phone)
    village.deployment.clock.move_to(village.deployment.clock.now() + timedelta(minutes=11))
    await chat.send(late)
    assert "không dùng được nữa" in chat.screen
    await phone.press("✅ Đã nhắn mã")
    assert any("hết giờ" in one for one in phone.screens)  # a reminder may stand below it
    await phone.press("🔗 Lấy mã mới")
    code = code_on(phone)
    newer = await code_from(phone)
    await chat.send(code)
    assert "không dùng được nữa" in chat.screen
    await chat.send(newer)
    await chat.press("Đúng, nối lại")
    second = zalo("Người khác", "z2")
    await second.send(newer)
    assert "không dùng được nữa" in second.screen


async def test_too_late_to_agree_and_too_late_to_confirm(village, zalo):
    phone, chat = await village.joined("Lan", area="Khu 1"), zalo("Lan Zalo", "z1")
    await chat.send(await code_from(phone))
    await chat.press("Đúng, nối lại")
    await phone.press("✅ Đã nhắn mã")
    village.deployment.clock.move_to(village.deployment.clock.now() + timedelta(minutes=11))
    await phone.press("Đúng, nối lại")
    assert await chat.person() is None


async def test_wrong_codes_are_slowed_down(village, zalo):
    phone, thief = await village.joined("Lan", area="Khu 1"), zalo("Kẻ Lạ", "z9")
    code = await code_from(phone)
    for number in range(OF_ONE):
        await thief.send(f"7KQ4-M2X-9H{number}")
    await thief.send(code)
    assert "Xin đợi một giờ" in thief.screen
    await thief.forge(f"1|k.in|{code.replace('-', '')}")
    assert "Xin đợi một giờ" in thief.screen
    assert await thief.person() is None


async def test_a_forged_button_links_nobody(village, zalo):
    phone, thief = await village.joined("Lan", area="Khu 1"), zalo("Kẻ Lạ", "z9")
    await code_from(phone)
    [row] = await rows(village, linkings)
    await thief.forge("1|k.in|7KQ4M2X9HB")
    assert "không dùng được nữa" in thief.screen
    known = await joined_on_zalo(village, zalo, "Tám", "z2", "Khu 2")
    await known.forge(f"1|k.askyes|{row.id}")
    await known.forge(f"1|k.yes|{row.id}")
    [row] = await rows(village, linkings)
    assert (row.agreed_at, row.joined_at) == (None, None)


async def test_a_code_does_not_work_in_its_own_chat_or_in_the_same_messenger(village, zalo):
    phone, other = await village.joined("Lan", area="Khu 1"), village.phone("Lan máy hai")
    code = await code_from(phone)
    await phone.send(code)
    assert "không phải ở đây" in phone.screen
    await other.send(code)
    assert "nơi nhắn tin khác" in other.screen


async def test_a_second_chat_with_the_same_bot_is_refused_until_the_first_is_removed(village, zalo):
    phone, first, second = await village.joined("Lan"), zalo("Một", "z1"), zalo("Hai", "z2")
    await linked(phone, first)
    await second.send(await code_from(phone))
    assert "cùng một nơi nhắn tin" in second.screen
    assert second.rows == ()
    assert await second.person() is None
    await phone.send("tách ra")
    await phone.press("✂️ Tách ra")
    await linked(phone, second)
    assert "Đã nối với Zalo" in phone.screen


async def test_the_stored_data_shows_both_chats_and_deletion_removes_both(village, zalo):
    phone = await village.joined("Lan", area="Khu 1")
    chat = await joined_on_zalo(village, zalo, "Hoa Zalo", "z1", "Khu 2")
    await linked(phone, chat)
    await chat.send("/dulieu")
    assert "Nơi nhắn tin: Zalo, tài khoản Hoa Zalo · z1" in chat.screen
    assert "Nơi nhắn tin: Telegram, tài khoản Lan" in chat.screen
    assert "gộp cả dữ liệu của: Hoa Zalo" in chat.screen
    await chat.send("/xoatoi")
    await chat.press("🗑 Xoá hẳn")
    assert await rows(village, addresses) == []
    assert await rows(village, linkings) == []
    assert {one.name for one in await rows(village, people_table)} == {None}
    await phone.send("xin chào")
    assert "mã mời" in phone.screen


async def test_a_person_who_withdrew_is_forgotten_with_both_chats_after_thirty_days(village, zalo):
    phone = await village.joined("Lan", area="Khu 1")
    chat = await joined_on_zalo(village, zalo, "Hoa Zalo", "z1", "Khu 2")
    await linked(phone, chat)
    await phone.send("/rut")
    await phone.press("Rút")
    await chat.send("xin chào")
    assert "quay lại tham gia" in chat.screen
    now = village.deployment.clock.now() + timedelta(days=31)
    due = await village.database.read(lambda tx: withdrawal.due_to_be_forgotten(tx, now))
    assert len(due) == 1


async def test_expired_codes_are_deleted(village, zalo):
    from storage.people.linkings import drop_expired

    phone, chat = await village.joined("Lan", area="Khu 1"), zalo("Lan Zalo", "z1")
    await chat.send(await code_from(phone))
    await chat.press("Đúng, nối lại")
    later = village.deployment.clock.now() + timedelta(minutes=11)
    await village.database.write(lambda tx: drop_expired(tx, later))
    assert await rows(village, linkings) == []


async def test_an_operator_by_setting_is_one_in_the_other_messenger_too(village, zalo):
    named = replace(
        village.deployment.program.deployment, operator_ids=frozenset({"7000009"}),
        bots={"telegram": Capabilities(), BOT: Capabilities("zalo")},
    )  # fmt: skip
    first, second = zalo("Tuấn", "7000009"), zalo("Tuấn Zalo", "z1")
    first.bot, first.house, second.house = "telegram", named, named
    await first.send("/start")
    await first.press("✅")
    await linked(first, second)
    await second.send("/start")
    assert "Người điều hành" in second.screen
    await second.forge("1|o.home")
    assert "Tin nhắn này" not in second.screen


async def test_of_two_known_people_neither_may_be_at_the_others_bot(village, zalo):
    phone, known = (
        await village.joined("Lan", area="Khu 1"),
        await village.joined("Tám", area="Khu 2"),
    )
    await known.send(await code_from(phone))
    assert "cùng một nơi nhắn tin" in known.screen
    assert "Đúng, nối lại" not in str(known.buttons)


async def test_who_joined_elsewhere_meanwhile_is_not_joined(village, zalo):
    phone, chat = await village.joined("Lan", area="Khu 1"), zalo("Lan Zalo", "z1")
    await chat.send(await code_from(phone))
    await chat.press("Đúng, nối lại")
    await chat.send(f"/start {await village.code('reporter', 'Khu 2')}")
    await chat.press("✅")
    await phone.press("✅ Đã nhắn mã")
    await phone.press("Đúng, nối lại")
    assert "Chưa nối được" in phone.screen
    assert await chat.roles() == [("reporter", "Khu 2")]


async def test_who_writes_before_the_other_side_has_agreed_is_sent_back_to_it(village, zalo):
    phone, chat = await village.joined("Lan", area="Khu 1"), zalo("Lan Zalo", "z1")
    await chat.send(await code_from(phone))
    await chat.press("Đúng, nối lại")
    await chat.send("báo cáo")
    assert "Xin quay lại Telegram, chọn “✅ Đã nhắn mã”" in chat.screen
    assert await chat.person() is None


WHOLE = "1: 350/400, 2: 5/5, 3 có, 4 có, 5: 250/300, 6: 9/10, 7 chưa, 8 có"


@pytest.mark.parametrize("parted", [False, True])
async def test_after_linking_and_after_parting_a_report_can_be_written_at_once(
    village, zalo, parted
):
    phone, chat = await village.joined("Lan", area="Khu 1"), zalo("Lan Zalo", "z1")
    await linked(phone, chat)
    if parted:
        await phone.send("tách ra")
        await phone.press("✂️ Tách ra")
        assert "Đã tách ra" in phone.screen
    assert "📝 Tháng 3/2026" in phone.screen
    await phone.send(WHOLE)
    assert "Đọc được như sau" in phone.screen
