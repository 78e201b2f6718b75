"""Answering a difficulty, passing it up, settling it; the one who raised it is told each time."""

from handlers.difficulties import access, wording
from handlers.difficulties.access import OfDifficulty
from handlers.difficulties.notifications import tell_office, tell_operators, tell_raiser
from handlers.difficulties.screens import one_difficulty
from handlers.flow.channel import Screen
from handlers.flow.context import Context
from handlers.flow.next import Next
from handlers.flow.page import Page
from handlers.flow.rights import OFFICER, READER
from handlers.flow.routes import GONE, Arguments, Loading, action, argument, screen
from handlers.texts import Html, shortened
from storage import difficulties, places
from storage.difficulties import Difficulty

_LONGEST_ANSWER = 1000
_LONGEST_QUOTE = 300


def _of_office(loading: Loading) -> object:
    """An argument: a difficulty of a commune whose officer the person is."""
    one = access.readable_difficulty(loading)
    officer = isinstance(one, Difficulty) and one.commune_id in loading.context.office_communes
    return one if officer else GONE


class _OfOffice(Arguments):
    one: Difficulty = argument(_of_office)


@screen("d.ans", OfDifficulty, right=READER, asks=True)
def ask_answer(context: Context, at: OfDifficulty) -> Screen | None:
    """Ask for the answer."""
    one, reader = at.one, access.reader_of(context, at.one)
    if not access.may_answer(one, reader):
        return None
    where = wording.where(context, one)
    if reader == "operator":
        where = f"{places.commune(context.tx, one.commune_id).name}, {where}"
    text = shortened(one.text, _LONGEST_QUOTE)
    made = Page(context).say("difficulties.answer_ask", where=where, text=text)
    return made.back(one_difficulty.at(at)).screen()


@ask_answer.pressed
def to_answer(context: Context, at: OfDifficulty) -> Next:
    """To the question, or why not."""
    here = access.may_answer(at.one, access.reader_of(context, at.one))
    return Next(context.here) if here else _not_now(context, at)


@ask_answer.text
def take_answer(context: Context, at: OfDifficulty, text: str) -> Next:
    """The answer, as it was typed."""
    reader = access.reader_of(context, at.one)
    if not access.may_answer(at.one, reader):
        return Next(one_difficulty.at(at), context.texts.say("toast.not_now"))
    one = difficulties.answer(
        context.tx,
        at.one,
        text[:_LONGEST_ANSWER],
        by=context.person.id,
        now=context.now,
        way=context.way,
    )
    told = _tell_answer(context, one, by_operator=reader == "operator")
    return _done(context, at, "answered", told=told)


def _tell_answer(context: Context, one: Difficulty, *, by_operator: bool) -> bool:
    """Tell the one who raised it, and the officer who passed it up; once, if they are the same."""
    if not by_operator:
        return tell_raiser(context, one, "difficulties.told_answer")
    office = tell_office(context, one, "difficulties.told_office")
    if office and one.passed_up_by == one.raised_by:
        return True
    return tell_raiser(context, one, "difficulties.told_operator")


@action("d.up", _OfOffice, right=OFFICER)
def pass_up(context: Context, at: _OfOffice) -> Next:
    """Hand it to the operator."""
    if not access.may_pass_up(at.one, "officer"):
        return _not_now(context, at)
    one = difficulties.pass_up(
        context.tx, at.one, by=context.person.id, now=context.now, way=context.way
    )
    told = tell_raiser(context, one, "difficulties.told_up")
    tell_operators(context, one)
    return _done(context, at, "passed_up", told=told)


@action("d.done", _OfOffice, right=OFFICER)
def settle(context: Context, at: _OfOffice) -> Next:
    """Mark it settled."""
    by, way = context.person.id, context.way
    if not difficulties.settle(context.tx, at.one.id, context.now, by=by, way=way):
        return _not_now(context, at)
    told = tell_raiser(context, at.one, "difficulties.told_settled")
    return _done(context, at, "settled", told=told)


def _not_now(context: Context, at: Arguments) -> Next:
    return Next(one_difficulty.at(at), toast=context.texts.say("toast.not_now"))


def _done(context: Context, at: Arguments, what: str, *, told: bool) -> Next:
    done = context.texts.say(f"difficulties.done.{what}")
    said = Html(f"{done} {context.texts.say('difficulties.done.told')}") if told else done
    return Next(one_difficulty.at(at), said)
