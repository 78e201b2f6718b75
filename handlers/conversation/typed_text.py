"""What a typed text can mean, in the order in which it is tried.

First it is decided which screen or question the text is about, from what its writer had seen. Then
it is read there: captions and numbers of the buttons, phrases that work everywhere, what the screen
asks for. It knows no feature but the report: features register their phrases and screens.
"""

from dataclasses import replace

from criteria.conversation.addressing import Asked, Meant, order
from criteria.conversation.inputs import inputs_of
from criteria.reading import read, read_confirmation
from handlers import home
from handlers.conversation.scene import Scene, scene_of
from handlers.conversation.typed_buttons import (
    at_rest,
    number_of,
    on_last_screen,
    on_report_screen,
)
from handlers.flow import commands, navigation
from handlers.flow.asked_screen import AskedScreen
from handlers.flow.channel import Reply
from handlers.flow.context import Context
from handlers.flow.press import Press
from handlers.flow.routes import Next, route_of
from handlers.report import start_words
from handlers.report.buttons import ask_which
from handlers.report.report_access import open_view
from handlers.report.screens.screen import show_report
from handlers.report.use_cases import typed, typed_for
from handlers.report.view import ReportView
from handlers.report.whole_report import offered
from handlers.texts import Html
from storage.conversations import asks

_WORDS_OF_TWO = 4  # "camera có, mạng chưa", "keep all as before"


def read_text(context: Context, text: str) -> Reply:
    """The reply to a typed text."""
    scene, inputs = scene_of(context), inputs_of(text)
    whole = read_whole_report(context, scene, text)
    if whole is not None:
        return whole
    own = _reply_to_own_message(context, scene)
    if own is not None:
        return own
    if _chooses(context, scene, text):
        return _read_here(context, scene, text)
    meant = scene.meant(context.incoming, text, inputs)
    match meant.outcome:
        case "repeated":
            return _once(context, scene)
        case "which":
            return _ask_which(context, scene, meant, text)
        case "unseen" if inputs.sure:
            return _shown_again(context, scene, context.texts.say("say.not_seen"))
        case "correction":
            return _about(context, scene, meant.asked[0], text, settled=True)
        case "answer":
            return _about(context, scene, meant.asked[0], text, settled=False)
    return _read_here(context, scene, text)


def read_whole_report(context: Context, scene: Scene, text: str) -> Reply | None:
    """The table of a text that is a whole report, of the one that its writer saw; else None.

    It names its questions itself, so that it is about them whatever else was asked.
    """
    seen = scene.seen(context.incoming)
    if not _may_be_several(text):
        return None
    if "anything" in seen.takes and not start_words.chooses_report(seen):
        return None
    view = scene.report_seen(context)
    shown = scene.last_screen
    of_another = start_words.chooses_report(seen) or (
        view is not None and start_words.may_be_other_area(context, view, shown)
    )
    if view is None or not view.writable or of_another:
        return start_words.whole_report(context, scene.last_screen, text)
    return offered(context, view, scene.last_screen, text)


def _may_be_several(text: str) -> bool:
    """Whether it is long enough for two answers, so that it is worth to look for the report."""
    words = len(text.split())
    return words >= _WORDS_OF_TWO or (words > 1 and any(one.isdigit() for one in text))


# --- what it is about -----------------------------------------------------------------------------


def _reply_to_own_message(context: Context, scene: Scene) -> Reply | None:
    """A reply to one's own message is about the question which that message answered."""
    target = context.incoming.reply_to
    if target is None:
        return None
    known = asks.written_message(context.tx, context.person.id, context.bot, target)
    if known is None or known.report_id is None or known.indicator is None:
        return None
    view = scene.view_of(context, known.report_id)
    if view is None:
        return None
    question = view.question(known.indicator)
    settled = question is None or not question.open
    return typed_for(context, view, known.indicator, settled=settled)


def _chooses(context: Context, scene: Scene, text: str) -> bool:
    """Whether a bare number is a choice of the report's summary, the newest that its writer saw.

    Else it would answer a return that came before the summary.
    """
    present, view, number = scene.present, scene.view, number_of(text)
    if present is None or view is None or number is None or scene.asked[-1] is not present:
        return False
    screen = scene.screens[present.key]
    seen = order(scene.written(context.incoming), present.shown) == "after"
    there = _is_open_place(screen, view) and at_rest(view)
    return seen and there and number <= len(screen.buttons)


def _once(context: Context, scene: Scene) -> Reply:
    """The same was said before: nothing changes, and only what never arrived is shown again."""
    if scene.view is not None and not scene.arrived:
        return show_report(context, scene.view)
    return Reply(person=context.person.id)


def _ask_which(context: Context, scene: Scene, meant: Meant, text: str) -> Reply:
    screens = [scene.screens[one.key] for one in meant.asked]
    view = scene.view
    if view is not None and len(screens) == 1 and _is_open_place(screens[0], view):
        return typed(context, view, seen=False)
    asked = ask_which(context, view, screens, text) if view is not None else None
    if view is None or asked is None:
        return _shown_again(context, scene, context.texts.say("say.not_seen"))
    if scene.arrived:
        return asked
    question = show_report(context, view)
    return Reply((*question.shown, *asked.shown), person=context.person.id)


def _about(context: Context, scene: Scene, asked: Asked, text: str, *, settled: bool) -> Reply:
    """The text is about this, whatever is open at this moment."""
    screen, view = scene.screens[asked.key], scene.view
    if screen.report is None:
        inputs = inputs_of(text)
        if settled and (inputs.sure or inputs.possible):  # a reply to what isn't asked any more
            return _shown_again(context, scene, context.texts.say("say.asked_beside"))
        return _read_here(context, scene, text)
    if screen.screen == "office" and not (screen.code and read_confirmation(text) is None):
        wanted = {"yes": "obyes", "no": "obno"}.get(read_confirmation(text) or "")
        press = next((p for p in screen.presses() if p is not None and p.action == wanted), None)
        return _acted(context, view, press) or _shown_again(context, scene)
    is_open = view is not None and _is_open_place(screen, view)
    if view is not None and is_open and scene.last_screen.buttons:
        return typed(context, view, last_screen=True)
    there = scene.view_of(context, screen.report)
    if is_open or there is None or screen.code is None:
        return _read_here(context, scene, text)
    settled = settled or screen.screen == "office"
    seen = scene.seen(context.incoming)
    beside = seen.report is None and bool(seen.buttons) and number_of(text) is not None
    return typed_for(context, there, screen.code, settled=settled, beside=beside)


def _is_open_place(screen: AskedScreen, view: ReportView) -> bool:
    return screen.report == view.report.id and screen.revision == view.revision


# --- how it is read there -------------------------------------------------------------------------


def _read_here(context: Context, scene: Scene, text: str) -> Reply:
    """The text as it is read on the screen that was shown last."""
    shown, view = scene.last_screen, scene.view
    found = _on_last_screen(context, view, shown, text)
    found = found or _on_report_screen(context, view, shown, text)
    if found is None and at_rest(view):
        found = _resolved(context, view, commands.understood(context, text, at_rest=True))
    if found is not None:
        return found
    if view is not None and view.writable and _may_be_for(shown, text):
        # It may be meant for what was asked last: it must not count for the question behind.
        return show_report(context, view, above=context.texts.say("say.asked_beside"))
    if view is not None:
        return typed(context, view, seen=scene.arrived, last_screen=bool(shown.buttons))
    at_start = start_words.reply_at_start(context, text, last_screen=shown.address is not None)
    return at_start or _not_understood(context, shown)


def _on_last_screen(
    context: Context, view: ReportView | None, shown: AskedScreen, text: str
) -> Reply | None:
    """On the last screen: its buttons, phrases, and what it asks for."""
    press = on_last_screen(view, shown, text)
    if press is not None:
        return _acted(context, view, press) or gone(context)
    asked = route_of(shown.address).asks
    if not asked and any(one.isalpha() for one in text):
        found = _resolved(context, view, commands.understood(context, text, at_rest=False))
        if found is not None:
            return found
    said = navigation.typed(context, shown, text, view)
    return gone(context) if said is None and asked else said


def _on_report_screen(
    context: Context, view: ReportView | None, shown: AskedScreen, text: str
) -> Reply | None:
    """On the report's own screen, or the start screen: its buttons."""
    if shown.buttons and number_of(text) is not None and at_rest(view):
        return None  # it meant the screen shown last, which has no such button
    if view is not None and _may_be_for(shown, text):
        return None
    return _acted(context, view, on_report_screen(context, view, text))


def _may_be_for(shown: AskedScreen, text: str) -> bool:
    """Whether the text may be meant for the last screen, so that it is no answer to the report.

    A figure is plainly for the question, unless the screen asks which report it is for.
    """
    if not shown.asks() or read(text, "yes_no").outcome == "command":
        return False
    if "anything" in shown.takes:
        return True
    return len(text) == 1 or not any(c.isdigit() for c in text)


def _resolved(context: Context, view: ReportView | None, found: commands.Meant) -> Reply | None:
    if isinstance(found, Next):
        return navigation.show(context, found)
    return _acted(context, view, found) if isinstance(found, Press) else found


def _acted(context: Context, view: ReportView | None, press: Press | None) -> Reply | None:
    """What the press does; the open report's `view` was loaded for the reading of the text."""
    return navigation.press(context, press, view) if press is not None else None


def _shown_again(context: Context, scene: Scene, above: Html | None = None) -> Reply:
    if scene.view is not None:
        return show_report(context, scene.view, above=above)
    return _not_understood(context, scene.last_screen, above)


def _not_understood(context: Context, shown: AskedScreen, above: Html | None = None) -> Reply:
    """The same step again, else the start screen, with a sentence."""
    text = above or context.texts.say("home.not_understood")
    again = Next(shown.address, text, shown.said) if shown.address is not None else None
    return navigation.show(context, again) or present_screen(context, None, text)


# --- the screen where a person is -----------------------------------------------------------------


def present_screen(context: Context, view: ReportView | None, above: str | None = None) -> Reply:
    """The screen of the open report, else the start screen, with a sentence above it."""
    if view is not None:
        return show_report(context, view, above=above)
    return home.home(context, above)


def gone(context: Context) -> Reply:
    """The same for who asked for something that is not there any more, or not theirs."""
    view = open_view(context)
    if context.incoming.kind != "press":
        return present_screen(context, view, context.texts.say("toast.not_now"))
    return replace(present_screen(context, view), toast=context.texts.say("toast.gone"))
