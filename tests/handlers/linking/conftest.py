"""A commune on Telegram, and people who write to its Zalo bot, which isn't running here."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from handlers.conversation import dispatch
from handlers.conversation.shown_messages import store_shown
from handlers.flow.channel import Incoming, Sender
from handlers.texts import without_tags
from storage.people import people

BOT = "zalo-doi-che"


@dataclass
class Chat:
    """One person's chat with the Zalo bot: what they type, the newest screen, its choices."""

    village: object
    name: str
    address: str
    bot: str = BOT
    screens: list = field(default_factory=list)
    rows: tuple = ()
    messages: int = 0
    newest: str | None = None
    house: object = None  # the installation, if it is another than the running one

    async def send(self, text):
        await self._do(kind="text", text=text)

    async def press(self, caption):
        found = [b for row in self.rows for b in row if caption in b.label]
        assert found, (caption, self.rows)
        await self._do(kind="press", data=found[0].data)

    async def forge(self, data):
        await self._do(kind="press", data=data)

    async def _do(self, **what):
        # Each message is another second's, so that it is known what was seen before it; the
        # village's clock stands still, for it would remind people.
        now = self.village.deployment.clock.now() + timedelta(seconds=self.messages)
        deployment = self.house or self.village.deployment.program.deployment
        sender = Sender(self.bot, self.address, self.name, language="vi")
        self.messages += 1
        message = self.newest if what["kind"] == "press" else f"{self.address}-{self.messages}"
        written = None if what["kind"] == "press" else now.replace(microsecond=0)
        incoming = Incoming(sender, message=message, written_at=written, arrived_at=now, **what)

        def work(tx):
            reply = dispatch.handle(tx, incoming, now, deployment)
            for shown in reply.shown:
                self.messages += 1
                self.newest = f"{self.address}-b{self.messages}"
                if reply.person is not None:
                    store_shown(tx, reply.person, self.bot, shown, self.newest, now, replaced=False)
            return reply

        reply = await self.village.database.write(work)
        for shown in reply.shown:
            self.screens.append(without_tags(shown.screen.text))
            self.rows = shown.screen.rows

    @property
    def screen(self):
        return self.screens[-1]

    async def person(self):
        """The person whose chat this is."""
        look = lambda tx: people.find_person(tx, self.bot, self.address)  # noqa: E731
        return await self.village.database.read(look)

    async def roles(self):
        """The roles of that person, as role and area."""
        found = await self.person()
        labels = {number: label for label, number in self.village.areas.items()}
        held = await self.village.database.read(lambda tx: people.memberships_of(tx, found.id))
        return sorted((one.role, labels.get(one.unit_id)) for one in held)


@pytest.fixture
def zalo(village):
    """Somebody's chat with the Zalo bot."""
    return lambda name, address: Chat(village, name, address)
