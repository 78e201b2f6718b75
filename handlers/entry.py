"""The one door: every update comes in here, in one transaction, and leaves as a reply."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from criteria.reading import read
from handlers import beside, home, joining, my_data, stepping
from handlers.beside import Last
from handlers.channel import Incoming, Reply, Sender
from handlers.choices import chosen, chosen_beside
from handlers.difficulties import routing as difficulties
from handlers.history.screens import history_command, history_press
from handlers.house import House
from handlers.person_names import clean_name
from handlers.presses import Press, unpack
from handlers.reminding import choosing
from handlers.reminding.pressing import reminder_press, reminder_typed
from handlers.reporting import counting, filling, on_behalf, practising, receipts
from handlers.reporting.desk import Desk
from handlers.reporting.moving import standing_desk
from handlers.reporting.showing import show_desk
from handlers.review import screens as review
from handlers.status import (
    export_command,
    status_command,
    status_press,
    status_typed,
    suppose_command,
    why_command,
)
from handlers.steps import Next, to
from handlers.texts import texts_of
from handlers.turn import Turn
from storage import conversations, inbox, people
from storage.conversations import Conversation
from storage.people import Person


def handle(tx: Connection, incoming: Incoming, now: datetime, house: House) -> Reply:
    """Do what the person asked, mark the update done, and say what is to be shown.

    An update that is done already, or could not be stored, changes nothing and shows nothing.
    """
    if incoming.update_id is not None and not inbox.is_waiting(tx, incoming.update_id):
        return Reply()
    reply = _answer(tx, incoming, now, house)
    beside.keep(tx, reply, now)
    if incoming.update_id is not None:
        inbox.finish(tx, incoming.update_id)
    return reply


def present(tx: Connection, person_id: int, now: datetime, house: House) -> Reply:
    """The person's present screen again, if the reply that led to it may have been lost."""
    person = people.person(tx, person_id)
    kept = conversations.conversation_of(tx, person_id)
    if person is None or person.address is None or kept is None:
        return Reply()
    if kept.shown_revision >= kept.revision:
        return Reply()
    turn = _turn(tx, Incoming(_sender_of(person), "text"), person, now, house)
    desk = _own_desk(turn, kept)
    if desk is None or (desk.place.alone and desk.place.screen == "ask"):
        return Reply()  # an evening's question is never asked twice
    return receipts.sent(turn, desk) if receipts.owed(turn, desk) else show_desk(turn, desk)


def _answer(tx: Connection, incoming: Incoming, now: datetime, house: House) -> Reply:
    person = people.find_person(tx, incoming.sender.channel, incoming.sender.address)
    if incoming.kind in {"blocked", "unblocked"}:
        if person is not None:
            people.set_reachable(tx, person.id, reachable=incoming.kind == "unblocked", now=now)
        return Reply()
    if person is None:
        return joining.stranger(tx, incoming, now, house)
    if person.unreachable_since is not None:
        people.set_reachable(tx, person.id, reachable=True, now=now)
    sender = incoming.sender
    person = people.follow_account(tx, person, clean_name(sender.name), sender.handle)
    turn = _turn(tx, incoming, person, now, house)
    if incoming.kind == "press":
        return _press(turn)
    if incoming.kind == "edit":
        return _edit(turn)
    if incoming.kind == "text":
        return _text(turn)
    return _other(turn)


def _turn(tx: Connection, incoming: Incoming, person: Person, now: datetime, house: House) -> Turn:
    memberships = tuple(people.memberships_of(tx, person.id))
    return Turn(tx, now, house, incoming, person, memberships, texts_of(person.language))


def _own_desk(turn: Turn, kept: Conversation | None = None) -> Desk | None:
    """The report that lies open, if it is still this person's to fill in."""
    kept = kept or conversations.conversation_of(turn.tx, turn.person.id)
    return standing_desk(turn, kept)


# --- buttons ------------------------------------------------------------------------------------


def _press(turn: Turn) -> Reply:
    press = unpack(turn.incoming.data)
    reply = act(turn, press) if press is not None else None
    return reply if reply is not None else _gone(turn)


def act(turn: Turn, press: Press) -> Reply | None:
    """What a press does; None when it leads nowhere (any more, or for this person)."""
    if stepping.is_step(press):
        return stepping.pressed(turn, press)
    if press.action.startswith("s."):
        return status_press(turn, press)
    if press.action.startswith("r."):
        return reminder_press(turn, press)
    if press.action in choosing.ACTIONS:
        return choosing.evening_press(turn, press)
    if press.action.startswith("h."):
        return history_press(turn, press)
    if press.action in on_behalf.ACTIONS:
        return on_behalf.answered(turn, press)
    if press.action in filling.ACTIONS:
        return filling.pressed(turn, press)
    action = _ACTIONS.get(press.action)
    return action(turn, press) if action is not None else None


def _gone(turn: Turn) -> Reply:
    """The present screen, for what can't be done any more, or not by this person."""
    desk = _own_desk(turn)
    if turn.incoming.kind != "press":
        text = turn.texts.say("toast.not_now")
        return show_desk(turn, desk, above=text) if desk is not None else home.home(turn, text)
    reply = show_desk(turn, desk) if desk is not None else home.home(turn)
    return replace(reply, toast=turn.texts.say("toast.gone"))


def _language(turn: Turn, press: Press) -> Reply | None:
    changed = home.language_chosen(turn, press)
    if changed is None:
        return None
    reply = home.home(changed, changed.texts.say("language.done"), edit=True)
    return replace(reply, commands=home.commands_of(changed))


_ACTIONS: dict[str, Callable[[Turn, Press], Reply | None]] = {
    "home": lambda turn, _press: home.home(turn),
    "rep": lambda turn, _press: home.report(turn, office=False),
    "off": lambda turn, _press: home.report(turn, office=True),
    "pick": home.picked,
    "help": lambda turn, _press: home.help_screen(turn),
    # A new message: what the button stands on (a receipt) must stay.
    "st": lambda turn, _press: status_command(turn, ""),
    "lang": _language,
    joining.CONSENT_ACTION: lambda turn, _press: home.home(turn),
}


_RESTING = frozenset({"summary", "rest"})  # no question of the report is open


# --- text ---------------------------------------------------------------------------------------


def _text(turn: Turn) -> Reply:
    text = turn.incoming.text.strip()
    if text.startswith("/"):
        return _command(turn, text)
    shown = beside.last(turn)
    # There these words may be what is asked for; figures are none of them.
    if not stepping.asked(shown.step) and any(one.isalpha() for one in text):
        about_reminders = reminder_typed(turn, text) or choosing.evening_typed(turn, text)
        if about_reminders is not None:
            return about_reminders
    return _said(turn, text, shown)


def _said(turn: Turn, text: str, shown: Last) -> Reply:
    """What a sentence means: to the screen shown last, a named button, or the open question."""
    kept = conversations.conversation_of(turn.tx, turn.person.id)
    desk = _own_desk(turn, kept)
    found = _beside(turn, desk, shown, text)
    if found is not None:
        return found
    press = chosen(turn, desk, text, shown)
    reply = act(turn, press) if press is not None else None
    reply = reply or _outside(turn, desk, text)
    if reply is not None:
        return reply
    if desk is not None and kept is not None:
        if desk.writable and shown.hides(text):
            # It may be meant for what was asked last: it must not count for the question behind.
            return show_desk(turn, desk, above=turn.texts.say("say.asked_beside"))
        seen = kept.shown_revision >= desk.revision
        return filling.typed(turn, desk, seen=seen, beside=bool(shown.buttons))
    reading = read(text, "yes_no")
    raised = reading.command == "difficulty"
    found = _difficulty(turn, None, reading.reply or "") if raised else None
    return found or _not_understood(turn, shown)


def _not_understood(turn: Turn, shown: Last) -> Reply:
    """The same step again, else home, with a sentence."""
    text = turn.texts.say("home.not_understood")
    again = Next(shown.step, text, shown.said) if shown.step is not None else None
    return stepping.show(turn, again) or home.home(turn, text)


def _beside(turn: Turn, desk: Desk | None, shown: Last, text: str) -> Reply | None:
    """What the text means on the screen beside the report that was shown last."""
    press = chosen_beside(desk, shown, text)
    if press is not None:
        return act(turn, press) or _gone(turn)
    said = stepping.typed(turn, shown, text)
    if said is None and stepping.asked(shown.step):  # it is no answer to the question behind
        return _gone(turn)
    if said is not None:
        return said
    if review.is_named(text):
        return stepping.show(turn, review.first_step(turn))
    mine = my_data.named(text)
    return stepping.show(turn, Next(mine)) if mine is not None else None


def _outside(turn: Turn, desk: Desk | None, text: str) -> Reply | None:
    """What the text means outside of the report, while no question of it is open."""
    if desk is not None and desk.place.screen not in _RESTING:
        return None
    found = on_behalf.typed(turn, text) or status_typed(turn, text)
    return act(turn, found) if isinstance(found, Press) else found


def _difficulty(turn: Turn, desk: Desk | None, text: str) -> Reply | None:
    step = difficulties.first_step(turn, desk, text)
    return stepping.show(turn, step) if isinstance(step, Next) else step


def _opened(turn: Turn, step: Next | None, refused: str | None = None) -> Reply:
    """The screen of a command; home, with a sentence, for whom it isn't."""
    above = turn.texts.say(refused) if refused is not None else None
    return stepping.show(turn, step) or home.home(turn, above)


def _command(turn: Turn, text: str) -> Reply:
    name, _, argument = text[1:].partition(" ")
    name = name.partition("@")[0].lower()
    if name == "start":
        code = joining.start_code(turn.incoming)
        return joining.joined_again(turn, code) if code else _start(turn)
    if name in _RAISES:
        raised = _difficulty(turn, _own_desk(turn), argument.strip())
        if raised is not None:
            return raised
    if name in _SAID_AS_WORDS:
        said = replace(turn.incoming, text=_SAID_AS_WORDS[name])
        return _text(replace(turn, incoming=said))
    action = _COMMANDS.get(name)
    if action is not None:
        return action(turn, argument.strip())
    desk = _own_desk(turn)
    if desk is not None:
        return show_desk(turn, desk, above=turn.texts.say("command.unknown"))
    return home.home(turn, turn.texts.say("command.unknown"))


def _start(turn: Turn) -> Reply:
    """Begin again at the place where the person is, with the menu of the roles."""
    desk = _own_desk(turn)
    open_question = (
        desk is not None and desk.writable and desk.place.screen not in {*_RESTING, "home"}
    )
    reply = show_desk(turn, desk) if desk is not None and open_question else home.home(turn)
    return replace(reply, commands=home.commands_of(turn))


_COMMANDS: dict[str, Callable[[Turn, str], Reply]] = {
    "baocao": lambda turn, _: home.report(turn, office=not turn.areas),
    "tinhhinh": status_command,
    "xuat": export_command,
    "neu": suppose_command,
    "visao": why_command,
    "trogiup": lambda turn, _: home.help_screen(turn),
    "ngonngu": lambda turn, _: home.language_screen(turn),
    "dulieu": lambda turn, _: _opened(turn, Next(to("y.data"))),
    "suaten": lambda turn, _: _opened(turn, Next(to("y.name"))),
    "rut": lambda turn, _: _opened(turn, Next(to("y.out"))),
    "xoatoi": lambda turn, _: _opened(turn, Next(to("y.del"))),
    "quanly": lambda turn, _: _opened(turn, Next(to("m.home")), "manage.not_officer"),
    "roikhu": lambda turn, _: _opened(turn, Next(to("m.leave"))),
    "duyet": lambda turn, _: _opened(turn, review.first_step(turn), "manage.not_officer"),
    "lichsu": history_command,
    "dieuhanh": lambda turn, _: _opened(turn, Next(to("o.home")), "operating.nobody"),
    "dem": lambda turn, _: _opened(turn, counting.first_step(turn), "count.nothing"),
    "tap": lambda turn, _: _opened(turn, practising.first_step(turn), "practice.reporters"),
}
_COMMANDS |= {
    "report": _COMMANDS["baocao"],
    "status": _COMMANDS["tinhhinh"],
    "export": _COMMANDS["xuat"],
    "whatif": _COMMANDS["neu"],
    "why": _COMMANDS["visao"],
    "help": _COMMANDS["trogiup"],
    "language": _COMMANDS["ngonngu"],
    "mydata": _COMMANDS["dulieu"],
    "rename": _COMMANDS["suaten"],
    "withdraw": _COMMANDS["rut"],
    "deleteme": _COMMANDS["xoatoi"],
    "manage": _COMMANDS["quanly"],
    "leave": _COMMANDS["roikhu"],
    "review": _COMMANDS["duyet"],
    "history": _COMMANDS["lichsu"],
    "operate": _COMMANDS["dieuhanh"],
    "count": _COMMANDS["dem"],
    "practice": _COMMANDS["tap"],
}
_RAISES = frozenset({"vuongmac", "difficulty"})
_SAID_AS_WORDS = {
    "huy": "huỷ",
    "cancel": "cancel",
    "xong": "xong",
    "done": "done",
    "gui": "gửi",
    "send": "send",
    "hoantac": "hoàn tác",
    "undo": "undo",
    "quaylai": "quay lại",
    "back": "back",
    "boqua": "bỏ qua",
    "skip": "skip",
    "vuongmac": "vướng mắc",
    "difficulty": "vướng mắc",
}


# --- everything else ----------------------------------------------------------------------------


def _edit(turn: Turn) -> Reply:
    desk = _own_desk(turn)
    if desk is None:
        return home.home(turn, turn.texts.say("home.not_understood"))
    purpose = conversations.purpose_of(turn.tx, turn.person.id, turn.incoming.message or "")
    prefix = f"said:{desk.report.id}:"
    if purpose is not None and purpose.startswith(prefix):
        return filling.edited(turn, desk, purpose.removeprefix(prefix))
    return show_desk(turn, desk, above=turn.texts.say("say.edit_unknown"))


def _other(turn: Turn) -> Reply:
    desk, item = _own_desk(turn), turn.incoming.attachment
    reply = stepping.photographed(turn, item) if item is not None else None
    if reply is not None:
        return reply
    if item is not None and desk is not None:
        return filling.attached(turn, desk)
    sentence = turn.texts.say(
        "say.attachment_unasked" if turn.incoming.kind == "attachment" else "say.unsupported"
    )
    if desk is not None:
        return show_desk(turn, desk, above=sentence)
    return home.home(turn, sentence)


def _sender_of(person: Person) -> Sender:
    return Sender(
        person.channel or "",
        person.address or "",
        person.name or "",
        person.handle,
        person.language,
    )
