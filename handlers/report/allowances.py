"""How much evidence is taken, so that neither one person nor a round fills the disk.

An area gives some forty photos a round, of 0.2 MB each when Telegram has made them smaller.
"""

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from handlers.flow.context import Context
from storage import evidence_totals
from storage.evidence_totals import Total

MEGABYTE = 1_000_000
OF_A_DAY = Total(100, 200 * MEGABYTE)  # of one person; an officer gives for several areas
OF_A_ROUND = Total(5_000, 5_000 * MEGABYTE)
LEAST_ROOM = 1_000 * MEGABYTE  # stays free on the disk: answers and backups need it
Full = Literal["full_day", "full_round", "full_disk"]


def no_room(context: Context, round_id: int, size: int) -> Full | None:
    """Why a further piece of so many bytes isn't taken now; None: it is."""
    if context.deployment.room() - size < LEAST_ROOM:
        return "full_disk"
    today = _day_begins(context.now, context.deployment.zone)
    if _passes(evidence_totals.given_by(context.tx, context.person.id, today), size, OF_A_DAY):
        return "full_day"
    if _passes(evidence_totals.of_round(context.tx, round_id), size, OF_A_ROUND):
        return "full_round"
    return None


def _passes(total: Total, size: int, most: Total) -> bool:
    return total.pieces >= most.pieces or total.size + size > most.size


def _day_begins(now: datetime, zone: ZoneInfo) -> datetime:
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
