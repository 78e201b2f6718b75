"""The messages of a bot with a plan, counted by month."""

from sqlalchemy import Connection

from storage.engine.database import Database
from storage.messages import bot_usage
from tests.storage.sample import NOW


async def test_messages_are_added_up_by_bot_and_month(database: Database) -> None:
    def work(tx: Connection) -> list[int]:
        for bot, month, messages in (("a", "2026-11", 2), ("a", "2026-11", 3), ("b", "2026-11", 1)):
            bot_usage.count(tx, bot, month, messages)
        given = (("a", "2026-11"), ("b", "2026-11"), ("a", "2026-12"))
        return [bot_usage.sent(tx, *one) for one in given]

    assert await database.write(work) == [5, 1, 0]


async def test_officers_are_told_once_in_a_month(database: Database) -> None:
    def work(tx: Connection) -> list[bool]:
        bot_usage.count(tx, "a", "2026-11", 1)
        return [bot_usage.mark_announced(tx, "a", "2026-11", NOW) for _ in range(2)]

    assert await database.write(work) == [True, False]
