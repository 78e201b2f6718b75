"""What a person may type outside the report: a sentence that is awaited, a choice of a screen."""

from dataclasses import replace

from criteria.conversation import Place
from criteria.reading import read
from handlers.channel import Reply, Screen, Shown
from handlers.presses import Press, unpack
from handlers.texts import plain
from handlers.turn import Turn
from storage import conversations
from storage.conversations import Conversation

AT = "at"  # a screen whose buttons can be typed; the press that opened it follows
PHOTO_SENTENCE = "difficulty_photo"  # the photo is there, its sentence comes: the report's own
# On these a bare number can't be the answer to a question.
_NUMBERS_CHOOSE = frozenset({"home", "summary", "gaps"})


def place_of(turn: Turn) -> Place:
    """Where the person stands."""
    kept = conversations.conversation_of(turn.tx, turn.person.id)
    return Place.from_json(kept.place if kept else None)


def awaited(kept: Conversation | None) -> tuple[str, ...]:
    """What is awaited; empty when nothing is."""
    return Place.from_json(kept.place).awaiting if kept is not None else ()


def await_text(turn: Turn, *awaiting: str) -> None:
    """From now on typed text is about this; the open question stays as it is."""
    place = replace(place_of(turn), awaiting=awaiting)
    conversations.annotate_place(turn.tx, turn.person.id, place.to_json(), turn.now)


def stop_waiting(turn: Turn) -> None:
    """Typed text is about the report again."""
    place = place_of(turn)
    if place.awaiting and place.awaiting[0] != PHOTO_SENTENCE:
        place = replace(place, awaiting=())
        conversations.annotate_place(turn.tx, turn.person.id, place.to_json(), turn.now)


def cancels(text: str) -> bool:
    """Whether the text leaves what was asked: "huỷ", "quay lại"."""
    return read(text, "yes_no").command in {"cancel", "back"}


def menu(turn: Turn, screen: Screen, press: Press) -> Reply:
    """Show a screen whose buttons can be typed too; `press` is what opens it."""
    await_text(turn, AT, press.action, *press.arguments)
    return shown(turn, screen)


def shown(turn: Turn, screen: Screen, toast: str | None = None) -> Reply:
    """The screen in the place of the one that was pressed, else as a new message."""
    edit = turn.incoming.message if turn.incoming.kind == "press" else None
    return Reply((Shown(screen, edit=edit),), toast=toast, person=turn.person.id)


def typed_press(turn: Turn, screen: Screen) -> Press | None:
    """The button of the screen that the text names, by its caption or its place."""
    buttons = [b for row in screen.rows for b in row if b.data]
    text = turn.incoming.text.strip()
    wanted = plain(text)
    for button in buttons:
        if wanted and plain(button.label) == wanted:
            return unpack(button.data or "")
    number = int(text) if len(text) == 1 and text in "123456789" else 0
    if 0 < number <= len(buttons) and place_of(turn).screen in _NUMBERS_CHOOSE:
        return unpack(buttons[number - 1].data or "")
    return None
