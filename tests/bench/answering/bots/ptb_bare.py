"""A bare python-telegram-bot bot: the same calls as ours, without storage and decisions.

`python -m tests.bench.answering.bots.ptb_bare ADDRESS stock|ours polling|PORT`
"""

import asyncio
import json
import sys
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from tests.bench.answering.model import TOKEN
from tests.bench.answering.script import KEYBOARD, QUESTION

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
App = Application[Any, Any, Any, Any, Any, Any]
Context = ContextTypes.DEFAULT_TYPE
last: dict[int, int] = {}


def keyboard() -> InlineKeyboardMarkup:
    """Made for each screen, as in our bot."""
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(label, callback_data=data) for label, data in row]
            for row in KEYBOARD
        ]
    )


async def typed(update: Update, context: Context) -> None:
    """Send a new question, and remove the buttons of the one before."""
    assert update.effective_chat is not None
    chat = update.effective_chat.id
    before = last.get(chat)
    calls = [
        context.bot.send_message(
            chat,
            QUESTION,
            parse_mode="HTML",
            reply_markup=keyboard(),
            link_preview_options=NO_PREVIEW,
        )
    ]
    if before is not None:
        calls.append(context.bot.edit_message_reply_markup(chat_id=chat, message_id=before))
    last[chat] = (await asyncio.gather(*calls))[0].message_id


async def pressed(update: Update, context: Context) -> None:
    """Answer the press, and replace the last question by the next one."""
    query = update.callback_query
    assert query is not None
    edited = query.edit_message_text(
        QUESTION, parse_mode="HTML", reply_markup=keyboard(), link_preview_options=NO_PREVIEW
    )
    await asyncio.gather(query.answer(), edited)


def application(address: str, transport: str) -> App:
    """The bot; with `stock` it has the default HTTP client."""
    made = Application.builder().token(TOKEN).base_url(f"{address}/bot").concurrent_updates(True)
    if transport == "ours":
        from bot.telegram.transport import AiohttpRequest

        made = made.request(AiohttpRequest()).get_updates_request(AiohttpRequest(connections=2))
    app = made.build()
    app.add_handler(CallbackQueryHandler(pressed))
    app.add_handler(MessageHandler(filters.TEXT, typed))
    return app


async def by_webhook(app: App, port: int) -> None:
    """Receive updates as the documentation of PTB shows for a custom web server."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    async def receive(request: Request) -> Response:
        await app.update_queue.put(Update.de_json(json.loads(await request.body()), app.bot))
        return Response()

    web = Starlette(routes=[Route("/telegram", receive, methods=["POST"])])
    config = uvicorn.Config(web, port=port, log_config=None, access_log=False)
    async with app:
        await app.start()
        await uvicorn.Server(config).serve()


def main() -> None:
    """Run until killed."""
    address, transport, way = sys.argv[1:4]
    app = application(address, transport)
    if way == "polling":
        app.run_polling(timeout=30)
    else:
        asyncio.run(by_webhook(app, int(way)))


if __name__ == "__main__":
    main()
