"""The meanings of a typed text, in the order in which they are tried.

The first step finds the screen or question that the text is about, from what its writer had seen.
The second step reads it there: captions and numbers of buttons, phrases, what the screen asks for.
The report is the only feature used here: others register their phrases and screens.
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
from handlers.report import on_behalf, start_words
from handlers.report.buttons import ask_which
from handlers.report.report_access import open_view
from handlers.report.screens.screen import show_report
from handlers.report.use_cases import typed, typed_for
from handlers.report.view import ReportView
from handlers.report.whole_report import offered
from handlers.texts import Html
from storage.conversations import asks

# Without figures, two questions with one word each need at least two words of answers:
# "camera có, mạng chưa". "keep all as before" has four words too.
_WORDS_OF_TWO_ANSWERS = 4


def read_text(context: Context, text: str) -> Reply:
    """Return the reply to a typed text."""
    scene, inputs = scene_of(context), inputs_of(text)
    whole = read_whole_report(context, scene, text)
    if whole is not None:
        return whole
    own = _reply_to_own_message(context, scene)
    if own is not None:
        return own
    if _chooses_on_summary(context, scene, text):
        return _read_here(context, scene, text)
    meant = scene.meant(context.incoming, text, inputs)
    match meant.outcome:
        case "repeated":
            return _reply_to_repeated(context, scene)
        case "which":
            return _ask_which(context, scene, meant, text)
        case "unseen" if inputs.sure:
            return _shown_again(context, scene, context.texts.say("say.not_seen"))
        case "correction":
            return _read_for(context, scene, meant.asked[0], text, settled=True)
        case "answer":
            return _read_for(context, scene, meant.asked[0], text, settled=False)
    return _read_here(context, scene, text)


def read_whole_report(context: Context, scene: Scene, text: str) -> Reply | None:
    """Return the table of a text that is a whole report, for the report that its writer saw.

    None for any other text. A whole report names its questions, so it does not matter what else
    was asked.
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
    """Return whether a text is long enough for two answers, before the report is loaded."""
    words = len(text.split())
    return words >= _WORDS_OF_TWO_ANSWERS or (words > 1 and any(one.isdigit() for one in text))


# --- which question -------------------------------------------------------------------------------


def _reply_to_own_message(context: Context, scene: Scene) -> Reply | None:
    """Handle a reply to a message of the person's own: it is about that message's question."""
    target = context.incoming.reply_to
    if target is None:
        return None
    written = asks.written_message(context.tx, context.person.id, context.bot, target)
    if written is None or written.report_id is None or written.indicator is None:
        return None
    view = scene.view_of(context, written.report_id)
    if view is None:
        return None
    question = view.question(written.indicator)
    settled = question is None or not question.open
    return typed_for(context, view, written.indicator, settled=settled)


def _chooses_on_summary(context: Context, scene: Scene, text: str) -> bool:
    """Return whether a bare number chooses on the report's summary, the newest screen seen.

    Otherwise it would answer a return that arrived before the summary.
    """
    present, view, number = scene.present, scene.view, number_of(text)
    if present is None or view is None or number is None or scene.asked[-1] is not present:
        return False
    screen = scene.screens[present.key]
    seen = order(scene.written(context.incoming), present.shown) == "after"
    is_open = _is_open_place(screen, view) and at_rest(view)
    return seen and is_open and number <= len(screen.buttons)


def _reply_to_repeated(context: Context, scene: Scene) -> Reply:
    """Handle a repeated text: change nothing; show the question again if it never arrived."""
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


def _read_for(context: Context, scene: Scene, asked: Asked, text: str, *, settled: bool) -> Reply:
    """Handle a text about this ask, which need not be the open one."""
    screen, view = scene.screens[asked.key], scene.view
    if screen.report is None:
        return _read_for_other_screen(context, scene, text, settled=settled)
    if screen.screen == "office" and (not screen.code or read_confirmation(text) is not None):
        return _reply_to_correction(context, scene, screen, text)
    if view is not None and _is_open_place(screen, view):
        # If another screen was shown since, the text answers the question and presses no button.
        beside = bool(scene.last_screen.buttons)
        return (
            typed(context, view, last_screen=True) if beside else _read_here(context, scene, text)
        )
    # A value typed after the office's correction replaces the office's answer: confirm it first.
    settled_now = settled or screen.screen == "office"
    return _answer_question(context, scene, screen, text, settled=settled_now)


def _read_for_other_screen(context: Context, scene: Scene, text: str, *, settled: bool) -> Reply:
    """Handle a text about a screen outside of a report; only the newest one still takes it."""
    inputs = inputs_of(text)
    if settled and (inputs.sure or inputs.possible):
        return _shown_again(context, scene, context.texts.say("say.asked_beside"))
    return _read_here(context, scene, text)


def _reply_to_correction(context: Context, scene: Scene, screen: AskedScreen, text: str) -> Reply:
    """Press the button "right" or "wrong" of the office's message; else show the place again."""
    wanted = {"yes": on_behalf.right, "no": on_behalf.wrong}.get(read_confirmation(text) or "")
    press = next((one for one in screen.presses() if route_of(one) is wanted), None)
    return _press(context, scene.view, press) or _shown_again(context, scene)


def _answer_question(
    context: Context, scene: Scene, screen: AskedScreen, text: str, *, settled: bool
) -> Reply:
    """Store the text for a question that is not the open one, or ask for a confirmation first."""
    view = scene.view_of(context, screen.report) if screen.report is not None else None
    if view is None or screen.code is None:
        return _read_here(context, scene, text)
    seen = scene.seen(context.incoming)
    beside = seen.report is None and bool(seen.buttons) and number_of(text) is not None
    return typed_for(context, view, screen.code, settled=settled, beside=beside)


def _is_open_place(screen: AskedScreen, view: ReportView) -> bool:
    return screen.report == view.report.id and screen.revision == view.revision


# --- reading it -----------------------------------------------------------------------------------


def _read_here(context: Context, scene: Scene, text: str) -> Reply:
    """Read the text on the screen that was shown last."""
    shown, view = scene.last_screen, scene.view
    found = _on_last_screen(context, view, shown, text)
    found = found or _on_report_screen(context, view, shown, text)
    if found is None and at_rest(view):
        found = _to_reply(context, view, commands.phrase_result(context, text, at_rest=True))
    if found is not None:
        return found
    if view is not None and view.writable and _may_be_for(shown, text):
        # It may be meant for the last screen: it must not answer the report's question.
        return show_report(context, view, above=context.texts.say("say.asked_beside"))
    if view is not None:
        return typed(context, view, seen=scene.arrived, last_screen=bool(shown.buttons))
    at_start = start_words.reply_at_start(context, text, last_screen=shown.address is not None)
    return at_start or _not_understood(context, shown)


def _on_last_screen(
    context: Context, view: ReportView | None, shown: AskedScreen, text: str
) -> Reply | None:
    """Read the text on the last screen: its buttons, phrases, and what it asks for."""
    press = on_last_screen(view, shown, text)
    if press is not None:
        return _press(context, view, press) or gone(context)
    asked = route_of(shown.address).asks
    if not asked and any(one.isalpha() for one in text):
        found = _to_reply(context, view, commands.phrase_result(context, text, at_rest=False))
        if found is not None:
            return found
    reply = navigation.handle_text(context, shown, text, view)
    return gone(context) if reply is None and asked else reply


def _on_report_screen(
    context: Context, view: ReportView | None, shown: AskedScreen, text: str
) -> Reply | None:
    """Read the text as a button of the report's own screen, or of the start screen."""
    if shown.buttons and number_of(text) is not None and at_rest(view):
        return None  # it is meant for the last screen, which has no such button
    if view is not None and _may_be_for(shown, text):
        return None
    return _press(context, view, on_report_screen(context, view, text))


def _may_be_for(shown: AskedScreen, text: str) -> bool:
    """Return whether the text may be meant for the last screen, and not for the report.

    A longer number is for the report's question, unless the screen takes any text.
    """
    if not shown.asks() or read(text, "yes_no").outcome == "command":
        return False
    if "anything" in shown.takes:
        return True
    return len(text) == 1 or not any(c.isdigit() for c in text)


def _to_reply(context: Context, view: ReportView | None, found: commands.Meant) -> Reply | None:
    if isinstance(found, Next):
        return navigation.show(context, found)
    return _press(context, view, found) if isinstance(found, Press) else found


def _press(context: Context, view: ReportView | None, press: Press | None) -> Reply | None:
    """Handle the press; the open report's `view` was loaded for the reading of the text."""
    return navigation.press(context, press, view) if press is not None else None


def _shown_again(context: Context, scene: Scene, above: Html | None = None) -> Reply:
    if scene.view is not None:
        return show_report(context, scene.view, above=above)
    return _not_understood(context, scene.last_screen, above)


def _not_understood(context: Context, shown: AskedScreen, above: Html | None = None) -> Reply:
    """Show the same step again, else the start screen, with a sentence."""
    text = above or context.texts.say("home.not_understood")
    again = Next(shown.address, text, shown.typed) if shown.address is not None else None
    return navigation.show(context, again) or present_screen(context, None, text)


# --- the present screen ---------------------------------------------------------------------------


def present_screen(context: Context, view: ReportView | None, above: str | None = None) -> Reply:
    """Show the screen of the open report, else the start screen, with a sentence above it."""
    if view is not None:
        return show_report(context, view, above=above)
    return home.home(context, above)


def gone(context: Context) -> Reply:
    """Show the present screen after an address that no longer exists or is not the person's."""
    view = open_view(context)
    if context.incoming.kind != "press":
        return present_screen(context, view, context.texts.say("toast.not_now"))
    return replace(present_screen(context, view), toast=context.texts.say("toast.gone"))
