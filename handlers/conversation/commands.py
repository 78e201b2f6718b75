"""What a text that begins with a slash says: a command of a feature, or a word."""

from dataclasses import replace

from handlers import home
from handlers.conversation.typed_text import read_text
from handlers.flow import navigation
from handlers.flow.channel import Reply
from handlers.flow.commands import COMMANDS, WORDS, SlashCommand, menu_of
from handlers.flow.context import Context
from handlers.joining import consent
from handlers.report.changes import open_view
from handlers.report.screen import show_report
from handlers.report.view import ReportView
from storage import conversations

_RESTING = frozenset({"summary", "rest", "home"})  # no question of the report is open


def run(context: Context, text: str) -> Reply:
    """Do what a text that begins with a slash says."""
    name, _, argument = text[1:].partition(" ")
    name = name.partition("@")[0].lower()
    if name == "start":
        code = consent.start_code(context.incoming)
        return consent.joined_again(context, code) if code else _start(context)
    if name in WORDS:
        return _read_as(context, WORDS[name])
    command = COMMANDS.get(name)
    if command is not None:
        return _run(context, command, argument.strip())
    view, unknown = _open_view(context), context.texts.say("command.unknown")
    if view is not None:
        return show_report(context, view, above=unknown)
    return home.home(context, unknown)


def _run(context: Context, command: SlashCommand, argument: str) -> Reply:
    """What a command opens; home, with a sentence, for whom it opens nothing."""
    reply = navigation.followed(context, command.run(context, argument))
    if reply is not None:
        return reply
    if command.word is not None:
        return _read_as(context, command.word)
    refused = context.texts.say(command.refused) if command.refused is not None else None
    return home.home(context, refused)


def _read_as(context: Context, word: str) -> Reply:
    return read_text(replace(context, incoming=replace(context.incoming, text=word)), word)


def _start(context: Context) -> Reply:
    """Begin again at the place where the person is, with the menu of the roles."""
    view = _open_view(context)
    if view is not None and view.writable and view.place.screen not in _RESTING:
        reply = show_report(context, view)
    else:
        reply = home.home(context)
    return replace(reply, commands=menu_of(context))


def _open_view(context: Context) -> ReportView | None:
    """The report that lies open, if it is still this person's to fill in."""
    return open_view(context, conversations.conversation_of(context.tx, context.person.id))
