"""Raising a difficulty, by /vuongmac or a phrase: the unit, a sentence, a photo."""

from typing import Annotated

from handlers.flow.arguments import by_id, one_among, one_of
from handlers.flow.channel import Attachment, Button, Reply, Screen
from handlers.flow.commands import command
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.rights import EVERYBODY, WRITER
from handlers.flow.routes import Next, action, screen
from handlers.report import use_cases
from handlers.report.report_access import may_write, open_view
from handlers.report.view import ReportView
from handlers.report.wording import unit_names
from storage.difficulties import difficulties
from storage.difficulties.difficulties import Difficulty
from storage.places import places
from storage.places.places import Unit
from storage.rounds import rounds


@command(
    "vuongmac",
    "difficulty",
    place=70,
    menu=lambda c: bool(c.areas or c.communes_read),
    word="vướng mắc",
)
def difficulty_command(context: Context, text: str) -> Next | Reply | None:
    """Take the difficulty typed after the command, else ask for it."""
    return first_step(context, open_view(context), text)


def first_step(context: Context, view: ReportView | None, text: str) -> Next | Reply | None:
    """Begin a difficulty about the open question, else a general one.

    None if the typed phrase itself should be read. People of the office see the list first, also
    while a question of a report is open.
    """
    to_list = not text and not context.areas and len(context.communes_read) == 1
    asked = view is not None and view.writable and view.question(view.place.code) is not None
    if view is not None and asked and not to_list:
        return use_cases.take_difficulty(context, view, text) if text else None
    if to_list:
        return Next(to("d.list", context.communes_read[0]))
    units = own_units(context)
    if not units and context.operator and not text:
        return Next(to("o.diff"))
    if not units:
        return Next(over.at("nobody"))
    if len(units) > 1:
        return Next(which_unit.at(), typed=(text,) if text else ())
    return _store(context, units[0], text, None) if text else Next(ask.at(units[0]))


def own_units(context: Context) -> list[Unit]:
    """Return the units for which the person can raise a difficulty."""
    areas = [places.unit(context.tx, one) for one in context.areas]
    return areas + [places.office_of(context.tx, one) for one in context.office_communes]


def _may_add_to(context: Context, one: Difficulty) -> bool:
    """Return whether the person raised it, may write for its unit, and it is not settled."""
    own = one.raised_by == context.person.id and one.settled_at is None
    return own and one.unit_id is not None and may_write(context, one.unit_id)


OwnUnit = Annotated[Unit, one_among(lambda it: own_units(it.context))]
OwnDifficulty = Annotated[Difficulty, by_id(difficulties.difficulty_by_id, _may_add_to)]
Outcome = Annotated[str, one_of("left", "left_photo", "too_late", "photo_added", "nobody")]


@screen("d.over", right=EVERYBODY)
def over(context: Context, how: Outcome) -> Screen:
    """Show the result, and the way home."""
    return ScreenBuilder(context).say(f"difficulties.{how}").home().screen()


@screen("d.new", right=WRITER)
def which_unit(context: Context) -> Screen:
    """Ask for the unit."""
    units = own_units(context)
    names = unit_names(context.tx, units, context.texts)

    def to_pick(unit: Unit) -> Button:
        return Button(names[unit.id], pick.data(unit))

    page = ScreenBuilder(context).say("difficulties.which")
    return page.listed(units, to_pick, which_unit).home().screen()


@action("d.pick", right=WRITER)
def pick(context: Context, unit: OwnUnit) -> Next:
    """Take the unit, and store the text typed before, if any."""
    said = context.typed
    return _store(context, unit, said[0], None) if said else Next(ask.at(unit))


@screen("d.ask", right=WRITER, also=("d.first",), asks=True)
def ask(context: Context, unit: OwnUnit) -> Screen:
    """Ask for the sentence, also after a photo that was sent first."""
    key = "difficulties.ask_office" if unit.office else "difficulties.ask"
    page = ScreenBuilder(context)
    if context.typed:
        page.say("difficulties.photo_first")
    else:
        page.say(key, unit=context.texts.unit(unit))
    return page.home().screen()


ask.cancel(lambda _: over.at("left"))
ask.refused(over, "left")


@ask.text
def take_sentence(context: Context, text: str, unit: OwnUnit) -> Next:
    """Take the sentence, with the photo that was sent before it."""
    said, nothing = context.typed, use_cases.no_difficulty(text)
    if nothing == "leave":
        return Next(over.at("left"))
    if nothing == "again":
        return Next(context.here, typed=said)
    return _store(context, unit, text, said[0] if said else None)


@ask.photo
def take_photo(context: Context, item: Attachment, unit: OwnUnit) -> Next:
    """Take a photo, with its sentence or before it."""
    text = context.incoming.text.strip()
    if item.kind != "photo":
        return Next(context.here, context.texts.say("difficulties.photo_only"), context.typed)
    if text:
        return _store(context, unit, text, item.reference)
    return Next(ask.at(unit, key="d.first"), typed=(item.reference,))


def _store(context: Context, unit: Unit, text: str, photo: str | None) -> Next:
    """Store a general difficulty, in the unit's present round if there is one."""
    open_ = rounds.open_rounds(context.tx, unit.commune_id, context.now)
    round_ = open_[-1] if open_ else None
    return Next(raised.at(use_cases.raise_difficulty(context, unit, round_, text, photo)))


@screen("d.raised", right=WRITER)
def raised(context: Context, difficulty: OwnDifficulty) -> Screen:
    """Confirm that the difficulty was stored; offer to add a photo."""
    unit = next(one for one in own_units(context) if one.id == difficulty.unit_id)
    key = "difficulties.raised_office" if unit.office else "difficulties.raised"
    page = ScreenBuilder(context).say(key, unit=context.texts.unit(unit))
    if difficulty.photo is None:
        page.button("difficulties.button.add_photo", ask_photo.at(difficulty))
    return page.home().screen()


@screen("d.photo", right=WRITER)
def ask_photo(context: Context, difficulty: OwnDifficulty) -> Screen:
    """Ask for a photo of the difficulty."""
    return ScreenBuilder(context).say("difficulties.photo_ask").home().screen()


ask_photo.cancel(lambda _: over.at("left_photo"))
ask_photo.refused(over, "too_late")


@ask_photo.photo
def add_photo(context: Context, item: Attachment, difficulty: OwnDifficulty) -> Next:
    """Add the photo to the difficulty."""
    if item.kind != "photo":
        return Next(context.here, context.texts.say("difficulties.photo_only"))
    difficulties.add_photo(context.tx, difficulty, item.reference, **context.authorship)
    return Next(over.at("photo_added"))
