"""Messages to the people of an area, put into the outbox with the change they tell of."""

from collections.abc import Callable

from handlers import screen_json
from handlers.channel import Screen
from handlers.texts import Texts, texts_of
from handlers.turn import Turn
from storage import outbox, people

_PRIORITY = 5  # before reminders: somebody has just done something that concerns them


def tell_reporters(turn: Turn, unit_id: int, kind: str, screen: Callable[[Texts], Screen]) -> int:
    """Tell everybody who reports for the unit, in their language; gives how many are reached."""
    told = 0
    for member in people.members_of_unit(turn.tx, unit_id):
        person = member.person
        if person.address is None:
            continue
        payload = screen_json.to_json(screen(texts_of(person.language)))
        outbox.enqueue(turn.tx, person.id, kind, payload, turn.now, priority=_PRIORITY)
        told += person.unreachable_since is None
    return told
