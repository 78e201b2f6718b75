"""The outbox's sender: what is due is sent once, and what became of each message is kept."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from bot import outage
from bot.dispatcher import Conversation
from bot.simulator.faults import Fault
from handlers.channel import Button, Reply, Screen
from handlers.screen_json import from_json, to_json
from storage import outbox, people
from storage.tables import outbox as outbox_table
from storage.tables import people as people_table

SILENT = Conversation(lambda *_: Reply(), lambda *_: Reply())


@pytest.fixture
async def post(house, monkeypatch):
    """A running bot, and a way to put messages into its outbox."""
    monkeypatch.setattr(outage, "FIRST_PAUSE", 0.0)

    class Post:
        def __init__(self, program):
            self.program = program
            self.house = house

        def telephone(self, name="Lan"):
            phone = house.world.add_phone(name)
            phone.started = True
            return phone

        async def person(self, phone):
            now = house.clock.now()
            made = await self.program.database.write(
                lambda tx: people.add_person(
                    tx, channel="telegram", address=str(phone.id), name=phone.name, handle=None,
                    language="vi", consent_version="1", now=now,
                )
            )  # fmt: skip
            return made.id

        async def put(self, person, text, **more):
            now = house.clock.now()
            await self.program.database.write(
                lambda tx: outbox.enqueue(tx, person, "note", to_json(Screen(text)), now, **more)
            )
            self.program.sender.wake()

        async def states(self):
            rows = await self.program.database.read(
                lambda tx: tx.execute(
                    select(outbox_table.c.state).order_by(outbox_table.c.id)
                ).scalars().all()
            )  # fmt: skip
            return list(rows)

    async with house.running(conversation=SILENT) as program:
        yield Post(program)


def texts(phone):
    return [entry.message["text"] for entry in phone.entries.values()]


def test_a_screen_survives_the_outbox():
    screen = Screen(
        "<b>Nhắc</b> & hỏi", ((Button("📝 Báo cáo", "1|rep"),), (Button("Xem", url="https://x"),))
    )
    assert from_json(to_json(screen)) == screen


async def test_what_is_due_is_sent_and_its_text_is_not_kept(post):
    phone = post.telephone()
    person = await post.person(phone)
    await post.put(person, "một")
    await post.program.idle()
    assert texts(phone) == ["một"]
    assert await post.states() == ["sent"]


async def test_what_is_not_due_waits_for_its_time(post):
    phone = post.telephone()
    person = await post.person(phone)
    later = post.house.clock.now() + timedelta(hours=3)
    await post.put(person, "sau", not_before=later)
    await post.program.idle()
    assert texts(phone) == []
    post.house.clock.move_to(later)
    await post.program.idle()
    assert texts(phone) == ["sau"]


async def test_a_lost_answer_is_uncertain_and_never_doubled(post):
    phone = post.telephone()
    person = await post.person(phone)
    cut = Fault("sendMessage", lost=True, error=lambda: httpx.ReadError("cut"))
    post.house.world.faults.add(cut)
    await post.put(person, "một")
    await post.program.idle()
    assert texts(phone) == ["một"]
    assert await post.states() == ["uncertain"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("sendMessage", reset=True, error=lambda: httpx.ConnectError("refused")),
        Fault("sendMessage", code=500),
        Fault("sendMessage", code=429, description="Too Many Requests", retry_after=1),
    ],
    ids=["never connected", "error of the server", "flood"],
)
async def test_what_surely_did_not_arrive_is_sent_again(post, fault):
    phone = post.telephone()
    person = await post.person(phone)
    post.house.world.faults.add(fault)
    await post.put(person, "một")
    await post.program.idle()
    for _ in range(20):
        if await post.states() == ["sent"]:
            break
        post.house.clock.move_to(post.house.clock.now() + timedelta(seconds=2))
        await post.program.idle()
    assert texts(phone) == ["một"]
    assert await post.states() == ["sent"]


async def test_who_blocked_the_bot_is_marked_and_left_alone(post):
    phone, other = post.telephone(), post.telephone("Hoa")
    person, second = await post.person(phone), await post.person(other)
    phone.blocked = True
    await post.put(person, "một")
    await post.program.idle()
    await post.put(person, "hai")
    await post.put(second, "ba")
    await post.program.idle()
    assert await post.states() == ["dropped", "dropped", "sent"]
    assert texts(other) == ["ba"]
    marked = await post.program.database.read(
        lambda tx: tx.execute(
            select(people_table.c.id).where(people_table.c.unreachable_since.is_not(None))
        ).scalars().all()
    )  # fmt: skip
    assert list(marked) == [person]


async def test_a_message_that_telegram_refuses_does_not_stop_the_others(post):
    phone = post.telephone()
    person = await post.person(phone)
    post.house.world.faults.add(Fault("sendMessage", code=400, description="Bad Request: odd"))
    await post.put(person, "một")
    await post.put(person, "hai")
    await post.program.idle()
    assert sorted(await post.states()) == ["failed", "sent"]
