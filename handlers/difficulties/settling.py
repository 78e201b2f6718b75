"""Answering a difficulty, passing it up, settling it; the one who raised it is told each time."""

from handlers.channel import Screen
from handlers.difficulties import reading, wording
from handlers.difficulties.telling import tell_office, tell_raiser
from handlers.presses import Press
from handlers.steps import Next, Said, Steps, back, to
from handlers.texts import Html
from handlers.turn import Turn
from storage import difficulties, places
from storage.difficulties import Difficulty

_LONGEST_ANSWER = 1000


def _ask_answer(turn: Turn, press: Press, said: Said) -> Screen | None:
    """Ask for the answer."""
    found = reading.readable(turn, press.number(0))
    if found is None or not reading.may_answer(*found):
        return None
    one, reader = found
    where = wording.where(turn, one)
    if reader == "operator":
        where = f"{places.commune(turn.tx, one.commune_id).name}, {where}"
    text = turn.texts.say(
        "difficulties.answer_ask",
        where=where,
        text=wording.shortened(one.text, 300),
    )
    return Screen(text, (back(turn.texts, "d.one", one.id),))


def _to_answer(turn: Turn, press: Press, said: Said) -> Next | None:
    found = reading.readable(turn, press.number(0))
    if found is None:
        return None
    one, reader = found
    return Next(press) if reading.may_answer(one, reader) else _not_now(turn, one)


def _take_answer(turn: Turn, press: Press, said: Said, text: str) -> Next | None:
    """The answer, as it was typed."""
    found = reading.readable(turn, press.number(0))
    if found is None:
        return None
    one, reader = found
    here = to("d.one", one.id)
    if not reading.may_answer(one, reader):
        return Next(here, turn.texts.say("toast.not_now"))
    one = difficulties.answer(turn.tx, one, text[:_LONGEST_ANSWER], by=turn.person.id, now=turn.now)
    told = _tell_answer(turn, one, by_operator=reader == "operator")
    return Next(here, _done(turn, "answered", told))


def _tell_answer(turn: Turn, one: Difficulty, *, by_operator: bool) -> bool:
    """Tell the one who raised it, and the officer who passed it up; once, if they are the same."""
    if not by_operator:
        return tell_raiser(turn, one, "difficulties.told_answer")
    office = tell_office(turn, one, "difficulties.told_office")
    if office and one.passed_up_by == one.raised_by:
        return True
    return tell_raiser(turn, one, "difficulties.told_operator")


def _pass_up(turn: Turn, press: Press, said: Said) -> Next | None:
    """Hand it to the operator."""
    found = reading.readable(turn, press.number(0))
    if found is None or found[1] != "officer":
        return None
    one, reader = found
    if not reading.may_pass_up(one, reader):
        return _not_now(turn, one)
    one = difficulties.pass_up(turn.tx, one, by=turn.person.id, now=turn.now)
    told = tell_raiser(turn, one, "difficulties.told_up")
    return Next(to("d.one", one.id), _done(turn, "passed_up", told))


def _settle(turn: Turn, press: Press, said: Said) -> Next | None:
    """Mark it settled."""
    found = reading.readable(turn, press.number(0))
    if found is None or found[1] != "officer":
        return None
    one, _ = found
    if not difficulties.settle(turn.tx, one.id, turn.now, by=turn.person.id):
        return _not_now(turn, one)
    told = tell_raiser(turn, one, "difficulties.told_settled")
    return Next(to("d.one", one.id), _done(turn, "settled", told))


def _not_now(turn: Turn, one: Difficulty) -> Next:
    return Next(to("d.one", one.id), toast=turn.texts.say("toast.not_now"))


def _done(turn: Turn, what: str, told: bool) -> Html:
    done = turn.texts.say(f"difficulties.done.{what}")
    return Html(f"{done} {turn.texts.say('difficulties.done.told')}") if told else done


STEPS = Steps(
    views={"d.ans": _ask_answer},
    deeds={"d.ans": _to_answer, "d.up": _pass_up, "d.done": _settle},
    takes={"d.ans": _take_answer},
    asking=frozenset({"d.ans"}),
)
