"""Messages to those who wait for word on a difficulty: they are answers, so they go at once."""

from handlers.difficulties.wording import about, shortened
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.press import pack
from handlers.flow.screen_json import to_json
from handlers.texts import texts_of
from storage import outbox, people
from storage.difficulties import Difficulty

_PRIORITY = 5
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
    return _tell(context, one, person, key, leads=True)


def _tell(
    context: Context, one: Difficulty, person_id: int | None, key: str, *, leads: bool = False
) -> bool:
    if person_id is None or person_id == context.person.id:
        return False
    held = people.person(context.tx, person_id)
    if held is None or held.channel is None or held.address is None:
        return False
    person = people.find_person(context.tx, held.channel, held.address)  # not if they withdrew
    if person is None:
        return False
    texts = texts_of(person.language)
    text = texts.say(
        key,
        about=about(context, one, texts),
        text=shortened(one.text, _QUOTED),
        answer=one.answer or "—",
    )
    button = Button(texts.say("difficulties.button.see"), pack("d.one", one.id))
    screen = Screen(text, ((button,),) if leads else ())
    outbox.enqueue(
        context.tx, person_id, "difficulty", to_json(screen), context.now, priority=_PRIORITY
    )
    return True
