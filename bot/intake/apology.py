"""The message to a person whose update could not be handled, with a number for the operators."""

import json
import secrets

from bot.messengers import Messenger
from handlers.texts import language_of, texts_of
from storage.messages import inbox


def short_number() -> str:
    """Return a random number of five digits, short enough to be read out on the telephone."""
    return str(secrets.randbelow(90_000) + 10_000)


async def apologise(messenger: Messenger, update: inbox.Update, number: str) -> None:
    """Send an apology to the update's chat; send nothing when the update can't be decoded.

    The log has the same number, so an operator finds the error that the person reports.
    """
    try:
        decoded = messenger.reader.decode(json.loads(update.payload))
    except Exception:  # noqa: BLE001 - decoding may be what failed before
        return
    if decoded is None or decoded.incoming.kind in {"blocked", "unblocked"}:
        return
    language = language_of(decoded.incoming.sender.language)
    sentence = texts_of(language).say("error.unexpected", number=number)
    await messenger.channel.say(update.chat, sentence, decoded.query, decoded.topic)
