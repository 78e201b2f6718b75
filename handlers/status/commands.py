"""The status by commands and typed phrases, which open the same screens as the buttons."""

from collections.abc import Iterator, Sequence
from typing import Any

from handlers.flow import navigation
from handlers.flow.channel import Button, Reply
from handlers.flow.commands import command, phrase
from handlers.flow.context import Context
from handlers.flow.press import Press, unpack
from handlers.flow.rights import MEMBER
from handlers.flow.routes import Next, Route
from handlers.rounds.criteria_sets import set_of
from handlers.status.areas import all_areas, one_area, own_status, same_name_screen
from handlers.status.changes import changed, every_round
from handlers.status.communes import commune_named, first_turned, to_each_round
from handlers.status.files import files, format_named, make
from handlers.status.indicators import all_indicators, one_indicator
from handlers.status.lines import to_overview
from handlers.status.loading import load_status, readable_communes, rounds_shown, standing_of
from handlers.status.overview import all_buttons, copied, overview_rows
from handlers.status.todo import todo
from handlers.status.what_if import asked, how_screen, supposed, which_screen
from handlers.texts import plain
from storage.places import places
from storage.places.places import Commune
from storage.rounds.rounds import Round


@command("tinhhinh", "status", place=30, menu=MEMBER.holds, reads=True)
def status_command(context: Context, argument: str) -> Next | Reply:
    """Show the person's commune, all communes for operators, or the person's areas.

    A typed argument opens the same as a button: "khu 5", "HT1", "việc", "zalo", "excel".
    """
    return (_shown(context, argument) if argument else None) or _OWN


@command("xuat", "export", place=40, menu=lambda c: bool(c.communes_read), reads=True)
def export_command(context: Context, argument: str) -> Next | Reply:
    """Show the files of the one shown round; with an argument such as "excel", make that file."""
    return _shown(context, argument if format_named(argument) else "files") or _OWN


@command("neu", "whatif", reads=True)
def suppose_command(context: Context, argument: str) -> Next | Reply:
    """Show the supposed result (`/neu Khu 5 90%`); ask for the indicator when none is named."""
    round_ = _only_round(context)
    if round_ is None:
        return _OWN
    texts, status = context.texts, load_status(context.tx, round_, context.now)
    given, screen = asked(status, argument, texts), None
    if given is not None and len(given.units) > 1:
        screen = which_screen(status, given, texts)
    elif given is not None and given.units:
        screen = supposed(status, given.units[0], given.code, given.value, texts)
    return context.shows(screen or how_screen(status, texts), edit=False)


@command("visao", "why", reads=True)
def why_command(context: Context, argument: str) -> Next:
    """Show the changes since yesterday with their reasons; with "7", since seven days ago."""
    round_ = _only_round(context)
    days = int(argument) if argument in _DAYS else 1
    return Next(changed.at(round_, days)) if round_ is not None else _OWN


@command("kytruoc", "rounds", reads=True)
def rounds_command(context: Context, argument: str) -> Next:
    """Show the rounds of the commune, the newest first, to open the result of one."""
    communes = context.communes_read
    return Next(every_round.at(communes[0])) if len(communes) == 1 else _OWN


_IF = frozenset({"neu", "if", "gia su"})
_DAYS = frozenset(str(days) for days in range(1, 100))
_OWN = Next(own_status.at())
_WORDS: dict[str, Route[Any]] = {
    "khu": all_areas,
    "areas": all_areas,
    "chỉ tiêu": all_indicators,
    "indicators": all_indicators,
    "việc": todo,
    "todo": todo,
    "zalo": copied,
    "copy": copied,
    "tệp": files,
    "files": files,
}


@phrase()
def supposed_typed(context: Context, text: str) -> Next | Reply | None:
    """Show the supposed result for a typed phrase: "nếu Khu 2 đạt 90 %"."""
    word, _, argument = text.strip().partition(" ")
    if plain(word) not in _IF or not argument or not context.communes_read:
        return None
    return suppose_command(context, argument)


@phrase(at_rest=True)
def status_typed(context: Context, text: str) -> Press | Reply | None:
    """Return what a typed text opens in the status: a button's press, an area, an indicator.

    Most texts open nothing, so this doesn't compute a score.
    """
    if not context.communes_read and not context.operator:
        return None
    readable, round_, wanted = _several(context), _only_round(context), plain(text)
    for button in _captions(context, readable, round_):
        press = unpack(button.data or "")
        if press is not None and press.action != "home" and plain(button.label) == wanted:
            return press
    return _named(context, text, readable, round_)


def _several(context: Context) -> list[Commune]:
    """Return the communes of the person's table; [] for a person with one commune."""
    several = context.operator or len(context.communes_read) > 1
    return readable_communes(context) if several else []


def _captions(
    context: Context, readable: Sequence[Commune], round_: Round | None
) -> Iterator[Button]:
    """Yield the buttons of the person's own status, and those that it has no room for.

    Communes of a table are not among them, because `commune_named` finds them.
    """
    if readable:
        rows = first_turned(readable, context.texts)
    elif round_ is None and context.communes_read:
        shown = rounds_shown(context.tx, context.communes_read[0], context.now)
        rows = (tuple(to_each_round(shown, context.texts)),)
    elif round_ is None:
        first = own_status(context)
        rows = first.rows if first is not None else ()
    else:
        standing = standing_of(context.tx, round_, context.now)
        buttons = all_buttons(context, standing)
        to_all = to_overview(standing, context.texts)
        rows = (*overview_rows(context, standing), (*buttons, to_all))
    yield from (button for row in rows for button in row)


def _shown(context: Context, argument: str) -> Reply | None:
    """Return the reply to a command's argument; None when it opens nothing."""
    found = _named(context, argument, _several(context), _only_round(context))
    return navigation.press(context, found) if isinstance(found, Press) else found


def _named(
    context: Context, argument: str, readable: Sequence[Commune], round_: Round | None
) -> Press | Reply | None:
    """Return what a typed text names: one of several communes, or a part of the one round."""
    commune = commune_named(context, readable, argument) if readable else None
    if commune is not None:
        return context.shows(commune, edit=False)
    if round_ is None:
        return None
    word = argument.strip().lower()
    if word in _WORDS:
        return _WORDS[word].at(round_)
    if format_ := format_named(argument):
        return make.at(round_, format_)
    code = next((c.code for c in set_of(round_).indicators if c.code.lower() == word), None)
    if code is not None:
        return one_indicator.at(round_, code)
    areas = places.areas_named(context.tx, round_.commune_id, argument)
    if not areas:
        return None
    standing = standing_of(context.tx, round_, context.now)
    same = [one.id for one in areas if one.id in standing.areas]
    if len(same) > 1:
        return context.shows(same_name_screen(standing, same, context.texts), edit=False)
    return one_area.at(round_, same[0]) if same else None


def _only_round(context: Context) -> Round | None:
    """Return the one shown round of the one commune; None when there are several, or none."""
    communes = context.communes_read
    found = rounds_shown(context.tx, communes[0], context.now) if len(communes) == 1 else ()
    return found[0] if len(found) == 1 else None
