"""Typed texts that name a button: its caption, or its number where no number is asked."""

from criteria.reading import read_confirmation
from handlers import home
from handlers.flow.asked_screen import (
    ANSWERS,
    NUMBER_SCREENS,
    AskedScreen,
    captioned,
    is_choice,
    takes_figures,
)
from handlers.flow.context import Context
from handlers.flow.page import is_back, is_cancel
from handlers.flow.press import Press, unpack
from handlers.flow.routes import route_of
from handlers.report.screens.screen import report_screen
from handlers.report.view import ReportView

_SENTENCE_SCREENS = frozenset({"difficulty"})
_AT_REST = frozenset({"summary", "gaps", "rest", "home"})
_TAKES_ANSWERS = frozenset({"ask", "confirm"})
_ACTION_AND_BACK = 2  # buttons


def on_last_screen(view: ReportView | None, shown: AskedScreen, text: str) -> Press | None:
    """Return the press that a text names on the last screen, if that is not the report's own."""
    number = number_of(text)
    if route_of(shown.address).asks and text[:1].isdigit():
        return None
    press = shown.captioned(text)
    if press is None and number is not None and number <= len(shown.buttons):
        press = unpack(shown.buttons[number - 1].data)
        press = press if _may_be_numbered(view, shown, press) else None
    return press or _yes_or_no_press(shown, text) or _cancel_or_back_press(shown, text)


def on_report_screen(context: Context, view: ReportView | None, text: str) -> Press | None:
    """Return the press that a text names on the report's own screen, or on the start screen."""
    if view is not None and view.place.screen in _SENTENCE_SCREENS:
        return None
    if view is not None and view.place.screen in NUMBER_SCREENS and is_figures(text):
        return None  # every caption there has letters
    screen = (
        report_screen(context.tx, view, context.texts, context.deployment.zone, context.now)
        if view is not None
        else home.home_screen(context)
    )
    number, buttons = number_of(text), tuple(b for row in screen.rows for b in row if b.data)
    press = captioned(buttons, text)
    if press is None and number is not None and _chooses(view, number) and number <= len(buttons):
        return unpack(buttons[number - 1].data or "")
    return press


def at_rest(view: ReportView | None) -> bool:
    """Return whether no question of a report is open."""
    return view is None or view.place.screen in _AT_REST


def number_of(text: str) -> int | None:
    """Return the number of a button in a text: one digit from 1 to 9; else None."""
    stripped = text.strip()
    one_digit = len(stripped) == 1 and stripped in "123456789"
    return int(stripped) if one_digit else None


def is_figures(text: str) -> bool:
    """Return whether a text has no letter, and is not a single digit."""
    return number_of(text) is None and not any(one.isalpha() for one in text)


def _yes_or_no_press(shown: AskedScreen, text: str) -> Press | None:
    """Return the press for a typed yes or no on a screen with one action and the way back."""
    presses = shown.presses()
    if not shown.step or len(presses) != _ACTION_AND_BACK:
        return None
    action, way_back = presses
    if action is None or route_of(action).only_reads or route_of(shown.address).asks:
        return None
    if is_figures(text) or number_of(text) is not None:
        return None
    return {"yes": action, "no": way_back}.get(read_confirmation(text) or "")


def _cancel_or_back_press(shown: AskedScreen, text: str) -> Press | None:
    """Return the press for a typed "huỷ" or "quay lại": usually that of the last button."""
    address = shown.address
    if address is None or not shown.buttons or route_of(address).converses:
        return None
    back = unpack(shown.buttons[-1].data)
    if is_cancel(text):
        target = route_of(address).cancel_target
        return target(address) if target is not None else back
    return back if is_back(text) else None


def _may_be_numbered(view: ReportView | None, shown: AskedScreen, press: Press | None) -> bool:
    """Return whether a bare number means that button of a screen outside of the report.

    While the report has an open question, a number is for it, except on a screen that asks
    something itself: there it opens a screen or picks a report, and changes nothing.
    """
    if at_rest(view):
        return True
    harmless = press is not None and (route_of(press).kind == "screen" or press.action == "pick")
    return shown.asks() and harmless


def _chooses(view: ReportView | None, number: int) -> bool:
    """Return whether a bare number on the report's screen, or the start screen, is a button's.

    A 1 or 2 that answers the question is read as the answer and not as a press, so that it is
    checked like a typed "có" or "đúng".
    """
    if view is None:
        return True
    place = view.place
    if place.screen in _TAKES_ANSWERS and number in ANSWERS:
        return False
    return is_choice(place.screen, number, figures=takes_figures(view.question(place.code)))
