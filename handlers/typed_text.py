"""What a typed text can mean, in the order in which it is tried.

First it is decided which thing asked the text is about, from what its writer had seen. Then it is
read there: captions and numbers of the buttons, phrases that work everywhere, what the screen asks
for. It knows no feature: phrases and screens are registered by those that own them.
"""

from criteria.conversation.addressing import Asked, Inputs, Meant
from criteria.conversation.inputs import inputs_of
from criteria.reading import read, read_confirmation
from handlers import actions, home, phrases, start_words, stepping
from handlers.asked import AskedScreen
from handlers.channel import Reply
from handlers.presses import Press
from handlers.reporting.desk import Desk
from handlers.reporting.filling import desk_of_report, typed, typed_for
from handlers.reporting.showing import show_desk
from handlers.reporting.which_question import ask_which
from handlers.scene import Scene, scene_of
from handlers.steps import Next
from handlers.texts import Html
from handlers.turn import Turn
from handlers.typed_buttons import at_rest, number_of, on_report_screen, on_screen_beside
from storage import asks


def read_text(turn: Turn, text: str) -> Reply:
    """The reply to a typed text."""
    scene, inputs = scene_of(turn), inputs_of(text)
    own = _reply_to_own_message(turn, scene)
    if own is not None:
        return own
    meant = scene.meant(turn.incoming, text, inputs)
    match meant.outcome:
        case "repeated":
            return _once(turn, scene)
        case "which":
            return _ask_which(turn, scene, meant, text)
        case "unseen" if inputs.sure:
            return _shown_again(turn, scene, turn.texts.say("say.not_seen"))
        case "correction":
            return _for(turn, scene, meant.asked[0], text, settled=True)
        case "answer":
            return _for(turn, scene, meant.asked[0], text, settled=False)
    return _read_here(turn, scene, text, inputs)


# --- which thing it is about ----------------------------------------------------------------------


def _reply_to_own_message(turn: Turn, scene: Scene) -> Reply | None:
    """A reply to one's own message is about the question which that message answered."""
    target = turn.incoming.reply_to
    if target is None:
        return None
    known = asks.written_message(turn.tx, turn.person.id, target)
    if known is None or known.report_id is None or known.indicator is None:
        return None
    desk = _desk(turn, scene, known.report_id)
    if desk is None:
        return None
    question = desk.question(known.indicator)
    return typed_for(turn, desk, known.indicator, settled=question is None or not question.open)


def _once(turn: Turn, scene: Scene) -> Reply:
    """The same was said before: nothing changes, and only what never arrived is shown again."""
    present = scene.present
    if scene.desk is not None and present is not None and present.shown is None:
        return show_desk(turn, scene.desk)
    return Reply(person=turn.person.id)


def _ask_which(turn: Turn, scene: Scene, meant: Meant, text: str) -> Reply:
    screens = [scene.screens[one.key] for one in meant.asked]
    desk = scene.desk
    if desk is not None and len(screens) == 1 and _is_open_place(screens[0], desk):
        return typed(turn, desk, seen=False)
    asked = ask_which(turn, desk, screens, text) if desk is not None else None
    if desk is None or asked is None:
        return _shown_again(turn, scene, turn.texts.say("say.not_seen"))
    present = scene.present
    if present is None or present.shown is not None:
        return asked
    question = show_desk(turn, desk)  # it perhaps never came
    return Reply((*question.shown, *asked.shown), person=turn.person.id)


def _for(turn: Turn, scene: Scene, asked: Asked, text: str, *, settled: bool) -> Reply:
    """The text is about this, whatever lies open at this moment."""
    screen, desk = scene.screens[asked.key], scene.desk
    if screen.report is None:
        inputs = inputs_of(text)
        if settled and (inputs.sure or inputs.faint):  # a reply to what isn't asked any more
            return _shown_again(turn, scene, turn.texts.say("say.asked_beside"))
        return _read_here(turn, scene, text, inputs)
    if screen.screen == "office" and not (screen.code and read_confirmation(text) is None):
        wanted = {"yes": "obyes", "no": "obno"}.get(read_confirmation(text) or "")
        press = next((p for p in screen.presses() if p is not None and p.action == wanted), None)
        return _acted(turn, press) or _shown_again(turn, scene)
    if desk is not None and _is_open_place(screen, desk):
        if not scene.beside.buttons:
            return _read_here(turn, scene, text, inputs_of(text))
        return typed(turn, desk, beside=True)
    settled = settled or screen.screen == "office"
    there = _desk(turn, scene, screen.report)
    if there is None or screen.code is None:
        return _read_here(turn, scene, text, inputs_of(text))
    return typed_for(turn, there, screen.code, settled=settled)


def _is_open_place(screen: AskedScreen, desk: Desk) -> bool:
    return screen.report == desk.report.id and screen.revision == desk.revision


def _desk(turn: Turn, scene: Scene, report_id: int) -> Desk | None:
    if scene.desk is not None and scene.desk.report.id == report_id:
        return scene.desk
    return desk_of_report(turn, report_id)


# --- how it is read there -------------------------------------------------------------------------


def _read_here(turn: Turn, scene: Scene, text: str, inputs: Inputs) -> Reply:
    """The text as it is read on the screen that was shown last."""
    shown, desk = scene.beside, scene.desk
    found = _beside(turn, desk, shown, text) or _on_report_screen(turn, desk, shown, text)
    if found is None and at_rest(desk):
        found = _resolved(turn, phrases.understood(turn, text, at_rest=True))
    if found is not None:
        return found
    if desk is not None and desk.writable and _for_screen_beside(shown, text):
        # It may be meant for what was asked last: it must not count for the question behind.
        return show_desk(turn, desk, above=turn.texts.say("say.asked_beside"))
    if desk is not None:
        return typed(turn, desk, seen=_seen(scene), beside=bool(shown.buttons))
    at_start = start_words.said(turn, text, inputs, beside=shown.address is not None)
    return at_start or _not_understood(turn, shown)


def _beside(turn: Turn, desk: Desk | None, shown: AskedScreen, text: str) -> Reply | None:
    """On the screen beside the report: its buttons, phrases, and what it asks for."""
    press = on_screen_beside(desk, shown, text)
    if press is not None:
        return _acted(turn, press) or actions.gone(turn)
    asked = stepping.asked(shown.address)
    if not asked and any(one.isalpha() for one in text):
        found = _resolved(turn, phrases.understood(turn, text, at_rest=False))
        if found is not None:
            return found
    said = stepping.typed(turn, shown, text)
    return actions.gone(turn) if said is None and asked else said


def _on_report_screen(turn: Turn, desk: Desk | None, shown: AskedScreen, text: str) -> Reply | None:
    """On the report's own screen, or the start screen: its buttons."""
    if shown.buttons and number_of(text) is not None and at_rest(desk):
        return None  # it meant the screen shown last, which has no such button
    if desk is not None and _for_screen_beside(shown, text):
        return None
    return _acted(turn, on_report_screen(turn, desk, text))


def _for_screen_beside(shown: AskedScreen, text: str) -> bool:
    """Whether the text may be meant for the screen beside the report, so that it is no answer.

    A figure is plainly for the question, unless the screen asks which report it is for.
    """
    if not shown.asks() or read(text, "yes_no").outcome == "command":
        return False
    if "anything" in shown.takes:
        return True
    return len(text) == 1 or not any(c.isdigit() for c in text)


def _seen(scene: Scene) -> bool:
    present = scene.present
    return present is None or present.shown is not None


def _resolved(turn: Turn, found: phrases.Understood) -> Reply | None:
    if isinstance(found, Next):
        return stepping.show(turn, found)
    return _acted(turn, found) if isinstance(found, Press) else found


def _acted(turn: Turn, press: Press | None) -> Reply | None:
    return actions.act(turn, press) if press is not None else None


def _shown_again(turn: Turn, scene: Scene, above: Html | None = None) -> Reply:
    if scene.desk is not None:
        return show_desk(turn, scene.desk, above=above)
    return _not_understood(turn, scene.beside, above)


def _not_understood(turn: Turn, shown: AskedScreen, above: Html | None = None) -> Reply:
    """The same step again, else home, with a sentence."""
    text = above or turn.texts.say("home.not_understood")
    again = Next(shown.address, text, shown.said) if shown.address is not None else None
    return stepping.show(turn, again) or home.home(turn, text)
