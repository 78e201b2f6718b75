"""Why the program ends by itself: a sentence and an exit code.

0 told to stop · 1 a setting, the database or an address · 2 wrong use of the command line ·
3 Telegram refuses the token · 4 another program takes this bot's messages, and was there first ·
5 Telegram can't be reached at the start · 70 a bug.
"""

WRONG_SET_UP = 1
TOKEN_REFUSED = 3
ANOTHER_POLLER = 4
NOT_REACHED = 5
BUG = 70


class Ending(Exception):  # noqa: N818 - it isn't always an error
    """The program can't go on; the message is one sentence for the person who runs it."""

    def __init__(self, sentence: str, code: int = WRONG_SET_UP) -> None:
        super().__init__(sentence)
        self.code = code


def token_refused() -> Ending:
    """Telegram says 401."""
    return Ending(
        "Telegram refuses TELEGRAM_BOT_TOKEN; ask @BotFather for the present token.", TOKEN_REFUSED
    )


def another_poller() -> Ending:
    """Another one was there before."""
    return Ending(
        "Another program takes this bot's messages (it runs with the same token); stop it first.",
        ANOTHER_POLLER,
    )


def not_reached() -> Ending:
    """Nothing answers at the start."""
    return Ending(
        "Telegram can't be reached; look at the network, TELEGRAM_API_URL and TELEGRAM_PROXY_URL "
        "(`smart-commune check` says more), then start again.",
        NOT_REACHED,
    )
