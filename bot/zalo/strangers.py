"""The choices of people who haven't agreed yet, in memory.

Nothing is kept of them, and Zalo has no buttons that would carry a joining code. What is forgotten
(after a restart, or many strangers later) is asked for once more.
"""

from collections import OrderedDict

from handlers.flow.asked_screen import captioned
from handlers.flow.channel import Button, Screen

MOST = 500


class Strangers:
    """The newest screen of each of the last strangers."""

    def __init__(self) -> None:
        self._screens: OrderedDict[str, tuple[Button, ...]] = OrderedDict()

    def shown(self, chat: str, screen: Screen, *, stranger: bool) -> None:
        """Note what a chat was shown last, if a stranger writes there."""
        self._screens.pop(chat, None)
        buttons = tuple(one for row in screen.rows for one in row if one.data)
        if not stranger or not buttons:
            return
        self._screens[chat] = buttons
        if len(self._screens) > MOST:
            self._screens.popitem(last=False)

    def pressed(self, chat: str, text: str) -> str | None:
        """What the button does whose number or words a stranger typed."""
        buttons = self._screens.get(chat, ())
        said = text.strip()
        if said.isdecimal() and 0 < int(said) <= len(buttons):
            return buttons[int(said) - 1].data
        press = captioned(buttons, said)
        return press.data if press is not None else None
