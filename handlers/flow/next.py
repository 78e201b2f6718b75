"""Where an action or a typed text leads: the screen that follows, and what comes with it."""

from dataclasses import dataclass

from handlers.flow.channel import Enclosure, Shown
from handlers.flow.press import Press
from handlers.texts import Html


@dataclass(frozen=True, slots=True)
class Next:
    """The screen that follows, with a sentence above it, messages before it, what is sent along.

    `said` is what was typed on the way there. `menu`: the person's roles have changed, and so the
    command menu.
    """

    press: Press
    above: Html | None = None
    said: tuple[str, ...] = ()
    first: tuple[Shown, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    toast: Html | None = None
    menu: bool = False
