"""The expiry of codes and sessions, also after the machine's clock was ahead for some time.

A code or session that was made during that time would otherwise be valid for weeks.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

CLOCKS_DIFFER = timedelta(minutes=2)  # the largest difference between two correct clocks


def not_expired(
    expires_at: "sa.ColumnElement[datetime]", lasts: timedelta, now: datetime
) -> "sa.ColumnElement[bool]":
    """Return the condition that something valid for `lasts` was made by now and is not expired."""
    return sa.and_(expires_at > now, expires_at <= now + lasts + CLOCKS_DIFFER)
