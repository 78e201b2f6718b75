"""Texts that begin with a slash: a command of a feature, or one that replaces a typed text."""

from dataclasses import replace

from handlers import home
from handlers.conversation.typed_text import present_screen, read_text
from handlers.flow import navigation
from handlers.flow.channel import Reply
from handlers.flow.commands import COMMANDS, WORDS, SlashCommand, menu_of
from handlers.flow.context import Context
from handlers.joining import consent
from handlers.report.report_access import open_view
from handlers.report.screens.screen import show_report

_AT_REST = frozenset({"summary", "rest", "home"})  # no question of the report is open


def run(context: Context, text: str) -> Reply:
    """Return the reply to a text that begins with a slash."""
    name, argument = _parts(text)
    if name == "start":
        code = consent.start_code(context.incoming)
        return consent.join_by_link(context, code) if code else _start(context)
    if name in WORDS:
        return _read_as(context, WORDS[name])
    command = COMMANDS.get(name)
    if command is not None:
        return _run(context, command, argument)
    return present_screen(context, open_view(context), context.texts.say("command.unknown"))


def command_of(text: str) -> SlashCommand | None:
    """Return the command of a feature with which a text begins; None without one."""
    return COMMANDS.get(_parts(text)[0]) if text.startswith("/") else None


def _parts(text: str) -> tuple[str, str]:
    """Return the name of the command without the bot's name, and the text after it."""
    name, _, argument = text[1:].partition(" ")
    return name.partition("@")[0].lower(), argument.strip()


def _run(context: Context, command: SlashCommand, argument: str) -> Reply:
    """Run a command; if it opens nothing, read its word or show home with a sentence."""
    reply = navigation.reply_after(context, command.run(context, argument))
    if reply is not None:
        return reply
    if command.word is not None:
        return _read_as(context, command.word)
    refused = context.texts.say(command.refused) if command.refused is not None else None
    return home.home(context, refused)


def _read_as(context: Context, word: str) -> Reply:
    return read_text(replace(context, incoming=replace(context.incoming, text=word)), word)


def _start(context: Context) -> Reply:
    """Show the open question of the report, else home; set the command menu for the roles."""
    view = open_view(context)
    if view is not None and view.writable and view.place.screen not in _AT_REST:
        reply = show_report(context, view)
    else:
        reply = home.home(context)
    return replace(reply, commands=menu_of(context))
