"""Answering a difficulty, passing it up, settling it; the one who raised it is told each time."""

from handlers.channel import Button, Reply, Screen
from handlers.difficulties import reading, wording
from handlers.difficulties.telling import tell_office, tell_raiser
from handlers.presses import Press, pack
from handlers.turn import Turn
from handlers.waiting import await_text, cancels, shown, stop_waiting
from storage import difficulties, places
from storage.difficulties import Difficulty

AWAITS_ANSWER = "d.answer"
_LONGEST_ANSWER = 1000


def answer_asked(turn: Turn, press: Press) -> Reply | None:
    """Ask for the answer."""
    found = reading.readable(turn, press.number(0))
    if found is None:
        return None
    one, reader = found
    if not reading.may_answer(one, reader):
        return reading.one_shown(turn, one, reader, toast=turn.texts.say("difficulties.not_now"))
    await_text(turn, AWAITS_ANSWER, str(one.id))
    where = wording.where(turn, one)
    if reader == "operator":
        where = f"{places.commune(turn.tx, one.commune_id).name}, {where}"
    text = turn.texts.say(
        "difficulties.answer_ask",
        where=where,
        text=wording.shortened(one.text, 300),
    )
    back = Button(turn.texts.say("button.back"), pack("d.one", one.id))
    return shown(turn, Screen(text, ((back,),)))


def answer_given(turn: Turn, awaiting: tuple[str, ...]) -> Reply | None:
    """The typed answer; "huỷ" leaves everything as it was."""
    stop_waiting(turn)
    found = reading.readable(turn, int(awaiting[1]))
    if found is None:
        return None
    one, reader = found
    text = turn.incoming.text.strip()
    if cancels(text):
        return reading.one_shown(turn, one, reader)
    if not reading.may_answer(one, reader):
        return reading.one_shown(turn, one, reader, turn.texts.say("difficulties.not_now"))
    one = difficulties.answer(turn.tx, one, text[:_LONGEST_ANSWER], by=turn.person.id, now=turn.now)
    told = _tell_answer(turn, one, by_operator=reader == "operator")
    return reading.one_shown(turn, one, reader, _done(turn, "answered", told))


def _tell_answer(turn: Turn, one: Difficulty, *, by_operator: bool) -> bool:
    """Tell the one who raised it, and the officer who passed it up; once, if they are the same."""
    if not by_operator:
        return tell_raiser(turn, one, "difficulties.told_answer")
    office = tell_office(turn, one, "difficulties.told_office")
    if office and one.passed_up_by == one.raised_by:
        return True
    return tell_raiser(turn, one, "difficulties.told_operator")


def passed_up(turn: Turn, press: Press) -> Reply | None:
    """Hand it to the operator."""
    found = reading.readable(turn, press.number(0))
    if found is None or found[1] != "officer":
        return None
    one, reader = found
    if not reading.may_pass_up(one, reader):
        return reading.one_shown(turn, one, reader, toast=turn.texts.say("difficulties.not_now"))
    one = difficulties.pass_up(turn.tx, one, by=turn.person.id, now=turn.now)
    told = tell_raiser(turn, one, "difficulties.told_up")
    return reading.one_shown(turn, one, reader, _done(turn, "passed_up", told))


def settled(turn: Turn, press: Press) -> Reply | None:
    """Mark it settled."""
    found = reading.readable(turn, press.number(0))
    if found is None or found[1] != "officer":
        return None
    one, reader = found
    if not difficulties.settle(turn.tx, one.id, turn.now, by=turn.person.id):
        return reading.one_shown(turn, one, reader, toast=turn.texts.say("difficulties.not_now"))
    told = tell_raiser(turn, one, "difficulties.told_settled")
    after = difficulties.difficulty_by_id(turn.tx, one.id) or one
    return reading.one_shown(turn, after, reader, _done(turn, "settled", told))


def _done(turn: Turn, what: str, told: bool) -> str:
    said = turn.texts.say(f"difficulties.done.{what}")
    return f"{said} {turn.texts.say('difficulties.done.told')}" if told else said
