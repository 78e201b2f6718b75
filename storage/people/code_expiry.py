"""How long codes and sessions live, also after the machine's clock was ahead for a minute.

What was made in that minute would otherwise be good for weeks.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

CLOCKS_DIFFER = timedelta(minutes=2)  # at most, between two of them that are right


def alive(
    expires_at: "sa.ColumnElement[datetime]", lasts: timedelta, now: datetime
) -> "sa.ColumnElement[bool]":
    """Whether something that `lasts` so long was made by now and is not over."""
    return sa.and_(expires_at > now, expires_at <= now + lasts + CLOCKS_DIFFER)
