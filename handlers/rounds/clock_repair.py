"""What a clock that was ahead for a while left behind, put right once it is trusted again."""

from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from criteria.reminders import waking
from handlers.flow.deployment import Deployment
from handlers.rounds.work import Work
from storage import outbox


def put_right_work(tx: Connection, now: datetime, deployment: Deployment) -> list[Work]:
    """Messages that were to wait for a time which that clock saw: they wait for this morning."""
    if not outbox.from_the_future(tx, now):
        return []
    return [partial(outbox.put_right, now=now, when=waking(now, deployment.zone))]
