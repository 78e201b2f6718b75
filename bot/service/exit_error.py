"""The error that ends the program, with a sentence and an exit code.

0 stopped on request · 1 a setting, the database or an address · 2 wrong use of the command line ·
3 Telegram refuses the token · 4 another program already uses the token ·
5 Telegram can't be reached at the start · 70 a bug.
"""

from bot.language import gettext as _

WRONG_SET_UP = 1
TOKEN_REFUSED = 3
ANOTHER_POLLER = 4
NOT_REACHED = 5
BUG = 70


class ExitError(Exception):
    """The program can't continue; the message is one sentence for the person who runs it."""

    def __init__(self, sentence: str, code: int = WRONG_SET_UP) -> None:
        super().__init__(sentence)
        self.code = code


def token_refused() -> ExitError:
    """Return the error for a 401 from Telegram."""
    return ExitError(
        _("Telegram refuses TELEGRAM_BOT_TOKEN; ask @BotFather for the present token."),
        TOKEN_REFUSED,
    )


def another_poller() -> ExitError:
    """Return the error for a program that started while another one used the token."""
    return ExitError(
        _(
            "Another program takes this bot's messages (it runs with the same token); stop "
            "it first."
        ),
        ANOTHER_POLLER,
    )


def not_reached(by_proxy: str | None = None) -> ExitError:
    """Return the error for a start without an answer from Telegram.

    `by_proxy` says what the proxy does wrong; None if the proxy isn't the cause.
    """
    if by_proxy is not None:
        return ExitError(
            _(
                "Telegram can't be reached, since {trouble}; correct TELEGRAM_PROXY_URL, or ask "
                "who keeps the proxy, then start again.",
                trouble=by_proxy,
            ),
            NOT_REACHED,
        )
    return ExitError(
        _(
            "Telegram can't be reached; look at the network, TELEGRAM_API_URL and "
            "TELEGRAM_PROXY_URL (`smart-commune check` says more), then start again."
        ),
        NOT_REACHED,
    )
