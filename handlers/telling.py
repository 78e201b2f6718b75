"""Messages to others, in their own language; between 21:00 and 07:00 only what answers them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from criteria.reminders import waking
from handlers.channel import Button, Screen
from handlers.presses import pack
from handlers.reporting.wording import unit_text
from handlers.screen_json import to_json
from handlers.texts import DEFAULT_LANGUAGE, Html, Texts, texts_of
from handlers.turn import Turn
from storage import outbox, people, places

_PRIORITY = 5  # before reminders: somebody has just done something that concerns them


def tell(
    tx: Connection,
    person_id: int,
    key: str,
    now: datetime,
    zone: ZoneInfo,
    *,
    button: tuple[str | int, ...] | None = None,
    **parameters: object,
) -> bool:
    """Put a notice on its way; False: nobody is there.

    `button` is a caption's key, an action and its arguments.
    Datetimes among the parameters are said as days.
    """
    said: dict[str, object] = {
        name: Html(texts_of(_language(tx, person_id)).day(value, zone))
        if isinstance(value, datetime)
        else value
        for name, value in parameters.items()
    }
    return answer(tx, person_id, key, now, waking(now, zone), said, button)


def answer(
    tx: Connection,
    person_id: int,
    key: str,
    now: datetime,
    not_before: datetime,
    said: Mapping[str, object],
    button: tuple[str | int, ...] | None = None,
) -> bool:
    """The same at a moment of the caller's choice: what answers somebody comes at night too."""
    person = people.person(tx, person_id)
    if person is None or person.address is None:
        return False
    texts = texts_of(person.language)
    rows = (
        ((Button(texts.say(str(button[0])), pack(str(button[1]), *button[2:])),),) if button else ()
    )
    payload = to_json(Screen(texts.say(key, **said), rows))
    outbox.enqueue(tx, person_id, "notice", payload, now, not_before=not_before)
    return True


def _language(tx: Connection, person_id: int) -> str:
    person = people.person(tx, person_id)
    return person.language if person is not None else DEFAULT_LANGUAGE


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
            to_json(screen(texts_of(person.language))),
            turn.now,
            not_before=not_before,
            priority=_PRIORITY,
        )
        told += person.unreachable_since is None
    return told


def tell_officers(
    turn: Turn, unit_id: int, key: str, button: tuple[str | int, ...], **said: object
) -> None:
    """Tell the commune's officers what somebody of this unit said, but for who says it."""
    unit = places.unit(turn.tx, unit_id)
    for one in people.people_of_commune(turn.tx, unit.commune_id, "officer"):
        if one.person.id != turn.person.id:
            name = unit_text(unit, texts_of(one.person.language))
            tell(
                turn.tx, one.person.id, key, turn.now, turn.house.zone,
                button=button, unit=name, **said,
            )  # fmt: skip
