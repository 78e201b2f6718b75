"""The list of a commune's open difficulties, and one difficulty with its actions."""

from typing import Annotated, Literal

from handlers.difficulties import wording
from handlers.difficulties.raising import own_units
from handlers.flow.arguments import by_id
from handlers.flow.channel import Button, Enclosure, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.rights import READER
from handlers.flow.routes import Next, action, screen
from handlers.operator.communes import operates
from handlers.texts import Html
from storage.difficulties import difficulties
from storage.difficulties.difficulties import Difficulty
from storage.difficulties.difficulty_photos import is_kept
from storage.people import people
from storage.places import places
from storage.places.places import Commune

Reader = Literal["officer", "leader", "operator"]
_PAGE = 4


def reader_of(context: Context, one: Difficulty) -> Reader | None:
    """Return the present role in which the person may read it; None without one."""
    if one.commune_id in context.office_communes:
        return "officer"
    if one.commune_id in context.communes_read:
        return "leader"
    passed = one.passed_up_at is not None
    return "operator" if passed and operates(context, one.commune_id) else None


# A difficulty that the person may read.
ReadDifficulty = Annotated[
    Difficulty, by_id(difficulties.difficulty_by_id, lambda c, one: reader_of(c, one) is not None)
]


def may_answer(one: Difficulty, reader: Reader | None) -> bool:
    """Return whether this reader answers: the office, or after passing up the operator."""
    turn = "operator" if one.passed_up_at is not None else "officer"
    return one.state != "settled" and reader == turn


def may_pass_up(one: Difficulty, reader: Reader | None) -> bool:
    """Return whether this reader can pass it up: the office, until it has passed it up."""
    return reader == "officer" and one.state in {"open", "answered"}


# A commune that the person leads, or works for in its office.
ReadCommune = Annotated[
    Commune, by_id(places.find_commune, lambda context, one: one.id in context.communes_read)
]


@screen("d.list", right=READER)
def open_list(context: Context, commune: ReadCommune) -> Screen:
    """Show a page of a commune's unsettled difficulties to its officers and leaders."""
    found = difficulties.open_difficulties(context.tx, commune.id)
    page = (
        ScreenBuilder(context)
        .say("difficulties.title", count=len(found), commune=commune.name)
        .line()
    )
    for number, one in page.paged(found, _PAGE):
        where = wording.where(context, one)
        page.line(wording.line(context, number, one, where))
        page.row(Button(f"{number}. {where}", one_difficulty.data(one)))
    if not found:
        page.say("difficulties.none")
    page.turned(open_list, commune)
    if any(unit.commune_id == commune.id for unit in own_units(context)):
        page.button("difficulties.button.new", to("d.new"))
    return page.button("button.status", to("s.home")).screen()


@screen("d.one", right=READER)
def one_difficulty(context: Context, difficulty: ReadDifficulty) -> Screen:
    """Show a difficulty, who raised it, its state, and this reader's actions."""
    texts = context.texts
    reader = reader_of(context, difficulty)
    commune = places.commune(context.tx, difficulty.commune_id)
    where = wording.where(context, difficulty)
    page = ScreenBuilder(context).say("difficulties.one", where=where, commune=commune.name)
    page.say(
        "difficulties.about",
        about=wording.about(context, difficulty),
        state=texts.say(f"difficulties.state.{difficulty.state}"),
        mark=wording.MARKS[difficulty.state],
    )
    page.line().say("difficulties.said", text=difficulty.text)
    page.line(_raised_line(context, difficulty, named=reader != "operator"))
    if difficulty.answer is not None:
        key = "by_operator" if difficulty.passed_up_at is not None else "by_office"
        page.line().say(f"difficulties.answer_{key}", answer=difficulty.answer)
    if may_answer(difficulty, reader):
        page.button("difficulties.button.answer", to("d.ans", difficulty.id))
    if may_pass_up(difficulty, reader):
        page.button("difficulties.button.pass_up", to("d.up", difficulty.id))
    if reader == "officer" and difficulty.state != "settled":
        page.button("difficulties.button.settle", to("d.done", difficulty.id))
    if reader == "officer" and difficulty.state == "settled":
        page.button("difficulties.button.reopen", to("d.again", difficulty.id))
    if difficulty.photo is not None:
        page.button("difficulties.button.photo", photo.at(difficulty))
    to_list = to("o.diff") if reader == "operator" else open_list.at(difficulty.commune_id)
    return page.button("difficulties.button.list", to_list).screen()


def _raised_line(context: Context, one: Difficulty, *, named: bool) -> Html:
    """Return who raised it and when; the operator sees the area, not the person."""
    texts, when = context.texts, context.texts.time(one.raised_at, context.deployment.zone)
    if not named:
        return texts.say("difficulties.when", when=when)
    if one.raised_by is None:  # the name was erased after some years
        return texts.say("difficulties.who", name=texts.say("erased"), when=when)
    person = people.person(context.tx, one.raised_by)
    name = person.name if person is not None else None
    return texts.say("difficulties.who", name=name or texts.say("former_member"), when=when)


@action("d.pic", right=READER)
def photo(context: Context, difficulty: ReadDifficulty) -> Next | None:
    """Send the photo, and the screen again below it."""
    if difficulty.photo is None:
        return None
    caption = context.texts.say("difficulties.photo", where=wording.where(context, difficulty))
    if is_kept(difficulty.photo):
        enclosure = Enclosure("photo", caption, path=difficulty.photo, name=f"{difficulty.id}.jpg")
    else:
        enclosure = Enclosure("photo", caption, reference=difficulty.photo)
    return Next(one_difficulty.at(difficulty), enclosures=(enclosure,))
