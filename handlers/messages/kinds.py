"""The kinds of messages that are checked and worded when they are claimed, by their stored names.

A message of any other kind is sent as it is stored. To add a kind, write its class and list it.
"""

from handlers.announcements.delivery import Announcement
from handlers.messages.message import Message
from handlers.messages.notifications import (
    Correction,
    DifficultyAnswer,
    NewsNotification,
    OnBehalf,
    PlanUsed,
    ReplyNotification,
    Returned,
    SettledTotal,
)
from handlers.reminders.after_outage import OpenQuestion
from handlers.reminders.reminder import Reminder
from handlers.reminders.report_notices import AllReportsIn, LateReports


def by_name(*classes: type[Message]) -> dict[str, type[Message]]:
    """Return the classes by their kinds; ValueError when two have the same."""
    found: dict[str, type[Message]] = {}
    for one in classes:
        if one.kind in found:
            raise ValueError(f"two classes of messages have the kind {one.kind!r}")
        found[one.kind] = one
    return found


KINDS = by_name(
    Reminder, Announcement, OpenQuestion, LateReports, AllReportsIn,
    NewsNotification, PlanUsed, Returned, SettledTotal, Correction,
    ReplyNotification, DifficultyAnswer, OnBehalf,
)  # fmt: skip
BULK = frozenset(kind for kind, message in KINDS.items() if message.bulk)
