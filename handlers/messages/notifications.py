"""Messages to others, in their own language; between 21:00 and 07:00 only what answers them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from criteria.reminders import waking
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.press import pack
from handlers.flow.screen_json import to_json
from handlers.report.wording import unit_text
from handlers.texts import Html, Texts, texts_of
from storage import outbox, people, places
from storage.people import Person
from storage.places import Unit

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
    """Put a notice on its way; False: nobody is there. As `tell_all`."""
    return tell_all(tx, [person_id], key, now, zone, button=button, **parameters) > 0


def tell_all(
    tx: Connection,
    whom: Sequence[int],
    key: str,
    now: datetime,
    zone: ZoneInfo,
    *,
    button: tuple[str | int, ...] | None = None,
    **parameters: object,
) -> int:
    """Put a notice to each of these people on its way; gives how many are there.

    `button` is a caption's key, an action and its arguments. Datetimes among the parameters are
    said as days, units by their names.
    """

    def payload(texts: Texts) -> str:
        said = {name: _said(value, texts, zone) for name, value in parameters.items()}
        return _payload(texts, key, said, button)

    there = [one for one in people.people_by_ids(tx, whom) if one.address is not None]
    worded = _worded(there, payload)
    when = waking(now, zone)
    drafts = [outbox.Draft(one.id, "notice", worded[one.language], when) for one in there]
    outbox.enqueue_all(tx, drafts, now)
    return len(drafts)


def answer(
    tx: Connection,
    person_id: int,
    key: str,
    now: datetime,
    not_before: datetime,
    said: Mapping[str, object],
    button: tuple[str | int, ...] | None = None,
) -> bool:
    """The same to one at a moment of the caller's choice: what answers them comes at night too."""
    person = people.person(tx, person_id)
    if person is None or person.address is None:
        return False
    payload = _payload(texts_of(person.language), key, said, button)
    outbox.enqueue(tx, person_id, "notice", payload, now, not_before=not_before)
    return True


def _payload(
    texts: Texts, key: str, said: Mapping[str, object], button: tuple[str | int, ...] | None
) -> str:
    rows = (
        ((Button(texts.say(str(button[0])), pack(str(button[1]), *button[2:])),),) if button else ()
    )
    return to_json(Screen(texts.say(key, **said), rows))


def _said(value: object, texts: Texts, zone: ZoneInfo) -> object:
    if isinstance(value, datetime):
        return Html(texts.day(value, zone))
    return unit_text(value, texts) if isinstance(value, Unit) else value


def _worded(there: Iterable[Person], payload: Callable[[Texts], str]) -> dict[str, str]:
    """The message in each language that is read there, made once."""
    return {language: payload(texts_of(language)) for language in {one.language for one in there}}


def tell_reporters(
    context: Context,
    unit_id: int,
    kind: str,
    screen: Callable[[Texts], Screen],
    *,
    at_once: bool = False,
) -> int:
    """Tell everybody who reports for the unit, in their language; gives how many are reached.

    At night only what answers them comes `at_once`; the rest waits for the morning.
    """
    not_before = context.now if at_once else waking(context.now, context.deployment.zone)
    found = (member.person for member in people.reporters_of_unit(context.tx, unit_id))
    there = [one for one in found if one.address is not None]
    worded = _worded(there, lambda texts: to_json(screen(texts)))
    drafts = [
        outbox.Draft(one.id, kind, worded[one.language], not_before, _PRIORITY) for one in there
    ]
    outbox.enqueue_all(context.tx, drafts, context.now)
    return sum(one.unreachable_since is None for one in there)


def tell_officers(
    context: Context, unit_id: int, key: str, button: tuple[str | int, ...], **said: object
) -> None:
    """Tell the commune's officers what somebody of this unit said, but for who says it."""
    unit = places.unit(context.tx, unit_id)
    officers = people.people_of_commune(context.tx, unit.commune_id, "officer")
    whom = dict.fromkeys(one.person.id for one in officers if one.person.id != context.person.id)
    tell_all(
        context.tx,
        list(whom),
        key,
        context.now,
        context.deployment.zone,
        button=button,
        unit=unit,
        **said,
    )
