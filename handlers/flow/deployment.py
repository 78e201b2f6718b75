"""What every update needs to know of this installation."""

import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from criteria.sets.set_file import SetFile, shipped_sets
from handlers.flow.channel import TELEGRAM, TERMINAL, Capabilities, Sender
from handlers.flow.code_rate_limit import CodeRateLimit
from handlers.texts import Html, Texts, texts_of
from storage.people.short_codes import ShortCodes

_TELEGRAM_ALONE = {TELEGRAM: Capabilities()}
_NOT_REACHED = Capabilities(unasked=False)


@dataclass(frozen=True, slots=True)
class BotLink:
    """A bot whose link can't carry a joining code: its name here and there, what opens it."""

    bot: str
    name: str
    link: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """The zone of the communes, the bot's user name for links, the operators by setting.

    An operator's id is a chat of Telegram's bot, or "bot:chat". `bots` are those that run.

    `sets` are the criteria sets a round can be opened with. `code_rate_limit` counts wrong
    codes for as long as the process lives. `short_codes` has the installation's key;
    without one, its codes are good for this process only. `room` gives the bytes that are free
    for files.
    Evidence is kept for some months after its round's close; who reported and what people wrote,
    for some years. `board_url` is where the board is found, where there is one.
    `code_bots` gives the bots of a commune, by its code, in whose chats a joining code is typed.
    """

    zone: ZoneInfo
    bot_username: str
    operator_ids: frozenset[str] = frozenset()
    sets: tuple[SetFile, ...] = field(default_factory=shipped_sets)
    code_rate_limit: CodeRateLimit = field(default_factory=CodeRateLimit, compare=False)
    short_codes: ShortCodes = field(
        default_factory=lambda: ShortCodes(secrets.token_bytes(32)), compare=False
    )
    room: Callable[[], int] = field(default=lambda: sys.maxsize, compare=False)
    evidence_months: int = 24
    round_years: int = 10
    board_url: str | None = None
    code_bots: Callable[[str], Sequence[BotLink]] = field(default=lambda _: (), compare=False)
    bots: Mapping[str, Capabilities] = field(default_factory=lambda: _TELEGRAM_ALONE, compare=False)

    @property
    def operators(self) -> list[tuple[str, str]]:
        """The addresses of the operators by setting: bot and chat."""
        return sorted(self._operator(one) for one in self.operator_ids)

    def is_operator(self, sender: Sender) -> bool:
        """Whether a sender is an operator by setting."""
        ids = {sender.address} if sender.bot in {TELEGRAM, TERMINAL} else set()
        return bool(self.operator_ids & (ids | {f"{sender.bot}:{sender.address}"}))

    def capabilities(self, bot: str | None) -> Capabilities:
        """What a bot can do; one that doesn't run reaches nobody."""
        return self.bots.get(bot or "", _NOT_REACHED)

    def texts(self, language: str, bot: str | None) -> Texts:
        """The texts of a language as they are said in the chats of a bot."""
        return texts_of(language, buttons=self.capabilities(bot).buttons)

    @staticmethod
    def _operator(given: str) -> tuple[str, str]:
        bot, _, chat = given.rpartition(":")
        return bot or TELEGRAM, chat


def messenger_name(bot: str | None, texts: Texts) -> Html:
    """The name of a bot's messenger; a general word where there is none, as in the terminal.

    A bot that isn't Telegram's is one of Zalo's (DATA_DIR/bots.toml knows no other messenger).
    """
    if bot in {None, "", TERMINAL}:
        return texts.say("messenger.other")
    return texts.say("messenger.telegram" if bot == TELEGRAM else "messenger.zalo")
