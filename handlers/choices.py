"""Typed text that names a button of the present screen: its caption, or its number."""

from handlers import home
from handlers.channel import Button, Screen
from handlers.presses import Press, unpack
from handlers.reporting.desk import Desk
from handlers.reporting.showing import desk_screen
from handlers.texts import plain
from handlers.turn import Turn

# Screens on which a number is an answer; there choices are words only.
_NUMBER_SCREENS = frozenset({"ask", "total", "fix_total", "explain", "more", "evidence"})
_FREE_TEXT = frozenset({"difficulty"})
_FIRST_FREE_NUMBER = 3
# Captions that are understood on every screen.
_ANYWHERE = {
    "button.status": "st",
    "button.report": "rep",
    "button.office_report": "off",
    "button.manage": "m.home",
}


def chosen(turn: Turn, desk: Desk | None, text: str) -> Press | None:
    """The press that the text stands for; None when it names no choice."""
    if desk is not None and desk.place.screen in _FREE_TEXT:
        return None
    screen = (
        desk_screen(turn.tx, desk, turn.texts, turn.house.zone)
        if desk is not None
        else home.home(turn).shown[0].screen
    )
    buttons = [b for b in _buttons(screen) if b.data]
    wanted = plain(text)
    for button in buttons:
        if wanted and plain(button.label) == wanted:
            return unpack(button.data or "")
    for key, action in _ANYWHERE.items():
        if wanted == plain(turn.texts.say(key)):
            return Press(action)
    number = _number(text)
    if number is not None and _numbered(desk, number) and number <= len(buttons):
        return unpack(buttons[number - 1].data or "")
    return None


def _numbered(desk: Desk | None, number: int) -> bool:
    """Whether a bare number chooses here; on yes/no screens 1 and 2 are read as answers."""
    if desk is None:
        return True
    question = desk.question(desk.place.code)
    if desk.place.screen == "confirm":
        return number >= _FIRST_FREE_NUMBER and question is not None and question.kind == "yes_no"
    if desk.place.screen not in _NUMBER_SCREENS:
        return True
    if question is None or question.kind == "ratio":
        return False
    return desk.place.screen != "ask" or number >= _FIRST_FREE_NUMBER


def _number(text: str) -> int | None:
    stripped = text.strip()
    one_digit = len(stripped) == 1 and stripped in "123456789"
    return int(stripped) if one_digit else None


def _buttons(screen: Screen) -> list[Button]:
    return [button for row in screen.rows for button in row]
