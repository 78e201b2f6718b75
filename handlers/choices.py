"""Typed text that names a button: of the screen shown last, or of the report's own."""

from handlers import home, menus
from handlers.channel import Button, Screen
from handlers.presses import Press, unpack
from handlers.reporting.desk import Desk
from handlers.reporting.showing import desk_screen
from handlers.texts import plain
from handlers.turn import Turn

# Screens on which a number is an answer; there choices are words only.
_NUMBER_SCREENS = frozenset({"ask", "total", "fix_total", "explain", "more", "evidence"})
_FREE_TEXT = frozenset({"difficulty"})
_AT_REST = frozenset({"summary", "gaps", "home"})
_FIRST_FREE_NUMBER = 3
# Captions that are understood on every screen.
_ANYWHERE = {
    "button.status": "st",
    "button.report": "rep",
    "button.office_report": "off",
    "button.manage": "m.home",
}


def chosen(turn: Turn, desk: Desk | None, text: str, menu: tuple[Button, ...] = ()) -> Press | None:
    """The press that the text stands for; None when it names no choice.

    `menu` are the buttons of the screen that was shown last, if it isn't the report's own.
    """
    wanted, number = plain(text), _number(text)
    for button in menu:
        if wanted and plain(button.label) == wanted:
            return unpack(button.data or "")
    if menu and number is not None and _menu_numbered(desk, menu):
        return unpack(menu[number - 1].data or "") if number <= len(menu) else None
    for key, action in _ANYWHERE.items():
        if wanted == plain(turn.texts.say(key)):
            return Press(action)
    if desk is not None and menus.hides(menu, text):
        return None
    return _on_the_reports_screen(turn, desk, wanted, number)


def _on_the_reports_screen(
    turn: Turn, desk: Desk | None, wanted: str, number: int | None
) -> Press | None:
    if desk is not None and desk.place.screen in _FREE_TEXT:
        return None
    screen = (
        desk_screen(turn.tx, desk, turn.texts, turn.house.zone)
        if desk is not None
        else home.home(turn).shown[0].screen
    )
    buttons = [b for b in _buttons(screen) if b.data]
    for button in buttons:
        if wanted and plain(button.label) == wanted:
            return unpack(button.data or "")
    if number is not None and _numbered(desk, number) and number <= len(buttons):
        return unpack(buttons[number - 1].data or "")
    return None


def _menu_numbered(desk: Desk | None, menu: tuple[Button, ...]) -> bool:
    """Whether a bare number means the menu, and not the question that lies open behind it."""
    open_question = desk is not None and desk.place.screen not in _AT_REST
    return menus.asks(menu) or not open_question


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
