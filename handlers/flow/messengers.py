"""The name by which people know a messenger: the one place that says it."""

from handlers.flow.channel import TELEGRAM, TERMINAL
from handlers.texts import Html, Texts


def messenger_name(bot: str, texts: Texts) -> Html:
    """The name of a bot's messenger; a general word where there is none, as in the terminal.

    A bot that isn't Telegram's is one of Zalo's (DATA_DIR/bots.toml knows no other messenger).
    """
    if bot in {"", TERMINAL}:
        return texts.say("messenger.other")
    return texts.say("messenger.telegram" if bot == TELEGRAM else "messenger.zalo")
