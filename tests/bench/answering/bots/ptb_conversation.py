"""The usual alternative: the ConversationHandler of PTB with PicklePersistence.

It asks eight questions with the same calls and stores the answers in user_data, which a pickle
writes to the disk once a minute. `… ADDRESS FILE`
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

from telegram import LinkPreviewOptions, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

from tests.bench.answering.bots.ptb_bare import keyboard
from tests.bench.answering.model import TOKEN
from tests.bench.answering.script import ANSWERS, QUESTION

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
Context = ContextTypes.DEFAULT_TYPE


async def ask(update: Update, context: Context) -> int:
    """The first question."""
    return await _typed(update, context, 0)


async def answered(update: Update, context: Context) -> int:
    """Keep the answer and ask the next question."""
    data: Any = context.user_data
    step = data["step"] + 1
    if update.callback_query is None:
        assert update.message is not None
        data[f"answer {step}"] = update.message.text
        return await _typed(update, context, step)
    data[f"answer {step}"], data["step"] = update.callback_query.data, step
    edited = update.callback_query.edit_message_text(
        QUESTION, parse_mode="HTML", reply_markup=keyboard(), link_preview_options=NO_PREVIEW
    )
    await asyncio.gather(update.callback_query.answer(), edited)
    return step if step < ANSWERS else ConversationHandler.END


async def _typed(update: Update, context: Context, step: int) -> int:
    assert update.effective_chat is not None
    data: Any = context.user_data
    chat, before = update.effective_chat.id, data.get("message")
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
    data["message"], data["step"] = (await asyncio.gather(*calls))[0].message_id, step
    return step if step < ANSWERS else ConversationHandler.END


def main() -> None:
    """Run until killed."""
    address, file = sys.argv[1:3]
    kept: PicklePersistence[Any, Any, Any] = PicklePersistence(Path(file))
    app = Application.builder().token(TOKEN).base_url(f"{address}/bot").persistence(kept).build()
    answers = [
        MessageHandler(filters.TEXT & ~filters.COMMAND, answered),
        CallbackQueryHandler(answered),
    ]
    app.add_handler(
        ConversationHandler(
            entry_points=[CommandHandler("baocao", ask)],
            states=dict.fromkeys(range(ANSWERS), answers),  # type: ignore[arg-type]
            fallbacks=[],
            name="report",
            persistent=True,
        )
    )
    app.run_polling(timeout=30)


if __name__ == "__main__":
    main()
