"""The telephone of the tests, with a small bot."""

import asyncio

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from tests.phone import Phone


class EchoBot:
    """Repeats texts under two buttons; a press edits the message."""

    def __init__(self, bot):
        self.bot = bot
        self.quiet = asyncio.Event()
        self.quiet.set()

    async def run(self):
        offset = None
        while True:
            updates = await self.bot.get_updates(offset=offset, timeout=30)
            self.quiet.clear()
            for update in updates:
                await self.handle(update)
                offset = update.update_id + 1
            self.quiet.set()

    async def handle(self, update):
        if query := update.callback_query:
            await query.answer("Đã bấm")
            await query.edit_message_text(f"bấm {query.data}", reply_markup=self.keys("Nữa"))
        elif message := update.message:
            kind = "ảnh" if message.photo else message.text
            if message.reply_to_message:
                kind += f" cho “{message.reply_to_message.text}”"
            await message.reply_text(f"bạn viết {kind}", reply_markup=self.keys("Có", "Không"))
        elif edited := update.edited_message:
            await edited.reply_text(f"bạn sửa {edited.text}")

    @staticmethod
    def keys(*captions):
        return InlineKeyboardMarkup([[InlineKeyboardButton(one, callback_data=one)]
                                     for one in captions])  # fmt: skip


@pytest.fixture
async def phone(world, bot):
    echo = EchoBot(bot)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(echo.run())
        yield Phone(world, echo.quiet.wait, "Lan")
        task.cancel()


async def test_writing_and_reading(phone):
    await phone.send("/start ABC")
    assert phone.screen == "bạn viết /start ABC"
    assert phone.buttons == ["Có", "Không"]


async def test_a_press_finds_the_newest_button_by_a_part_of_its_caption(phone):
    await phone.send("một")
    await phone.send("hai")
    first = phone.message(0)
    await phone.press("Khô")
    assert phone.screens == ["bạn viết một", "bấm Không"]
    assert phone.toast == "Đã bấm"
    await phone.press("Khô")
    assert phone.screens == ["bấm Không", "bấm Không"]
    await phone.press("Có", on=first)
    assert phone.screens[0] == "bấm Có"


async def test_a_missing_button_is_reported_with_the_existing_ones(phone):
    await phone.send("một")
    with pytest.raises(AssertionError, match=r"no button 'Gửi'[\s\S]*Có[\s\S]*bạn viết một"):
        await phone.press("Gửi")


async def test_editing_and_sending_a_picture(phone, picture):
    await phone.send("12")
    await phone.edit(phone.mine[0], "13")
    assert phone.screen == "bạn sửa 13"
    await phone.photo(picture)
    assert phone.screen == "bạn viết ảnh"


async def test_the_transcript_is_readable(phone):
    await phone.send("một")
    assert phone.transcript().splitlines() == [
        f"--- Lan ({phone.id}) ---",
        "#1 Lan: một",
        "#2 bot: bạn viết một",
        "    [Có]",
        "    [Không]",
    ]


async def test_any_data_can_be_pressed(phone):
    await phone.send("một")
    await phone.press_data("giả")
    assert phone.screen == "bấm giả"


async def test_a_reply_names_its_message_by_object_number_or_text(phone, picture):
    await phone.send("một")
    await phone.reply("viết một", "hai")
    assert phone.screen == "bạn viết hai cho “bạn viết một”"
    await phone.reply(phone.message(0), "ba")
    assert phone.screen == "bạn viết ba cho “bạn viết một”"
    await phone.reply(1, "bốn")
    assert phone.screen == "bạn viết bốn cho “một”"
    assert "#7 Lan (to #1): bốn" in phone.transcript()
    await phone.photo(picture, reply_to="bạn viết ba")
    assert phone.screen == "bạn viết ảnh cho “bạn viết ba cho “bạn viết một””"
    with pytest.raises(AssertionError, match="no message has 'năm'"):
        await phone.reply("năm", "sáu")


async def test_a_reaction_comes_as_an_edit_without_changes(phone):
    await phone.send("12")
    await phone.edit_unchanged("12")
    assert phone.screen == "bạn sửa 12"
    assert "(edited)" not in phone.transcript()


async def test_updates_that_are_held_back_come_after_the_others(phone):
    phone.hold()
    await phone.send("một")
    assert phone.messages == []
    await phone.send("hai")
    await phone.release()
    assert phone.screens == ["bạn viết hai", "bạn viết một"]


async def test_a_telephone_does_not_wait_for_a_bot_that_is_switched_off(phone, world):
    phone.hold()  # the small bot of these tests keeps polling
    world.bot_on = False
    await phone.send("một")
    assert phone.messages == []
    world.bot_on = True
    await phone.release()
    assert phone.screen == "bạn viết một"
