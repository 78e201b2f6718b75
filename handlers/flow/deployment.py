"""The data of the installation that handlers need."""

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
_NOT_RUNNING = Capabilities(unasked=False)


@dataclass(frozen=True, slots=True)
class BotLink:
    """A bot whose link can't carry a joining code: its key, its name for people, its link."""

    bot: str
    name: str
    link: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """The time zone, the bot's user name for links, the operators by setting, and more.

    An operator's id is a chat of Telegram's bot, or "bot:chat". `bots` are the running bots.
    `sets` are the criteria sets with which a round can be opened. `short_codes` has the
    installation's key; without one, its codes are valid for this process only. `room` returns the
    bytes that are free for files. Evidence is stored for `evidence_months` after its round's close,
    names and written texts for `round_years`. `board_url` is the board's address, if it has one.
    `code_bots` returns a commune's bots, by its code, in whose chats a joining code is typed.
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
        """Return whether a sender is an operator by setting."""
        ids = {sender.address} if sender.bot in {TELEGRAM, TERMINAL} else set()
        return bool(self.operator_ids & (ids | {f"{sender.bot}:{sender.address}"}))

    def capabilities(self, bot: str | None) -> Capabilities:
        """Return what a bot can do; a bot that doesn't run can send nothing unasked."""
        return self.bots.get(bot or "", _NOT_RUNNING)

    def texts(self, language: str, bot: str | None) -> Texts:
        """Return the texts of a language for the chats of a bot."""
        return texts_of(language, buttons=self.capabilities(bot).buttons)

    @staticmethod
    def _operator(given: str) -> tuple[str, str]:
        bot, _, chat = given.rpartition(":")
        return bot or TELEGRAM, chat


def messenger_name(bot: str | None, texts: Texts) -> Html:
    """Return the name of a bot's messenger; a general word without one, as in the terminal.

    Every other bot is one of Zalo's: DATA_DIR/bots.toml allows no other messenger.
    """
    if bot in {None, "", TERMINAL}:
        return texts.say("messenger.other")
    return texts.say("messenger.telegram" if bot == TELEGRAM else "messenger.zalo")
