"""Typed text that names a button: of the screen shown last, or of the report's own."""

from criteria.reading import read_confirmation
from handlers import home, stepping
from handlers.beside import Last, without_count
from handlers.channel import Button, Screen
from handlers.presses import Press, unpack
from handlers.reporting.desk import Desk
from handlers.reporting.showing import desk_screen
from handlers.steps import goes_back, leaves
from handlers.texts import plain
from handlers.turn import Turn

# Screens on which a number is an answer; there choices are words only.
_NUMBER_SCREENS = frozenset({"ask", "total", "fix_total", "explain", "more", "evidence"})
_FREE_TEXT = frozenset({"difficulty"})
_AT_REST = frozenset({"summary", "gaps", "rest", "home"})
_FIRST_FREE_NUMBER = 3
# Captions that are understood on every screen.
_ANYWHERE = {
    "button.status": "st",
    "button.report": "rep",
    "button.office_report": "off",
    "button.manage": "m.home",
}


def chosen_beside(desk: Desk | None, shown: Last, text: str) -> Press | None:
    """The press that the text stands for on the screen beside the report that was shown last."""
    number = _number(text)
    if stepping.asked(shown.step) and text[:1].isdigit():
        return None
    press = shown.captioned(text)
    if press is None and number is not None and number <= len(shown.buttons):
        press = unpack(shown.buttons[number - 1].data or "")
        press = press if _may_be_numbered(desk, shown, press) else None
    return press or _agreed(shown, text) or _left(shown, text)


def _agreed(shown: Last, text: str) -> Press | None:
    """What a screen asks to be sure of: one deed, and the way back; "đúng" or "không" in words."""
    presses = [unpack(one.data or "") for one in shown.buttons]
    if shown.step is None or len(presses) != len(("deed", "back")):
        return None
    deed, way_back = presses
    if deed is None or deed.action not in stepping.DEEDS or stepping.asked(shown.step):
        return None
    if _is_figures(text) or _number(text) is not None:
        return None
    return {"yes": deed, "no": way_back}.get(read_confirmation(text) or "")


def _left(shown: Last, text: str) -> Press | None:
    """The way out of a step, or one step back, which its last button is."""
    if shown.step is None or not shown.buttons or stepping.converses(shown.step):
        return None
    back = unpack(shown.buttons[-1].data or "")
    if leaves(text):
        return stepping.way_out(shown.step) or back
    return back if goes_back(text) else None


def _may_be_numbered(desk: Desk | None, shown: Last, press: Press | None) -> bool:
    """Whether a bare number means that button, and not the question that lies open behind it.

    With a question open a number opens screens and picks reports, but does nothing else.
    """
    if desk is None or desk.place.screen in _AT_REST:
        return True
    harmless = press is not None and (press.action in stepping.VIEWS or press.action == "pick")
    return shown.asks and harmless


def chosen(turn: Turn, desk: Desk | None, text: str, shown: Last) -> Press | None:
    """The press that the text stands for anywhere, or on the report's own screen."""
    if desk is not None and desk.place.screen in _NUMBER_SCREENS and _is_figures(text):
        return None  # every caption there has a word
    wanted = plain(text)
    for key, action in _ANYWHERE.items():
        if wanted == plain(turn.texts.say(key)):
            return Press(action)
    at_rest = desk is None or desk.place.screen in _AT_REST
    if shown.buttons and _number(text) is not None and at_rest:
        return None  # it meant the screen shown last, which has no such button
    if desk is not None and shown.hides(text):
        return None
    return _on_the_reports_screen(turn, desk, text)


def _on_the_reports_screen(turn: Turn, desk: Desk | None, text: str) -> Press | None:
    if desk is not None and desk.place.screen in _FREE_TEXT:
        return None
    screen = (
        desk_screen(turn.tx, desk, turn.texts, turn.house.zone, turn.now)
        if desk is not None
        else home.home(turn).shown[0].screen
    )
    buttons, number = tuple(b for b in _buttons(screen) if b.data), _number(text)
    press = _captioned(buttons, text)
    if press is not None:
        return press
    if number is not None and _numbered(desk, number) and number <= len(buttons):
        return unpack(buttons[number - 1].data or "")
    return None


def _captioned(buttons: tuple[Button, ...], text: str) -> Press | None:
    wanted = plain(text)
    found = [one for one in buttons if wanted and plain(one.label) == wanted]
    bare = [one for one in buttons if wanted and plain(without_count(one.label)) == wanted]
    found += bare if len(bare) == 1 else []
    return unpack(found[0].data or "") if found else None


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


def _is_figures(text: str) -> bool:
    return _number(text) is None and not any(one.isalpha() for one in text)


def _buttons(screen: Screen) -> list[Button]:
    return [button for row in screen.rows for button in row]
