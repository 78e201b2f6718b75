"""The sample commune twice, Vietnamese and English, with one clock that stands still."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.sample import Sample, make_sample
from bot.service.clock import Clock
from bot.settings import Settings
from bot.simulator.telegram.world import World
from storage.people import invitations, people
from storage.people.people import find_person
from tests.conftest import START, TELEGRAM, Deployment
from tests.screens.pair import Pair, Step

OPERATOR = 700_000_050


@dataclass
class Stage:
    """Both communes and their people; `chapters` are headings with what was shown below them."""

    houses: tuple[Deployment, Deployment]
    samples: tuple[Sample, Sample]
    people: dict[str, Pair]
    chapters: list[tuple[str, list[Step]]] = field(default_factory=list)

    def chapter(self, title: str, pair: Pair) -> None:
        """Put the next actions of this person under a heading."""
        pair.steps = []
        self.chapters.append((title, pair.steps))

    async def go_to(self, day: int, hour: int, minute: int = 0) -> None:
        """Move the clock to that local time, so many days after the first; due messages come."""
        zone = self.houses[0].settings.timezone
        first = START.astimezone(zone).replace(hour=hour, minute=minute)
        await self.be_at(first + timedelta(days=day))

    async def be_at(self, when: datetime) -> None:
        """Move the clock to that moment."""
        for deployment in self.houses:
            deployment.clock.move_to(when)
            assert deployment.program is not None
            await deployment.program.jobs.tick()
            await deployment.quiet()

    async def invite(self, role: str, **where: object) -> tuple[str, str]:
        """A join code in each commune."""
        codes = []
        for deployment in self.houses:
            now = deployment.clock.now()
            _, code = await deployment.program.database.write(
                lambda tx, now=now: invitations.create_invitation(
                    tx, role, now=now, expires_at=now + timedelta(days=30), uses=3, **where
                )
            )
            codes.append(code)
        return codes[0], codes[1]

    async def works(self, work) -> None:
        """The same unit of work in both communes: `work(tx, sample)`."""
        for deployment, sample in zip(self.houses, self.samples, strict=True):
            await deployment.program.database.write(lambda tx, sample=sample: work(tx, sample))

    def stranger(self, name: str) -> Pair:
        """A person who has never written."""
        return _pair(self.houses, name, None)


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    """Both bots running in a folder."""
    async with AsyncExitStack() as stack:
        houses, samples = [], []
        for language in ("vi", "en"):
            deployment = _house(folder / language)
            program = await stack.enter_async_context(deployment.running())
            program.jobs.scheduler.pause()  # the tour moves the clock
            sample = await program.database.write(
                lambda tx, deployment=deployment: make_sample(
                    tx, deployment.clock.now(), deployment.settings.timezone
                )
            )
            await program.database.write(
                lambda tx, sample=sample, language=language: _speak(tx, sample, language)
            )
            houses.append(deployment)
            samples.append(sample)
        both = (houses[0], houses[1])
        personas = (*samples[0].personas, *samples[0].others)
        found = {one.key: _pair(both, one.name, one.id) for one in personas}
        for one in personas:
            for phone in (found[one.key].vi, found[one.key].en):
                phone.telephone.started = one.start is None
        found["operator"] = _pair(both, "Đinh Thị Hương", OPERATOR)
        yield Stage(both, (samples[0], samples[1]), found)


def _house(folder: Path) -> Deployment:
    folder.mkdir()
    clock = Clock(START, ticking=False)
    world = World(now=clock.now, name="Xã thông minh")
    settings = Settings(
        _env_file=None, telegram_bot_token=world.token, telegram_api_url=TELEGRAM,
        telegram_proxy_url=None, database_url=f"sqlite+aiosqlite:///{folder}/bot.db",
        data_dir=folder / "data", webhook_url=None, listen=None, operator_ids=str(OPERATOR),
    )  # fmt: skip
    return Deployment(world, clock, settings)


def _speak(tx, sample: Sample, language: str) -> None:
    for one in (*sample.personas, *sample.others):
        person = find_person(tx, "telegram", str(one.id))
        if person is not None:
            people.set_language(tx, person.id, language)


def _pair(houses: tuple[Deployment, Deployment], name: str, number: int | None) -> Pair:
    vi, en = (
        deployment.phone(name, language=language, user_id=number)
        for deployment, language in zip(houses, ("vi", "en"), strict=True)
    )
    return Pair(vi, en)
