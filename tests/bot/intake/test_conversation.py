"""Screens that are only read are built on a reader; where that is impossible, by the writer."""

import pytest
import sqlalchemy as sa

from bot.intake.conversation import ConversationRunner, ReadOnlyScreens, reply_to
from handlers.flow.channel import Incoming, Reply, Sender
from handlers.flow.deployment import Deployment
from storage.engine.database import Database
from storage.errors import Closed
from tests.conftest import START

INCOMING = Incoming(Sender("telegram", "1", "Lan"), "press", data="1|s.full")


def writes(tx):
    tx.exec_driver_sql("CREATE TABLE written (x INTEGER)")


def conversation(look):
    return ConversationRunner(
        lambda tx, *_: Reply(toast="by the writer"),
        lambda *_: Reply(),
        ReadOnlyScreens(
            lambda incoming: incoming.kind == "press",
            lambda tx, *_: look(tx),
            lambda _tx, _incoming, looked, *_: Reply(toast=looked),
        ),
    )


@pytest.fixture
async def reply(tmp_path):
    """The reply to a press, if the screen is built in this way."""
    async with Database(f"sqlite+aiosqlite:///{tmp_path}/bot.db") as database:

        async def replied(look):
            deployment = Deployment(None, "bot", frozenset())
            return (await reply_to(database, conversation(look), INCOMING, START, deployment)).toast

        replied.database = database
        yield replied


async def test_a_screen_is_built_on_a_read_only_connection(reply, log):
    assert await reply(lambda tx: f"read {tx.scalar(sa.text('PRAGMA query_only'))}") == "read 1"
    assert log.getvalue() == ""


async def test_the_writer_builds_what_no_reader_can_build(reply):
    assert await reply(lambda tx: None) == "by the writer"


async def test_a_screen_that_writes_is_left_to_the_writer_and_logged(reply, log):
    assert await reply(writes) == "by the writer"
    assert "not read" in log.getvalue()


async def test_a_closed_database_is_not_opened_again(reply):
    await reply.database.close()
    with pytest.raises(Closed):
        await reply(lambda tx: "read")


async def test_a_chair_sees_the_status_built_on_a_reader(town):
    await town.chair.send("/status")
    assert "HT1" in town.chair.screen or "đạt" in town.chair.screen
    await town.chair.press("🏘")
    assert "Khu 1" in town.chair.screen
