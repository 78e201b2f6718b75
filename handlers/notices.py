"""A message to somebody else, in their own language, never between 21:00 and 07:00."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from handlers.channel import Button, Screen
from handlers.presses import pack
from handlers.screen_json import to_json
from handlers.texts import Html, texts_of
from storage import outbox, people

MORNING, EVENING = time(7), time(21)


def tell(
    tx: Connection,
    person_id: int,
    key: str,
    now: datetime,
    zone: ZoneInfo,
    *,
    button: tuple[str, str] | None = None,
    **parameters: object,
) -> bool:
    """Put a notice on its way; `button` is a caption's key and an action. False: nobody is there.

    Datetimes among the parameters are said as days.
    """
    person = people.person(tx, person_id)
    if person is None or person.address is None:
        return False
    texts = texts_of(person.language)
    said: dict[str, object] = {
        name: Html(texts.day(value, zone)) if isinstance(value, datetime) else value
        for name, value in parameters.items()
    }
    rows = ((Button(texts.say(button[0]), pack(button[1])),),) if button else ()
    payload = to_json(Screen(texts.say(key, **said), rows))
    outbox.enqueue(tx, person_id, "notice", payload, now, not_before=waking(now, zone))
    return True


def waking(now: datetime, zone: ZoneInfo) -> datetime:
    """Give this moment, or the next morning when people sleep."""
    local = now.astimezone(zone)
    if MORNING <= local.time() < EVENING:
        return now
    day = local.date() + timedelta(days=local.time() >= EVENING)
    return datetime.combine(day, MORNING, tzinfo=zone).astimezone(now.tzinfo)
