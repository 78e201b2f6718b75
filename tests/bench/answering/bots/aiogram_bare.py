"""A bare aiogram bot: the same calls as ours, without storage and decisions.

It runs in its own environment, because it needs another version of pydantic. `… ADDRESS
polling|PORT`
"""

import asyncio
import logging
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
)

from tests.bench.answering.script import KEYBOARD, QUESTION

last: dict[int, int] = {}
dispatcher = Dispatcher()


def keyboard() -> InlineKeyboardMarkup:
    """Made for each screen, as in our bot."""
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=label, callback_data=data) for label, data in row]
            for row in KEYBOARD
        ]
    )


@dispatcher.message()
async def typed(message: Message, bot: Bot) -> None:
    """Send a new question, and remove the buttons of the one before."""
    chat = message.chat.id
    before = last.get(chat)
    calls = [bot.send_message(chat, QUESTION, reply_markup=keyboard())]
    if before is not None:
        calls.append(bot.edit_message_reply_markup(chat_id=chat, message_id=before))
    last[chat] = (await asyncio.gather(*calls))[0].message_id


@dispatcher.callback_query()
async def pressed(query: CallbackQuery, bot: Bot) -> None:
    """Answer the press, and replace the last question by the next one."""
    assert query.message is not None
    edited = bot.edit_message_text(
        QUESTION,
        chat_id=query.message.chat.id,
        message_id=query.message.message_id,
        reply_markup=keyboard(),
    )
    await asyncio.gather(bot.answer_callback_query(query.id), edited)


async def main() -> None:
    """Run until killed."""
    address, way = sys.argv[1:3]
    logging.disable()
    properties = DefaultBotProperties(
        parse_mode="HTML", link_preview=LinkPreviewOptions(is_disabled=True)
    )
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    bot = Bot("123456:bench", session=session, default=properties)
    if way == "polling":
        await dispatcher.start_polling(bot, polling_timeout=30)
        return
    from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
    from aiohttp import web

    app = web.Application()
    SimpleRequestHandler(dispatcher, bot).register(app, "/telegram")
    setup_application(app, dispatcher, bot=bot)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(way)).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
