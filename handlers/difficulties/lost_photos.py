"""A difficulty's photo that could not be kept is taken away; its giver is asked for it again."""

from datetime import datetime

from sqlalchemy import Connection

from handlers.flow.deployment import Deployment
from handlers.messages.notifications import Answer, Notification, sentence
from storage import difficulties, difficulty_photos, people
from storage.fetching import ToFetch


def tell(tx: Connection, one: ToFetch, now: datetime, deployment: Deployment) -> None:
    """Take the photo away and tell the person who raised the difficulty."""
    raised = difficulties.difficulty_by_id(tx, one.id)
    if not difficulty_photos.drop(tx, one) or raised is None or raised.raised_by is None:
        return
    way_back = ("difficulties.button.add_photo", "d.photo", raised.id)
    text = sentence("difficulties.photo_lost", deployment.zone, way_back)
    whom = people.people_by_ids(tx, [raised.raised_by])
    Notification(text, Answer).put_in(tx, whom, now, deployment.zone)
