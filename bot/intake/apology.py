"""The sentence to somebody whose update could not be handled, with a number for the operators."""

import json
import secrets

from bot.messengers import Messenger
from handlers.texts import language_of, texts_of
from storage.messages import inbox


def short_number() -> str:
    """A five-digit number that a person can read out on the telephone; the log has it too."""
    return str(secrets.randbelow(90_000) + 10_000)


async def apologise(messenger: Messenger, update: inbox.Update, number: str) -> None:
    """Say in the update's chat that something went wrong; nothing where it can't be decoded."""
    try:
        decoded = messenger.reader.decode(json.loads(update.payload))
    except Exception:  # noqa: BLE001 - perhaps decoding is what failed before
        return
    if decoded is None or decoded.incoming.kind in {"blocked", "unblocked"}:
        return
    language = language_of(decoded.incoming.sender.language)
    sentence = texts_of(language).say("error.unexpected", number=number)
    await messenger.channel.say(update.chat, sentence, decoded.query, decoded.topic)
