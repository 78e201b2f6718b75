"""Whether a notice is still meant for somebody at the moment it is sent."""

from datetime import datetime

from sqlalchemy import Connection

from storage import notices, people, reminder_plans, rounds
from storage.outbox import Outgoing


def no_longer(tx: Connection, row: Outgoing, now: datetime) -> str | None:
    """Why it isn't any more: a reason code; None when it is."""
    found = notices.notice(tx, row.notice_id or 0)
    if found is None or found.stopped_at is not None:
        return "stopped"
    communes = {
        one.commune_id
        for one in people.memberships_of(tx, row.person_id)
        if one.commune_id is not None
    }
    if not communes or (found.commune_id is not None and found.commune_id not in communes):
        return "left"
    if found.audience != "late":
        return None
    waiting = (
        task
        for commune_id in communes
        for one in rounds.open_rounds(tx, commune_id, now)
        for task in reminder_plans.tasks_of_person(tx, one.id, row.person_id)
    )
    return None if any(not task.is_in for task in waiting) else "reported"
