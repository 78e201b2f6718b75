"""Showing a review screen, and remembering that it lies before the officer, for typed choices."""

from collections.abc import Callable
from dataclasses import replace

from criteria.conversation import Place
from handlers.channel import Enclosure, Reply, Screen, Shown
from handlers.presses import Press, unpack
from handlers.turn import Turn
from storage import conversations

MENU = "review"
View = Callable[[Turn, Press], Screen | None]
VIEWS: dict[str, View] = {}  # filled in by routing


def view(turn: Turn, data: str) -> Screen | None:
    """The screen that a button leads to; None when it isn't this officer's to see."""
    press = unpack(data)
    made = VIEWS.get(press.action) if press is not None else None
    return made(turn, press) if made is not None and press is not None else None


def show(turn: Turn, data: str, above: str | None = None, **said: object) -> Reply | None:
    """The screen, with a sentence above it; it replaces the one that was pressed."""
    screen = view(turn, data)
    if screen is None:
        return None
    if above is not None:
        screen = Screen(f"{turn.texts.say(above, **said)}\n\n{screen.text}", screen.rows)
    await_reply(turn, (MENU, data))
    return present(turn, screen)


def present(turn: Turn, screen: Screen) -> Reply:
    """The screen in place of the one that was pressed, else as a new message."""
    edit = turn.incoming.message if turn.incoming.kind == "press" else None
    return Reply((placed(turn, screen, edit=edit),), person=turn.person.id)


def placed(
    turn: Turn,
    screen: Screen,
    *,
    edit: str | None = None,
    enclosures: tuple[Enclosure, ...] = (),
) -> Shown:
    """The screen as the one review screen there is: the one before loses its buttons."""
    kept = conversations.conversation_of(turn.tx, turn.person.id)
    before = conversations.shown_message(turn.tx, turn.person.id, MENU)
    return Shown(
        screen,
        edit=edit,
        purpose=MENU,
        revision=kept.revision if kept is not None else None,
        strip=before if before != edit else None,
        enclosures=enclosures,
    )


def await_reply(turn: Turn, awaiting: tuple[str, ...]) -> None:
    """Keep what the next typed text is about; nothing, with an empty tuple."""
    kept = conversations.conversation_of(turn.tx, turn.person.id)
    place = Place.from_json(kept.place if kept else None)
    if place.awaiting == awaiting:
        return
    conversations.save_place(
        turn.tx,
        turn.person.id,
        kept.report_id if kept else None,
        replace(place, awaiting=awaiting).to_json(),
        turn.now,
    )
