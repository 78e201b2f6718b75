"""What each slash command opens, by its Vietnamese and its English name."""

from collections.abc import Callable
from dataclasses import replace

from handlers import home, joining, stepping
from handlers.channel import Reply
from handlers.difficulties import routing as difficulties
from handlers.history.screens import history_command
from handlers.reporting import counting, practising
from handlers.reporting.desk import Desk
from handlers.reporting.moving import standing_desk
from handlers.reporting.showing import show_desk
from handlers.review import screens as review
from handlers.status import export_command, status_command, suppose_command, why_command
from handlers.steps import Next, to
from handlers.turn import Turn
from handlers.typed_text import read_text
from storage import conversations

_RESTING = frozenset({"summary", "rest"})  # no question of the report is open


def run(turn: Turn, text: str) -> Reply:
    """Do what a text that begins with a slash says."""
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
        return read_text(replace(turn, incoming=said), said.text)
    action = COMMANDS.get(name)
    if action is not None:
        return action(turn, argument.strip())
    desk = _own_desk(turn)
    if desk is not None:
        return show_desk(turn, desk, above=turn.texts.say("command.unknown"))
    return home.home(turn, turn.texts.say("command.unknown"))


def _own_desk(turn: Turn) -> Desk | None:
    """The report that lies open, if it is still this person's to fill in."""
    return standing_desk(turn, conversations.conversation_of(turn.tx, turn.person.id))


def _difficulty(turn: Turn, desk: Desk | None, text: str) -> Reply | None:
    step = difficulties.first_step(turn, desk, text)
    return stepping.show(turn, step) if isinstance(step, Next) else step


def _opened(turn: Turn, step: Next | None, refused: str | None = None) -> Reply:
    """The screen of a command; home, with a sentence, for whom it isn't."""
    above = turn.texts.say(refused) if refused is not None else None
    return stepping.show(turn, step) or home.home(turn, above)


def _start(turn: Turn) -> Reply:
    """Begin again at the place where the person is, with the menu of the roles."""
    desk = _own_desk(turn)
    open_question = (
        desk is not None and desk.writable and desk.place.screen not in {*_RESTING, "home"}
    )
    reply = show_desk(turn, desk) if desk is not None and open_question else home.home(turn)
    return replace(reply, commands=home.commands_of(turn))


COMMANDS: dict[str, Callable[[Turn, str], Reply]] = {
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
COMMANDS |= {
    "report": COMMANDS["baocao"],
    "status": COMMANDS["tinhhinh"],
    "export": COMMANDS["xuat"],
    "whatif": COMMANDS["neu"],
    "why": COMMANDS["visao"],
    "help": COMMANDS["trogiup"],
    "language": COMMANDS["ngonngu"],
    "mydata": COMMANDS["dulieu"],
    "rename": COMMANDS["suaten"],
    "withdraw": COMMANDS["rut"],
    "deleteme": COMMANDS["xoatoi"],
    "manage": COMMANDS["quanly"],
    "leave": COMMANDS["roikhu"],
    "review": COMMANDS["duyet"],
    "history": COMMANDS["lichsu"],
    "operate": COMMANDS["dieuhanh"],
    "count": COMMANDS["dem"],
    "practice": COMMANDS["tap"],
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
