"""The number of messages that a bot with a monthly plan has sent, by month ("2026-11")."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.tables import bot_usage


def sent(tx: Connection, bot: str, month: str) -> int:
    """Return the number of messages that the bot sent in this month."""
    return tx.scalar(sa.select(bot_usage.c.sent).where(_this(bot, month))) or 0


def count(tx: Connection, bot: str, month: str, messages: int) -> None:
    """Add to the number of messages."""
    more = sa.update(bot_usage).where(_this(bot, month))
    if not tx.execute(more.values(sent=bot_usage.c.sent + messages)).rowcount:
        tx.execute(sa.insert(bot_usage).values(bot=bot, month=month, sent=messages))


def mark_announced(tx: Connection, bot: str, month: str, now: datetime) -> bool:
    """Store that officers know that the month's plan is nearly used up; False if stored before."""
    told = sa.update(bot_usage).where(_this(bot, month), bot_usage.c.told_at.is_(None))
    return bool(tx.execute(told.values(told_at=now)).rowcount)


def _this(bot: str, month: str) -> sa.ColumnElement[bool]:
    return sa.and_(bot_usage.c.bot == bot, bot_usage.c.month == month)
