"""Forgetting somebody: what surely names them is masked at once, the rest is shown to officers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from handlers.flow.deployment import Deployment
from handlers.messages.notifications import tell
from storage import people
from storage.personal_data import leaving, remains


def forget(
    tx: Connection, person_id: int, now: datetime, deployment: Deployment, way: str = "button"
) -> None:
    """Forget the person, and tell the officers of texts that may still mean them."""
    for commune_id in leaving.forget(tx, person_id, now, way):
        count = len(remains.of_commune(tx, commune_id))
        for one in people.people_of_commune(tx, commune_id, "officer"):
            tell(
                tx, one.person.id, "remains.told", now, deployment.zone,
                button=("remains.button.look", "m.names", commune_id), count=count,
            )  # fmt: skip


def forget_withdrawn(
    tx: Connection, person_ids: Sequence[int], now: datetime, deployment: Deployment
) -> None:
    """Forget those of them who didn't come back meanwhile."""
    for person_id in leaving.still_withdrawn(tx, person_ids, now):
        forget(tx, person_id, now, deployment, "clock")
