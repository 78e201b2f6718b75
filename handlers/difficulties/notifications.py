"""Messages on a difficulty: to those who wait for word, at once, and to who is to settle it."""

from handlers.difficulties.wording import about
from handlers.flow.context import Context
from handlers.messages.notifications import (
    BEFORE_REMINDERS,
    Address,
    DifficultyAnswer,
    Notification,
    sentence,
)
from handlers.operator.communes import operators_of
from handlers.texts import shortened
from storage import people, places
from storage.difficulties import Difficulty

_QUOTED = 160


def tell_raiser(context: Context, one: Difficulty, key: str) -> bool:
    """Tell the one who raised it; False when there is nobody to tell."""
    return _tell(context, one, one.raised_by, key)


def tell_office(context: Context, one: Difficulty, key: str) -> bool:
    """Tell the officer who passed it up, if they still are one, with a way to it."""
    person = one.passed_up_by
    roles = people.memberships_of(context.tx, person) if person is not None else []
    if not any(m.role == "officer" and m.commune_id == one.commune_id for m in roles):
        return False
    return _tell(context, one, person, key, ("difficulties.button.see", "d.one", one.id))


def tell_operators(context: Context, one: Difficulty) -> None:
    """Tell the commune's operators that it was passed up to them."""
    commune = places.commune(context.tx, one.commune_id)
    text = sentence(
        "difficulties.told_operators", context.deployment.zone,
        ("difficulties.button.see", "d.one", one.id),
        commune=commune.name, about=lambda texts: about(context, one, texts),
        text=shortened(one.text, _QUOTED),
    )  # fmt: skip
    whom = operators_of(context.tx, commune, context.deployment)
    others = [person for person in whom if person.id != context.person.id]
    Notification(text).put_in(context.tx, others, context.now, context.deployment.zone)


def _tell(
    context: Context, one: Difficulty, person_id: int | None, key: str,
    button: Address | None = None,
) -> bool:  # fmt: skip
    if person_id is None or person_id == context.person.id:
        return False
    zone = context.deployment.zone
    text = sentence(
        key, zone, button, about=lambda texts: about(context, one, texts),
        text=shortened(one.text, _QUOTED), answer=one.answer or "—",
    )  # fmt: skip
    message = Notification(text, DifficultyAnswer, BEFORE_REMINDERS)
    whom = people.people_by_ids(context.tx, [person_id])
    return bool(message.put_in(context.tx, whom, context.now, zone))
