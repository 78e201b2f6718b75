"""Messages to the people of an area, put into the outbox with the change they tell of."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers import screen_json
from handlers.channel import Screen
from handlers.texts import Texts, texts_of
from handlers.turn import Turn
from storage import outbox, people

_PRIORITY = 5  # before reminders: somebody has just done something that concerns them
_MORNING, _EVENING = time(7), time(21)


def tell_reporters(
    turn: Turn,
    unit_id: int,
    kind: str,
    screen: Callable[[Texts], Screen],
    *,
    at_once: bool = False,
) -> int:
    """Tell everybody who reports for the unit, in their language; gives how many are reached.

    At night only what answers them comes `at_once`; the rest waits for the morning.
    """
    not_before = turn.now if at_once else waking(turn.now, turn.house.zone)
    told = 0
    for member in people.members_of_unit(turn.tx, unit_id):
        person = member.person
        if person.address is None:
            continue
        outbox.enqueue(
            turn.tx,
            person.id,
            kind,
            screen_json.to_json(screen(texts_of(person.language))),
            turn.now,
            not_before=not_before,
            priority=_PRIORITY,
        )
        told += person.unreachable_since is None
    return told


def waking(now: datetime, zone: ZoneInfo) -> datetime:
    """Give this moment, or seven in the morning when people sleep."""
    local = now.astimezone(zone)
    if _MORNING <= local.time() < _EVENING:
        return now
    day = local.date() + timedelta(days=local.time() >= _EVENING)
    return datetime.combine(day, _MORNING, tzinfo=zone).astimezone(now.tzinfo)
