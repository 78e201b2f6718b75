"""Raising a difficulty, by /vuongmac or by its word: which unit, a sentence, a photo."""

from typing import Annotated

from handlers.flow.arguments import by_id, one_among, one_of
from handlers.flow.channel import Attachment, Button, Reply, Screen
from handlers.flow.commands import command
from handlers.flow.context import Context
from handlers.flow.page import Page, to
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
    """Take the difficulty behind the command, else ask for it."""
    return first_step(context, open_view(context), text)


def first_step(context: Context, view: ReportView | None, text: str) -> Next | Reply | None:
    """About the question that is open, else in general; None: as the word itself.

    To the office it is first the list, also while a question of a report is open.
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
        return Next(which_unit.at(), said=(text,) if text else ())
    return _keep(context, units[0], text, None) if text else Next(ask.at(units[0]))


def own_units(context: Context) -> list[Unit]:
    """The units in whose name the person can raise something."""
    areas = [places.unit(context.tx, one) for one in context.areas]
    return areas + [places.office_of(context.tx, one) for one in context.office_communes]


def _added_to(context: Context, one: Difficulty) -> bool:
    """Whether this person raised it for such a unit, and it isn't settled."""
    own = one.raised_by == context.person.id and one.settled_at is None
    return own and one.unit_id is not None and may_write(context, one.unit_id)


OwnUnit = Annotated[Unit, one_among(lambda it: own_units(it.context))]
OwnDifficulty = Annotated[Difficulty, by_id(difficulties.difficulty_by_id, _added_to)]
Outcome = Annotated[str, one_of("left", "left_photo", "too_late", "photo_added", "nobody")]


@screen("d.over", right=EVERYBODY)
def over(context: Context, how: Outcome) -> Screen:
    """Show how it ended, and the way home."""
    return Page(context).say(f"difficulties.{how}").home().screen()


@screen("d.new", right=WRITER)
def which_unit(context: Context) -> Screen:
    """Ask which unit it is about."""
    units = own_units(context)
    names = unit_names(context.tx, units, context.texts)

    def to_pick(unit: Unit) -> Button:
        return Button(names[unit.id], pick.data(unit))

    made = Page(context).say("difficulties.which")
    return made.listed(units, to_pick, which_unit).home().screen()


@action("d.pick", right=WRITER)
def pick(context: Context, unit: OwnUnit) -> Next:
    """Take the unit, and store what was typed before for it."""
    said = context.said
    return _keep(context, unit, said[0], None) if said else Next(ask.at(unit))


@screen("d.ask", right=WRITER, also=("d.first",), asks=True)
def ask(context: Context, unit: OwnUnit) -> Screen:
    """Ask for the sentence, also after a photo that came first."""
    key = "difficulties.ask_office" if unit.office else "difficulties.ask"
    made = Page(context)
    if context.said:
        made.say("difficulties.photo_first")
    else:
        made.say(key, unit=context.texts.unit(unit))
    return made.home().screen()


ask.cancel(lambda _: over.at("left"))
ask.refused(over, "left")


@ask.text
def take_sentence(context: Context, text: str, unit: OwnUnit) -> Next:
    """Take the sentence, with the photo that came before it."""
    said, nothing = context.said, use_cases.no_difficulty(text)
    if nothing == "leave":
        return Next(over.at("left"))
    if nothing == "again":
        return Next(context.here, said=said)
    return _keep(context, unit, text, said[0] if said else None)


@ask.photo
def take_photo(context: Context, item: Attachment, unit: OwnUnit) -> Next:
    """Take a photo with its sentence, or before it."""
    text = context.incoming.text.strip()
    if item.kind != "photo":
        return Next(context.here, context.texts.say("difficulties.photo_only"), context.said)
    if text:
        return _keep(context, unit, text, item.reference)
    return Next(ask.at(unit, key="d.first"), said=(item.reference,))


def _keep(context: Context, unit: Unit, text: str, photo: str | None) -> Next:
    """Keep it in general, in the unit's present round if there is one."""
    open_ = rounds.open_rounds(context.tx, unit.commune_id, context.now)
    round_ = open_[-1] if open_ else None
    return Next(raised.at(use_cases.raise_difficulty(context, unit, round_, text, photo)))


@screen("d.raised", right=WRITER)
def raised(context: Context, difficulty: OwnDifficulty) -> Screen:
    """Confirm that the difficulty was stored; offer to add a photo."""
    unit = next(one for one in own_units(context) if one.id == difficulty.unit_id)
    key = "difficulties.raised_office" if unit.office else "difficulties.raised"
    made = Page(context).say(key, unit=context.texts.unit(unit))
    if difficulty.photo is None:
        made.button("difficulties.button.add_photo", ask_photo.at(difficulty))
    return made.home().screen()


@screen("d.photo", right=WRITER)
def ask_photo(context: Context, difficulty: OwnDifficulty) -> Screen:
    """Ask for a photo of the difficulty."""
    return Page(context).say("difficulties.photo_ask").home().screen()


ask_photo.cancel(lambda _: over.at("left_photo"))
ask_photo.refused(over, "too_late")


@ask_photo.photo
def add_photo(context: Context, item: Attachment, difficulty: OwnDifficulty) -> Next:
    """Take the photo that follows."""
    if item.kind != "photo":
        return Next(context.here, context.texts.say("difficulties.photo_only"))
    difficulties.add_photo(context.tx, difficulty, item.reference, **context.authorship)
    return Next(over.at("photo_added"))
