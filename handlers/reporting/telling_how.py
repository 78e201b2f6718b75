"""How a number was come by: one tap for each, whenever somebody likes; it holds nothing up."""

from criteria.answers import WAYS, How, Ratio
from handlers.channel import Button, Reply, Screen
from handlers.presses import Press, pack
from handlers.reporting.coming_back import back_in_report, came_back, desk_beside
from handlers.reporting.desk import Desk
from handlers.reporting.who_writes import may_fill
from handlers.reporting.wording import value_text
from handlers.steps import Next, Said, Steps, button, to
from handlers.turn import Turn
from storage import reports

_IN_TURN = "all"  # from the summary: one number after the other


def ways_of(desk: Desk) -> tuple[How, ...]:
    """What can be said: the office goes to no houses."""
    return tuple(way for way in WAYS if way != "houses" or not desk.unit.office)


def _desk(turn: Turn, press: Press) -> Desk | None:
    """The report of a press, if it is this person's to fill in and still open."""
    number = press.number(0)
    report = reports.report_by_id(turn.tx, number) if number is not None else None
    if report is None or not may_fill(turn, report):
        return None
    desk = desk_beside(turn, report)
    return desk if desk.writable else None


def _ask(turn: Turn, press: Press, said: Said) -> Screen | None:
    """The number that stands, and the ways there are."""
    desk, code = _desk(turn, press), press.text(1)
    answer = desk.answers.get(code) if desk is not None else None
    if desk is None or answer is None or not isinstance(answer.value, Ratio):
        return None
    texts, indicator = turn.texts, desk.indicator(code)
    ask = texts.say(
        "how.ask",
        number=desk.number_of(code),
        short=indicator.text(texts.language).short,
        value=value_text(answer.value, texts, indicator),
    )
    here = (desk.report.id, code)
    rows = [
        (
            Button(
                ("☑️ " if way == answer.how else "") + texts.say(f"how.button.{way}"),
                pack("w.set", *here, way, press.text(2)),
            ),
        )
        for way in ways_of(desk)
    ]
    if press.text(2) == _IN_TURN:
        rows.append((button(texts, "button.later", "w.all", *here),))
        rows.append((button(texts, "button.to_summary", "w.back", desk.report.id),))
    else:
        rows.append((button(texts, "button.to_question", "w.back", *here),))
    return Screen(ask, tuple(rows))


def _set(turn: Turn, press: Press, said: Said) -> Next | Reply | None:
    desk, code = _desk(turn, press), press.text(1)
    how: How | None = next((way for way in WAYS if way == press.text(2)), None)
    if desk is None or how is None or how not in ways_of(desk):
        return None
    reports.set_how(turn.tx, desk.report, code, how, by=turn.person.id, way="button", now=turn.now)
    if press.text(3) == _IN_TURN:
        return _onward(turn, press)
    return _back(turn, press, said)


def _onward(turn: Turn, press: Press, said: Said = ()) -> Next | Reply | None:
    """The next number, behind that of the press, of which it isn't said yet; then the summary."""
    desk = _desk(turn, press)
    if desk is None:
        return None
    codes = untold(desk)
    behind = [one for one in codes if desk.number_of(one) > desk.number_of(press.text(1))]
    if behind:
        return Next(to("w.ask", desk.report.id, behind[0], _IN_TURN))
    return _back_to(turn, desk, None)


def untold(desk: Desk) -> list[str]:
    """The numbers of which nobody said how they were come by, in the order of the questions."""
    found = ((q.code, desk.answers.get(q.code)) for q in desk.questions)
    return [
        code
        for code, answer in found
        if answer is not None
        and isinstance(answer.value, Ratio)
        and answer.value.denominator
        and answer.how is None
    ]


def _back(turn: Turn, press: Press, said: Said) -> Reply | None:
    desk = _desk(turn, press)
    return _back_to(turn, desk, press.text(1) or None) if desk is not None else None


def _back_to(turn: Turn, desk: Desk, code: str | None) -> Reply:
    reply = came_back(turn, desk, code)
    return back_in_report(turn, reply, turn.texts.say("how.left"))


STEPS = Steps(views={"w.ask": _ask}, deeds={"w.set": _set, "w.all": _onward, "w.back": _back})
