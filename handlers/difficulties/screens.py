"""The commune's open difficulties as a list, and one of them with what can be done about it."""

from handlers.difficulties import access, wording
from handlers.difficulties.access import OfDifficulty
from handlers.difficulties.raising import own_units
from handlers.flow.arguments import page_number
from handlers.flow.channel import Button, Enclosure, Screen
from handlers.flow.context import Context
from handlers.flow.next import Next
from handlers.flow.page import Page, page_of, to
from handlers.flow.rights import READER
from handlers.flow.routes import GONE, Arguments, Loading, action, argument, screen
from handlers.texts import Html
from storage import difficulties, people, places
from storage.difficulties import Difficulty
from storage.places import Commune

_PAGE = 4


def _commune_read(loading: Loading) -> object:
    """An argument: a commune that the person leads or works for."""
    if loading.number not in loading.context.communes_read:
        return GONE
    return places.commune(loading.context.tx, loading.number)


class _Commune(Arguments):
    commune: Commune = argument(_commune_read)
    page: int = argument(page_number)


@screen("d.list", _Commune, right=READER)
def open_list(context: Context, at: _Commune) -> Screen:
    """A page of what a commune hasn't settled; for its officers and leaders."""
    commune = at.commune
    found = difficulties.open_difficulties(context.tx, commune.id)
    some, page, pages = page_of(found, at.page, _PAGE)
    made = Page(context).say("difficulties.title", count=len(found), commune=commune.name).line()
    for number, one in enumerate(some, page * _PAGE + 1):
        where = wording.where(context, one)
        made.line(wording.line(context, number, one, where))
        made.row(Button(f"{number}. {where}", one_difficulty.data(one)))
    if not found:
        made.say("difficulties.none")
    made.turned(page, pages, open_list, at)
    if any(unit.commune_id == commune.id for unit in own_units(context)):
        made.button("difficulties.button.new", to("d.new"))
    return made.button("button.status", to("s.home")).screen()


@screen("d.one", OfDifficulty, right=READER)
def one_difficulty(context: Context, at: OfDifficulty) -> Screen:
    """What was said, by whom, how far it has come, and what this reader can do."""
    texts, one = context.texts, at.one
    reader = access.reader_of(context, one)
    commune = places.commune(context.tx, one.commune_id).name
    made = Page(context).say("difficulties.one", where=wording.where(context, one), commune=commune)
    made.say(
        "difficulties.about",
        about=wording.about(context, one),
        state=texts.say(f"difficulties.state.{one.state}"),
        mark=wording.MARKS[one.state],
    )
    made.line().say("difficulties.said", text=one.text)
    made.line(_who(context, one, named=reader != "operator"))
    if one.answer is not None:
        key = "by_operator" if one.passed_up_at is not None else "by_office"
        made.line().say(f"difficulties.answer_{key}", answer=one.answer)
    if access.may_answer(one, reader):
        made.button("difficulties.button.answer", to("d.ans", one.id))
    if access.may_pass_up(one, reader):
        made.button("difficulties.button.pass_up", to("d.up", one.id))
    if access.may_settle(one, reader):
        made.button("difficulties.button.settle", to("d.done", one.id))
    if one.photo is not None:
        made.button("difficulties.button.photo", photo.at(one))
    to_list = to("o.diff") if reader == "operator" else open_list.at(one.commune_id)
    return made.button("difficulties.button.list", to_list).screen()


def _who(context: Context, one: Difficulty, *, named: bool) -> Html:
    """Who raised it and when; the operator learns the area, not the person."""
    texts, when = context.texts, context.texts.time(one.raised_at, context.deployment.zone)
    if not named:
        return texts.say("difficulties.when", when=when)
    if one.raised_by is None:  # long ago
        return texts.say("difficulties.who", name=texts.say("erased"), when=when)
    person = people.person(context.tx, one.raised_by)
    name = person.name if person is not None else None
    return texts.say("difficulties.who", name=name or texts.say("former_member"), when=when)


@action("d.pic", OfDifficulty, right=READER)
def photo(context: Context, at: OfDifficulty) -> Next | None:
    """The photo, and the screen again below it."""
    if at.one.photo is None:
        return None
    caption = context.texts.say("difficulties.photo", where=wording.where(context, at.one))
    enclosure = Enclosure("photo", caption, reference=at.one.photo)
    return Next(one_difficulty.at(at), enclosures=(enclosure,))
