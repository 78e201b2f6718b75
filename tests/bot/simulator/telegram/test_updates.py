"""getUpdates: order, confirmation, waiting, one poller at a time; the content of updates."""

import asyncio
from time import monotonic

import pytest

from bot.simulator.refusal import ApiRefusal
from bot.simulator.telegram import updates as update_queue

TERMINATED = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is "
    "running"
)
CONFLICT = (409, TERMINATED)


@pytest.fixture
def three(world, lan):
    for text in ("một", "hai", "ba"):
        world.send_text(lan.id, text)


def texts(updates):
    return [update["message"]["text"] for update in updates]


async def test_updates_stay_until_they_are_confirmed(api, three):
    first = await api.result("getUpdates")
    assert texts(first) == ["một", "hai", "ba"]
    assert await api.result("getUpdates") == first
    rest = await api.result("getUpdates", offset=first[0]["update_id"] + 1)
    assert texts(rest) == ["hai", "ba"]
    assert texts(await api.result("getUpdates", limit=1)) == ["hai"]
    numbers = [update["update_id"] for update in first]
    assert numbers == list(range(numbers[0], numbers[0] + 3))


async def test_a_negative_offset_drops_all_but_the_last_update(api, three):
    assert texts(await api.result("getUpdates", offset=-2)) == ["hai", "ba"]
    assert texts(await api.result("getUpdates")) == ["hai", "ba"]
    assert texts(await api.result("getUpdates", offset=-9)) == ["hai", "ba"]


async def test_a_long_poll_ends_as_soon_as_an_update_comes(api, world, lan):
    poll = asyncio.ensure_future(api.result("getUpdates", timeout=30))
    await asyncio.sleep(0)
    world.send_text(lan.id, "đây")
    assert texts(await asyncio.wait_for(poll, 5)) == ["đây"]


async def test_a_poll_without_a_timeout_returns_at_once(api):
    assert await api.result("getUpdates", timeout=0) == []


async def test_a_second_poller_ends_the_first(api, world, lan):
    first = asyncio.ensure_future(api.refusal("getUpdates", timeout=30))
    while not world.updates.polling:
        await world.bell.wait(1)
    second = asyncio.ensure_future(api.result("getUpdates", timeout=30))
    assert await asyncio.wait_for(first, 5) == CONFLICT
    world.send_text(lan.id, "đây")
    assert texts(await asyncio.wait_for(second, 5)) == ["đây"]


async def test_a_poll_that_does_not_wait_does_not_end_another(api, world, lan):
    first = asyncio.ensure_future(api.result("getUpdates", timeout=30))
    while not world.updates.polling:
        await world.bell.wait(1)
    assert await api.result("getUpdates", timeout=0) == []
    world.send_text(lan.id, "đây")
    assert texts(await api.result("getUpdates", timeout=30)) == ["đây"]
    assert texts(await asyncio.wait_for(first, 5)) == ["đây"]


async def test_a_second_conflict_is_delayed(world, monkeypatch):
    monkeypatch.setattr(update_queue, "CONFLICTS_APART", 0.2)
    began = monotonic()
    first, second, last = (asyncio.ensure_future(world.updates.poll(0, 100, 30)) for _ in range(3))
    with pytest.raises(ApiRefusal):
        await first
    assert not second.done()
    with pytest.raises(ApiRefusal):
        await second
    assert monotonic() - began >= 0.2
    world.close()
    assert await last == []


async def test_polling_and_a_webhook_exclude_each_other(api):
    await api.result("setWebhook", url="https://a.vn/hook")
    code, description = await api.refusal("getUpdates")
    assert code == 409
    assert "webhook is active" in description
    await api.result("deleteWebhook")
    assert await api.result("getUpdates") == []


async def test_allowed_updates_hold_until_they_are_changed(api, world, lan):
    await api.result("getUpdates", allowed_updates=["callback_query"])
    world.send_text(lan.id, "unseen")
    assert await api.result("getUpdates") == []
    await api.result("getUpdates", allowed_updates=[])
    world.send_text(lan.id, "seen")
    assert texts(await api.result("getUpdates")) == ["seen"]


async def test_the_deep_link_is_a_start_with_its_payload(bot, world):
    phone = world.add_phone("Minh", "en", start="ABC")
    world.start(phone.id, phone.start)
    (update,) = await bot.get_updates()
    assert update.message.text == "/start ABC"
    assert update.message.entities[0].type == "bot_command"
    assert update.effective_user.language_code == "en"
    assert update.effective_chat.type == "private"


async def test_presses_edits_and_blocks_are_updates_as_the_client_knows_them(bot, world, lan):
    message = world.send_text(lan.id, "12")[0]
    world.edit_text(lan.id, message["message_id"], "13")
    world.press(lan.id, message["message_id"], "p1", force=True)
    world.press(lan.id, 999, "p2", force=True)
    world.block(lan.id, True)
    world.block(lan.id, False)
    _, edited, pressed, on_gone, blocked, unblocked = await bot.get_updates()
    assert edited.edited_message.text == "13"
    assert edited.edited_message.edit_date is not None
    assert pressed.callback_query.data == "p1"
    assert pressed.callback_query.message.text == "13"
    assert pressed.callback_query.chat_instance
    assert not on_gone.callback_query.message.is_accessible
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert unblocked.my_chat_member.new_chat_member.status == "member"


async def test_a_long_text_is_split_as_on_a_telephone(api, world, lan):
    world.send_text(lan.id, "x" * 5000)
    assert [len(text) for text in texts(await api.result("getUpdates"))] == [4096, 904]


async def test_updates_can_be_delivered_twice(api, world, lan):
    world.updates.double(1)
    world.send_text(lan.id, "hai lần")
    world.send_text(lan.id, "một lần")
    updates = await api.result("getUpdates")
    assert texts(updates) == ["hai lần", "hai lần", "một lần"]
    assert updates[0]["update_id"] == updates[1]["update_id"]
    assert await api.result("getUpdates", offset=updates[-1]["update_id"] + 1) == []


async def test_confirmed_updates_can_be_repeated(api, world, three):
    updates = await api.result("getUpdates")
    after = updates[-1]["update_id"] + 1
    assert await api.result("getUpdates", offset=after) == []
    assert world.updates.repeat(2) == 2
    assert texts(await api.result("getUpdates", offset=after)) == ["hai", "ba"]
    assert await api.result("getUpdates", offset=after) == []
    assert world.updates.pending() == 0


async def test_updates_can_be_held_back(api, world, lan):
    world.updates.delay(1, 0.2)
    world.send_text(lan.id, "muộn")
    assert await api.result("getUpdates") == []
    assert texts(await api.result("getUpdates", timeout=5)) == ["muộn"]


async def test_confirming_a_later_update_does_not_confirm_one_held_back(api, world):
    lan = world.add_phone("Lan")
    world.updates.delay(1, 0.2)
    world.send_text(lan.id, "muộn")
    world.send_text(lan.id, "sớm")
    (early,) = await api.result("getUpdates")
    offset = early["update_id"] + 1
    assert texts([early]) == ["sớm"]
    (late,) = await api.result("getUpdates", offset=offset, timeout=5)
    assert texts([late]) == ["muộn"]
    assert world.updates.confirmed() == [early["update_id"]]
    assert texts(await api.result("getUpdates", offset=offset)) == ["muộn"]  # it was lost
    assert await api.result("getUpdates", offset=late["update_id"] + 1) == []
    assert world.updates.pending() == 0


async def test_the_next_update_of_one_chat_can_be_held_back_and_come_after_others(api, world, lan):
    hoa = world.add_phone("Hoa")
    world.updates.hold(lan.id)
    world.send_text(lan.id, "muộn")
    world.send_text(hoa.id, "/start")
    world.send_text(lan.id, "sớm")
    assert world.updates.held() == 1
    early = await api.result("getUpdates", timeout=0)
    assert texts(early) == ["/start", "sớm"]
    offset = early[-1]["update_id"] + 1
    assert await api.result("getUpdates", offset=offset) == []
    world.send_text(lan.id, "nữa")
    assert world.updates.release(lan.id) == 1
    last = await api.result("getUpdates", offset=offset)
    assert texts(last) == ["nữa", "muộn"]
    assert last[1]["update_id"] < early[0]["update_id"]
    assert last[1]["message"]["message_id"] < early[1]["message"]["message_id"]


async def test_an_update_held_back_keeps_its_date(api, world, lan, time):
    wrote = int(time.now.timestamp())
    world.updates.hold(lan.id)
    world.send_text(lan.id, "lúc 9 giờ")
    time.pass_by(minutes=20)
    world.send_text(lan.id, "lúc 9 giờ 20")
    world.updates.release(lan.id)
    later, first = await api.result("getUpdates")
    assert later["message"]["date"] - first["message"]["date"] == 20 * 60
    assert first["message"]["date"] == wrote


async def test_a_press_can_be_held_back_and_delivered_twice(api, world, lan):
    sent = await api.result("sendMessage", chat_id=lan.id, text="x")
    world.updates.hold(lan.id)
    world.updates.double(1)
    world.press(lan.id, sent["message_id"], "a", force=True)
    assert await api.result("getUpdates") == []
    assert world.updates.release(lan.id) == 2
    first, second = await api.result("getUpdates")
    assert first == second
    await api.result("getUpdates", offset=first["update_id"] + 1)
    assert world.updates.pending() == 0


async def test_a_reply_has_the_whole_message_that_it_answers(bot, world, lan, time, picture):
    asked = await bot.send_message(lan.id, "<b>Câu 1</b>", parse_mode="HTML")
    time.pass_by(seconds=5)
    world.send_text(lan.id, "280", reply_to=asked.message_id)
    world.send_file(lan.id, "photo", picture, reply_to=asked.message_id)
    text, photo = await bot.get_updates()
    assert text.message.reply_to_message.to_dict() == asked.to_dict()
    assert (text.message.date - asked.date).total_seconds() == 5
    assert photo.message.reply_to_message.message_id == asked.message_id


async def test_a_reply_has_the_text_that_the_message_had_then(bot, world, lan):
    asked = await bot.send_message(lan.id, "Câu 1")
    world.send_text(lan.id, "280", reply_to=asked.message_id)
    await asked.edit_text("Câu 2")
    (update,) = await bot.get_updates()
    assert update.message.reply_to_message.text == "Câu 1"


async def test_an_edit_without_changes_is_an_update_as_with_telegram(bot, world, lan, time):
    asked = await bot.send_message(lan.id, "Câu 1")
    mine = world.send_text(lan.id, "280", reply_to=asked.message_id)[0]
    time.pass_by(minutes=3)
    world.edit_unchanged(lan.id, mine["message_id"])
    message, edited = await bot.get_updates()
    assert edited.edited_message.text == message.message.text == "280"
    assert edited.edited_message.message_id == message.message.message_id
    assert edited.edited_message.date == message.message.date
    assert (edited.edited_message.edit_date - message.message.date).total_seconds() == 180
    assert edited.edited_message.reply_to_message == message.message.reply_to_message
    assert not lan.entries[mine["message_id"]].edited


async def test_numbers_and_dates_follow_the_order_of_the_server(bot, world, lan, time):
    time.pass_by(microseconds=700_000)
    mine = world.send_text(lan.id, "một")[0]
    theirs = await bot.send_message(lan.id, "hai")
    time.pass_by(seconds=2)
    last = world.send_text(lan.id, "ba")[0]
    assert mine["message_id"] < theirs.message_id < last["message_id"]
    assert mine["date"] == int(theirs.date.timestamp()) == last["date"] - 2
    edited = await theirs.edit_text("bốn")
    assert edited.date == theirs.date
    assert (edited.edit_date - theirs.date).total_seconds() == 2


async def test_closing_ends_a_waiting_poll(api, world):
    poll = asyncio.ensure_future(api.result("getUpdates", timeout=30))
    await asyncio.sleep(0)
    world.close()
    assert await asyncio.wait_for(poll, 5) == []
