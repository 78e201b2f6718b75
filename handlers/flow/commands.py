"""What each slash command opens, by its Vietnamese and its English name."""

from collections.abc import Callable
from dataclasses import replace

from handlers import home
from handlers.counting import screens as counting
from handlers.difficulties import routing as difficulties
from handlers.flow import stepping
from handlers.flow.channel import Reply
from handlers.flow.context import Context
from handlers.flow.steps import Next, to
from handlers.flow.typed_text import read_text
from handlers.history.screens import history_command
from handlers.joining import consent
from handlers.practice import screens as practice
from handlers.report.changes import open_view
from handlers.report.screen import show_report
from handlers.report.view import ReportView
from handlers.review import screens as review
from handlers.status import export_command, status_command, suppose_command, why_command
from storage import conversations

_RESTING = frozenset({"summary", "rest"})  # no question of the report is open


def run(context: Context, text: str) -> Reply:
    """Do what a text that begins with a slash says."""
    name, _, argument = text[1:].partition(" ")
    name = name.partition("@")[0].lower()
    if name == "start":
        code = consent.start_code(context.incoming)
        return consent.joined_again(context, code) if code else _start(context)
    if name in _RAISES:
        raised = _difficulty(context, _own_view(context), argument.strip())
        if raised is not None:
            return raised
    if name in _SAID_AS_WORDS:
        said = replace(context.incoming, text=_SAID_AS_WORDS[name])
        return read_text(replace(context, incoming=said), said.text)
    action = COMMANDS.get(name)
    if action is not None:
        return action(context, argument.strip())
    view = _own_view(context)
    if view is not None:
        return show_report(context, view, above=context.texts.say("command.unknown"))
    return home.home(context, context.texts.say("command.unknown"))


def _own_view(context: Context) -> ReportView | None:
    """The report that lies open, if it is still this person's to fill in."""
    return open_view(context, conversations.conversation_of(context.tx, context.person.id))


def _difficulty(context: Context, view: ReportView | None, text: str) -> Reply | None:
    step = difficulties.first_step(context, view, text)
    return stepping.show(context, step) if isinstance(step, Next) else step


def _opened(context: Context, step: Next | None, refused: str | None = None) -> Reply:
    """The screen of a command; home, with a sentence, for whom it isn't."""
    above = context.texts.say(refused) if refused is not None else None
    return stepping.show(context, step) or home.home(context, above)


def _start(context: Context) -> Reply:
    """Begin again at the place where the person is, with the menu of the roles."""
    view = _own_view(context)
    open_question = (
        view is not None and view.writable and view.place.screen not in {*_RESTING, "home"}
    )
    reply = show_report(context, view) if view is not None and open_question else home.home(context)
    return replace(reply, commands=home.commands_of(context))


COMMANDS: dict[str, Callable[[Context, str], Reply]] = {
    "baocao": lambda context, _: home.report(context, office=not context.areas),
    "tinhhinh": status_command,
    "xuat": export_command,
    "neu": suppose_command,
    "visao": why_command,
    "trogiup": lambda context, _: home.help_screen(context),
    "ngonngu": lambda context, _: home.language_screen(context),
    "dulieu": lambda context, _: _opened(context, Next(to("y.data"))),
    "suaten": lambda context, _: _opened(context, Next(to("y.name"))),
    "rut": lambda context, _: _opened(context, Next(to("y.out"))),
    "xoatoi": lambda context, _: _opened(context, Next(to("y.del"))),
    "quanly": lambda context, _: _opened(context, Next(to("m.home")), "manage.not_officer"),
    "roikhu": lambda context, _: _opened(context, Next(to("m.leave"))),
    "duyet": lambda context, _: _opened(context, review.first_step(context), "manage.not_officer"),
    "lichsu": history_command,
    "dieuhanh": lambda context, _: _opened(context, Next(to("o.home")), "operating.nobody"),
    "dem": lambda context, _: _opened(context, counting.first_step(context), "count.nothing"),
    "tap": lambda context, _: _opened(context, practice.first_step(context), "practice.reporters"),
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
