"""Answering a difficulty, passing it up, settling it; the one who raised it is told each time."""

from handlers.difficulties import screens, wording
from handlers.difficulties.notifications import tell_office, tell_raiser
from handlers.flow.channel import Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import back, to
from handlers.flow.press import Press
from handlers.texts import Html
from storage import difficulties, places
from storage.difficulties import Difficulty

_LONGEST_ANSWER = 1000


def _ask_answer(context: Context, press: Press, said: Said) -> Screen | None:
    """Ask for the answer."""
    found = screens.readable(context, press.number(0))
    if found is None or not screens.may_answer(*found):
        return None
    one, reader = found
    where = wording.where(context, one)
    if reader == "operator":
        where = f"{places.commune(context.tx, one.commune_id).name}, {where}"
    text = context.texts.say(
        "difficulties.answer_ask",
        where=where,
        text=wording.shortened(one.text, 300),
    )
    return Screen(text, (back(context.texts, "d.one", one.id),))


def _to_answer(context: Context, press: Press, said: Said) -> Next | None:
    found = screens.readable(context, press.number(0))
    if found is None:
        return None
    one, reader = found
    return Next(press) if screens.may_answer(one, reader) else _not_now(context, one)


def _take_answer(context: Context, press: Press, said: Said, text: str) -> Next | None:
    """The answer, as it was typed."""
    found = screens.readable(context, press.number(0))
    if found is None:
        return None
    one, reader = found
    here = to("d.one", one.id)
    if not screens.may_answer(one, reader):
        return Next(here, context.texts.say("toast.not_now"))
    one = difficulties.answer(
        context.tx, one, text[:_LONGEST_ANSWER], by=context.person.id, now=context.now
    )
    told = _tell_answer(context, one, by_operator=reader == "operator")
    return Next(here, _done(context, "answered", told))


def _tell_answer(context: Context, one: Difficulty, *, by_operator: bool) -> bool:
    """Tell the one who raised it, and the officer who passed it up; once, if they are the same."""
    if not by_operator:
        return tell_raiser(context, one, "difficulties.told_answer")
    office = tell_office(context, one, "difficulties.told_office")
    if office and one.passed_up_by == one.raised_by:
        return True
    return tell_raiser(context, one, "difficulties.told_operator")


def _pass_up(context: Context, press: Press, said: Said) -> Next | None:
    """Hand it to the operator."""
    found = screens.readable(context, press.number(0))
    if found is None or found[1] != "officer":
        return None
    one, reader = found
    if not screens.may_pass_up(one, reader):
        return _not_now(context, one)
    one = difficulties.pass_up(context.tx, one, by=context.person.id, now=context.now)
    told = tell_raiser(context, one, "difficulties.told_up")
    return Next(to("d.one", one.id), _done(context, "passed_up", told))


def _settle(context: Context, press: Press, said: Said) -> Next | None:
    """Mark it settled."""
    found = screens.readable(context, press.number(0))
    if found is None or found[1] != "officer":
        return None
    one, _ = found
    if not difficulties.settle(context.tx, one.id, context.now, by=context.person.id):
        return _not_now(context, one)
    told = tell_raiser(context, one, "difficulties.told_settled")
    return Next(to("d.one", one.id), _done(context, "settled", told))


def _not_now(context: Context, one: Difficulty) -> Next:
    return Next(to("d.one", one.id), toast=context.texts.say("toast.not_now"))


def _done(context: Context, what: str, told: bool) -> Html:
    done = context.texts.say(f"difficulties.done.{what}")
    return Html(f"{done} {context.texts.say('difficulties.done.told')}") if told else done


STEPS = Steps(
    views={"d.ans": _ask_answer},
    deeds={"d.ans": _to_answer, "d.up": _pass_up, "d.done": _settle},
    takes={"d.ans": _take_answer},
    asking=frozenset({"d.ans"}),
)
