"""Settling a total: the area's becomes the commune's figure, or the answer takes the commune's."""

from criteria.answers import Ratio
from handlers.channel import Button, Screen
from handlers.presses import Press, pack
from handlers.reporting.desk import Desk
from handlers.reporting.wording import value_text
from handlers.review.cases import case_of, name_of
from handlers.review.correcting import enter
from handlers.review.screens import not_now, pending_lines
from handlers.steps import Next, Said, Steps, to
from handlers.telling import tell_reporters
from handlers.texts import Texts
from handlers.turn import Turn
from storage import on_behalf


def _both_totals(turn: Turn, press: Press, said: Said) -> Screen | None:
    """Both totals with both results, and the choice."""
    desk = case_of(turn, press.number(0))
    if desk is None or not desk.writable:
        return not_now(turn, press)
    code = press.text(1) or next(iter(_pending(desk)), "")
    value, total = _both(desk, code)
    question = desk.question(code)
    if value is None or total is None or question is None:
        return not_now(turn, press)
    texts, here, number = turn.texts, desk.report.id, desk.number_of(code)
    indicator = desk.indicator(code)
    lines = [
        texts.say(
            "review.total.ask",
            number=number,
            short=indicator.text(texts.language).short,
            unit=name_of(desk, texts),
        ),
        "",
        texts.say("review.total.area", value=value_text(value, texts, indicator)),
        *pending_lines(desk, question, texts),
    ]
    pair = (here, code, value.denominator, total)
    rows: list[tuple[Button, ...]] = [
        (
            Button(
                texts.say("review.button.total_area", total=value.denominator),
                pack("v.tota", *pair),
            ),
        )
    ]
    if value.numerator <= total and total:
        label = texts.say("review.button.total_commune", total=total)
        rows.append((Button(label, pack("v.totc", *pair)),))
    if desk.report.state in {"sent", "accepted"}:
        ask = pack("v.ret", here, 1 << (number - 1))
        rows.append((Button(texts.say("review.button.ask_again"), ask),))
    rows.append((Button(texts.say("button.back"), pack("v.one", here)),))
    return Screen("\n".join(lines), tuple(rows))


def _pending(desk: Desk) -> list[str]:
    return [q.code for q in desk.questions if _both(desk, q.code)[1] is not None]


def _both(desk: Desk, code: str) -> tuple[Ratio | None, int | None]:
    """The area's pair and the commune's total, where these differ."""
    answer = desk.answers.get(code)
    if answer is None or answer.commune_total is None or not isinstance(answer.value, Ratio):
        return None, None
    return answer.value, answer.commune_total


def _settle(turn: Turn, press: Press, said: Said) -> Next | None:
    """Settle it as pressed, if both totals still stand as they were shown."""
    desk, code = case_of(turn, press.number(0)), press.text(1)
    if desk is None or desk.question(code) is None:
        return None
    texts, here = turn.texts, to("v.one", desk.report.id)
    if not desk.writable:
        return Next(here, texts.say("review.closed"))
    value, total = _both(desk, code)
    if value is None or (press.number(2), press.number(3)) != (value.denominator, total):
        return Next(here, texts.say("review.total.over"))
    done = _take_area(turn, desk, code) if press.action == "v.tota" else _keep(turn, desk, code)
    if done is None:
        return None
    left = [one for one in _pending(desk) if one != code]
    onward = to("v.tot", desk.report.id, left[0]) if left else here
    return Next(onward, texts.say(done, number=desk.number_of(code)))


def _take_area(turn: Turn, desk: Desk, code: str) -> str | None:
    figure = desk.indicator(code).figure_of(office=desk.unit.office).value
    total = on_behalf.take_total(
        turn.tx, desk.report, code, figure, by=turn.person.id, now=turn.now
    )
    if total is None:
        return None

    def screen(texts: Texts) -> Screen:
        return Screen(
            texts.say(
                "review.total.message",
                unit=name_of(desk, texts),
                number=desk.number_of(code),
                short=desk.indicator(code).text(texts.language).short,
                total=total,
            ),
            ((Button(texts.say("button.correct"), pack("sum", desk.report.id, "", 0)),),),
        )

    tell_reporters(turn, desk.unit.id, "total", screen)
    return "review.total.taken"


def _keep(turn: Turn, desk: Desk, code: str) -> str | None:
    value, total = _both(desk, code)
    if value is None or total is None or not total or value.numerator > total:
        return None
    key = "review.total.reason"
    enter(turn, desk, code, Ratio(value.numerator, total), turn.texts.say(key), key)
    return "review.total.kept"


STEPS = Steps(views={"v.tot": _both_totals}, deeds={"v.tota": _settle, "v.totc": _settle})
