"""The demo: the real program with a sample commune, a simulated Telegram and a simulated Zalo.

All of them run in one process and communicate by HTTP.
"""

import asyncio
import itertools
import shutil
import socket
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from sqlalchemy import Connection

from bot.bots_file import BotEntry, save_bots
from bot.language import gettext as _
from bot.sample import COMMUNE_CODE, Sample, make_sample
from bot.service.clock import Clock
from bot.service.exit_error import ExitError
from bot.service.program import Program
from bot.service.running import on_stop_signal, started, until_stopped
from bot.settings import Settings, load
from bot.simulator.refusal import Impossible
from bot.simulator.server import serving
from bot.simulator.telegram.world import LinkedPage, Moment, World
from bot.simulator.zalo.guests import ZaloGuests
from bot.simulator.zalo.server import serving as zalo_serving
from bot.simulator.zalo.world import World as ZaloWorld
from bot.telegram.connecting import StopRequested
from handlers.board.sign_in import give_ticket
from handlers.flow.channel import TELEGRAM
from handlers.joining.consent import CONSENT_VERSION
from storage.engine.database import Database
from storage.people import addresses, people

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
T = TypeVar("T")
HOST = "127.0.0.1"
ZALO_BOT = "zalo-doi-che"
_OPERATOR, _OPERATOR_NAME = 700_000_099, "Sở Khoa học và Công nghệ"
BOARDS = [
    LinkedPage("chair", {"vi": "Chủ tịch xã", "en": "Commune chair"}),
    LinkedPage("officer", {"vi": "Cán bộ xã", "en": "Commune officer"}),
    LinkedPage("operator", {"vi": "Sở, tỉnh", "en": "Province"}),
]
ON_ZALO = "khu-8-bg"  # the area whose head has Zalo
BOT_NAMES = {"vi": "Xã thông minh", "en": "Smart commune"}


class Switch:
    """Stops and starts the bot when the page asks for it, to show an outage."""

    def __init__(self) -> None:
        self.quitting = False
        self._wanted_on, self._wanted_off = asyncio.Event(), asyncio.Event()
        self._on, self._off = asyncio.Event(), asyncio.Event()
        # Two requests of the page at once must not start two bots.
        self._switching = asyncio.Lock()
        self.program: Program | None = None  # while the bot runs

    def quit(self) -> None:
        """End the demo."""
        self.quitting = True
        self._wanted_off.set()
        self._wanted_on.set()

    async def turn(self, on: bool) -> None:
        """Switch the bot on or off; return when it runs or has stopped."""
        async with self._switching:
            if self.quitting:
                return
            if on:
                self._wanted_on.set()
                await self._on.wait()
            else:
                self._wanted_on.clear()
                self._wanted_off.set()
                await self._off.wait()

    async def running(self) -> Program:
        """Wait until the bot runs and return it; raise Impossible while it is switched off."""
        if self._wanted_off.is_set():
            raise Impossible("the bot is switched off")
        await self._on.wait()
        if self.program is None:
            raise Impossible("the bot is switched off")
        return self.program

    async def run(self, demo: "Demo") -> None:
        """Run one bot after another until quit(); raise the ExitError of a bot that fails."""
        while not self.quitting:
            with suppress(StopRequested):
                async with started(demo.settings, demo.clock, stop=self._wanted_off) as program:
                    self.program = program
                    self._off.clear()
                    self._on.set()
                    await until_stopped(program, self._wanted_off)
            self.program = None
            self._on.clear()
            self._off.set()
            await self._wanted_on.wait()
            if not self.quitting:
                self._wanted_off.clear()


class Demo:
    """The sample commune with its clock and its bot; the page can start it again."""

    def __init__(self, place: Path) -> None:
        self.address = ""
        self.switch = Switch()
        self.clock: Clock
        self.settings: Settings
        self.world = World(
            now=self.now, zone=ZONE, moments=lambda: self._moments,
            move_clock=self.move, switch_bot=self.switch.turn, start_again=self.again,
            speak=self.speak, boards=lambda: BOARDS, open_board=self.open_board,
        )  # fmt: skip
        self._people: dict[str, int] = {}  # the ids of the people who open a board, by its key
        self.zalo = ZaloWorld(now=self.now, loopback=True)
        self.zalo_address = ""
        self.guests = ZaloGuests(
            self.zalo,
            lambda number, entry: self.world.journal.add("message", number, **entry),
            self._picture,
        )
        self.world.guests = self.guests
        self._language = "vi"
        self._moments: list[Moment] = []
        self._places = (place / str(number) for number in itertools.count(1))
        self._untouched_id = 0
        self._changing = asyncio.Lock()

    def _picture(self, content: bytes) -> list[dict[str, Any]]:
        """Store a picture of a Zalo telephone where the page can show it."""
        return self.world.files.photo_sizes(content)

    def now(self) -> datetime:
        """Return the present instant of the demo's clock."""
        return self.clock.now()

    async def begin(self) -> None:
        """Make the sample commune in a new database, and add the telephones."""
        self.clock = Clock(_morning(datetime.now(UTC)))  # a working day, at any hour
        self.settings = _settings(self.world, self.address, self.zalo_address, next(self._places))
        save_bots(
            self.settings.data_dir,
            [BotEntry(name=ZALO_BOT, messenger="zalo", commune=COMMUNE_CODE,
                      token=SecretStr(self.zalo.token))],
        )  # fmt: skip
        now = self.clock.now()
        # The sample is complete before the bot starts on the same database.
        sample = await self._write(lambda tx: make_sample(tx, now, ZONE, self._language))
        on_zalo = next(one for one in sample.others if one.key == ON_ZALO)
        chat = self.guests.add(on_zalo.name, on_zalo.label)
        await self._write(lambda tx: _move_to_zalo(tx, on_zalo.id, chat, now))
        self._people = await self._write(lambda tx: _board_people(tx, sample, now, self._language))
        self._moments = _moments(sample.deadline, sample.closes_at)
        self.world.bot["first_name"] = BOT_NAMES[self._language]
        for one in sample.personas:
            self.world.add_phone(
                one.name, self._language, label=one.label, start=one.start, user_id=one.id
            )
            if one.start is None:  # people who have joined see their current screen
                self.world.start(one.id)
        for one in sample.others:
            self.world.add_phone(
                one.name, self._language, label=one.label, user_id=one.id, shown=False
            )
        self.zalo.send_text(chat, "/start")
        self._untouched_id = self.world.updates.next_id

    async def again(self) -> None:
        """Delete the sample commune and start again with a new one."""
        async with self._changing:
            await self._restart()

    async def _restart(self) -> None:
        await self.switch.turn(False)
        if self.switch.quitting:
            return
        self.world.forget()
        self.guests.forget()
        shutil.rmtree(self.settings.data_dir.parent)
        await self.begin()
        await self.switch.turn(True)
        self.world.note_bot(True)
        self.world.note_reload()

    async def speak(self, language: str) -> None:
        """Set the language of the telephones and the bot.

        If nobody has done anything yet, make the commune again, so that its texts change, too.
        """
        async with self._changing:
            same, self._language = language == self._language, language
            self.guests.language = language
            self.world.language = language
            if same:
                return
            if self.world.updates.next_id == self._untouched_id:
                await self._restart()
                return
            self.world.bot["first_name"] = BOT_NAMES[language]
            phones = [one for one in self.world.phones.values() if one.language != language]
            await self._write(lambda tx: _set_language(tx, [one.id for one in phones], language))
            for phone in phones:
                phone.language = language
                if phone.shown and phone.started and not phone.blocked:
                    self.world.start(phone.id)  # the present screen in this language
            self.world.note_reload()

    async def open_board(self, key: str) -> str:
        """Return the sign-in link to the board for a person of the sample, as the bot gives it."""
        program = await self.switch.running()
        link, _ = await program.database.write(
            lambda tx: give_ticket(tx, self._people[key], program.deployment, self.now())
        )
        return link

    async def move(self, when: datetime) -> None:
        """Move the clock forward."""
        self.clock.move_to(when)
        self._untouched_id = 0

    async def _write(self, work: Callable[[Connection], T]) -> T:
        """Write to the database, through the bot while it runs."""
        if self.switch.program is not None:
            return await self.switch.program.database.write(work)
        address = self.settings.database_url.get_secret_value()
        async with Database(address, exclusive=True) as database:
            return await database.write(work)


async def run_demo(port: int, say: Callable[[str], None], host: str = HOST) -> None:
    """Run until Ctrl-C, then delete the data."""
    folder = tempfile.TemporaryDirectory(prefix="smart-commune-demo-")
    async with AsyncExitStack() as stack:
        demo = Demo(Path(stack.enter_context(folder)))
        on_stop_signal(demo.switch.quit)
        try:
            demo.address = await stack.enter_async_context(serving(demo.world, host, port))
            demo.zalo_address = await stack.enter_async_context(zalo_serving(demo.zalo, host))
        except OSError as error:
            raise ExitError(
                _(
                    "Nothing can listen on {host}, port {port} (in use?);"
                    " choose another with --port.",
                    host=host,
                    port=port,
                )
            ) from error
        await demo.begin()
        for sentence in where(demo.address):
            say(sentence)
        await demo.switch.run(demo)


def where(address: str) -> list[str]:
    """Return sentences with the page's address; browsers can't open the address 0.0.0.0."""
    here = address.replace("//0.0.0.0:", "//127.0.0.1:")
    sentences = [_("The demo runs at {address} (Ctrl-C ends it).", address=here)]
    if here != address:
        port = address.rpartition(":")[2]
        sentences.append(
            _("For others in the network: port {port} of this machine's address.", port=port)
        )
    return sentences


def _board_people(tx: Connection, sample: Sample, now: datetime, language: str) -> dict[str, int]:
    """Add an operator; return the ids of operator, chair and officer, who open the board."""
    operator = people.add_person(
        tx, bot=TELEGRAM, address=str(_OPERATOR), name=_OPERATOR_NAME, handle=None,
        language=language, consent_version=CONSENT_VERSION, now=now,
    )  # fmt: skip
    people.add_membership(tx, operator.id, "operator", now=now)
    found = {"operator": operator.id}
    for key in ("chair", "officer"):
        person = people.find_person(tx, TELEGRAM, str(sample.persona(key).id))
        assert person is not None
        found[key] = person.id
    return found


def _move_to_zalo(tx: Connection, number: int, chat: str, now: datetime) -> None:
    """Give an area head an address on Zalo."""
    person = people.find_person(tx, TELEGRAM, str(number))
    if person is not None:
        addresses.add(tx, person.id, ZALO_BOT, chat, now, account_name=person.name)


def _settings(world: World, address: str, zalo_address: str, folder: Path) -> Settings:
    folder.mkdir()
    port = _free_port()
    return load(
        telegram_bot_token=world.token,
        telegram_api_url=address,
        telegram_proxy_url=None,
        zalo_api_url=zalo_address,
        database_url=f"sqlite+aiosqlite:///{folder}/demo.db",
        data_dir=folder / "data",
        timezone=ZONE,
        operator_ids=frozenset(),
        webhook_url=None,
        public_url=f"http://{HOST}:{port}",  # for the board, and pictures on the Zalo telephone
        listen=(HOST, port),
    )


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind((HOST, 0))
        return int(tried.getsockname()[1])


def _set_language(tx: Connection, numbers: list[int], language: str) -> None:
    for number in numbers:
        person = people.find_person(tx, TELEGRAM, str(number))
        if person is not None:
            people.set_language(tx, person.id, language)


def _moments(deadline: datetime, closes_at: datetime) -> list[Moment]:
    second, minutes = timedelta(seconds=1), timedelta(minutes=5)
    past, closed = deadline + second, closes_at + second
    table = (
        (
            "day-before",
            "Trước hạn 1 ngày",
            "1 day before the deadline",
            _morning(deadline, days=-1),
        ),
        ("deadline-day", "Sáng ngày hạn", "Deadline morning", _morning(deadline)),
        ("before-deadline", "Trước hạn 5 phút", "5 min before the deadline", past - minutes),
        ("deadline", "Hết hạn", "After the deadline", past),
        ("day-after", "Sau hạn 1 ngày", "The day after", _morning(deadline, days=1)),
        ("before-close", "Trước chốt 5 phút", "5 min before the close", closed - minutes),
        ("close", "Chốt kỳ", "The close", closed),
    )
    return [Moment(key, {"vi": vi, "en": en}, at) for key, vi, en, at in table]


def _morning(moment: datetime, days: int = 0) -> datetime:
    local = moment.astimezone(ZONE) + timedelta(days=days)
    return local.replace(hour=8, minute=0, second=0, microsecond=0)
