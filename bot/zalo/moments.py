"""Zalo's times, which are milliseconds."""

from datetime import UTC, datetime

_LATEST = 1 << 45  # what comes after the year 3000 is no date


def moment(milliseconds: object) -> datetime | None:
    """The instant in whole seconds, as the conversation has them; None for what is no date."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int):
        return None
    if not 0 < milliseconds < _LATEST:
        return None
    return datetime.fromtimestamp(milliseconds // 1000, UTC)
